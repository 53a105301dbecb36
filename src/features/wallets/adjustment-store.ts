import { type RawBuilder, sql } from "kysely";
import type { Actor } from "#access/principal.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Adjustment, AdjustmentId, AdjustmentState } from "#features/wallets/adjustment.ts";
import type { WalletId } from "#features/wallets/wallet.ts";
import { type Currency, type Money, money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

type Row = {
  id: AdjustmentId;
  wallet_id: WalletId;
  number: string;
  partnership_id: PartnershipId;
  partnership_name: string;
  currency: Currency;
  minor: bigint;
  reason: string;
  state: AdjustmentState;
  proposed_by: string;
  proposed_by_name: string;
  decided_by: string | null;
  decided_by_name: string;
  decided_why: string;
  created_at: Instant;
  decided_at: Instant | null;
};

/** Adjustments of this institution; `rest` is a condition on `a`, and may order, limit and lock. */
async function select(cx: Cx, rest: RawBuilder<unknown>): Promise<Adjustment[]> {
  const { rows } = await sql<Row>`
    select a.id, a.wallet_id, w.number, a.partnership_id, t.name as partnership_name, a.currency, a.minor, a.reason,
           a.state, a.proposed_by, a.proposed_by_name, a.decided_by, a.decided_by_name, a.decided_why, a.created_at,
           a.decided_at
      from app.wallet_adjustment a
      join app.wallet w on w.institution_id = a.institution_id and w.id = a.wallet_id
      join app.partnership t on t.institution_id = a.institution_id and t.id = a.partnership_id
     where a.institution_id = ${cx.institution.id} and ${rest}`.execute(cx.db);
  return rows.map((row) => ({
    id: row.id,
    wallet: row.wallet_id,
    walletNumber: row.number,
    partnership: row.partnership_id,
    partnershipName: row.partnership_name,
    amount: money(row.minor, row.currency),
    reason: row.reason,
    state: row.state,
    proposedBy: row.proposed_by,
    proposedByName: row.proposed_by_name,
    decidedBy: row.decided_by ?? undefined,
    decidedByName: row.decided_by_name,
    decidedWhy: row.decided_why,
    createdAt: row.created_at,
    decidedAt: row.decided_at ?? undefined,
  }));
}

export async function adjustmentById(cx: Cx, id: AdjustmentId): Promise<Adjustment | undefined> {
  return (await select(cx, sql`a.id = ${id}`))[0];
}

/** The same, held against others who decide. Lock its wallet first. */
export async function lockAdjustment(cx: Cx, id: AdjustmentId): Promise<Adjustment | undefined> {
  return (await select(cx, sql`a.id = ${id} for update of a`))[0];
}

/** The one that was proposed under this key. */
export async function adjustmentByKey(cx: Cx, key: string): Promise<Adjustment | undefined> {
  return (await select(cx, sql`a.key = ${key}`))[0];
}

export type AdjustmentFilter = {
  readonly waiting?: boolean | undefined;
  readonly wallet?: WalletId | undefined;
};
export type AdjustmentPlace = {
  readonly before?: AdjustmentId | undefined;
  readonly after?: AdjustmentId | undefined;
  readonly limit: number;
};

/** Adjustments that pass the filter, the newest first; with `after` they are read upwards from that one. */
export async function selectAdjustments(
  cx: Cx,
  { waiting, wallet }: AdjustmentFilter,
  { before, after, limit }: AdjustmentPlace,
): Promise<Adjustment[]> {
  const conditions = [
    waiting ? sql`a.state = 'proposed'` : sql`true`,
    wallet ? sql`a.wallet_id = ${wallet}` : sql`true`,
    after ? sql`a.id > ${after}` : before ? sql`a.id < ${before}` : sql`true`,
  ];
  const order = after ? sql`a.id` : sql`a.id desc`;
  const rows = await select(cx, sql`${sql.join(conditions, sql` and `)} order by ${order} limit ${limit}`);
  return after ? rows.reverse() : rows;
}

export type NewAdjustment = {
  readonly id: AdjustmentId;
  readonly wallet: WalletId;
  readonly partnership: PartnershipId;
  readonly amount: Money;
  readonly reason: string;
  readonly key: string;
  readonly by: Actor;
};

export async function insertAdjustment(cx: Cx, one: NewAdjustment): Promise<void> {
  await sql`insert into app.wallet_adjustment (institution_id, id, wallet_id, partnership_id, currency, minor, reason,
      key, proposed_by, proposed_by_name, created_at)
    values (${cx.institution.id}, ${one.id}, ${one.wallet}, ${one.partnership}, ${one.amount.currency},
      ${one.amount.minor}, ${one.reason}, ${one.key}, ${one.by.id}, ${one.by.name}, ${cx.now})`.execute(cx.db);
}

export async function saveDecision(
  cx: Cx,
  id: AdjustmentId,
  state: Exclude<AdjustmentState, "proposed">,
  by: Actor,
  why: string,
): Promise<void> {
  await sql`update app.wallet_adjustment set state = ${state}, decided_by = ${by.id}, decided_by_name = ${by.name},
      decided_why = ${why}, decided_at = ${cx.now}
    where institution_id = ${cx.institution.id} and id = ${id} and state = 'proposed'`.execute(cx.db);
}
