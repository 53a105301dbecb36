import { computeShares } from "#features/payments/compute-shares.ts";
import { keepOf, type PartnerTerms, type ShareAmount } from "#features/payments/shares.ts";
import { type Money, money, toDecimal } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";

/**
 * How a list amount comes apart. `price` is what the customer is asked for; `left` what the institution has in the
 * end.
 */
export type Pricing = {
  readonly list: Money;
  readonly shares: readonly ShareAmount[];
  readonly keep: Money;
  readonly discount: Money;
  readonly price: Money;
  readonly left: Money;
};

/**
 * Takes a list amount apart: shares on the list amount, the keep, and the discount out of the keep (domain.md rules 1
 * and 2). Throws `amount.invalid` with the field that is wrong: shares above the list amount, a discount above the
 * keep, or one that leaves nothing to pay.
 */
export function priceUp(list: Money, terms: readonly PartnerTerms[], discount: Money): Pricing {
  const shares = computeShares(list, terms);
  const keep = keepOf(list, shares);
  assertDiscount(list, keep, discount);
  const price = money(list.minor - discount.minor, list.currency);
  return { list, shares, keep, discount, price, left: money(keep.minor - discount.minor, list.currency) };
}

/** Throws `amount.invalid` unless the discount comes out of the keep alone and leaves something to pay. */
function assertDiscount(list: Money, keep: Money, discount: Money): void {
  if (discount.minor > keep.minor) {
    const most = `${keep.currency} ${toDecimal(keep)}`;
    throw refused(`The discount can be at most ${most}: what stays with you after the partners' shares.`);
  }
  if (discount.minor >= list.minor) {
    throw refused("The discount must leave something to pay. To ask for nothing, cancel the payment.");
  }
}

function refused(words: string): Problem {
  return new Problem("amount.invalid", words, { fields: { discount: words } });
}
