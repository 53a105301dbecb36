import { sql } from "kysely";
import type { InvoiceId } from "#features/invoices/invoice.ts";
import type { InvoiceMoneyRow } from "#features/invoices/invoice-money.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Id } from "#kernel/ids.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * Whether an invoice is being paid: money is on its way, or its payer has the page for a card open, which the provider
 * closes in time. Bank details that were only shown count as nothing: nobody knows whether they will be used.
 */
export async function isBeingPaid(cx: Cx, id: InvoiceId): Promise<boolean> {
  const { rows } = await sql`select from app.checkout_invoice i
      join app.payment_attempt a on a.institution_id = i.institution_id and a.checkout_id = i.checkout_id
      join app.channel_product p on p.institution_id = a.institution_id and p.id = a.channel_product_id
     where i.institution_id = ${cx.institution.id} and i.invoice_id = ${id}
       and (a.state in ('pending', 'processing') or (a.state = 'requires_action' and p.kind = 'card'))
     limit 1`.execute(cx.db);
  return rows.length > 0;
}

/** Those of these invoices for which an attempt is open, whatever it waits for. */
export async function withOpenAttempt(cx: Cx, ids: readonly InvoiceId[]): Promise<ReadonlySet<InvoiceId>> {
  if (ids.length === 0) return new Set();
  const { rows } = await sql<{ invoice_id: InvoiceId }>`select distinct i.invoice_id from app.checkout_invoice i
      join app.payment_attempt a on a.institution_id = i.institution_id and a.checkout_id = i.checkout_id
     where i.institution_id = ${cx.institution.id} and i.invoice_id = any(${[...ids]}::text[])
       and a.state in ('pending', 'requires_action', 'processing')`.execute(cx.db);
  return new Set(rows.map((row) => row.invoice_id));
}

export type NewAllocation = { readonly id: Id<"ial">; readonly invoice: InvoiceId; readonly minor: bigint };

/** Writes what money, or a payout it is netted against, goes to which invoice. */
export async function insertInvoiceAllocations(
  cx: Cx,
  partnership: PartnershipId,
  source: { readonly received?: Id<"rcv">; readonly payout?: Id<"pyo"> },
  rows: readonly NewAllocation[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`insert into app.invoice_allocation
      (institution_id, id, received_id, invoice_id, partnership_id, payout_id, minor, created_at)
    select ${cx.institution.id}, a.id, ${source.received ?? null}, a.invoice_id, ${partnership},
      ${source.payout ?? null}, a.minor, ${cx.now}
      from unnest(${rows.map((row) => row.id)}::text[], ${rows.map((row) => row.invoice)}::text[],
        ${rows.map((row) => row.minor)}::bigint[]) as a (id, invoice_id, minor)`.execute(cx.db);
}

/** What was put on an invoice, oldest first. */
export async function selectInvoiceMoney(cx: Cx, id: InvoiceId): Promise<InvoiceMoneyRow[]> {
  const { rows } = await sql<InvoiceMoneyRow>`
    select a.minor, a.created_at as at, r.received_on, r.kind, r.method_label, o.number as payout_number
      from app.invoice_allocation a
      left join app.money_received r on r.institution_id = a.institution_id and r.id = a.received_id
      left join app.payout o on o.institution_id = a.institution_id and o.id = a.payout_id
     where a.institution_id = ${cx.institution.id} and a.invoice_id = ${id} order by a.id`.execute(cx.db);
  return rows;
}

/** What of an attempt's money has gone to each invoice so far, in minor units. */
export async function invoiceMoneyOfAttempt(cx: Cx, attempt: Id<"att">): Promise<Map<InvoiceId, bigint>> {
  const { rows } = await sql<{ invoice_id: InvoiceId; minor: bigint }>`
    select a.invoice_id, sum(a.minor)::bigint as minor from app.invoice_allocation a
      join app.money_received r on r.institution_id = a.institution_id and r.id = a.received_id
     where a.institution_id = ${cx.institution.id} and r.attempt_id = ${attempt} group by 1`.execute(cx.db);
  return new Map(rows.map((row) => [row.invoice_id, row.minor]));
}
