import type { ChannelProductId, Method } from "#features/channel-products/methods.ts";
import type { InvoiceId } from "#features/invoices/invoice.ts";
import type { PayerId } from "#features/money-in/payer.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import type { Id } from "#kernel/ids.ts";
import { type Currency, type Money, money } from "#kernel/money.ts";
import { portion } from "#kernel/rate.ts";
import type { Instant } from "#kernel/time.ts";
import type { BankInstructions, DeclineReason } from "#providers/provider.ts";

export type CheckoutId = Id<"chk">;
export type AttemptId = Id<"att">;

/**
 * What somebody chose to pay at once, in one currency, with how much for each: a customer one or several payments, a
 * partner one or several invoices.
 */
export type Checkout = {
  readonly id: CheckoutId;
  readonly payer: PayerId;
  readonly currency: Currency;
  readonly total: Money;
  readonly state: "open" | "processing" | "paid" | "closed";
  readonly items: readonly { readonly payment: PaymentId; readonly amount: Money }[];
  readonly invoices: readonly { readonly invoice: InvoiceId; readonly amount: Money }[];
};

export type AttemptState = "pending" | "requires_action" | "processing" | "succeeded" | "failed" | "returned";

/** States in which money may still come of an attempt. */
export const openStates: readonly AttemptState[] = ["pending", "requires_action", "processing"];

/**
 * One try to pay a checkout with one method. `amount` and `surcharge` together are charged; `credit` is used besides.
 */
export type Attempt = {
  readonly id: AttemptId;
  readonly checkout: CheckoutId;
  readonly payer: PayerId;
  readonly method: ChannelProductId;
  readonly kind: Method["kind"];
  readonly provider: string;
  readonly providerRef: string | undefined;
  readonly reference: string;
  readonly state: AttemptState;
  readonly amount: Money;
  readonly surcharge: Money;
  readonly credit: Money;
  readonly reason: DeclineReason | "";
  readonly methodLabel: string;
  readonly actionUrl: string;
  readonly instructions: BankInstructions | undefined;
  readonly looks: number;
  readonly createdAt: Instant;
  readonly settledAt: Instant | undefined;
};

/** What paying comes to with one method. */
export type Quote = {
  /** Of the customer's credit. */
  readonly credit: Money;
  /** For the payments, by this method. */
  readonly amount: Money;
  readonly surcharge: Money;
  /** What is charged: amount + surcharge. */
  readonly charged: Money;
};

/** What a checkout comes to: credit goes first, the surcharge is on what is left (domain.md rule 7). */
export function quoteOf(total: Money, credit: Money, surchargeBps: number): Quote {
  const { currency } = total;
  const used = credit.minor < total.minor ? credit.minor : total.minor;
  const amount = total.minor - used;
  const surcharge = portion(amount, surchargeBps);
  return {
    credit: money(used, currency),
    amount: money(amount, currency),
    surcharge: money(surcharge, currency),
    charged: money(amount + surcharge, currency),
  };
}

/** What is charged for an attempt, surcharge included. */
export function chargedFor(attempt: Pick<Attempt, "amount" | "surcharge">): Money {
  return money(attempt.amount.minor + attempt.surcharge.minor, attempt.amount.currency);
}

/** The provider's idempotency key of an attempt: asking twice makes one charge. */
export function chargeKey(attempt: { readonly id: AttemptId }): string {
  return `portico-${attempt.id}`;
}
