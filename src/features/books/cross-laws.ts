import { type RawBuilder, sql } from "kysely";

/** What payments, money received, shares and refunds say, against what the ledger says. */
export const crossLaws = {
  "money-arrived": "All money received stands in the ledger, once, and nothing else came in",
  "money-held": "What is held at each provider and in the bank is what arrived less what was refunded and paid out",
  "money-unmatched": "Money that waits for its customer is what staff see as unmatched",
  "payments-allocated": "What a payment was paid is the sum of the money put on it",
  "payments-settled":
    "A payment is settled in the ledger when it is paid in full, for all that was owed, and only then",
  "customers-money": "A customer's money is what arrived less what settled payments, and part payments are held",
  "shares-earned": "A partner's money is what its shares earned, less what was taken back and paid out",
  "payouts-in-transit": "Payouts in transit are those that were sent and not confirmed yet",
  "payouts-booked": "Each step of sending a payout stands in the ledger, once",
  "payout-lines": "A payout is the sum of its lines",
  "payout-shares": "A share stands in one payout, and says whether that was paid",
  "shares-reversed":
    "What was taken back of a share is the sum of its reversals, and each belongs to a refund that was done",
  "refunds-booked": "What was refunded of a payment is the sum of its refunds, each booked once",
  "discounts-given": "Discounts given are those of the payments that are settled, less what refunds took back",
  "wallets-kept": "Each wallet is one account of the ledger, in the same state",
  "adjustments-booked": "Each adjustment that was approved stands in the ledger, once, and no other does",
  "payouts-to-wallets": "Each payout that went to a wallet stands in the ledger, once",
  "wallets-money": "What is in a wallet is what transfers, adjustments and payouts brought, less what left it",
  "transfers-held": "What is held on a wallet is its transfers that wait for approval or are on their way to the bank",
  "transfers-booked": "Each step of a transfer whose money was set aside stands in the ledger, once",
  "transfers-exact":
    "A transfer moved exactly its amount and its fee, holds both while it waits, and else moved nothing",
  "fees-charged": "Income from fees is what transfers that were completed cost, and surcharges that arrived",
  "invoices-paid":
    "What an invoice was paid is the sum of the money put on it, and stands as income and tax in the ledger",
  "documents-numbered": "Invoices, self-billed invoices and credit notes of each partner are numbered without gaps",
  "receipts-numbered": "Receipts are numbered without gaps, one for all money whose customer is known",
} as const;

export type CrossLaw = keyof typeof crossLaws;
export type CrossRow = {
  readonly law: CrossLaw;
  readonly currency: string;
  readonly row: string;
  readonly detail: string;
};

const settled = sql`('paid', 'partially_refunded', 'refunded')`;

// An account that nothing happened to yet is not there: the outer joins read it as zero. `name` is its kind and owner.
export const differs = (law: CrossLaw, expected: RawBuilder<unknown>, accounts: RawBuilder<unknown>) => sql<CrossRow>`
  select ${sql.lit(law)} as law, coalesce(e.currency, a.currency) as currency,
         format('ledger.account %s (%s %s)', coalesce(a.id::text, 'not there'), coalesce(e.name, a.name),
                coalesce(e.currency, a.currency)) as row,
         format('%s in the ledger, but %s by the rows it stands for', coalesce(a.minor, 0), coalesce(e.minor, 0))
           as detail
    from (${expected}) e full join (${accounts}) a on a.name = e.name and a.currency = e.currency
   where coalesce(e.minor, 0) <> coalesce(a.minor, 0) limit 20`;

