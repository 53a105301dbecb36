import { sql } from "kysely";
import type { Customer } from "#access/principal.ts";
import { type Method, methodsFor } from "#features/channel-products/methods.ts";
import { attemptsOfCheckout } from "#features/checkouts/attempt-store.ts";
import { type Attempt, type Checkout, openStates, type Quote, quoteOf } from "#features/checkouts/checkout.ts";
import { readCheckoutRow } from "#features/checkouts/checkout-store.ts";
import { arrivedFor } from "#features/money-in/arrived-views.ts";
import { creditOnOffer } from "#features/money-in/credit.ts";
import { owedOf, type Payment } from "#features/payments/payment.ts";
import { oldestFirst } from "#features/payments/payment-money.ts";
import { paymentsByIds } from "#features/payments/payment-views.ts";
import { receiptNumber } from "#features/receipts/receipt.ts";
import type { Id } from "#kernel/ids.ts";
import { type Money, money } from "#kernel/money.ts";
import { notFound } from "#kernel/problem.ts";
import type { PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import type { Providers } from "#providers/provider.ts";

/** One line of what is being paid. */
export type CheckoutLine = {
  readonly payment: Payment;
  readonly amount: Money;
  /** Whether it is less than what is owed. */
  readonly isPart: boolean;
};

export type MethodOffer = {
  readonly method: Method;
  /** What it comes to with the customer's credit, and without. */
  readonly withCredit: Quote;
  readonly plain: Quote;
};

/** What the pages between choosing and paying show. */
export type CheckoutView = {
  readonly checkout: Checkout;
  readonly lines: readonly CheckoutLine[];
  readonly credit: Money;
  readonly methods: readonly MethodOffer[];
  /** The newest attempt. */
  readonly attempt: Attempt | undefined;
  /** What has arrived for it so far (bank transfers come in pieces). */
  readonly arrived: Money;
};

/** A checkout of the customer's own; throws `not-found` otherwise. */
export async function readCheckout(cx: Cx<Customer>, id: string, providers: Providers): Promise<CheckoutView> {
  const checkout = await readCheckoutRow(cx, id);
  if (!checkout) throw notFound();
  const payments = await paymentsByIds(
    cx,
    checkout.items.map((item) => item.payment),
  );
  const lines = oldestFirst(payments).map((payment) => lineOf(checkout, payment));
  const credit = await creditOnOffer(cx, checkout.customer, checkout.currency);
  const methods = await methodsFor(cx, checkout.currency, providers);
  const [attempt] = await attemptsOfCheckout(cx, checkout.id);
  const arrived = attempt ? (await arrivedFor(cx, attempt.id)).total : 0n;
  const none = money(0n, checkout.currency);
  return {
    checkout,
    lines,
    credit,
    methods: methods.map((method) => ({
      method,
      withCredit: quoteOf(checkout.total, credit, method.surchargeBps),
      plain: quoteOf(checkout.total, none, method.surchargeBps),
    })),
    attempt,
    arrived: money(arrived, checkout.currency),
  };
}

function lineOf(checkout: Checkout, payment: Payment): CheckoutLine {
  const item = checkout.items.find((one) => one.payment === payment.id);
  const amount = item?.amount ?? money(0n, checkout.currency);
  return { payment, amount, isPart: amount.minor < owedOf(payment).minor };
}

/** Where paying stands, in the one word that decides what page is shown. */
export function stageOf(view: CheckoutView): "choose" | "transfer" | "continue" | "wait" | "paid" | "failed" {
  const { checkout, attempt } = view;
  // Paid by hand or in another way: whatever became of the attempts here, nothing is left to do.
  const isPaid = view.lines.every(({ payment }) => payment.state !== "cancelled" && owedOf(payment).minor === 0n);
  if (checkout.state === "paid" || isPaid) return "paid";
  if (!attempt) return "choose";
  if (attempt.state === "requires_action") return attempt.kind === "bank_transfer" ? "transfer" : "continue";
  if (openStates.includes(attempt.state)) return "wait";
  return attempt.state === "succeeded" ? "paid" : "failed";
}

/** What a payer sees when it is done. */
export type PaidView = {
  readonly receipts: readonly { readonly id: Id<"rcp">; readonly number: string }[];
  readonly receivedOn: PlainDate | undefined;
  /** What of the money no payment needed. */
  readonly left: Money;
};

/** The receipts of an attempt's money and what was left over. Works as the customer. */
export async function readPaid(cx: Cx, view: CheckoutView): Promise<PaidView> {
  const { currency } = view.checkout;
  if (!view.attempt) return { receipts: [], receivedOn: undefined, left: money(0n, currency) };
  const { rows } = await sql<{
    id: Id<"rcp"> | null;
    number: bigint | null;
    received_on: PlainDate;
    left_minor: bigint;
  }>`
    select c.id, c.number, r.received_on,
           (r.minor - coalesce((select sum(a.minor) from app.allocation a
              where a.institution_id = r.institution_id and a.received_id = r.id), 0))::bigint as left_minor
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
  };
}
