import type { Permit } from "#access/permit.ts";
import type { Customer, CustomerId } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { type ChannelProductId, type Method, methodsFor } from "#features/channel-products/methods.ts";
import { insertAttempt, openAttemptsFor } from "#features/checkouts/attempt-store.ts";
import { type Attempt, type Checkout, type Quote, quoteOf } from "#features/checkouts/checkout.ts";
import { readCheckoutRow } from "#features/checkouts/checkout-store.ts";
import { newReference } from "#features/checkouts/reference.ts";
import { creditOnOffer } from "#features/money-in/credit.ts";
import { holdMoneyOf } from "#features/money-in/hold-money.ts";
import { owedOf, type Payment } from "#features/payments/payment.ts";
import { paymentsByIds } from "#features/payments/payment-views.ts";
import { assert } from "#kernel/assert.ts";
import { newId } from "#kernel/ids.ts";
import { type Money, money } from "#kernel/money.ts";
import { notFound } from "#kernel/problem.ts";
import { wake } from "#platform/jobs.ts";
import type { Cx } from "#platform/tx.ts";
import type { Providers } from "#providers/provider.ts";

/** What the payer pressed the button on. `expected` is the amount on that button, in minor units. */
export type PayWish = {
  readonly checkout: string;
  readonly method: ChannelProductId | undefined;
  readonly useCredit: boolean;
  readonly expected: bigint;
};

/** Why paying can't begin. Expected outcomes, not errors: pages have the words. */
export type NotNow =
  /** It was paid meanwhile, in another tab or by hand. */
  | "paid"
  /** What is owed is no longer what was chosen. */
  | "changed"
  /** Another attempt for it is on its way. */
  | "in-process"
  /** The amount on the button is not what it comes to now. */
  | "amount-changed"
  | "method-gone";

export type Begun =
  | { readonly is: "begun"; readonly attempt: Attempt }
  /** Credit covers all of it: no provider is needed. */
  | { readonly is: "credit-only"; readonly checkout: Checkout; readonly customer: CustomerId }
  /** These wait for the payer; they are given up first, so that nothing can be paid twice. */
  | { readonly is: "give-up-first"; readonly attempts: readonly Attempt[] }
  | { readonly is: "not-now"; readonly why: NotNow };

/** How long after its start an attempt whose answer never came is looked up by its key. */
const firstLookSeconds = 30;

/**
 * Writes the attempt, before anybody outside is asked: if the answer is lost, its row says what to look up. Refuses
 * while another attempt for the same payments is on its way, and when what is owed has changed. Throws `not-found`.
 */
export async function beginAttempt(
  cx: Cx<Customer>,
  may: Permit<"portal.pay">,
  wish: PayWish,
  providers: Providers,
): Promise<Begun> {
  const { customer } = cx.principal;
  await holdMoneyOf(cx, customer);
  const checkout = await readCheckoutRow(cx, wish.checkout);
  if (!checkout) throw notFound();
  const why = await changedMeanwhile(cx, checkout);
  if (why) return { is: "not-now", why };
  const underWay = await openAttemptsFor(
    cx,
    checkout.items.map((item) => item.payment),
  );
  if (underWay.some((attempt) => attempt.state !== "requires_action")) return { is: "not-now", why: "in-process" };
  if (underWay.length > 0) return { is: "give-up-first", attempts: underWay };
  const credit = wish.useCredit ? await creditOnOffer(cx, customer, checkout.currency) : money(0n, checkout.currency);
  const methods = await methodsFor(cx, checkout.currency, providers);
  const method = methods.find((one) => one.id === wish.method);
  const quote = quoteOf(checkout.total, credit, method?.surchargeBps ?? 0);
  if (quote.charged.minor !== wish.expected) return { is: "not-now", why: "amount-changed" };
  if (quote.charged.minor === 0n) {
    const data = { credit: quote.credit.minor, currency: checkout.currency };
    record(cx, { event: "checkout.paid-from-credit", subject: checkout.id, data });
    return { is: "credit-only", checkout, customer };
  }
  if (!method) return { is: "not-now", why: "method-gone" };
  return { is: "begun", attempt: await startAttempt(cx, may, checkout, method, quote) };
}

/** Writes the attempt of a checkout and has it looked at soon, whatever becomes of the call to its provider. */
export async function startAttempt(
  cx: Cx,
  may: Permit<"portal.pay"> | Permit<"partner.pay">,
  checkout: Pick<Checkout, "id" | "payer" | "currency">,
  method: Method,
  quote: Quote,
): Promise<Attempt> {
  const lookAt = cx.now.add({ seconds: firstLookSeconds });
  const attempt: Attempt = {
    id: newId("att", cx.now, cx.random),
    checkout: checkout.id,
    payer: checkout.payer,
    method: method.id,
    kind: method.kind,
    provider: method.provider,
    providerRef: undefined,
    reference: newReference(cx.random),
    state: "pending",
    amount: quote.amount,
    surcharge: quote.surcharge,
    credit: quote.credit,
    reason: "",
    methodLabel: "",
    actionUrl: "",
    instructions: undefined,
    looks: 0,
    createdAt: cx.now,
    settledAt: undefined,
  };
  const kept = await keep(cx, attempt, lookAt);
  wake(cx, "provider.look-up", {}, { runAt: lookAt });
  const data = { checkout: checkout.id, amount: quote.charged.minor, currency: checkout.currency, by: may.by.kind };
  record(cx, { event: "attempt.started", subject: kept.id, data });
  return kept;
}

async function keep(cx: Cx, attempt: Attempt, lookAt: Temporal.Instant): Promise<Attempt> {
  for (let turn = 0; turn < 5; turn++) {
    const tried = turn === 0 ? attempt : { ...attempt, reference: newReference(cx.random) };
    if (await insertAttempt(cx, tried, lookAt)) return tried;
  }
  assert(false, "a free reference is found within five tries");
}

/** Why a checkout can't be paid as it was chosen; undefined when nothing stands in its way. */
export async function changedMeanwhile(cx: Cx, checkout: Checkout): Promise<NotNow | undefined> {
  if (checkout.state === "paid") return "paid";
  const payments = await paymentsByIds(
    cx,
    checkout.items.map((item) => item.payment),
  );
  for (const item of checkout.items) {
    const payment = payments.find((one) => one.id === item.payment);
    if (!payment) return "changed";
    if (payment.list.currency !== checkout.currency) return "changed";
    if (owedOf(payment).minor === 0n) return payment.state === "cancelled" ? "changed" : "paid";
    if (!fitsStill(item.amount, payment)) return "changed";
  }
  return undefined;
}

/** Whether a payment can be paid as it was chosen: in its currency, never above what is owed, in part where allowed. */
export function fitsStill(chosen: Money, payment: Payment): boolean {
  const owed = owedOf(payment);
  if (owed.currency !== chosen.currency || owed.minor === 0n) return false;
  return chosen.minor === owed.minor || (chosen.minor < owed.minor && payment.allowPart);
}