/** Money in and out: provider, bank, unmatched. */
export function moneyLaws(institution: string): RawBuilder<CrossRow>[] {
  const place = sql`case when kind = 'by_hand' then 'bank' else 'provider:' || provider end`;
  return [
    sql<CrossRow>`
      select 'money-arrived' as law, coalesce(r.currency, '') as currency,
             case when r.id is null then format('ledger.journal %s (%s)', j.id, j.reference)
                  else format('app.money_received %s', r.id) end as row,
             case when r.id is null then 'it brings in money that app.money_received does not know'
                  when j.id is null then 'the ledger does not know it'
                  else format('%s arrived, %s is booked', r.minor + r.surcharge_minor, coalesce(j.minor, 0)) end
               as detail
        from (select * from app.money_received where institution_id = ${institution}) r
        full join (
          select j.id, j.reference, sum(t.amount) filter (where d.kind in ('provider', 'bank')) as minor
            from ledger.journal j
            left join ledger.transfer t on t.institution_id = j.institution_id and t.journal_id = j.id
            left join ledger.account d on d.institution_id = t.institution_id and d.id = t.debit_id
           where j.institution_id = ${institution} and j.kind = 'money.received' group by j.id, j.reference) j
          on j.reference = r.id
       where r.id is null or j.id is null or r.minor + r.surcharge_minor <> coalesce(j.minor, 0) limit 20`,
    differs(
      "money-held",
      sql`select name, currency, sum(minor) as minor from (
            select ${place} as name, currency, minor + surcharge_minor as minor
              from app.money_received where institution_id = ${institution}
            union all
            select ${place}, currency, -cash_minor from app.refund
             where institution_id = ${institution} and state = 'succeeded'
            union all
            select 'bank', currency, -minor from app.payout_attempt
             where institution_id = ${institution} and state = 'succeeded'
            union all
            select 'bank', currency, -minor from app.transfer
             where institution_id = ${institution} and route = 'bank' and state = 'completed') x
           group by name, currency`,
      sql`select id, concat_ws(':', kind, nullif(owner, '')) as name, currency, -balance as minor
            from ledger.account where institution_id = ${institution} and kind in ('provider', 'bank')`,
    ),
    differs(
      "money-unmatched",
      sql`select 'unmatched' as name, currency, sum(minor) as minor from app.money_received
           where institution_id = ${institution} and state = 'unmatched' group by currency`,
      sql`select id, kind as name, currency, balance as minor from ledger.account
           where institution_id = ${institution} and kind = 'unmatched'`,
    ),
    sql<CrossRow>`
      select 'receipts-numbered' as law, '' as currency, format('app.receipt number %s', x.number) as row,
             format('it follows number %s', x.before) as detail
        from (select number, coalesce(lag(number) over (order by number), 0) as before from app.receipt
               where institution_id = ${institution}) x where x.number <> x.before + 1
      union all
      select 'receipts-numbered', r.currency, format('app.money_received %s', r.id), 'it has no receipt'
        from app.money_received r
       where r.institution_id = ${institution} and r.state = 'matched' and r.customer_id is not null
         and not exists (select from app.receipt p where p.institution_id = r.institution_id and p.received_id = r.id)
       limit 20`,
  ];
}

/** Payments: what was put on them, what settled them, what was given back. */
export function paymentLaws(institution: string): RawBuilder<CrossRow>[] {
  return [
    sql<CrossRow>`
      with allocated as (select payment_id, sum(minor) as minor from app.allocation
                          where institution_id = ${institution} and freed_at is null group by payment_id)
      select 'payments-allocated' as law, p.currency, format('app.payment %s', p.id) as row,
             format('paid %s, but %s was put on it', p.paid_minor, coalesce(a.minor, 0)) as detail
        from app.payment p left join allocated a on a.payment_id = p.id
       where p.institution_id = ${institution} and p.paid_minor <> coalesce(a.minor, 0) limit 20`,
    sql<CrossRow>`
      select 'payments-settled' as law, coalesce(p.currency, '') as currency,
             coalesce(format('app.payment %s', p.id), format('ledger.journal %s', j.id)) as row,
             case when p.id is null then format('it settles %s, which is no payment', j.reference)
                  when p.state not in ${settled} then format('%s, but journal %s settled it', p.state, j.id)
                  when j.id is null then format('%s, but the ledger never settled it', p.state)
                  else format('%s with %s paid of %s', p.state, p.paid_minor, p.price) end as detail
        from (select p.id, p.currency, p.state, p.paid_minor, p.list_minor - coalesce(d.minor, 0) as price
                from app.payment p
                left join app.discount d on d.institution_id = p.institution_id and d.payment_id = p.id
               where p.institution_id = ${institution}) p
        full join (select id, reference from ledger.journal
                    where institution_id = ${institution} and kind = 'payment.settled') j on j.reference = p.id
       where p.id is null or (p.state in ${settled}) <> (j.id is not null)
          or (p.state in ${settled} and p.paid_minor <> p.price) limit 20`,
    sql<CrossRow>`
      with refunded as (select payment_id, sum(list_minor) as list, sum(cash_minor) as cash from app.refund
                         where institution_id = ${institution} and state = 'succeeded' group by payment_id)
      select 'refunds-booked' as law, p.currency, format('app.payment %s', p.id) as row,
             format('refunded %s (list %s), but its refunds add up to %s (list %s)', p.refunded_cash_minor,
                    p.refunded_list_minor, coalesce(r.cash, 0), coalesce(r.list, 0)) as detail
        from app.payment p left join refunded r on r.payment_id = p.id
       where p.institution_id = ${institution}
         and (p.refunded_cash_minor <> coalesce(r.cash, 0) or p.refunded_list_minor <> coalesce(r.list, 0))
      union all
      select 'refunds-booked', coalesce(r.currency, ''),
             coalesce(format('app.refund %s', r.id), format('ledger.journal %s', j.id)),
             case when r.id is null then format('it books %s, which is no refund that succeeded', j.reference)
                  else 'the ledger does not know it' end
        from (select id, currency from app.refund where institution_id = ${institution} and state = 'succeeded') r
        full join (select id, reference from ledger.journal
                    where institution_id = ${institution} and kind = 'payment.refunded') j on j.reference = r.id
       where r.id is null or j.id is null limit 20`,
    differs(
      "discounts-given",
      sql`select 'discounts_given' as name, currency, sum(minor) as minor from (
            select p.currency, d.minor from app.discount d
              join app.payment p on p.institution_id = d.institution_id and p.id = d.payment_id
             where d.institution_id = ${institution} and p.state in ${settled}
            union all
            select currency, -discount_minor from app.refund
             where institution_id = ${institution} and state = 'succeeded') x group by currency`,
      sql`select id, kind as name, currency, -balance as minor from ledger.account
           where institution_id = ${institution} and kind = 'discounts_given'`,
    ),
  ];
}

