import { sql } from "kysely";
import type { Instant, PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** What waits for somebody, as counted in the rows. Amounts in minor units, as text where they come inside JSON. */
export type AttentionRecord = {
  unmatched: bigint;
  without_email: bigint;
  bank_details: bigint;
  adjustments: bigint;
  transfers: bigint;
  failed: bigint;
  failed_lately: bigint;
  imports: readonly { id: string; file: string; state: string; bad: number }[];
  refunds: readonly { payment: string; customer: string; minor: string; currency: string }[];
  books: { ok: boolean; at: string } | null;
};

/** Everything that may need attention, with one query. `lately` is where the last seven days begin. */
export async function selectAttention(cx: Cx, lately: Instant): Promise<AttentionRecord> {
  const { rows } = await sql<AttentionRecord>`
    with failed as (
      select i.payment_id, max(a.updated_at) as at
        from app.payment_attempt a
        join app.checkout_item i on i.institution_id = a.institution_id and i.checkout_id = a.checkout_id
        join app.payment p on p.institution_id = i.institution_id and p.id = i.payment_id
         and p.state in ('open', 'partially_paid')
       where a.state in ('failed', 'returned') and not exists (
               select from app.checkout_item o
                 join app.payment_attempt b on b.institution_id = o.institution_id and b.checkout_id = o.checkout_id
                where o.institution_id = i.institution_id and o.payment_id = i.payment_id
                  and (b.id > a.id or b.state = 'processing'))
       group by i.payment_id),
    latest as (
      select distinct on (kind) id, file_name, state, bad_rows from app.import_run
       where state in ('done', 'failed') order by kind, id desc),
    refused as (
      select f.id, f.payment_id, f.cash_minor, f.currency, btrim(c.given_name || ' ' || c.family_name) as customer
        from app.refund f join app.customer c on c.institution_id = f.institution_id and c.id = f.customer_id
       where f.state = 'failed' and not exists (
               select from app.refund n
                where n.institution_id = f.institution_id and n.payment_id = f.payment_id and n.id > f.id)
       order by f.id desc limit 5)
    select (select count(*) from app.money_received where state = 'unmatched') as unmatched,
           (select count(*) from app.customer where email is null) as without_email,
           (select count(*) from app.bank_account where state = 'in_review') as bank_details,
           (select count(*) from app.wallet_adjustment where state = 'proposed') as adjustments,
           (select count(*) from app.transfer where state = 'pending_approval') as transfers,
           (select count(*) from failed) as failed,
           (select count(*) from failed where at >= ${lately}) as failed_lately,
           (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'file', file_name, 'state', state, 'bad', bad_rows)
                     order by id desc), '[]') from latest where bad_rows > 0 or state = 'failed') as imports,
           (select coalesce(jsonb_agg(jsonb_build_object('payment', payment_id, 'customer', customer,
                     'minor', cash_minor::text,
                     'currency', currency) order by id desc), '[]') from refused) as refunds,
           (select jsonb_build_object('ok', ok, 'at', to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
              from app.books_proof order by id desc limit 1) as books`.execute(cx.db);
  return rows[0] as AttentionRecord;
}

/** Where a due date lies, seen from today: still to come, or so many days past. */
export type Age = "soon" | "1-30" | "31-60" | "61-90" | "91";
export type OwedRecord = { currency: string; age: Age; minor: bigint; payments: bigint };

/**
 * What is owed by currency and age, for due dates until `until`. What is past its date counts only while no attempt
 * to pay it is in processing: so says `statusOf`, and the list that a figure leads to.
 */
export async function selectOwedByAge(cx: Cx, today: PlainDate, until: PlainDate): Promise<OwedRecord[]> {
  const { rows } = await sql<OwedRecord>`
    select o.currency, o.age, sum(o.owed)::bigint as minor, count(*) as payments
      from (select p.currency, p.list_minor - coalesce(d.minor, 0) - p.paid_minor as owed,
                   case when p.due_date >= ${today} then 'soon'
                        when exists (select from app.checkout_item i
                               join app.payment_attempt a on a.institution_id = i.institution_id
                                and a.checkout_id = i.checkout_id and a.state = 'processing'
                              where i.institution_id = p.institution_id and i.payment_id = p.id) then null
                        when p.due_date >= ${today.subtract({ days: 30 })} then '1-30'
                        when p.due_date >= ${today.subtract({ days: 60 })} then '31-60'
                        when p.due_date >= ${today.subtract({ days: 90 })} then '61-90'
                        else '91' end as age
              from app.payment p
              left join app.discount d on d.institution_id = p.institution_id and d.payment_id = p.id
             where p.state in ('open', 'partially_paid') and p.due_date <= ${until}) o
     where o.age is not null group by o.currency, o.age`.execute(cx.db);
  return rows;
}

export type CollectedRecord = { currency: string; month: PlainDate; minor: bigint; arrivals: bigint };

/** Money that arrived from customers since a date, by currency and month (its first day). */
export async function selectCollected(cx: Cx, since: PlainDate): Promise<CollectedRecord[]> {
  const { rows } = await sql<CollectedRecord>`
    select currency, date_trunc('month', received_on::timestamp)::date as month, sum(minor)::bigint as minor,
           count(*) as arrivals
      from app.money_received where state = 'matched' and received_on >= ${since}
     group by 1, 2`.execute(cx.db);
  return rows;
}
