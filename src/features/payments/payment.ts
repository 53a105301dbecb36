import type { CustomerId } from "#access/principal.ts";
import { never } from "#kernel/assert.ts";
import type { Id } from "#kernel/ids.ts";
import { type Money, money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { daysBetween, type Instant, type PlainDate } from "#kernel/time.ts";

export type PaymentId = Id<"pay">;
export type PlanId = Id<"plan">;

/**
 * What the database keeps. Scheduled, due, overdue and processing are read off the date and the attempts, never
 * stored.
 */
export type PaymentState =
  | "draft"
  | "open"
  | "partially_paid"
  | "paid"
  | "partially_refunded"
  | "refunded"
  | "cancelled";

/** What people are told (domain.md, states of Payment). */
export type PaymentStatus = Exclude<PaymentState, "open"> | "scheduled" | "due" | "overdue" | "processing";

/** Where a state may go. What is not here is refused. */
const next = {
  draft: ["open", "cancelled"],
  open: ["partially_paid", "paid", "cancelled"],
  partially_paid: ["partially_paid", "paid"],
  paid: ["partially_refunded", "refunded"],
  partially_refunded: ["partially_refunded", "refunded"],
  refunded: [],
  cancelled: [],
} as const satisfies Record<PaymentState, readonly PaymentState[]>;

/** What a customer owes for an item on a date. */
export type Payment = {
  readonly id: PaymentId;
  readonly externalId: string | undefined;
  readonly customerId: CustomerId;
  readonly planId: PlanId | undefined;
  readonly item: string;
  /** For staff only. */
  readonly note: string;
  /** The agreed price; shares are computed on it. */
  readonly list: Money;
  /** Out of the institution's own keep; zero when there is none. */
  readonly discount: Money;
  /** What has been allocated to it so far. A refund does not lower it. */
  readonly paid: Money;
  /** What was refunded, as parts of the list amount and as cash. */
  readonly refundedList: Money;
  readonly refundedCash: Money;
  readonly dueDate: PlainDate;
  readonly state: PaymentState;
  readonly allowPart: boolean;
  /** Whether an attempt to pay it is in processing, as it was read. */
  readonly inProcess: boolean;
  readonly paidAt: Instant | undefined;
  readonly cancelledAt: Instant | undefined;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

/** What a customer's own lists say of a payment. What they leave out is not read for them. */
export type ShownPayment = Omit<
  Payment,
  "externalId" | "customerId" | "note" | "allowPart" | "refundedList" | "cancelledAt" | "createdAt" | "updatedAt"
>;

/** Why, by whom (a name, or the task that gave it) and when a discount was given. */
export type GivenDiscount = { readonly reason: string; readonly givenBy: string; readonly givenAt: Instant };

/** Whether the state may become `to`. */
export function canBecome(state: PaymentState, to: PaymentState): boolean {
  const choices: readonly PaymentState[] = next[state];
  return choices.includes(to);
}

/**
 * What the payment is today (the institution's date). An attempt in processing hides the date; a payment that is past
 * its date is overdue, part paid or not; due starts `dueWindowDays` before the date.
 */
export function statusOf(
  payment: Pick<Payment, "state" | "dueDate" | "inProcess">,
  today: PlainDate,
  dueWindowDays: number,
): PaymentStatus {
  const { state } = payment;
  switch (state) {
    case "draft":
    case "paid":
    case "partially_refunded":
    case "refunded":
    case "cancelled":
      return state;
    case "open":
    case "partially_paid": {
      if (payment.inProcess) return "processing";
      const days = daysBetween(today, payment.dueDate);
      if (days < 0) return "overdue";
      if (state === "partially_paid") return "partially_paid";
      return days <= dueWindowDays ? "due" : "scheduled";
    }
    default:
      return never(state);
  }
}

type Price = Pick<Payment, "list" | "discount">;

/** What the customer is asked for in all: list − discount. */
export function priceOf(payment: Price): Money {
  return money(payment.list.minor - payment.discount.minor, payment.list.currency);
}

/** What the customer still owes: list − discount − paid; zero unless it is open or part paid. */
export function owedOf(payment: Price & Pick<Payment, "paid" | "state">): Money {
  if (!stillOwes(payment.state)) return money(0n, payment.list.currency);
  return money(priceOf(payment).minor - payment.paid.minor, payment.list.currency);
}

/** Whether anything can still be owed in this state. */
export function stillOwes(state: PaymentState): boolean {
  return state === "open" || state === "partially_paid";
}

/**
 * Whether it can be paid: it owes something. An attempt in processing does not change that; who pays decides about
 * it.
 */
export function isPayable(payment: Price & Pick<Payment, "paid" | "state">): boolean {
  return owedOf(payment).minor > 0n;
}

/** Whether any money has ever arrived for it. */
export function hasMoney(payment: Pick<Payment, "paid">): boolean {
  return payment.paid.minor > 0n;
}

/** Throws `payment.not-payable` unless it can be paid. */
export function assertPayable(payment: Payment): void {
  if (isPayable(payment)) return;
  const why = payment.state === "cancelled" ? "It was cancelled." : "Nothing is owed on it any more.";
  throw new Problem("payment.not-payable", `${payment.item} can't be paid now. ${why}`);
}

/** Throws `payment.not-editable` once the payment is settled, or while an attempt to pay it is under way. */
export function assertEditable(payment: Payment): void {
  if (payment.inProcess) {
    throw new Problem(
      "payment.not-editable",
      "A payment for it is being processed. Wait for its outcome, then change it.",
    );
  }
  if (payment.state === "draft" || stillOwes(payment.state)) return;
  const why = payment.state === "cancelled" ? "It was cancelled." : "It was paid in full; what was agreed then stays.";
  throw new Problem("payment.not-editable", `This payment can't be changed any more. ${why}`);
}

/** Throws `payment.not-editable` unless it can be cancelled: no money has arrived, none is on its way. */
export function assertCancellable(payment: Payment): void {
  if (payment.state === "cancelled") throw new Problem("payment.not-editable", "It was cancelled already.");
  if (hasMoney(payment)) {
    throw new Problem("payment.not-editable", "Money has arrived for it. Refund it instead of cancelling it.");
  }
  if (payment.inProcess) {
    throw new Problem("payment.not-editable", "A payment for it is being processed. Wait for its outcome first.");
  }
  if (!canBecome(payment.state, "cancelled")) throw new Problem("payment.not-editable", "It can't be cancelled now.");
}

/** Throws `payment.not-refundable` unless it was paid in full and something of it is left to refund. */
export function assertRefundable(payment: Payment): void {
  if (payment.state === "paid" || payment.state === "partially_refunded") return;
  const why =
    payment.state === "refunded"
      ? "It was refunded already."
      : stillOwes(payment.state)
        ? "It is not paid in full yet."
        : "No money has arrived for it.";
  throw new Problem("payment.not-refundable", `This payment can't be refunded. ${why}`);
}
