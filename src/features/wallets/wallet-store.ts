import { type RawBuilder, sql } from "kysely";
import { actorOf, type Principal } from "#access/principal.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Wallet, WalletId, WalletPurpose, WalletState } from "#features/wallets/wallet.ts";
import type { Currency } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

export type WalletRow = {
  id: WalletId;
  partnership_id: PartnershipId;
  holder: string;
  number: string;
  currency: Currency;
  purpose: WalletPurpose;
  state: WalletState;
  state_why: string;
  takes_payouts: boolean;
  opened_at: Instant;
  state_at: Instant | null;
};

/** The columns of wallet `w` with the name of its partnership `t`. */
export const walletColumns = sql`w.id, w.partnership_id, t.name as holder, w.number, w.currency, w.purpose, w.state,
  w.state_why, w.takes_payouts, w.opened_at, w.state_at`;
export const walletTables = sql`app.wallet w
  join app.partnership t on t.institution_id = w.institution_id and t.id = w.partnership_id`;

export function toWallet(row: WalletRow): Wallet {
  return {
    id: row.id,
    partnership: row.partnership_id,
    holder: row.holder,
    number: row.number,
    currency: row.currency,
    purpose: row.purpose,
    state: row.state,
    stateWhy: row.state_why,
    takesPayouts: row.takes_payouts,
    openedAt: row.opened_at,
    stateAt: row.state_at ?? undefined,
  };
}

/** Wallets of this institution; `rest` is a condition on `w`, and may order and lock. */
export async function selectWallets(cx: Cx, rest: RawBuilder<unknown>): Promise<Wallet[]> {
  const { rows } = await sql<WalletRow>`select ${walletColumns} from ${walletTables}
    where w.institution_id = ${cx.institution.id} and ${rest}`.execute(cx.db);
  return rows.map(toWallet);
}

export async function walletById(cx: Cx, id: WalletId): Promise<Wallet | undefined> {
  return (await selectWallets(cx, sql`w.id = ${id}`))[0];
}

/** The same, held against changes by others until commit. */
export async function lockWallet(cx: Cx, id: WalletId): Promise<Wallet | undefined> {
  return (await selectWallets(cx, sql`w.id = ${id} for no key update of w`))[0];
}

/** These wallets; unknown ids are left out. */
export async function walletsByIds(cx: Cx, ids: readonly WalletId[]): Promise<Wallet[]> {
  return await selectWallets(cx, sql`w.id = any(${[...ids]}::text[])`);
}

export async function walletByNumber(cx: Cx, number: string): Promise<Wallet | undefined> {
  return (await selectWallets(cx, sql`w.number = ${number}`))[0];
}

/** The wallets of a partnership, those in use first. */
export async function walletsOfPartnership(cx: Cx, partnership: PartnershipId): Promise<Wallet[]> {
  return await selectWallets(
    cx,
    sql`w.partnership_id = ${partnership} order by (w.state = 'closed'), w.currency, w.opened_at, w.id`,
  );
}

/** The wallet that takes the payouts of a partner in a currency; at most one does. */
export async function walletTakingPayouts(
  cx: Cx,
  partnership: PartnershipId,
  currency: Currency,
): Promise<Wallet | undefined> {
  const found = await selectWallets(
    cx,
    sql`w.partnership_id = ${partnership} and w.currency = ${currency} and w.takes_payouts`,
  );
  return found[0];
}

/**
 * Whether the partnership has a partner account, held until commit: wallets of one partner are opened one after
 * another.
 */
export async function lockWorkspaceOf(cx: Cx, partnership: PartnershipId): Promise<boolean> {
  const { rows } = await sql`select from app.workspace
    where institution_id = ${cx.institution.id} and partnership_id = ${partnership} for update`.execute(cx.db);
  return rows.length > 0;
}

/** The partnerships that have a partner account. */
export async function selectWorkspaces(cx: Cx): Promise<PartnershipId[]> {
  const { rows } = await sql<{ id: PartnershipId }>`select partnership_id as id from app.workspace
    where institution_id = ${cx.institution.id}`.execute(cx.db);
  return rows.map((row) => row.id);
}

export type NewWallet = {
  readonly id: WalletId;
  readonly partnership: PartnershipId;
  readonly number: string;
  readonly currency: Currency;
  readonly purpose: WalletPurpose;
  readonly openedBy: string;
};

