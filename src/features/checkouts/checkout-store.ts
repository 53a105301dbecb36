import { sql } from "kysely";
import type { CustomerId } from "#access/principal.ts";
import type { Checkout, CheckoutId } from "#features/checkouts/checkout.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import { type Currency, money } from "#kernel/money.ts";
import type { Cx } from "#platform/tx.ts";

type Row = {
  id: CheckoutId;
  customer_id: CustomerId;
  currency: Currency;
  total_minor: bigint;
  state: Checkout["state"];
  payment_id: PaymentId;
  minor: bigint;
};

/** A checkout with its items; undefined when there is none that the reader may see. */
export async function readCheckoutRow(cx: Cx, id: string): Promise<Checkout | undefined> {
  const { rows } = await sql<Row>`select c.id, c.customer_id, c.currency, c.total_minor, c.state, i.payment_id, i.minor
      from app.checkout c
      join app.checkout_item i on i.institution_id = c.institution_id and i.checkout_id = c.id
     where c.institution_id = ${cx.institution.id} and c.id = ${id} order by i.payment_id`.execute(cx.db);
  const [first] = rows;
  if (!first) return undefined;
  return {
    id: first.id,
    customer: first.customer_id,
    currency: first.currency,
    total: money(first.total_minor, first.currency),
    state: first.state,
    items: rows.map((row) => ({ payment: row.payment_id, amount: money(row.minor, row.currency) })),
  };
}

export async function insertCheckout(cx: Cx, checkout: Checkout, createdBy: string): Promise<void> {
  await sql`insert into app.checkout (institution_id, id, customer_id, currency, total_minor, state,
    created_by, created_at,
      updated_at)
    values (${cx.institution.id}, ${checkout.id}, ${checkout.customer}, ${checkout.currency}, ${checkout.total.minor},
      ${checkout.state}, ${createdBy}, ${cx.now}, ${cx.now})`.execute(cx.db);
  await sql`insert into app.checkout_item (institution_id, checkout_id, payment_id, minor)
    select ${cx.institution.id}, ${checkout.id}, i.payment_id, i.minor
      from unnest(${checkout.items.map((item) => item.payment)}::text[],
                  ${checkout.items.map((item) => item.amount.minor)}::bigint[]) as i (payment_id, minor)`.execute(
    cx.db,
  );
}

export async function saveCheckoutState(cx: Cx, id: CheckoutId, state: Checkout["state"]): Promise<void> {
  await sql`update app.checkout set state = ${state}, updated_at = ${cx.now}
    where institution_id = ${cx.institution.id} and id = ${id} and state <> ${state}`.execute(cx.db);
}
