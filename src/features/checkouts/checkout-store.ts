import { sql } from "kysely";
import type { CustomerId } from "#access/principal.ts";
import type { Checkout, CheckoutId } from "#features/checkouts/checkout.ts";
import type { InvoiceId } from "#features/invoices/invoice.ts";
import { isPartner } from "#features/money-in/payer.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import { type Currency, money } from "#kernel/money.ts";
import type { Cx } from "#platform/tx.ts";

type Row = {
  id: CheckoutId;
  currency: Currency;
  total_minor: bigint;
  state: Checkout["state"];
  minor: bigint;
};
type PaymentRow = Row & { customer_id: CustomerId; payment_id: PaymentId };
type InvoiceRow = Row & { partnership_id: PartnershipId; invoice_id: InvoiceId };

/** A checkout of payments with its items; undefined when there is none that the reader may see. */
export async function readCheckoutRow(cx: Cx, id: string): Promise<Checkout | undefined> {
  const { rows } = await sql<PaymentRow>`
    select c.id, c.customer_id, c.currency, c.total_minor, c.state, i.payment_id, i.minor
      from app.checkout c
      join app.checkout_item i on i.institution_id = c.institution_id and i.checkout_id = c.id
     where c.institution_id = ${cx.institution.id} and c.id = ${id} order by i.payment_id`.execute(cx.db);
  const [first] = rows;
  if (!first) return undefined;
  const items = rows.map((row) => ({ payment: row.payment_id, amount: money(row.minor, row.currency) }));
  return { ...checkoutOf(first), payer: first.customer_id, items, invoices: [] };
}

/** A checkout of invoices; for the program itself, for a partner reads its own views. */
export async function readInvoiceCheckoutRow(cx: Cx, id: string): Promise<Checkout | undefined> {
  const { rows } = await sql<InvoiceRow>`
    select c.id, c.partnership_id, c.currency, c.total_minor, c.state, i.invoice_id, i.minor
      from app.checkout c
      join app.checkout_invoice i on i.institution_id = c.institution_id and i.checkout_id = c.id
     where c.institution_id = ${cx.institution.id} and c.id = ${id} order by i.invoice_id`.execute(cx.db);
  const [first] = rows;
  if (!first) return undefined;
  const invoices = rows.map((row) => ({ invoice: row.invoice_id, amount: money(row.minor, row.currency) }));
  return { ...checkoutOf(first), payer: first.partnership_id, items: [], invoices };
}

function checkoutOf(row: Row): Pick<Checkout, "id" | "currency" | "total" | "state"> {
  const { id, currency, state } = row;
  return { id, currency, total: money(row.total_minor, currency), state };
}

export async function insertCheckout(cx: Cx, checkout: Checkout, createdBy: string): Promise<void> {
  const { payer, items, invoices } = checkout;
  const [customer, partnership] = isPartner(payer) ? [null, payer] : [payer, null];
  await sql`insert into app.checkout (institution_id, id, customer_id, partnership_id, currency, total_minor, state,
      created_by, created_at, updated_at)
    values (${cx.institution.id}, ${checkout.id}, ${customer}, ${partnership}, ${checkout.currency},
      ${checkout.total.minor}, ${checkout.state}, ${createdBy}, ${cx.now}, ${cx.now})`.execute(cx.db);
  if (items.length > 0) {
    await sql`insert into app.checkout_item (institution_id, checkout_id, payment_id, minor)
      select ${cx.institution.id}, ${checkout.id}, i.payment_id, i.minor
        from unnest(${items.map((item) => item.payment)}::text[], ${items.map((item) => item.amount.minor)}::bigint[])
          as i (payment_id, minor)`.execute(cx.db);
  }
  if (invoices.length > 0) {
    await sql`insert into app.checkout_invoice (institution_id, checkout_id, invoice_id, minor)
      select ${cx.institution.id}, ${checkout.id}, i.invoice_id, i.minor
        from unnest(${invoices.map((item) => item.invoice)}::text[],
          ${invoices.map((item) => item.amount.minor)}::bigint[]) as i (invoice_id, minor)`.execute(cx.db);
  }
}

export async function saveCheckoutState(cx: Cx, id: CheckoutId, state: Checkout["state"]): Promise<void> {
  await sql`update app.checkout set state = ${state}, updated_at = ${cx.now}
    where institution_id = ${cx.institution.id} and id = ${id} and state <> ${state}`.execute(cx.db);
}
