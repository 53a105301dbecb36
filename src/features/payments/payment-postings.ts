import type { Payment } from "#features/payments/payment.ts";
import { keepOf, type Share, totalOf } from "#features/payments/shares.ts";
import { money } from "#kernel/money.ts";
import { account } from "#ledger/chart.ts";
import type { Transfer } from "#ledger/journal.ts";

type Priced = Pick<Payment, "customerId" | "list" | "discount">;

/**
 * What is posted once a payment is paid in full: from the customer's account each partner gets its share with tax, the
 * institution its keep less the discount, and the discount is shown as given. Paid 900.00 of list 1,000.00 with a
 * share of 700.00 and a discount of 100.00: partner +700.00, income +300.00, discounts given −100.00.
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

/** The ledger takes no empty lines. */
function lines(all: readonly Transfer[]): Transfer[] {
  return all.filter((line) => line.amount.minor > 0n);
}

/** What a share gives back with a refund, in minor units: net and tax together are `minor`. */
export type Reversal = {
  readonly share: Share;
  readonly minor: bigint;
  readonly net: bigint;
  readonly tax: bigint;
};
