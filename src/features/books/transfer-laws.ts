import { type RawBuilder, sql } from "kysely";
import type { CrossRow } from "#features/books/cross-laws.ts";

/**
 * Each transfer by itself against the ledger, whichever way it was booked: what is over has moved exactly its amount
 * and its fee, what is on its way holds exactly both, and what failed or was cancelled has moved nothing for good.
 */
export function transferLaws(institution: string): RawBuilder<CrossRow>[] {
  return [
    sql<CrossRow>`
      with line as (
        select substr(t.key, 10) as id, t.kind, t.amount, t.debit_id, t.credit_id from ledger.transfer t
         where t.institution_id = ${institution} and t.key is not null
        union all
        select j.reference, t.kind, t.amount, t.debit_id, t.credit_id from ledger.journal j
          join ledger.transfer t on t.institution_id = j.institution_id and t.journal_id = j.id and t.key is null
         where j.institution_id = ${institution} and j.key ^@ 'transfer-step:'),
      moved as (
        select l.id,
               coalesce(sum(l.amount) filter (where l.kind in ('transfer', 'transfer.bank')), 0) as amount,
               coalesce(sum(l.amount) filter (where l.kind = 'transfer.fee'), 0) as fee,
               coalesce(sum(l.amount) filter (where l.kind = 'transfer.returned'), 0) as amount_back,
               coalesce(sum(l.amount) filter (where l.kind = 'transfer.fee-returned'), 0) as fee_back,
               array_agg(distinct c.owner) filter (where l.kind in ('transfer.returned', 'transfer.fee-returned'))
                 as taken_back_by,
               array_agg(distinct d.owner) filter (where l.kind in ('transfer', 'transfer.bank', 'transfer.fee'))
                 as senders,
               array_agg(distinct c.owner) filter (where l.kind = 'transfer') as receivers
          from line l
          join ledger.account d on d.institution_id = ${institution} and d.id = l.debit_id
          join ledger.account c on c.institution_id = ${institution} and c.id = l.credit_id
         group by l.id),
      held as (
        select h.name as id, sum(h.amount) as amount from ledger.hold h
          join ledger.account a on a.institution_id = h.institution_id and a.id = h.account_id
         where h.institution_id = ${institution} and h.state = 'open' and a.kind = 'wallet' group by h.name),
      found as (
        select x.*, m.id as moved_id, h.id as held_id, m.amount, m.fee, m.amount_back, m.fee_back, m.senders,
               m.receivers, m.taken_back_by, coalesce(h.amount, 0) as held
          from (select * from app.transfer where institution_id = ${institution}) x
          full join moved m on m.id = x.id
          full join held h on h.id = coalesce(x.id, m.id))
      select 'transfers-exact' as law, coalesce(f.currency, '') as currency,
             format('app.transfer %s', coalesce(f.id, f.moved_id, f.held_id)) as row,
             format('%s over %s and a fee of %s, but the ledger moved %s and %s, took back %s and %s, and holds %s',
                    coalesce(f.state, 'not there'), f.minor, f.fee_minor, coalesce(f.amount, 0), coalesce(f.fee, 0),
                    coalesce(f.amount_back, 0), coalesce(f.fee_back, 0), f.held) as detail
        from found f
       where not coalesce(case
               when f.state = 'completed' then f.amount = f.minor and f.fee = f.fee_minor and f.amount_back = 0
                 and f.fee_back = 0 and f.held = 0 and f.senders = array[f.wallet_id]
                 and coalesce(f.receivers = array[f.to_wallet_id], f.route = 'bank')
               when f.state in ('pending_approval', 'processing') then f.moved_id is null
                 and f.held = f.minor + f.fee_minor
               when f.state in ('failed', 'cancelled') then f.held = 0
                 and coalesce(f.amount, 0) = coalesce(f.amount_back, 0)
                 and coalesce(f.fee, 0) = coalesce(f.fee_back, 0)
                 and coalesce(f.taken_back_by = array[coalesce(f.returned_to, f.wallet_id)], f.amount is null)
                 and coalesce(f.returned_to in (select w.id from app.wallet w where w.institution_id = ${institution}
                       and w.partnership_id = f.partnership_id), true) end, false) limit 20`,
  ];
}
