import { type RawBuilder, sql } from "kysely";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import {
  failureWords,
  type HoldReason,
  type Payout,
  type PayoutFacts,
  type PayoutId,
  type PayoutState,
} from "#features/payouts/payout.ts";
import type { WalletId } from "#features/wallets/wallet.ts";
import type { Id } from "#kernel/ids.ts";
import { type Currency, money } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import type { PayoutFailure } from "#providers/provider.ts";

export type PayoutRow = {
  id: PayoutId;
  partnership_id: PartnershipId;
  partnership_name: string;
  number: bigint;
  currency: Currency;
  state: PayoutState;
  scheduled_for: PlainDate;
  net_minor: bigint;
  tax_minor: bigint;
  total_minor: bigint;
  payments: number;
  bank_account_id: Id<"bac"> | null;
  wallet_id: WalletId | null;
  hold_reason: HoldReason | "";
  hold_note: string;
  failure_reason: PayoutFailure | "";
  approved_by: string | null;
  approved_at: Instant | null;
  second_approved_by: string | null;
  second_approved_at: Instant | null;
  sent_at: Instant | null;
  paid_at: Instant | null;
  failed_at: Instant | null;
  carried_to: bigint | null;
  created_at: Instant;
  updated_at: Instant;
};

/** The columns of payout `o` with the name of its partnership `t`. */
export const payoutColumns = sql`o.id, o.partnership_id, t.name as partnership_name, o.number, o.currency, o.state,
  o.scheduled_for, o.net_minor, o.tax_minor, o.total_minor, o.payments, o.bank_account_id, o.wallet_id, o.hold_reason,
  o.hold_note, o.failure_reason, o.approved_by, o.approved_at, o.second_approved_by, o.second_approved_at, o.sent_at,
  o.paid_at, o.failed_at, o.carried_to, o.created_at, o.updated_at`;
export const payoutTables = sql`app.payout o
  join app.partnership t on t.institution_id = o.institution_id and t.id = o.partnership_id`;

