import { type Payment, priceOf } from "#features/payments/payment.ts";
import type { Reversal } from "#features/payments/payment-postings.ts";
import { type Share, totalOf } from "#features/payments/shares.ts";
import { type Money, money } from "#kernel/money.ts";
import { allocate, divideRounded } from "#kernel/rate.ts";
import { type AccountRef, account } from "#ledger/chart.ts";
import type { Transfer } from "#ledger/journal.ts";

/** What a refund comes to. `cash` goes back to the payer; `discount` is what is no longer given of the discount. */
export type RefundQuote = {
  /** Of the list amount; zero for money out of the keep alone. */
  readonly list: Money;
  readonly cash: Money;
  readonly discount: Money;
  readonly reversals: readonly Reversal[];
};

/**
 * A payment as refunds have left it. `discountBack`: what earlier refunds took back of the discount, in minor units.
 */
export type Refundable = {
  readonly payment: Payment;
  readonly shares: readonly Share[];
  readonly discountBack: bigint;
};

/** What can still be refunded, in minor units: of the list amount, and in cash out of the keep. */
export function limitsOf({ payment, shares }: Refundable): { list: bigint; keep: bigint; cash: bigint } {
  const cash = priceOf(payment).minor - payment.refundedCash.minor;
  const shared = shares.reduce((sum, share) => sum + totalOf(share).minor - share.reversed.minor, 0n);
  const keep = cash - shared;
  return { list: payment.list.minor - payment.refundedList.minor, keep: keep > 0n ? keep : 0n, cash };
}

/**
 * A refund of `list` minor units of the list amount (domain.md rule 6): cash in proportion to what was asked for,
 * shares and discount in proportion to the list amount, each rounded by itself and never above what is left of it. The
 * refund that completes the list amount takes whatever rounding, or an earlier refund out of the keep, left of each.
 */
export function quoteList(of: Refundable, list: bigint): RefundQuote {
  const { payment, shares, discountBack } = of;
  const { currency } = payment.list;
  const last = list === payment.list.minor - payment.refundedList.minor;
  const part = (total: bigint, before: bigint): bigint => {
    const rest = total - before;
    const even = divideRounded(total * list, payment.list.minor);
    return last || even > rest ? rest : even;
  };
  return {
    list: money(list, currency),
    cash: money(part(priceOf(payment).minor, payment.refundedCash.minor), currency),
    discount: money(part(payment.discount.minor, discountBack), currency),
    reversals: shares
      .map((share) => reversalOf(share, part(totalOf(share).minor, share.reversed.minor)))
      .filter(({ minor }) => minor > 0n),
  };
}

/**
 * What comes apart into net and tax is all that was taken back so far, by largest remainder, less what stood there
 * before: so both add up to the share's own net and tax once everything is back.
 */
function reversalOf(share: Share, minor: bigint): Reversal {
  const weights = [share.net.minor, share.tax.minor];
  const [before = 0n] = allocate(share.reversed.minor, weights);
  const [after = 0n] = allocate(share.reversed.minor + minor, weights);
  return { share, minor, net: after - before, tax: minor - (after - before) };
}

/** A refund of `cash` minor units out of the institution's own part: no share moves. */
export function quoteKeep({ payment }: Refundable, cash: bigint): RefundQuote {
  const none = money(0n, payment.list.currency);
  return { list: none, cash: money(cash, payment.list.currency), discount: none, reversals: [] };
}

/**
 * What of the cash comes out of the institution's own part; below zero where rounding gives back more of the shares.
 */
export function fromKeepOf(quote: RefundQuote): bigint {
  return quote.reversals.reduce((left, { minor }) => left - minor, quote.cash.minor);
}

/**
 * What is posted when the money has gone: partners and the institution give back their part to the customer's account,
 * and from there the cash leaves by `from` (the provider's account or the bank). The discount on it is no longer
 * given.
 */
export function refundTransfers(payment: Payment, quote: RefundQuote, from: AccountRef): Transfer[] {
  const { currency } = quote.cash;
  const to = account.customer(payment.customerId);
  const own = fromKeepOf(quote);
  const income = money(own < 0n ? -own : own, currency);
  return [
    ...quote.reversals.map(({ share, minor }) => ({
      debit: account.partner(share.partnershipId),
      credit: to,
      amount: money(minor, currency),
    })),
    own < 0n
      ? { debit: to, credit: account.income, amount: income }
      : { debit: account.income, credit: to, amount: income },
    { debit: account.income, credit: account.discountsGiven, amount: quote.discount },
    { debit: to, credit: from, amount: quote.cash },
  ].filter((line) => line.amount.minor > 0n);
}
