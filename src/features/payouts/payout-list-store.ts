import { type RawBuilder, sql } from "kysely";
import type { LineKind, PayoutId } from "#features/payouts/payout.ts";
import type { PayoutFilter, PayoutPlace } from "#features/payouts/payout-list.ts";
import { type PayoutRow, payoutColumns, payoutTables } from "#features/payouts/payout-store.ts";
import type { Currency } from "#kernel/money.ts";
import { likeWords } from "#platform/search.ts";
import type { Cx } from "#platform/tx.ts";

export type ListedRow = PayoutRow & {
  bank_name: string | null;
  last4: string | null;
  wallet_number: string | null;
  netted_minor: bigint;
  credited_minor: bigint;
};

/** What lines of a kind come to in payout `o`. They are few, and have an index of their own. */
const sumOf = (kind: LineKind) => sql`coalesce((select sum(l.net_minor) from app.payout_line l
  where l.institution_id = o.institution_id and l.payout_id = o.id and l.kind = ${sql.lit(kind)}), 0)::bigint`;

const groups = {
  attention: sql<boolean>`o.state in ('on_hold', 'failed', 'returned')`,
  under_way: sql<boolean>`o.state in ('processing', 'sent')`,
  due: sql<boolean>`o.state in ('scheduled', 'in_review', 'on_hold', 'processing', 'sent', 'failed', 'returned')`,
} as const;

/**
 * A word of a search stands in the partner's name or reference, or in the payout's number. Partners are asked once a
 * query, not once a payout; and only what could be a number is compared with numbers.
 */
function matches(word: string): RawBuilder<boolean> {
  const ofPartner = sql`o.partnership_id = any(array(select x.id from app.partnership x
    where x.institution_id = app.institution_id() and lower(concat_ws(' ', x.name, x.external_id)) like ${word}))`;
  if (!/^%[po\d-]*%$/.test(word)) return sql<boolean>`${ofPartner}`;
  return sql<boolean>`(${ofPartner} or 'po-' || lpad(o.number::text, 6, '0') like ${word})`;
}

/** Where a filter becomes a condition: the list, its export and the figures that link to it agree by it. */
export function payoutConditions(filter: PayoutFilter): RawBuilder<boolean> {
  const { status, q, from, to, currency, partner } = filter;
  const words = likeWords(q);
  const conditions = [
    status && (status in groups ? groups[status as keyof typeof groups] : sql<boolean>`o.state = ${status}`),
    from && sql<boolean>`o.scheduled_for >= ${from}`,
    to && sql<boolean>`o.scheduled_for <= ${to}`,
    currency && sql<boolean>`o.currency = ${currency}`,
    partner && sql<boolean>`o.partnership_id = ${partner}`,
    ...words.map(matches),
  ];
  return sql.join([sql`true`, ...conditions.filter((one) => one !== undefined && one !== "")], sql` and `);
}

/** A page of payouts, the latest day first; with `after` it is read upwards from that place. */
export async function selectPayoutPage(
  cx: Cx,
  filter: PayoutFilter,
  place: { readonly before?: PayoutPlace; readonly after?: PayoutPlace; readonly limit: number },
): Promise<ListedRow[]> {
  const { before, after, limit } = place;
  const from = after
    ? sql`(o.scheduled_for, o.id) > (${after.day}, ${after.id})`
    : before
      ? sql`(o.scheduled_for, o.id) < (${before.day}, ${before.id})`
      : sql`true`;
  const order = after ? sql`o.scheduled_for, o.id` : sql`o.scheduled_for desc, o.id desc`;
  const { rows } = await sql<ListedRow>`select ${payoutColumns}, b.bank_name, b.last4,
           w.number as wallet_number, ${sumOf("netting")} as netted_minor, ${sumOf("credit")} as credited_minor
      from ${payoutTables}
      left join app.bank_account b on b.institution_id = o.institution_id and b.id = o.bank_account_id
      left join app.wallet w on w.institution_id = o.institution_id and w.id = o.wallet_id
     where o.institution_id = ${cx.institution.id} and ${payoutConditions(filter)} and ${from}
     order by ${order} limit ${limit}`.execute(cx.db);
  return after ? rows.reverse() : rows;
}

export type DueRow = { currency: Currency; state: string; payouts: bigint; minor: bigint };

/** What is still to be paid out, by currency and state. */
export async function selectDue(cx: Cx): Promise<DueRow[]> {
  const { rows } =
    await sql<DueRow>`select o.currency, o.state, count(*) as payouts, sum(o.total_minor)::bigint as minor
      from app.payout o where o.institution_id = ${cx.institution.id} and ${groups.due}
     group by o.currency, o.state`.execute(cx.db);
  return rows;
}

/** The ids of payouts in review, the earliest day first. */
export async function idsInReview(cx: Cx, limit: number, currency: Currency | undefined): Promise<PayoutId[]> {
  const { rows } = await sql<{ id: PayoutId }>`select o.id from app.payout o
    where o.institution_id = ${cx.institution.id} and o.state = 'in_review'
      ${currency ? sql`and o.currency = ${currency}` : sql``}
    order by o.scheduled_for, o.id limit ${limit}`.execute(cx.db);
  return rows.map((row) => row.id);
}