export function toPayout(row: PayoutRow): Payout {
  return {
    id: row.id,
    partnershipId: row.partnership_id,
    partnershipName: row.partnership_name,
    number: row.number,
    state: row.state,
    scheduledFor: row.scheduled_for,
    net: money(row.net_minor, row.currency),
    tax: money(row.tax_minor, row.currency),
    total: money(row.total_minor, row.currency),
    payments: row.payments,
    bankAccountId: row.bank_account_id ?? undefined,
    walletId: row.wallet_id ?? undefined,
    holdReason: row.hold_reason,
    holdNote: row.hold_note,
    failureReason: row.failure_reason,
    approvedBy: row.approved_by ?? undefined,
    approvedAt: row.approved_at ?? undefined,
    secondApprovedBy: row.second_approved_by ?? undefined,
    secondApprovedAt: row.second_approved_at ?? undefined,
    sentAt: row.sent_at ?? undefined,
    paidAt: row.paid_at ?? undefined,
    failedAt: row.failed_at ?? undefined,
    carriedTo: row.carried_to ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

type FactsRow = PayoutRow & {
  hold: HoldReason | "";
  active_account: Id<"bac"> | null;
  wallet: WalletId | null;
  proposed_by: string | null;
  minimum_minor: bigint;
  second_person_minor: bigint | null;
  raised_by: string | null;
  raised_from_minor: bigint | null;
  netting: string;
  payout_schedule: string;
};

const detailReasons = Object.entries(failureWords)
  .filter(([, words]) => words.details)
  .map(([reason]) => reason);

// A failure stops the other payouts of the partner and currency until the details change. A payout that failed itself
// is stopped only where they must change: anything else is over when it is sent again.
const openFailure = sql`exists (select from app.payout f
  where f.institution_id = o.institution_id and f.partnership_id = o.partnership_id and f.currency = o.currency
    and f.state in ('failed', 'returned') and f.bank_account_id = b.id
    and (o.state not in ('failed', 'returned') or f.failure_reason = any(${detailReasons}::text[])))`;

// What goes to a wallet of the partner needs no bank details, and minds nothing that happened at the bank.
const holdColumn = (now: Instant) => sql`case
    when g.paused_at is not null then 'paused_institution'
    when t.payouts_paused_at is not null then 'paused_partner'
    when not exists (select from app.contact c where c.institution_id = o.institution_id
      and c.partnership_id = o.partnership_id and c.removed_at is null and c.access_on) then 'no_contact'
    when v.id is not null then ''
    when exists (select from app.bank_account r where r.institution_id = o.institution_id
      and r.partnership_id = o.partnership_id and r.currency = o.currency and r.state = 'in_review')
      then 'bank_details_in_review'
    when b.id is null then 'no_bank_details'
    when ${openFailure} then 'open_failure'
    when b.usable_from > ${now} then 'cooling_off'
    else '' end`;

/** Payouts with what stands in their way. `rest` is a condition on `o`, and may lock it. */
export async function selectFacts(
  cx: Cx,
  rest: RawBuilder<unknown>,
  given: { readonly changed?: boolean } = {},
): Promise<PayoutFacts[]> {
  const hold = holdColumn(cx.now);
  const only = given.changed ? sql`and ${hold} <> o.hold_reason` : sql``;
  const { rows } = await sql<FactsRow>`
    select ${payoutColumns}, ${hold} as hold, v.id as wallet, case when v.id is null then b.id end as active_account,
           case when v.id is not null then v.payouts_by
                when b.proposed_by_kind = 'staff' then b.proposed_by end as proposed_by,
           coalesce(l.minimum_minor, 0)::bigint as minimum_minor, l.second_person_minor, l.raised_by,
           l.raised_from_minor, t.netting, t.payout_schedule
      from ${payoutTables}
      left join app.bank_account b on b.institution_id = o.institution_id and b.partnership_id = o.partnership_id
       and b.currency = o.currency and b.state = 'active'
      left join app.wallet v on v.institution_id = o.institution_id and v.partnership_id = o.partnership_id
       and v.currency = o.currency and v.takes_payouts
      left join app.payout_limit l on l.institution_id = o.institution_id and l.currency = o.currency
      left join app.payout_settings g on g.institution_id = o.institution_id
     where o.institution_id = ${cx.institution.id} ${only} and ${rest}`.execute(cx.db);
  return rows.map((row) => ({
    payout: toPayout(row),
    hold: row.hold,
    bankAccount: row.active_account ?? undefined,
    wallet: row.wallet ?? undefined,
    proposedBy: row.proposed_by ?? undefined,
    minimum: row.minimum_minor,
    secondPersonAbove: row.second_person_minor ?? undefined,
    raised: row.raised_by === null ? undefined : { by: row.raised_by, from: row.raised_from_minor ?? 0n },
    netting: row.netting === "agreed",
    schedule: row.payout_schedule,
  }));
}

/** These payouts, locked in id order, with what stands in their way. */
export async function lockPayouts(cx: Cx, ids: readonly PayoutId[]): Promise<PayoutFacts[]> {
  return await selectFacts(cx, sql`o.id = any(${[...ids]}::text[]) order by o.id for update of o`);
}

/** These payouts with what stands in their way, the earliest day first. */
export async function readFacts(cx: Cx, ids: readonly PayoutId[]): Promise<PayoutFacts[]> {
  if (ids.length === 0) return [];
  return await selectFacts(cx, sql`o.id = any(${[...ids]}::text[]) order by o.scheduled_for, o.id`);
}

/** One payout; undefined when it is missing or foreign. */
export async function readPayoutRow(cx: Cx, id: PayoutId): Promise<Payout | undefined> {
  const { rows } = await sql<PayoutRow>`select ${payoutColumns} from ${payoutTables}
    where o.institution_id = ${cx.institution.id} and o.id = ${id}`.execute(cx.db);
  return rows[0] && toPayout(rows[0]);
}

export type PayoutChange = {
  readonly id: PayoutId;
  readonly state: PayoutState;
  readonly holdReason?: HoldReason | "";
  readonly holdNote?: string;
  readonly failureReason?: PayoutFailure | "";
  /** null takes the approval back. */
  readonly approvedBy?: string | null;
  readonly secondApprovedBy?: string | null;
  readonly bankAccount?: Id<"bac">;
  readonly wallet?: WalletId;
  /** Which instants are now. */
  readonly sent?: boolean;
  readonly paid?: boolean;
  readonly failed?: boolean;
};

/** Writes a payout's new state. A hold and its note end with every change that names no other. */
export async function savePayout(cx: Cx, change: PayoutChange): Promise<void> {
  const approval = (by: string | null | undefined, column: string) =>
    by === undefined
      ? sql``
      : sql`, ${sql.ref(`${column}_by`)} = ${by}, ${sql.ref(`${column}_at`)} = ${by === null ? null : cx.now}`;
  const at = (now: boolean | undefined, column: string) => (now ? sql`, ${sql.ref(column)} = ${cx.now}` : sql``);
  await sql`update app.payout set state = ${change.state}, updated_at = ${cx.now},
      hold_reason = ${change.holdReason ?? ""}, hold_note = ${change.holdNote ?? ""},
      failure_reason = ${change.failureReason ?? ""},
      bank_account_id = coalesce(${change.bankAccount ?? null}, bank_account_id),
      wallet_id = coalesce(${change.wallet ?? null}, wallet_id)
      ${approval(change.approvedBy, "approved")} ${approval(change.secondApprovedBy, "second_approved")}
      ${at(change.sent, "sent_at")} ${at(change.paid, "paid_at")} ${at(change.failed, "failed_at")}
    where institution_id = ${cx.institution.id} and id = ${change.id}`.execute(cx.db);
}

/** Many payouts whose way on was decided at once: state, hold, and who approved. */
export async function savePayouts(
  cx: Cx,
  rows: readonly { id: PayoutId; state: PayoutState; holdReason: HoldReason | ""; approvedBy?: string | undefined }[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`update app.payout o
      set state = r.state, hold_reason = r.hold, hold_note = '', updated_at = ${cx.now},
          approved_by = coalesce(r.approved_by, o.approved_by),
          approved_at = case when r.approved_by is null then o.approved_at else ${cx.now} end
     from unnest(${rows.map((row) => row.id)}::text[], ${rows.map((row) => row.state)}::text[],
            ${rows.map((row) => row.holdReason)}::text[], ${rows.map((row) => row.approvedBy ?? null)}::text[])
       as r (id, state, hold, approved_by)
    where o.institution_id = ${cx.institution.id} and o.id = r.id`.execute(cx.db);
}

/** The shares of a payout are paid out, or wait for it again when its money came back. */
export async function saveShareStates(cx: Cx, payout: PayoutId, to: "paid_out" | "in_payout"): Promise<void> {
  const from = to === "paid_out" ? "in_payout" : "paid_out";
  await sql`update app.share s set state = ${to} from app.payout_line l
    where l.institution_id = ${cx.institution.id} and l.payout_id = ${payout} and l.kind = 'share'
      and s.institution_id = l.institution_id and s.id = l.share_id and s.state = ${from}`.execute(cx.db);
}
