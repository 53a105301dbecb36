import { type RawBuilder, sql } from "kysely";
import type { CustomerFilter } from "#features/customers/customer-list.ts";
import { type CustomerRecord, customerColumns } from "#features/customers/customer-store.ts";
import type { PlainDate } from "#kernel/time.ts";
import { likeWords } from "#platform/search.ts";
import type { Cx } from "#platform/tx.ts";

export type ListedRecord = CustomerRecord & { partnership_name: string | null };

// The expression of the index customer_by_name, so that a page is read straight from it.
const sortName = sql<string>`lower(c.family_name || ' ' || c.given_name) collate "C"`;

// As `statusOf` says overdue: still owed, past its date, no attempt in processing. Those few are looked up once a statement.
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
      sql<boolean>`lower(concat_ws(' ', c.given_name, c.family_name, c.email, c.external_id, c.phone)) like all (${words}::text[])`,
  ];
  return sql.join([sql`true`, ...all.filter((one) => one !== undefined && one !== false && one !== "")], sql` and `);
}

// Where a page begins, by the customer's id alone: names have no business in an address.
const placeOf = (id: string) => sql`((select lower(x.family_name || ' ' || x.given_name) collate "C"
  from app.customer x where x.id = ${id}), ${id})`;

/** A page of customers by family name; with `before` the page is read upwards from that place. */
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
  const { rows } = await sql<ListedRecord>`
    select ${customerColumns}, t.name as partnership_name
      from app.customer c
      left join app.partnership t on t.institution_id = c.institution_id and t.id = c.partnership_id
     where ${conditions(filter, today)} and ${from} order by ${order} limit ${limit}`.execute(cx.db);
  return before ? rows.reverse() : rows;
}

export type OwedRecord = {
  customer_id: string;
  currency: string;
  owed: bigint;
  overdue: bigint;
  overdue_since: PlainDate | null;
};

/** What these customers owe in each currency, and how much of it is overdue since when. */
export async function selectOwed(cx: Cx, customers: readonly string[], today: PlainDate): Promise<OwedRecord[]> {
  if (customers.length === 0) return [];
  // Lateral and "offset 0" keep the planner at looking up each customer's payments by their index.
  const { rows } = await sql<OwedRecord>`
    select s.customer_id, s.currency, sum(s.owed)::bigint as owed, coalesce(sum(s.owed) filter (where s.late), 0)::bigint as overdue,
           min(s.due_date) filter (where s.late) as overdue_since
      from unnest(${[...customers]}::text[]) as wanted (key)
     cross join lateral (
       select p.customer_id, p.currency, p.due_date, ${overdue(today)} as late,
              p.list_minor - p.paid_minor - coalesce((select d.minor from app.discount d
                where d.institution_id = p.institution_id and d.payment_id = p.id), 0) as owed
         from app.payment p where p.customer_id = wanted.key and p.state in ('open', 'partially_paid') offset 0) s
     group by s.customer_id, s.currency order by s.customer_id, s.currency`.execute(cx.db);
  return rows;
}