/** Writes a new wallet. False when its number is taken: try another one. */
export async function insertWallet(cx: Cx, wallet: NewWallet): Promise<boolean> {
  const { rows } = await sql`insert into app.wallet
      (institution_id, id, partnership_id, number, currency, purpose, opened_by, opened_at, updated_at)
    values (${cx.institution.id}, ${wallet.id}, ${wallet.partnership}, ${wallet.number}, ${wallet.currency},
      ${wallet.purpose}, ${wallet.openedBy}, ${cx.now}, ${cx.now})
    on conflict (institution_id, number) do nothing returning id`.execute(cx.db);
  return rows.length > 0;
}

export async function saveWalletState(cx: Cx, id: WalletId, state: WalletState, why: string): Promise<void> {
  await sql`update app.wallet set state = ${state}, state_why = ${why}, state_at = ${cx.now}, updated_at = ${cx.now},
      takes_payouts = takes_payouts and ${state !== "closed"},
      payouts_by = case when ${state !== "closed"} then payouts_by end
    where institution_id = ${cx.institution.id} and id = ${id}`.execute(cx.db);
}

/**
 * This wallet takes the payouts of its partner in its currency, and no other one does; without `by` none does any more.
 * `by` turned them there: of two people who approve such a payout it is not the second one.
 */
export async function saveTakesPayouts(cx: Cx, wallet: Wallet, by: Principal | undefined): Promise<void> {
  // The former one first: the index knows one at a time.
  await sql`update app.wallet set takes_payouts = false, payouts_by = null, updated_at = ${cx.now}
    where institution_id = ${cx.institution.id} and partnership_id = ${wallet.partnership}
      and currency = ${wallet.currency} and takes_payouts`.execute(cx.db);
  if (by === undefined) return;
  await sql`update app.wallet set takes_payouts = true, payouts_by = ${actorOf(by).id}, updated_at = ${cx.now}
    where institution_id = ${cx.institution.id} and id = ${wallet.id}`.execute(cx.db);
}

export type Waiting = { readonly adjustments: number; readonly transfers: number; readonly mayComeBack: number };

/**
 * What would still touch a wallet: proposed adjustments, transfers from it or to it that are not over, and those to the
 * bank that arrived and are still asked about, because banks return money days later.
 */
export async function countWaiting(cx: Cx, id: WalletId): Promise<Waiting> {
  const { rows } = await sql<{ adjustments: bigint; transfers: bigint; may_come_back: bigint }>`
    select (select count(*) from app.wallet_adjustment a
             where a.institution_id = ${cx.institution.id} and a.wallet_id = ${id}
               and a.state = 'proposed') as adjustments,
           (select count(*) from app.transfer f
             where f.institution_id = ${cx.institution.id} and ${id} in (f.wallet_id, f.to_wallet_id)
               and f.state in ('pending_approval', 'processing')) as transfers,
           (select count(*) from app.transfer f
             where f.institution_id = ${cx.institution.id} and f.wallet_id = ${id} and f.state = 'completed'
               and f.look_at < 'infinity') as may_come_back`.execute(cx.db);
  const row = rows[0];
  return {
    adjustments: Number(row?.adjustments ?? 0n),
    transfers: Number(row?.transfers ?? 0n),
    mayComeBack: Number(row?.may_come_back ?? 0n),
  };
}

export type CurrencyRow = { currency: Currency; enabled: boolean; approval_minor: bigint | null };

export async function selectWalletCurrencies(cx: Cx): Promise<CurrencyRow[]> {
  const { rows } = await sql<CurrencyRow>`select currency, enabled, approval_minor from app.wallet_currency
    where institution_id = ${cx.institution.id} order by currency`.execute(cx.db);
  return rows;
}

export async function upsertWalletCurrency(cx: Cx, row: CurrencyRow, by: string): Promise<void> {
  await sql`insert into app.wallet_currency (institution_id, currency, enabled, approval_minor, set_by, updated_at)
    values (${cx.institution.id}, ${row.currency}, ${row.enabled}, ${row.approval_minor}, ${by}, ${cx.now})
    on conflict (institution_id, currency) do update set enabled = excluded.enabled,
      approval_minor = excluded.approval_minor, set_by = excluded.set_by, updated_at = excluded.updated_at`.execute(
    cx.db,
  );
}
