import type { CustomerId } from "#access/principal.ts";
import { type Partnership, type PartnershipId, shareTermsOf } from "#features/partnerships/partnership.ts";
import { partnershipsByIds } from "#features/partnerships/partnership-views.ts";
import { type Pricing, priceUp } from "#features/payments/payment-pricing.ts";
import type { PartnerTerms, ShareKind } from "#features/payments/shares.ts";
import { type Money, money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { allocate } from "#kernel/rate.ts";
import type { PlainDate } from "#kernel/time.ts";
import { assertCurrencyInUse } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

/** Whose share, and what it is computed from; a percentage of the list amount where `kind` says nothing else. */
export type ShareChoice = {
  readonly partnershipId: string;
  readonly kind?: ShareKind;
  /** In basis points; of a remainder: what of the list amount the institution keeps. */
  readonly rateBps: number;
  /** A flat share alone; of a plan: for all its instalments together. */
  readonly flat?: Money | undefined;
  /** A percentage of a share alone: whose. */
  readonly of?: string | undefined;
};

/**
 * What one payment and a plan have in common. `key` is an id the form was given, so that a form sent twice makes one.
 */
type Common = {
  readonly customer: CustomerId;
  readonly item: string;
  readonly note?: string;
  readonly allowPart?: boolean;
  /** Out of the institution's own keep; needs the permission `payments.discount`. */
  readonly discount?: Money;
  readonly discountReason?: string;
  readonly shares?: readonly ShareChoice[];
  readonly key?: string;
};

export type PaymentInput = Common & {
  readonly externalId?: string;
  readonly list: Money;
  readonly dueDate: PlainDate;
};

export const rhythms = ["week", "fortnight", "month"] as const;
export type Rhythm = (typeof rhythms)[number];

/** A total in `count` instalments; a discount is on the total. */
export type PlanInput = Common & {
  readonly total: Money;
  readonly count: number;
  readonly every: Rhythm;
  readonly first: PlainDate;
};

/** The most instalments a plan may have. */
export const mostInstalments = 60;

/** One payment to be made. */
export type Instalment = {
  readonly item: string;
  readonly list: Money;
  readonly discount: Money;
  readonly dueDate: PlainDate;
};

/**
 * The payments of a plan: total and discount split evenly by largest remainder, dates counted from the first one (so
 * the 31st comes back after a short month). Throws `amount.invalid` when an instalment would be nothing.
 */
export function instalmentsOf(plan: PlanInput): Instalment[] {
  const { total, count, first } = plan;
  const { currency } = total;
  if (count < 2 || count > mostInstalments || total.minor < BigInt(count)) {
    const words = `Write 2 to ${mostInstalments} instalments, each of them above zero.`;
    throw new Problem("amount.invalid", words, { fields: { count: words } });
  }
  const lists = allocate(
    total.minor,
    Array.from({ length: count }, () => 1n),
  );
  const discounts = allocate(plan.discount?.minor ?? 0n, lists);
  return lists.map((list, index) => ({
    item: `${plan.item}, instalment ${index + 1} of ${count}`,
    list: money(list, currency),
    discount: money(discounts[index] ?? 0n, currency),
    dueDate: first.add(stepOf(plan.every, index)),
  }));
}

function stepOf(every: Rhythm, times: number): { months: number } | { weeks: number } {
  if (every === "month") return { months: times };
  return { weeks: every === "week" ? times : times * 2 };
}

/** A share to be agreed: the partner and what its share is computed from. */
export type AgreedShare = { readonly partnership: Partnership; readonly terms: PartnerTerms };

/**
 * Looks the partners up, and what tax belongs to their shares. Throws `form.invalid` for one that is unknown or named
 * twice.
 */
export async function agreedShares(cx: Cx, choices: readonly ShareChoice[]): Promise<AgreedShare[]> {
  const found = await partnershipsByIds(
    cx,
    choices.map((one) => one.partnershipId),
  );
  if (new Set(choices.map((one) => one.partnershipId)).size !== choices.length) {
    throw refused("Each partner can have one share only.");
  }
  return choices.map((choice) => {
    const partnership = found.get(choice.partnershipId);
    if (!partnership) throw refused("Choose a partner from the list.");
    return { partnership, terms: termsOf(partnership, choice, cx.institution.taxBps) };
  });
}

/** The terms of a choice, with the tax that the partner's registration calls for. */
function termsOf(partnership: Partnership, choice: ShareChoice, taxBps: number): PartnerTerms {
  const kind = choice.kind ?? "percent";
  const taxed = shareTermsOf(partnership, choice.rateBps, taxBps);
  return {
    ...taxed,
    kind,
    partnershipId: partnership.id,
    // Of what is left over, nothing is left to put tax on.
    taxMode: kind === "remainder" && taxed.taxMode === "exclusive" ? "inclusive" : taxed.taxMode,
    flat: kind === "flat" ? choice.flat : undefined,
    of: kind === "percent_of_share" ? (choice.of as PartnershipId | undefined) : undefined,
  };
}

function refused(words: string): Problem {
  return new Problem("form.invalid", words, { fields: { share: words } });
}

/** Everything that a payment or plan will be, worked out and not yet written: what the check page shows. */
export type Draft = {
  readonly shares: readonly AgreedShare[];
  /** `terms` are those of `shares`, with the instalment's part of what is flat. */
  readonly instalments: readonly (Instalment & {
    readonly terms: readonly PartnerTerms[];
    readonly pricing: Pricing;
  })[];
};

/**
 * Works out a payment or plan, in a currency that the institution uses. Throws as `agreedShares`, `instalmentsOf` and
 * `priceUp` do.
 */
export async function draftOf(cx: Cx, input: PaymentInput | PlanInput): Promise<Draft> {
  assertCurrencyInUse(cx.institution, ("total" in input ? input.total : input.list).currency);
  const shares = await agreedShares(cx, input.shares ?? []);
  const instalments = "total" in input ? instalmentsOf(input) : [single(input)];
  const lists = instalments.map((one) => one.list.minor);
  const split = shares.map(({ terms }) => splitFlat(terms, lists));
  return {
    shares,
    instalments: instalments.map((one, index) => {
      const terms = split.flatMap((parts) => parts[index] ?? []);
      return { ...one, terms, pricing: priceUp(one.list, terms, one.discount) };
    }),
  };
}

/** A flat share comes apart as the list amounts do; every other kind is the same for each of them. */
function splitFlat(terms: PartnerTerms, lists: readonly bigint[]): PartnerTerms[] {
  const { flat } = terms;
  if (!flat) return lists.map(() => terms);
  return allocate(flat.minor, lists).map((minor) => ({ ...terms, flat: money(minor, flat.currency) }));
}

function single({ item, list, dueDate, discount }: PaymentInput): Instalment {
  return { item, list, dueDate, discount: discount ?? money(0n, list.currency) };
}
