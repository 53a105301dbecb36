import { type Payment, priceOf } from "#features/payments/payment.ts";
import { keepOf, type Share, totalOf } from "#features/payments/shares.ts";
import { type Money, money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { divideRounded } from "#kernel/rate.ts";
import { account } from "#ledger/chart.ts";
import type { Transfer } from "#ledger/journal.ts";

type Priced = Pick<Payment, "customerId" | "list" | "discount">;

/**
 * What is posted once a payment is paid in full: from the customer's account each partner gets its share with tax, the
 * institution its keep less the discount, and the discount is shown as given. Paid 900.00 of list 1,000.00 with a share of
 * 700.00 and a discount of 100.00: partner +700.00, income +300.00, discounts given −100.00.
 */
export function earnTransfers(payment: Priced, shares: readonly Share[]): Transfer[] {
  const from = account.customer(payment.customerId);
  const keep = keepOf(payment.list, shares);
  const cash = money(keep.minor - payment.discount.minor, keep.currency);
  return lines([
    ...shares.map((share) => ({ debit: from, credit: account.partner(share.partnershipId), amount: totalOf(share) })),
    { debit: from, credit: account.income, amount: cash },
    { debit: account.discountsGiven, credit: account.income, amount: payment.discount },
  ]);
}

/** What a partner gives back of a share. */
export type Reversal = { readonly share: Share; readonly minor: bigint };

/** A refund of `list` of the list amount: what it is in cash, and what each share gives back. */
export type RefundQuote = { readonly list: Money; readonly cash: Money; readonly reversals: readonly Reversal[] };

/**
 * What refunding `list` of a payment's list amount comes to (domain.md rule 6): cash in proportion to what was asked for,
 * shares in proportion to the list amount. Each refund is rounded by itself and never above what is left; the one that
 * completes the list amount takes what rounding left. Throws `amount.invalid` beyond what is left to refund.
 */
export function refundQuote(payment: Payment, shares: readonly Share[], list: Money): RefundQuote {
  const left = payment.list.minor - payment.refundedList.minor;
  if (list.minor <= 0n || list.minor > left) {
    const words = "Refund more than nothing, and no more than what is left of the amount.";
    throw new Problem("amount.invalid", words, { fields: { amount: words } });
  }
  const last = list.minor === left;
  const partOf = (total: bigint, before: bigint): bigint => {
    const rest = total - before;
    if (last) return rest;
    const part = divideRounded(total * list.minor, payment.list.minor);
    return part < rest ? part : rest;
  };
  const cash = partOf(priceOf(payment).minor, payment.refundedCash.minor);
  const reversals = shares.map((share) => ({ share, minor: partOf(totalOf(share).minor, share.reversed.minor) }));
  return { list, cash: money(cash, list.currency), reversals: reversals.filter(({ minor }) => minor > 0n) };
}

/**
 * What is posted for a refund, up to the customer's account, where its cash then stands to be sent out: shares and keep
 * give back their part, and the discount on it is no longer given. Without any list amount (goodwill) it is all keep.
 */
export function refundTransfers(payment: Priced, quote: RefundQuote): Transfer[] {
  const { currency } = quote.cash;
  const to = account.customer(payment.customerId);
  const shared = quote.reversals.reduce((sum, reversal) => sum + reversal.minor, 0n);
  const discount = quote.list.minor > quote.cash.minor ? quote.list.minor - quote.cash.minor : 0n;
  const own = quote.cash.minor - shared;
  return lines([
    ...quote.reversals.map(({ share, minor }) => ({
      debit: account.partner(share.partnershipId),
      credit: to,
      amount: money(minor, currency),
    })),
    own >= 0n
      ? { debit: account.income, credit: to, amount: money(own, currency) }
      : // Rounding may give back a unit more of the shares than the cash holds: it is the institution's.
        { debit: to, credit: account.income, amount: money(-own, currency) },
    { debit: account.income, credit: account.discountsGiven, amount: money(discount, currency) },
  ]);
}

/** The ledger takes no empty lines. */
function lines(all: readonly Transfer[]): Transfer[] {
  return all.filter((line) => line.amount.minor > 0n);
}
