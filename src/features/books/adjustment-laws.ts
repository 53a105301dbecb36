import { type RawBuilder, sql } from "kysely";
import type { CrossRow } from "#features/books/cross-laws.ts";

/** What wallets, adjustments and payouts into wallets say, one by one, against what the ledger says. */
export function adjustmentLaws(institution: string): RawBuilder<CrossRow>[] {
  return [walletsKept(institution), adjustmentsBooked(institution), payoutsBooked(institution)];
}

/** A wallet is one account of the ledger, in the same state: where the two differ, one of them lies about freezing. */
function walletsKept(institution: string): RawBuilder<CrossRow> {
  return sql<CrossRow>`
    select 'wallets-kept' as law, coalesce(w.currency, a.currency) as currency,
           case when w.id is null then format('ledger.account %s (wallet:%s %s)', a.id, a.owner, a.currency)
                else format('app.wallet %s', w.id) end as row,
           case when w.id is null then 'no wallet has this account'
                when a.id is null then 'it has no account in the ledger'
                else format('%s, but its account is %s', w.state, a.state) end as detail
      from (select id, currency, state from app.wallet where institution_id = ${institution}) w
      full join (select id, owner, currency, state from ledger.account
                  where institution_id = ${institution} and kind = 'wallet') a
        on a.owner = w.id and a.currency = w.currency
     where w.state is distinct from a.state limit 20`;
}

/** Each approved adjustment moved its amount, once; what was only proposed, rejected or taken back moved nothing. */
function adjustmentsBooked(institution: string): RawBuilder<CrossRow> {
  return sql<CrossRow>`
    select 'adjustments-booked' as law, coalesce(a.currency, '') as currency,
           case when a.id is null then format('ledger.journal %s', j.id)
                else format('app.wallet_adjustment %s', a.id) end as row,
           case when a.id is null then format('it books %s, which nobody approved', j.reference)
                when j.id is null then 'approved, but the ledger does not know it'
                else format('%s was approved, %s is booked', a.minor, j.minor) end as detail
      from (select id, currency, minor, wallet_id from app.wallet_adjustment
             where institution_id = ${institution} and state = 'approved') a
      full join (${entriesInto(institution, "adjustment")}) j on j.reference = a.id
     where a.id is null or j.id is null or j.minor <> a.minor or j.wallet <> a.wallet_id limit 20`;
}

/** Each payout that says it went to a wallet is there, once, and with all of its money. */
function payoutsBooked(institution: string): RawBuilder<CrossRow> {
  return sql<CrossRow>`
    select 'payouts-to-wallets' as law, coalesce(o.currency, '') as currency,
           case when o.id is null then format('ledger.journal %s', j.id) else format('app.payout %s', o.id) end as row,
           case when o.id is null then format('it books %s, which says it went to no wallet', j.reference)
                when j.id is null then 'it says it went to a wallet, but the ledger does not know it'
                else format('%s to %s, but %s to %s is booked', o.total_minor, o.wallet_id, j.minor, j.wallet) end
             as detail
      from (select id, currency, total_minor, wallet_id from app.payout
             where institution_id = ${institution} and wallet_id is not null) o
      full join (${entriesInto(institution, "payout.wallet")}) j on j.reference = o.id
     where o.id is null or j.id is null or j.minor <> o.total_minor or j.wallet <> o.wallet_id limit 20`;
}

/**
 * Journals of one kind with the wallet they are about, and what each put into it (below zero: took out of it). The
 * wallets are gathered once: busy accounts are slow to look up one by one.
 */
function entriesInto(institution: string, kind: "adjustment" | "payout.wallet"): RawBuilder<unknown> {
  return sql`with own as materialized (
      select id, owner from ledger.account where institution_id = ${institution} and kind = 'wallet')
      select j.id, j.reference, own.owner as wallet,
             sum(case when own.id = t.credit_id then t.amount else -t.amount end) as minor
        from ledger.journal j
        left join ledger.transfer t on t.institution_id = j.institution_id and t.journal_id = j.id and t.key is null
        left join own on own.id in (t.credit_id, t.debit_id)
       where j.institution_id = ${institution} and j.kind = ${sql.lit(kind)} group by 1, 2, 3`;
}
