import {
  type PartnerTerms,
  roundedTooMuch,
  type ShareAmount,
  type ShareTerms,
  shareRefused,
  tooMuch,
} from "#features/payments/shares.ts";
import { never, present } from "#kernel/assert.ts";
import { type Money, money } from "#kernel/money.ts";
import { allocate, portion } from "#kernel/rate.ts";

const whole = 10_000n;

/**
 * All shares of a payment, in the order of their terms (domain.md rule 1). Net, tax and the rest of the list amount are
 * rounded by largest remainder, so that they add up to it. A percentage of the list amount and a flat share are each
 * computed by themselves: no other partner's terms move them by a unit (rule 20). A percentage of a share is taken of
 * that share's net amount; a remainder comes last. Throws `amount.invalid` (field `share`) when the shares come to more
 * than the list amount, if by rounding alone (docs/decisions/0016-each-share-is-rounded-alone.md), hang on each other
 * in a circle, name a share that is not there, or two take the remainder.
 */
export function computeShares(list: Money, terms: readonly PartnerTerms[]): ShareAmount[] {
  if (terms.filter((one) => one.kind === "remainder").length > 1) {
    throw shareRefused("Only one partner can get what is left over. Choose another kind for the others.");
  }
  const found = new Map<PartnerTerms, ShareAmount>();
  const asked = new Set<PartnerTerms>();
  const amountOf = (one: PartnerTerms): ShareAmount => {
    const known = found.get(one);
    if (known) return known;
    if (asked.has(one)) {
      throw shareRefused("These shares are percentages of each other. Take one of them of the whole amount instead.");
    }
    asked.add(one);
    const amount = compute(list, one, terms, amountOf);
    found.set(one, amount);
    return amount;
  };
  const amounts = terms.map(amountOf);
  assertFits(list, terms, amounts);
  return amounts;
}

/** Shares that fit and are above the list amount only once they are rounded are told apart from those that do not. */
function assertFits(list: Money, terms: readonly PartnerTerms[], amounts: readonly ShareAmount[]): void {
  const over = amounts.reduce((sum, { net, tax }) => sum + net.minor + tax.minor, -list.minor);
  if (over <= 0n) return;
  const exact = terms.reduce((sum, one, index) => sum + exactOf(one, present(amounts[index], "a share's amount")), 0n);
  throw exact > list.minor * whole * whole ? tooMuch() : roundedTooMuch(money(over, list.currency));
}

/** What a share and its tax come to before rounding, in 10,000 × 10,000ths of a minor unit. */
function exactOf({ kind, rateBps, taxMode, taxBps, flat }: PartnerTerms, { net, tax, base }: ShareAmount): bigint {
  if (kind === "remainder") return (net.minor + tax.minor) * whole * whole;
  const rate = kind === "flat" ? (flat?.minor ?? 0n) * whole : (base?.minor ?? 0n) * BigInt(rateBps);
  return rate * (taxMode === "exclusive" ? whole + BigInt(taxBps) : whole);
}

type Ask = (terms: PartnerTerms) => ShareAmount;

function compute(list: Money, one: PartnerTerms, all: readonly PartnerTerms[], amountOf: Ask): ShareAmount {
  const { kind } = one;
  switch (kind) {
    case "percent":
      return { ...partOf(list, one, list.minor, one.rateBps), base: list };
    case "flat": {
      const flat = present(one.flat, "the amount of a flat share");
      if (flat.currency !== list.currency) {
        throw shareRefused(`A flat share is in the payment's own currency: write it in ${list.currency}.`);
      }
      return { ...partOf(list, one, flat.minor, 10_000), base: undefined };
    }
    case "percent_of_share": {
      const source = all.find((other) => other.partnershipId === one.of);
      if (!source) throw shareRefused("Choose a partner with a share of this payment to take the percentage of.");
      if (source.kind === "remainder") {
        throw shareRefused("A percentage can't be taken of what is left over: it would take from its own base.");
      }
      const { net } = amountOf(source);
      return { ...partOf(list, one, net.minor, one.rateBps), base: net };
    }
    case "remainder":
      return { ...remainderOf(list, one, all, amountOf), base: undefined };
    default:
      return never(kind);
  }
}

/** What the others and the institution's own part leave. Tax is inside it: there is nothing to put on top of. */
function remainderOf(list: Money, one: PartnerTerms, all: readonly PartnerTerms[], amountOf: Ask) {
  const own = portion(list.minor, one.rateBps);
  const left = all
    .filter((other) => other !== one)
    .map(amountOf)
    .reduce((rest, { net, tax }) => rest - net.minor - tax.minor, list.minor - own);
  if (left < 1n) throw shareRefused("The other shares and your own part leave nothing over. Lower one of them.");
  const taxMode = one.taxMode === "exclusive" ? "inclusive" : one.taxMode;
  return partOf(list, { taxMode, taxBps: one.taxBps }, left, 10_000);
}

/**
 * Net and tax of `rateBps` of `base` minor units. Exclusive tax comes on top, inclusive tax is inside it. Where two
 * remainders are equal, the rest of the list amount goes first. Throws `amount.invalid` above the list amount.
 */
function partOf(
  list: Money,
  { taxMode, taxBps }: Pick<ShareTerms, "taxMode" | "taxBps">,
  base: bigint,
  rateBps: number,
): { readonly net: Money; readonly tax: Money } {
  const rate = base * BigInt(rateBps);
  const taxRate = taxMode === "none" ? 0n : BigInt(taxBps);
  // All three as parts of one denominator, so that nothing is rounded before the end.
  const all = list.minor * whole * (taxMode === "inclusive" ? whole + taxRate : whole);
  const [net, tax] = [rate * whole, rate * taxRate];
  if (net + tax > all) throw tooMuch();
  const [, netMinor = 0n, taxMinor = 0n] = allocate(list.minor, [all - net - tax, net, tax]);
  return { net: money(netMinor, list.currency), tax: money(taxMinor, list.currency) };
}

/** A percentage of the list amount by itself. */
export function computeShare(list: Money, terms: Pick<ShareTerms, "rateBps" | "taxMode" | "taxBps">) {
  return partOf(list, terms, list.minor, terms.rateBps);
}
