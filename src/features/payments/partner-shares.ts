import type { Permit } from "#access/permit.ts";
import { selectPartnerShares, selectShareSums } from "#features/payments/partner-shares-store.ts";
import { type Payment, type PaymentStatus, statusOf } from "#features/payments/payment.ts";
import { paymentOf } from "#features/payments/payment-store.ts";
import type { ShareKind, ShareState } from "#features/payments/shares.ts";
import { type Currency, type Money, money, moneySum } from "#kernel/money.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

/** A payment with the partner's part of it, as staff see it. `share` is with tax, without what was taken back. */
export type PartnerShare = {
  readonly payment: Payment;
  readonly status: PaymentStatus;
  readonly customerName: string;
  readonly kind: ShareKind;
  readonly rateBps: number;
  readonly share: Money;
  readonly state: ShareState;
};

/**
 * What a partner's shares come to in one currency: of how many payments, still to be earned, earned, and taken
 * back by refunds.
 */
export type ShareSums = {
  readonly currency: Currency;
  readonly payments: number;
  readonly list: Money;
  readonly agreed: Money;
  readonly earned: Money;
  readonly reversed: Money;
};

/**
 * The payments with a share of this partnership, the latest due date first, and the sums of all of them. Two
 * queries.
 */
export async function partnerShares(
  cx: Cx,
  _may: Permit<"partnerships.read">,
  partnership: string,
  limit: number,
): Promise<{ readonly latest: readonly PartnerShare[]; readonly sums: readonly ShareSums[] }> {
  const today = todayOf(cx.institution, cx.now);
  const rows = await selectPartnerShares(cx, partnership, limit);
  const sums = await selectShareSums(cx, partnership);
  return {
    latest: rows.map((row) => {
      const payment = paymentOf(row);
      return {
        payment,
        status: statusOf(payment, today, cx.institution.dueWindowDays),
        customerName: row.customer_name,
        kind: row.share_kind as ShareKind,
        rateBps: row.rate_bps,
        share: money(row.net_minor + row.tax_minor - row.reversed_minor, payment.list.currency),
        state: row.share_state as ShareState,
      };
    }),
    sums: sums.map((row) => {
      const currency = row.currency as Currency;
      return {
        currency,
        payments: Number(row.payments),
        list: moneySum(row.list, currency),
        agreed: moneySum(row.agreed, currency),
        earned: moneySum(row.earned, currency),
        reversed: moneySum(row.reversed, currency),
      };
    }),
  };
}