/** What is owed to customers and partners. */
export function partyLaws(institution: string): RawBuilder<CrossRow>[] {
  return [
    differs(
      "customers-money",
      sql`select name, currency, sum(minor) as minor from (
            select 'customer:' || customer_id as name, currency, minor from app.money_received
             where institution_id = ${institution} and state = 'matched' and customer_id is not null
            union all
            select 'customer:' || a.customer_id, p.currency, -a.minor from app.allocation a
              join app.payment p on p.institution_id = a.institution_id and p.id = a.payment_id
             where a.institution_id = ${institution} and a.freed_at is null and p.state in ${settled}) x
           group by name, currency`,
      sql`select id, concat_ws(':', kind, owner) as name, currency, balance as minor from ledger.account
           where institution_id = ${institution} and kind = 'customer'`,
    ),
    differs(
      "customers-money",
      sql`select 'customer:' || a.customer_id as name, p.currency, sum(a.minor) as minor from app.allocation a
            join app.payment p on p.institution_id = a.institution_id and p.id = a.payment_id
           where a.institution_id = ${institution} and a.freed_at is null and p.state not in ${settled}
           group by a.customer_id, p.currency`,
      sql`select id, concat_ws(':', kind, owner) as name, currency, held as minor from ledger.account
           where institution_id = ${institution} and kind = 'customer'`,
    ),
    differs(
      "shares-earned",
      sql`select name, currency, sum(minor) as minor from (
            select 'partner:' || s.partnership_id as name, p.currency,
                   s.net_minor + s.tax_minor - s.reversed_minor as minor
              from app.share s join app.payment p on p.institution_id = s.institution_id and p.id = s.payment_id
             where s.institution_id = ${institution} and s.state <> 'agreed'
            union all
            select 'partner:' || partnership_id, currency, -minor from app.payout_attempt
             where institution_id = ${institution} and state in ('sent', 'succeeded')
            union all
            select 'partner:' || partnership_id, currency, -total_minor from app.payout
             where institution_id = ${institution} and wallet_id is not null and state = 'paid'
            union all
            select 'partner:' || partnership_id, currency, minor from app.money_received
             where institution_id = ${institution} and partnership_id is not null
            union all
            select 'partner:' || a.partnership_id, i.currency, -a.minor from app.invoice_allocation a
              join app.invoice i on i.institution_id = a.institution_id and i.id = a.invoice_id
             where a.institution_id = ${institution}
            union all
            select 'partner:' || partnership_id, currency, returned_minor from app.invoice
             where institution_id = ${institution} and returned_minor > 0) x group by name, currency`,
      sql`select id, concat_ws(':', kind, owner) as name, currency, balance as minor from ledger.account
           where institution_id = ${institution} and kind = 'partner'`,
    ),
    sql<CrossRow>`
      with back as (select share_id, sum(net_minor + tax_minor) as minor from app.share_reversal
                     where institution_id = ${institution} group by share_id)
      select 'shares-reversed' as law, p.currency, format('app.share %s', s.id) as row,
             format('%s was taken back, but its reversals add up to %s', s.reversed_minor,
                    coalesce(b.minor, 0)) as detail
        from app.share s join app.payment p on p.institution_id = s.institution_id and p.id = s.payment_id
        left join back b on b.share_id = s.id
       where s.institution_id = ${institution} and s.reversed_minor <> coalesce(b.minor, 0)
      union all
      select 'shares-reversed', v.currency, format('app.share_reversal %s', v.id), 'its refund was not done'
        from app.share_reversal v
        join app.refund r on r.institution_id = v.institution_id and r.id = v.refund_id
       where v.institution_id = ${institution} and r.state <> 'succeeded' limit 20`,
  ];
}
