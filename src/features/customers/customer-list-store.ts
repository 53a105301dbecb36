import { type RawBuilder, sql } from "kysely";
import type { CustomerFilter } from "#features/customers/customer-list.ts";
import { type CustomerRecord, customerColumns } from "#features/customers/customer-store.ts";
import type { PlainDate } from "#kernel/time.ts";
import { likeWords } from "#platform/search.ts";
import type { Cx } from "#platform/tx.ts";

export type ListedRecord = CustomerRecord & OwedRecord & { partnership_name: string | null };

// The expression of the index customer_by_name, so that a page is read straight from it.
const sortName = sql<string>`lower(c.family_name || ' ' || c.given_name) collate "C"`;

// As `statusOf` says overdue: still owed, past its date, no attempt in processing. Those few are looked up
// once a statement.
const overdue = (today: PlainDate) => sql<boolean>`p.state in ('open', 'partially_paid') and p.due_date < ${today}
  and p.id not in (select i.payment_id from app.payment_attempt a
    join app.checkout_item i on i.institution_id = a.institution_id and i.checkout_id = a.checkout_id
    where a.state = 'processing')`;

/** The one place where a filter becomes a condition: the list and its export agree by it. */
function conditions(filter: CustomerFilter, today: PlainDate): RawBuilder<boolean> {
  const { q, only, partnership, language } = filter;
  const words = likeWords(q);
  const all = [
    only === "no-email" && sql<boolean>`c.email is null`,
    only === "overdue" &&
      sql<boolean>`exists (select from app.payment p
        where p.institution_id = c.institution_id and p.customer_id = c.id and ${overdue(today)})`,
    partnership && sql<boolean>`c.partnership_id = ${partnership}`,
    language && sql<boolean>`c.language = ${language}`,
    words.length > 0 &&
      sql<boolean>`lower(concat_ws(' ', c.given_name, c.family_name, c.email, c.external_id, c.phone))
        like all (${words}::text[])`,
  ];
  return sql.join([sql`true`, ...all.filter((one) => one !== undefined && one !== false && one !== "")], sql` and `);
}

// Where a page begins, by the customer's id alone: names have no business in an address.
const placeOf = (id: string) => sql`((select lower(x.family_name || ' ' || x.given_name) collate "C"
  from app.customer x where x.id = ${id}), ${id})`;

/** What a customer owes, a list entry a currency; amounts as decimal text, which arrays of the driver don't parse. */
export type OwedRecord = {
  currencies: string[] | null;
  owed: string[] | null;
  overdue: string[] | null;
  overdue_since: (string | null)[] | null;
};

// "offset 0" keeps the planner at looking up each customer's payments by their index.
const owedOf = (customer: RawBuilder<string>, today: PlainDate) => sql`
  (select array_agg(s.currency) as currencies, array_agg(s.owed::text) as owed, array_agg(s.overdue::text) as overdue,
          array_agg(s.since::text) as overdue_since
     from (select o.currency, sum(o.owed) as owed, coalesce(sum(o.owed) filter (where o.late), 0) as overdue,
                  min(o.due_date) filter (where o.late) as since
             from (select p.currency, p.due_date, ${overdue(today)} as late,
                          p.list_minor - p.paid_minor - coalesce((select d.minor from app.discount d
                            where d.institution_id = p.institution_id and d.payment_id = p.id), 0) as owed
                     from app.payment p
                    where p.customer_id = ${customer} and p.state in ('open', 'partially_paid') offset 0) o
            group by o.currency order by o.currency) s)`;

/** A page of customers by family name with what each owes; with `before` the page is read upwards from that place. */
export async function selectPage(
  cx: Cx,
  filter: CustomerFilter,
  today: PlainDate,
  place: { readonly before?: string; readonly after?: string; readonly limit: number },
): Promise<ListedRecord[]> {
  const { before, after, limit } = place;
  const from = before
    ? sql`(${sortName}, c.id) < ${placeOf(before)}`
    : after
      ? sql`(${sortName}, c.id) > ${placeOf(after)}`
      : sql`true`;
  const order = before ? sql`${sortName} desc, c.id desc` : sql`${sortName}, c.id`;
  // The page is cut first: what is owed is worked out for its rows only. Its size stands in the statement as it is:
  // with a parameter PostgreSQL would plan anew each time, which takes longer than the answer.
  const { rows } = await sql<ListedRecord>`
    select c.*, o.*
      from (select ${customerColumns}, t.name as partnership_name
              from app.customer c
              left join app.partnership t on t.institution_id = c.institution_id and t.id = c.partnership_id
             where ${conditions(filter, today)} and ${from} order by ${order} limit ${sql.lit(limit)}) c
     cross join lateral ${owedOf(sql<string>`c.id`, today)} o
     order by ${order}`.execute(cx.db);
  return before ? rows.reverse() : rows;
}

/** What one customer owes in each currency. */
export async function selectOwed(cx: Cx, customer: string, today: PlainDate): Promise<OwedRecord | undefined> {
  const { rows } = await sql<OwedRecord>`select o.* from ${owedOf(sql<string>`${customer}`, today)} o`.execute(cx.db);
  return rows[0];
}
