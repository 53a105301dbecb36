import { sql } from "kysely";
import type { Customer } from "#access/principal.ts";
import { methodsFor } from "#features/channel-products/methods.ts";
import { attemptsOfCheckout } from "#features/checkouts/attempt-store.ts";
import { fitsStill } from "#features/checkouts/begin-attempt.ts";
import type { Checkout } from "#features/checkouts/checkout.ts";
import { type CheckoutLine, type CheckoutView, offersOf, type PaidView } from "#features/checkouts/checkout-page.ts";
import { readCheckoutRow } from "#features/checkouts/checkout-store.ts";
import { arrivedFor } from "#features/money-in/arrived-views.ts";
import { creditOnOffer } from "#features/money-in/credit.ts";
import { owedOf, type Payment } from "#features/payments/payment.ts";
import { oldestFirst } from "#features/payments/payment-money.ts";
import { paymentsByIds } from "#features/payments/payment-views.ts";
import { receiptNumber } from "#features/receipts/receipt.ts";
import type { Id } from "#kernel/ids.ts";
import { money } from "#kernel/money.ts";
import { notFound } from "#kernel/problem.ts";
import type { PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import type { Providers } from "#providers/provider.ts";

/** A checkout of the customer's own; throws `not-found` otherwise. */
export async function readCheckout(cx: Cx<Customer>, id: string, providers: Providers): Promise<CheckoutView> {
  const checkout = await readCheckoutRow(cx, id);
  if (!checkout) throw notFound();
  const payments = await paymentsByIds(
    cx,
    checkout.items.map((item) => item.payment),
  );
  const lines = oldestFirst(payments).map((payment) => lineOf(checkout, payment));
  const credit = await creditOnOffer(cx, cx.principal.customer, checkout.currency);
  const methods = await methodsFor(cx, checkout.currency, providers);
  const [attempt] = await attemptsOfCheckout(cx, checkout.id);
  const arrived = attempt ? (await arrivedFor(cx, attempt.id)).total : 0n;
  return {
    checkout,
    lines,
    credit,
    methods: offersOf(checkout.total, credit, methods),
    attempt,
    arrived: money(arrived, checkout.currency),
  };
}

function lineOf(checkout: Checkout, payment: Payment): CheckoutLine {
  const item = checkout.items.find((one) => one.payment === payment.id);
  const amount = item?.amount ?? money(0n, checkout.currency);
  const owed = owedOf(payment);
  return {
    ref: payment.id,
    title: payment.item,
    dueDate: payment.dueDate,
    amount,
    owed,
    isPart: amount.minor < owed.minor,
    fits: fitsStill(amount, payment),
    standing: standingOf(payment),
  };
}

function standingOf(payment: Payment): CheckoutLine["standing"] {
  if (payment.state === "cancelled") return "cancelled";
  if (owedOf(payment).minor === 0n) return "paid";
  return payment.paid.minor > 0n ? "partially_paid" : "due";
}

/** The receipts of an attempt's money, where it went, and what was left over. Works as the customer. */
export async function readPaid(cx: Cx, view: CheckoutView): Promise<PaidView> {
  const { currency } = view.checkout;
  const put = await readPut(cx, view);
  if (!view.attempt) return { receipts: [], receivedOn: undefined, left: money(0n, currency), put };
  const { rows } = await sql<{
    id: Id<"rcp"> | null;
    number: bigint | null;
    received_on: PlainDate;
    left_minor: bigint;
  }>`
    select c.id, c.number, r.received_on,
           (r.minor - coalesce((select sum(a.minor) from app.allocation a where a.institution_id = r.institution_id
              and a.received_id = r.id and a.freed_at is null), 0))::bigint as left_minor
      from app.money_received r
      left join app.receipt c on c.institution_id = r.institution_id and c.received_id = r.id
     where r.institution_id = ${cx.institution.id} and r.attempt_id = ${view.attempt.id} order by r.id`.execute(cx.db);
  return {
    receipts: rows.flatMap((row) =>
      row.id && row.number !== null ? [{ id: row.id, number: receiptNumber(row.number) }] : [],
    ),
    receivedOn: rows.at(-1)?.received_on,
    left: money(
      rows.reduce((sum, row) => sum + row.left_minor, 0n),
      currency,
    ),
    put,
  };
}

/**
 * What went to each payment of a checkout: by its attempt, and the credit that went along with the attempt's money (in
 * one transaction, so at one instant). Without a paid attempt it was paid with credit alone, or outside: then all that
 * was allocated, as far as it was chosen.
 */
async function readPut(cx: Cx, { checkout, attempt, lines }: CheckoutView): Promise<PaidView["put"]> {
  const by = attempt?.state === "succeeded" ? attempt.id : null;
  const { rows } = await sql<{ payment_id: string; minor: bigint }>`
    select a.payment_id, sum(a.minor)::bigint as minor
      from app.checkout_item i
      join app.allocation a on a.institution_id = i.institution_id and a.payment_id = i.payment_id
     where i.institution_id = ${cx.institution.id} and i.checkout_id = ${checkout.id} and a.freed_at is null
       and (${by}::text is null or exists (select from app.money_received r
         where r.institution_id = a.institution_id and r.customer_id = a.customer_id and r.attempt_id = ${by}
           and (r.id = a.received_id or a.from_credit and r.created_at = a.created_at)))
     group by a.payment_id`.execute(cx.db);
  return new Map(
    lines.map(({ ref, amount }) => {
      const put = rows.find((row) => row.payment_id === ref)?.minor ?? 0n;
      return [ref, money(put < amount.minor ? put : amount.minor, checkout.currency)];
    }),
  );
}
