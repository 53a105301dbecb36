import { type RawBuilder, sql } from "kysely";
import type { PaymentFilter, PaymentPlace } from "#features/payments/payment-list.ts";
import { inProcess, type PaymentRecord, paymentColumns } from "#features/payments/payment-store.ts";
import type { PlainDate } from "#kernel/time.ts";
import { likeWords } from "#platform/search.ts";
import type { Cx } from "#platform/tx.ts";

export type ListedRecord = PaymentRecord & {
  customer_name: string;
  customer_external_id: string | null;
};

/** What is due and what is overdue depend on these. */
export type Today = { readonly today: PlainDate; readonly window: number };

const tables = sql`app.payment p
  join app.customer c on c.institution_id = p.institution_id and c.id = p.customer_id
  left join app.discount d on d.institution_id = p.institution_id and d.payment_id = p.id`;

/** The newest attempt to pay `p` failed or came back. Only payments with such an attempt are looked at one by one. */
const lastFailed = sql<boolean>`p.id in (select i.payment_id from app.payment_attempt a
    join app.checkout_item i on i.institution_id = a.institution_id and i.checkout_id = a.checkout_id
    where a.state in ('failed', 'returned'))
  and (select a.state in ('failed', 'returned') from app.checkout_item i
    join app.payment_attempt a on a.institution_id = i.institution_id and a.checkout_id = i.checkout_id
    where i.institution_id = p.institution_id and i.payment_id = p.id order by a.id desc limit 1)`;

const owing = sql<boolean>`p.state in ('open', 'partially_paid')`;
const waiting = sql<boolean>`${owing} and not ${inProcess}`;

/** A status as a condition: the same rule as `statusOf`; a test compares the two. */
function statusCondition(status: NonNullable<PaymentFilter["status"]>, { today, window }: Today): RawBuilder<boolean> {
  const soon = today.add({ days: window });
  switch (status) {
    case "unpaid":
      return owing;
    case "failed":
      return sql`${waiting} and ${lastFailed}`;
    case "processing":
      return sql`${owing} and ${inProcess}`;
    case "overdue":
      return sql`${waiting} and p.due_date < ${today}`;
    case "partially_paid":
      return sql`p.state = 'partially_paid' and p.due_date >= ${today} and not ${inProcess}`;
    case "due":
      return sql`p.state = 'open' and p.due_date between ${today} and ${soon} and not ${inProcess}`;
    case "scheduled":
      return sql`p.state = 'open' and p.due_date > ${soon} and not ${inProcess}`;
    default:
      return sql`p.state = ${status}`;
  }
}

/**
 * The one place where a filter becomes a condition: the list, its export and the figures that link to it agree by it.
 */
export function paymentConditions(filter: PaymentFilter, now: Today): RawBuilder<boolean> {
  const { status, q, from, to, currency, customer } = filter;
  const words = likeWords(q);
  const conditions = [
    status && statusCondition(status, now),
    from && sql<boolean>`p.due_date >= ${from}`,
    to && sql<boolean>`p.due_date <= ${to}`,
    currency && sql<boolean>`p.currency = ${currency}`,
    customer && sql<boolean>`p.customer_id = ${customer}`,
    words.length > 0 &&
      sql<boolean>`lower(concat_ws(' ', p.item, p.external_id, c.given_name, c.family_name, c.external_id, c.email))
        like all (${words}::text[])`,
  ];
  return sql.join(
    [sql`true`, ...conditions.filter((one) => one !== undefined && one !== false && one !== "")],
    sql` and `,
  );
}

/** A page of payments, the latest due date first; with `after` the page is read upwards from that place. */
export async function selectPage(
  cx: Cx,
  filter: PaymentFilter,
  now: Today,
  place: { readonly before?: PaymentPlace; readonly after?: PaymentPlace; readonly limit: number },
): Promise<ListedRecord[]> {
  const { before, after, limit } = place;
  const from = after
    ? sql`(p.due_date, p.id) > (${after.due}, ${after.id})`
    : before
      ? sql`(p.due_date, p.id) < (${before.due}, ${before.id})`
      : sql`true`;
  const order = after ? sql`p.due_date, p.id` : sql`p.due_date desc, p.id desc`;
  const { rows } = await sql<ListedRecord>`
    select ${paymentColumns}, btrim(c.given_name || ' ' || c.family_name) as customer_name,
      c.external_id as customer_external_id
      from ${tables} where ${paymentConditions(filter, now)} and ${from} order by ${order} limit ${limit}`.execute(
    cx.db,
  );
  return after ? rows.reverse() : rows;
}
