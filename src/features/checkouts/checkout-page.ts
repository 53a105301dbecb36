import type { Method } from "#features/channel-products/methods.ts";
import { type Attempt, type Checkout, openStates, type Quote, quoteOf } from "#features/checkouts/checkout.ts";
import type { Id } from "#kernel/ids.ts";
import { type Money, money } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";

/** One line of what is being paid: a payment of a customer, or an invoice raised on a partner. */
export type CheckoutLine = {
  /** What its address has: the id of a payment, the number of an invoice. */
  readonly ref: string;
  readonly title: string;
  readonly dueDate: PlainDate;
  readonly amount: Money;
  readonly owed: Money;
  /** Whether the amount is less than what is owed. */
  readonly isPart: boolean;
  /** Whether it can still be paid as it was chosen; begin-attempt refuses what does not. */
  readonly fits: boolean;
  readonly standing: "due" | "partially_paid" | "paid" | "cancelled";
};

export type MethodOffer = {
  readonly method: Method;
  /** What it comes to with the payer's credit, and without. */
  readonly withCredit: Quote;
  readonly plain: Quote;
};

/** What the pages between choosing and paying show. */
export type CheckoutView = {
  readonly checkout: Pick<Checkout, "id" | "currency" | "total" | "state">;
  readonly lines: readonly CheckoutLine[];
  readonly credit: Money;
  readonly methods: readonly MethodOffer[];
  /** The newest attempt. */
  readonly attempt: Attempt | undefined;
  /** What has arrived for it so far (bank transfers come in pieces). */
  readonly arrived: Money;
};

/** What a payer sees when it is done. */
export type PaidView = {
  readonly receipts: readonly { readonly id: Id<"rcp">; readonly number: string }[];
  readonly receivedOn: PlainDate | undefined;
  /** What of the money was more than needed. */
  readonly left: Money;
  /** What went to a line, by its ref: what was chosen, less what it no longer needed. */
  readonly put: ReadonlyMap<string, Money>;
};

/** What a total comes to with each method. */
export function offersOf(total: Money, credit: Money, methods: readonly Method[]): MethodOffer[] {
  const none = money(0n, total.currency);
  return methods.map((method) => ({
    method,
    withCredit: quoteOf(total, credit, method.surchargeBps),
    plain: quoteOf(total, none, method.surchargeBps),
  }));
}

/** Where paying stands, in the one word that decides what page is shown. */
export function stageOf(view: CheckoutView): "choose" | "transfer" | "continue" | "wait" | "paid" | "failed" {
  const { checkout, attempt } = view;
  // Paid by hand or in another way: whatever became of the attempts here, nothing is left to do.
  const isPaid = view.lines.every((line) => line.standing === "paid");
  if (checkout.state === "paid" || isPaid) return "paid";
  if (!attempt) return "choose";
  if (attempt.state === "requires_action") return attempt.kind === "bank_transfer" ? "transfer" : "continue";
  if (openStates.includes(attempt.state)) return "wait";
  return attempt.state === "succeeded" ? "paid" : "failed";
}

/**
 * What became of the choice since it was made: it stands, something else is owed now, or nothing is owed any more
 * (cancelled, or paid in another way). Money that still comes by an old reference is taken all the same.
 */
export function choiceOf({ lines, attempt, arrived, checkout }: CheckoutView): "stands" | "changed" | "settled" {
  if (lines.every((line) => line.owed.minor === 0n)) return "settled";
  if (!attempt || arrived.minor === 0n) return lines.every((line) => line.fits) ? "stands" : "changed";
  // A part of the transfer has come and lowered what is owed: what is waited for must still find room.
  const room = lines
    .filter((line) => line.owed.currency === checkout.currency)
    .reduce((sum, { amount, owed }) => sum + (amount.minor < owed.minor ? amount.minor : owed.minor), 0n);
  return room < attempt.amount.minor - arrived.minor ? "changed" : "stands";
}
