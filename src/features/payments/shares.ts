import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import type { Id } from "#kernel/ids.ts";
import { type Money, money, toDecimal } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import type { Instant } from "#kernel/time.ts";

export type ShareId = Id<"shr">;
export type ShareState = "agreed" | "earned" | "in_payout" | "paid_out" | "reversed";
export type TaxMode = "none" | "inclusive" | "exclusive";

export const shareKinds = ["percent", "flat", "percent_of_share", "remainder"] as const;
/** Percent is of the list amount; a remainder is what the other shares and the institution's own part leave. */
export type ShareKind = (typeof shareKinds)[number];

/** What a share is computed from. */
export type ShareTerms = {
  readonly kind: ShareKind;
  /** In basis points; of a remainder: what of the list amount the institution keeps; zero for a flat share. */
  readonly rateBps: number;
  readonly taxMode: TaxMode;
  readonly taxBps: number;
  /** A flat share alone: the amount, with its tax where that is inside. */
  readonly flat?: Money | undefined;
  /** A percentage of a share alone: whose share on the same payment it is taken of, before tax. */
  readonly of?: PartnershipId | undefined;
};

/** The terms of one partner; each partner has one share of a payment. */
export type PartnerTerms = ShareTerms & { readonly partnershipId: PartnershipId };

/** What a share comes to. `base` is what the rate was taken of; undefined where there is no rate. */
export type ShareAmount = { readonly net: Money; readonly tax: Money; readonly base: Money | undefined };

/** A partner's part of a payment. `net` and `tax` together are what the partner gets. */
export type Share = PartnerTerms &
  ShareAmount & {
    readonly id: ShareId;
    readonly paymentId: PaymentId;
    readonly partnershipName: string;
    /** Its place among the shares of the payment, from 0. */
    readonly position: number;
    readonly reversed: Money;
    readonly state: ShareState;
    readonly earnedAt: Instant | undefined;
  };

/** Whether two agree on the same; the tax on it is nothing that is chosen. */
export function sameTerms(a: PartnerTerms, b: PartnerTerms): boolean {
  const flat = a.flat?.minor === b.flat?.minor && a.flat?.currency === b.flat?.currency;
  return flat && a.partnershipId === b.partnershipId && a.kind === b.kind && a.rateBps === b.rateBps && a.of === b.of;
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

export function tooMuch(): Problem {
  return shareRefused("The shares, with their tax, come to more than the amount.");
}

/** Each share is rounded by itself, so that none tells of another: three thirds may then be more than the whole. */
export function roundedTooMuch(over: Money): Problem {
  return shareRefused(
    `Each share is rounded by itself, and that makes them ${over.currency} ${toDecimal(over)} more than the amount. ` +
      "Give one of them what is left over, or lower one of them a little.",
  );
}

/** What is wrong with the shares of a payment, in words for who writes them. */
export function shareRefused(words: string): Problem {
  return new Problem("amount.invalid", words, { fields: { share: words } });
}
