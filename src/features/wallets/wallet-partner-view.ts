import { sql } from "kysely";
import type { Partner } from "#access/principal.ts";
import { type BalanceSeries, endsOf, type SeriesSpan, seriesDays, seriesOf } from "#features/wallets/balance-series.ts";
import {
  type Counterparty,
  type FlowFilter,
  type FlowPage,
  type FlowPaging,
  type FlowRow,
  flowArguments,
  flowPageOf,
} from "#features/wallets/flows.ts";
import type { WalletPurpose, WalletState } from "#features/wallets/wallet.ts";
import { type Currency, type Money, money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** A wallet as its owner sees it, with what is in it. */
export type PartnerWallet = {
  readonly number: string;
  readonly currency: Currency;
  readonly purpose: WalletPurpose;
  readonly state: WalletState;
  readonly stateWhy: string;
  readonly stateAt: Instant | undefined;
  readonly takesPayouts: boolean;
  readonly openedAt: Instant;
  readonly available: Money;
  /** Set aside for what is on its way. */
  readonly pending: Money;
  readonly total: Money;
};

type Row = {
  number: string;
  currency: Currency;
  purpose: WalletPurpose;
  state: WalletState;
  state_why: string;
  state_at: Instant | null;
  takes_payouts: boolean;
  opened_at: Instant;
  balance_minor: bigint;
  held_minor: bigint;
};

const columns = sql`w.number, w.currency, w.purpose, w.state, w.state_why, w.state_at, w.takes_payouts, w.opened_at,
  b.balance_minor, b.held_minor`;

/** All wallets of the partner that asks: those in use first. */
export async function partnerWallets(cx: Cx<Partner>): Promise<PartnerWallet[]> {
  const { rows } =
    await sql<Row>`select ${columns} from partner.wallet w join partner.wallet_balances() b using (number)
    order by w.state = 'closed', w.currency, w.purpose <> 'general', w.purpose, w.opened_at, w.number`.execute(cx.db);
  return rows.map(walletOf);
}

/** One of them by its number; undefined where the partner has none of that number. */
export async function partnerWallet(cx: Cx<Partner>, number: string): Promise<PartnerWallet | undefined> {
  const { rows } =
    await sql<Row>`select ${columns} from partner.wallet w join partner.wallet_balances() b using (number)
    where w.number = ${number}`.execute(cx.db);
  return rows[0] && walletOf(rows[0]);
}

function walletOf(row: Row): PartnerWallet {
  const of = (minor: bigint) => money(minor, row.currency);
  return {
    number: row.number,
    currency: row.currency,
    purpose: row.purpose,
    state: row.state,
    stateWhy: row.state_why,
    stateAt: row.state_at ?? undefined,
    takesPayouts: row.takes_payouts,
    openedAt: row.opened_at,
    available: of(row.balance_minor - row.held_minor),
    pending: of(row.held_minor),
    total: of(row.balance_minor),
  };
}

type Own = Pick<PartnerWallet, "number" | "currency">;

/** A page of the flows of one's own wallet that pass the filter, the newest first. */
export async function partnerFlows(
  cx: Cx<Partner>,
  wallet: Own,
  filter: FlowFilter,
  paging: FlowPaging,
): Promise<FlowPage> {
  const given = flowArguments(filter, paging, cx.institution.timeZone);
  const { rows } = await sql<FlowRow>`
    select * from partner.wallet_flows(${wallet.number}, ${sql.join([...given])})`.execute(cx.db);
  return flowPageOf(rows, paging, wallet.currency);
}

/** What was in the wallet at the end of each day of a chart. */
export async function partnerSeries(
  cx: Cx<Partner>,
  wallet: Own & Pick<PartnerWallet, "openedAt">,
  span: SeriesSpan,
): Promise<BalanceSeries> {
  const zone = cx.institution.timeZone;
  const days = seriesDays(span, wallet.openedAt, cx.now, zone);
  const ends = endsOf(days, zone).map(String);
  const { rows } = await sql<{ minor: bigint[] | null }>`
    select partner.wallet_balances_at(${wallet.number}, ${ends}::timestamptz[]) as minor`.execute(cx.db);
  return seriesOf(span, days, rows[0]?.minor ?? [], wallet.currency);
}

/** Money of a wallet that is on its way, and why. */
export type PendingItem = {
  readonly amount: Money;
  readonly fee: Money;
  readonly at: Instant;
  readonly transferRef: string | undefined;
  readonly waitsForApproval: boolean;
  readonly counterparty: Counterparty;
};

/** What is set aside in a wallet now, the latest first; at most 50. */
export async function pendingItems(cx: Cx<Partner>, { number, currency }: Own): Promise<PendingItem[]> {
  const { rows } = await sql<{
    minor: bigint;
    fee_minor: bigint;
    at: Instant;
    transfer_ref: string | null;
    state: string | null;
    route: string | null;
    number: string;
    name: string;
  }>`select * from partner.wallet_pending(${number})`.execute(cx.db);
  return rows.map((row) => ({
    amount: money(row.minor, currency),
    fee: money(row.fee_minor, currency),
    at: row.at,
    transferRef: row.transfer_ref ?? undefined,
    waitsForApproval: row.state === "pending_approval",
    counterparty: { kind: row.route === "wallet" ? "wallet" : "bank", number: row.number, name: row.name },
  }));
}

/** An entry of the wallet's own account in the ledger. */
export type WalletEntry = {
  readonly seq: bigint;
  readonly ledgerKind: string;
  readonly change: Money;
  readonly after: Money;
  readonly at: Instant;
};

/** All entries of the wallet in the same matter as one of its flows, the oldest first. */
export async function entriesOfFlow(cx: Cx<Partner>, { number, currency }: Own, seq: bigint): Promise<WalletEntry[]> {
  const { rows } = await sql<{
    seq: bigint;
    outgoing: boolean;
    kind: string;
    minor: bigint;
    after_minor: bigint;
    at: Instant;
  }>`select * from partner.wallet_entries(${number}, ${seq})`.execute(cx.db);
  return rows.map((row) => ({
    seq: row.seq,
    ledgerKind: row.kind,
    change: money(row.outgoing ? -row.minor : row.minor, currency),
    after: money(row.after_minor, currency),
    at: row.at,
  }));
}
