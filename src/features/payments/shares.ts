import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import type { Id } from "#kernel/ids.ts";
import { type Money, money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { allocate } from "#kernel/rate.ts";
import type { Instant } from "#kernel/time.ts";

export type ShareId = Id<"shr">;
export type ShareState = "agreed" | "earned" | "in_payout" | "paid_out" | "reversed";
export type TaxMode = "none" | "inclusive" | "exclusive";

/** What a share is computed from. Rates in basis points. */
export type ShareTerms = { readonly rateBps: number; readonly taxMode: TaxMode; readonly taxBps: number };

/** A partner's part of a payment. `net` and `tax` together are what the partner gets. */
export type Share = ShareTerms & {
  readonly id: ShareId;
  readonly paymentId: PaymentId;
  readonly partnershipId: PartnershipId;
  readonly partnershipName: string;
  readonly net: Money;
  readonly tax: Money;
  readonly reversed: Money;
  readonly state: ShareState;
  readonly earnedAt: Instant | undefined;
};

const whole = 10_000n;

/**
 * A share of the list amount: net, tax on it and the rest of the list amount are rounded by largest remainder, so that
 * they add up to it; where two remainders are equal, the rest goes first. Exclusive tax comes on top of the rate,
 * inclusive tax is inside it. Each share is computed by itself: no partner's amount may depend on another's
 * (domain.md rule 20). Throws `amount.invalid` when the share is more than the list amount.
 */
export function computeShare(list: Money, terms: ShareTerms): { readonly net: Money; readonly tax: Money } {
  const rate = BigInt(terms.rateBps);
  const taxRate = terms.taxMode === "none" ? 0n : BigInt(terms.taxBps);
  // All three as parts of one denominator, so that nothing is rounded before the end.
  const parts =
    terms.taxMode === "inclusive"
      ? { net: rate * whole, tax: rate * taxRate, all: whole * (whole + taxRate) }
      : { net: rate * whole, tax: rate * taxRate, all: whole * whole };
  const rest = parts.all - parts.net - parts.tax;
  if (rest < 0n) throw tooMuch();
  const [, net = 0n, tax = 0n] = allocate(list.minor, [rest, parts.net, parts.tax]);
  return { net: money(net, list.currency), tax: money(tax, list.currency) };
}

/** What the institution keeps of the list amount: list − Σ shares, tax included. Throws `amount.invalid` below zero. */
export function keepOf(list: Money, shares: readonly Pick<Share, "net" | "tax">[]): Money {
  const keep = shares.reduce((left, share) => left - share.net.minor - share.tax.minor, list.minor);
  if (keep < 0n) throw tooMuch();
  return money(keep, list.currency);
}

/** What the partner gets: net + tax. */
export function totalOf(share: Pick<Share, "net" | "tax">): Money {
  return money(share.net.minor + share.tax.minor, share.net.currency);
}

function tooMuch(): Problem {
  const words = "The shares, with their tax, come to more than the amount.";
  return new Problem("amount.invalid", words, { fields: { share: words } });
}
