import { type RawBuilder, sql } from "kysely";
import { type CrossRow, differs } from "#features/books/cross-laws.ts";

/** What payouts and their attempts say, against what the ledger says and against their own lines. */
export function payoutLaws(institution: string): RawBuilder<CrossRow>[] {
  return [
    differs(
      "payouts-in-transit",
      sql`select 'payouts_in_transit' as name, currency, sum(minor) as minor from app.payout_attempt
           where institution_id = ${institution} and state = 'sent' group by currency`,
      sql`select id, kind as name, currency, balance as minor from ledger.account
           where institution_id = ${institution} and kind = 'payouts_in_transit'`,
    ),
    attemptsBooked(institution),
    sql<CrossRow>`
      with lines as (select payout_id, sum(net_minor) as net, sum(tax_minor) as tax,
                            count(*) filter (where kind = 'share') as payments
                       from app.payout_line where institution_id = ${institution} group by payout_id)
      select 'payout-lines' as law, o.currency, format('app.payout %s', o.id) as row,
             format('%s with %s tax for %s payments, but its lines come to %s with %s for %s', o.net_minor, o.tax_minor,
                    o.payments, coalesce(l.net, 0), coalesce(l.tax, 0), coalesce(l.payments, 0)) as detail
        from app.payout o left join lines l on l.payout_id = o.id
       where o.institution_id = ${institution}
         and (o.net_minor, o.tax_minor, o.payments::bigint)
             is distinct from (coalesce(l.net, 0), coalesce(l.tax, 0), coalesce(l.payments, 0)) limit 20`,
    sql<CrossRow>`
      select 'payout-shares' as law, '' as currency, format('app.share %s', s.id) as row,
             case when l.payout_id is null then format('%s, but it stands in no payout', s.state)
                  else format('%s, but its payout is %s', s.state, o.state) end as detail
        from app.share s
        left join app.payout_line l on l.institution_id = s.institution_id and l.share_id = s.id and l.kind = 'share'
        left join app.payout o on o.institution_id = l.institution_id and o.id = l.payout_id
       where s.institution_id = ${institution}
         and case s.state when 'in_payout' then o.id is null or o.state = 'paid'
                          when 'paid_out' then o.id is null or o.state <> 'paid'
                          when 'reversed' then false
                          else l.payout_id is not null end limit 20`,
  ];
}

/** Sent, paid, failed on its way and returned: each step of an attempt stands in the ledger once, and no other does. */
function attemptsBooked(institution: string): RawBuilder<CrossRow> {
  return sql<CrossRow>`
    with attempts as (select id, currency, state from app.payout_attempt where institution_id = ${institution}),
    booked as (
      select split_part(j.key, ':', 2) as id, string_agg(substr(j.kind, 8), ' ' order by j.id) as steps
        from ledger.journal j
       where j.institution_id = ${institution}
         and j.kind in ('payout.sent', 'payout.paid', 'payout.failed', 'payout.returned')
       group by 1)
    select 'payouts-booked' as law, coalesce(a.currency, '') as currency,
           format('app.payout_attempt %s', coalesce(a.id, b.id)) as row,
           format('%s, but the ledger has: %s', coalesce(a.state, 'not there'), coalesce(b.steps, 'nothing')) as detail
      from attempts a full join booked b on b.id = a.id
     where not coalesce(b.steps, '') = any (case a.state
             when 'sent' then array['sent'] when 'succeeded' then array['sent paid']
             when 'failed' then array['', 'sent failed'] when 'returned' then array['sent paid returned']
             when 'pending' then array[''] else array[]::text[] end) limit 20`;
}
