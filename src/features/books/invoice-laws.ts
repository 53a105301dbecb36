import { type RawBuilder, sql } from "kysely";
import type { CrossRow } from "#features/books/cross-laws.ts";

/** Invoices raised on partners: what was put on them, what of it is booked as income and as tax, and their numbers. */
export function invoiceLaws(institution: string): RawBuilder<CrossRow>[] {
  const gains = (kind: "income" | "tax_payable") =>
    sql`sum(case when c.kind = ${kind} then t.amount else 0 end - case when d.kind = ${kind} then t.amount else 0 end)`;
  return [
    sql<CrossRow>`
      with put as (select invoice_id, sum(minor) as minor from app.invoice_allocation
                    where institution_id = ${institution} group by invoice_id)
      select 'invoices-paid' as law, i.currency, format('app.invoice %s', i.id) as row,
             format('paid %s, but %s was put on it', i.paid_minor, coalesce(p.minor, 0)) as detail
        from app.invoice i left join put p on p.invoice_id = i.id
       where i.institution_id = ${institution} and i.paid_minor <> coalesce(p.minor, 0) limit 20`,
    // Tax is in proportion to what is left of an invoice after credit notes, rounded half up.
    sql<CrossRow>`
      with kept as (
        select id, currency, paid_minor - returned_minor as minor,
               case when total_minor = credited_minor then 0
                    else div((paid_minor - returned_minor)::numeric * (tax_minor - credited_tax_minor) * 2
                           + (total_minor - credited_minor), (total_minor - credited_minor)::numeric * 2) end as tax
          from app.invoice where institution_id = ${institution} and kind = 'invoice'),
      booked as (
        select j.reference, max(c.currency) as currency, ${gains("income")} as income, ${gains("tax_payable")} as tax
          from ledger.journal j
          join ledger.transfer t on t.institution_id = j.institution_id and t.journal_id = j.id
          join ledger.account d on d.institution_id = t.institution_id and d.id = t.debit_id
          join ledger.account c on c.institution_id = t.institution_id and c.id = t.credit_id
         where j.institution_id = ${institution} and j.kind in ('invoice.paid', 'invoice.credited')
         group by j.reference)
      select 'invoices-paid' as law, coalesce(k.currency, b.currency) as currency,
             coalesce(format('app.invoice %s', k.id), format('ledger.journal of %s', b.reference)) as row,
             case when k.id is null then 'the ledger books an invoice that is not there'
                  else format('%s of it is kept, %s of that tax, but the ledger has %s as income and %s as tax',
                    k.minor, k.tax, coalesce(b.income, 0), coalesce(b.tax, 0)) end as detail
        from kept k full join booked b on b.reference = k.id
       where k.id is null or coalesce(b.tax, 0) <> k.tax or coalesce(b.income, 0) <> k.minor - k.tax limit 20`,
    sql<CrossRow>`
      select 'documents-numbered' as law, '' as currency,
             format('app.invoice of %s, %s number %s', x.partnership_id, x.kind, x.number) as row,
             format('it follows number %s', x.before) as detail
        from (select partnership_id, kind, number,
                     coalesce(lag(number) over (partition by partnership_id, kind order by number), 0) as before
                from app.invoice where institution_id = ${institution} and number is not null) x
       where x.number <> x.before + 1 limit 20`,
  ];
}
