import type { Permit } from "#access/permit.ts";
import type { Customer } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import type { Checkout, CheckoutId } from "#features/checkouts/checkout.ts";
import { insertCheckout } from "#features/checkouts/checkout-store.ts";
import { owedOf, type PaymentId } from "#features/payments/payment.ts";
import { paymentsByIds } from "#features/payments/payment-views.ts";
import { newId } from "#kernel/ids.ts";
import { largestMinor, type Money, money } from "#kernel/money.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/** What was chosen: payments, and an amount where only a part is to be paid. */
export type Choice = { readonly payment: PaymentId; readonly part?: Money };

/** What keeps a choice from becoming a checkout; `payment` says of which row, where it is one. Pages have the words. */
export type Refusal = {
  readonly why: "nothing" | "not-payable" | "two-currencies" | "no-part" | "too-little" | "too-much" | "too-large";
  readonly payment?: PaymentId;
};

/**
 * Opens a checkout for what a customer chose, or says what is wrong with the choice. Throws `not-found` for foreign
 * payments.
 */
export async function openCheckout(
  cx: Cx<Customer>,
  may: Permit<"portal.pay">,
  choices: readonly Choice[],
): Promise<{ readonly id: CheckoutId } | Refusal> {
  const payments = await paymentsByIds(
    cx,
    choices.map((choice) => choice.payment),
  );
  const [first] = payments;
  if (!first) return { why: "nothing" };
  const { currency } = first.list;
  const items: { payment: PaymentId; amount: Money }[] = [];
  for (const { payment: id, part } of choices) {
    const payment = payments.find((one) => one.id === id);
    if (!payment) throw notFound();
    const owed = owedOf(payment);
    if (owed.minor === 0n) return { why: "not-payable", payment: id };
    if (owed.currency !== currency) return { why: "two-currencies" };
    const amount = part ?? owed;
    if (amount.currency !== currency || amount.minor < 1n) return { why: "too-little", payment: id };
    if (amount.minor > owed.minor) return { why: "too-much", payment: id };
    if (amount.minor < owed.minor && !payment.allowPart) return { why: "no-part", payment: id };
    items.push({ payment: id, amount });
  }
  const total = items.reduce((sum, item) => sum + item.amount.minor, 0n);
  if (total > largestMinor) return { why: "too-large" };
  const checkout: Checkout = {
    id: newId("chk", cx.now, cx.random),
    payer: cx.principal.customer,
    currency,
    total: money(total, currency),
    state: "open",
    items,
    invoices: [],
  };
  await insertCheckout(cx, checkout, may.by.kind);
  record(cx, {
    event: "checkout.opened",
    subject: checkout.id,
    data: { total, currency, payments: items.length },
  });
  return { id: checkout.id };
}
