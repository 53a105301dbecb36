import type { Permit } from "#access/permit.ts";
import { actorOf } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { holdMoneyOf } from "#features/money-in/hold-money.ts";
import { assertRefundable, type Payment, type PaymentId, priceOf } from "#features/payments/payment.ts";
import { lockPayments, sharesOf } from "#features/payments/payment-money.ts";
import { readPayment } from "#features/payments/payment-views.ts";
import {
  fromKeepOf,
  limitsOf,
  quoteKeep,
  quoteList,
  type Refundable,
  type RefundQuote,
} from "#features/refunds/refund-quote.ts";
import {
  type ChargeLeft,
  chargesLeft,
  insertRefund,
  type RefundId,
  refundRows,
} from "#features/refunds/refund-store.ts";
import { holdKey, settleRefund } from "#features/refunds/settle-refund.ts";
import { tells } from "#features/refunds/words-for-partners.ts";
import { newId } from "#kernel/ids.ts";
import { type Money, money, toDecimal } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { account } from "#ledger/chart.ts";
import { placeHold } from "#ledger/holds.ts";
import { wake } from "#platform/jobs.ts";
import type { Cx } from "#platform/tx.ts";

export type Refund = {
  readonly payment: PaymentId;
  /**
   * `list`: the amount is of the list amount, and shares reverse. `keep`: it is cash out of the institution's own
   * part.
   */
  readonly of: "list" | "keep";
  readonly amount: Money;
  /** `provider`: back to the card. `by_hand`: it was, or will be, paid out by staff; it counts at once. */
  readonly how: "provider" | "by_hand";
  readonly reason: string;
  /** What partners read beside what is taken back of their shares; empty: that there was a refund. */
  readonly partnerReason?: string;
};

export type RefundLimits = {
  readonly list: Money;
  readonly keep: Money;
  readonly cash: Money;
  /** The most that can go back by the provider at once; zero where no card paid. */
  readonly byProvider: Money;
  readonly providerName: string | undefined;
  /** Cash of a refund that is on its way: until it is there, no other begins. */
  readonly pending: Money;
};

/** What can be refunded of a payment now. For staff pages. */
export async function refundLimits(cx: Cx, payment: Payment): Promise<RefundLimits> {
  const { refundable, pending, charges } = await standing(cx, payment);
  const most = limitsOf(refundable);
  const { currency } = payment.list;
  return {
    list: money(most.list, currency),
    keep: money(most.keep, currency),
    cash: money(most.cash, currency),
    byProvider: money(charges[0]?.left ?? 0n, currency),
    providerName: charges[0]?.provider,
    pending: money(pending, currency),
  };
}

export type RefundPreview = {
  readonly cash: Money;
  readonly fromPartners: Money;
  /** Below zero where rounding gives back a unit more of the shares than the cash holds. */
  readonly fromKeep: Money;
  readonly listAfter: Money;
};

/** What a refund would come to, for the check page. Changes nothing; throws as `refundPayment` does. */
export async function previewRefund(cx: Cx, _may: Permit<"payments.refund">, input: Refund): Promise<RefundPreview> {
  const payment = await readPayment(cx, input.payment);
  const { quote } = await quoteFor(cx, payment, input);
  partnerReasonOf(input, payment, quote);
  const { currency } = payment.list;
  return {
    cash: quote.cash,
    fromPartners: money(
      quote.reversals.reduce((sum, { minor }) => sum + minor, 0n),
      currency,
    ),
    fromKeep: money(fromKeepOf(quote), currency),
    listAfter: money(payment.list.minor - payment.refundedList.minor - quote.list.minor, currency),
  };
}

/**
 * Refunds a payment that was paid in full, exactly as domain.md rule 6 says. By the provider it is pending, held on the
 * institution's account, until the provider has done it; by hand it counts at once. Throws `payment.not-refundable`,
 * `amount.invalid` (fields.amount), `not-found`.
 */
export async function refundPayment(
  cx: Cx,
  may: Permit<"payments.refund">,
  input: Refund,
): Promise<{ readonly id: RefundId; readonly state: "pending" | "succeeded"; readonly cash: Money }> {
  const seen = await readPayment(cx, input.payment);
  await holdMoneyOf(cx, seen.customerId);
  const [payment = seen] = await lockPayments(cx, [input.payment]);
  const { quote, charge } = await quoteFor(cx, payment, input);
  const id = newId("rfd", cx.now, cx.random);
  const byProvider = charge !== undefined && quote.cash.minor > 0n;
  await insertRefund(cx, {
    id,
    payment_id: payment.id,
    customer_id: payment.customerId,
    list_minor: quote.list.minor,
    cash_minor: quote.cash.minor,
    discount_minor: quote.discount.minor,
    currency: payment.list.currency,
    kind: byProvider ? "provider" : "by_hand",
    state: "pending",
    provider: byProvider ? charge.provider : "",
    provider_ref: "",
    charge_ref: byProvider ? charge.chargeRef : "",
    reason: input.reason,
    partner_reason: partnerReasonOf(input, payment, quote),
    requested_by: actorOf(may.by).id,
    settled_at: null,
  });
  record(cx, {
    event: "payment.refund-requested",
    subject: payment.id,
    data: { refund: id, list: quote.list.minor, cash: quote.cash.minor, how: input.how, reason: input.reason },
  });
  if (!byProvider) {
    await settleRefund(cx, id, { state: "succeeded" });
    return { id, state: "succeeded", cash: quote.cash };
  }
  await placeHold(cx, { key: holdKey(id), account: account.income, amount: quote.cash, reference: id });
  wake(cx, "refunds.send", {});
  return { id, state: "pending", cash: quote.cash };
}

/**
 * Words that a partner may read: without the figures of which what the customer paid or got back would give a discount
 * away. Throws `form.invalid`.
 */
function partnerReasonOf({ partnerReason = "" }: Refund, payment: Payment, quote: RefundQuote): string {
  const { list, discount } = payment;
  const secrets = [quote.cash, quote.discount, discount, priceOf(payment)];
  if (!tells(partnerReason, { list, discount, secrets })) return partnerReason;
  const words = "Partners read these words: leave out what the customer paid or gets back, and the discount.";
  throw new Problem("form.invalid", words, { fields: { partner_reason: words } });
}

type Standing = {
  readonly refundable: Refundable;
  readonly pending: bigint;
  readonly charges: readonly ChargeLeft[];
};

async function standing(cx: Cx, payment: Payment): Promise<Standing> {
  const shares = (await sharesOf(cx, [payment.id])).get(payment.id) ?? [];
  const rows = await refundRows(cx, payment.id);
  const counted = rows.filter((row) => row.state === "succeeded");
  const pending = rows.filter((row) => row.state === "pending");
  return {
    refundable: { payment, shares, discountBack: counted.reduce((sum, row) => sum + row.discount_minor, 0n) },
    pending: pending.reduce((sum, row) => sum + row.cash_minor, 0n),
    charges: await chargesLeft(cx, payment.id),
  };
}

async function quoteFor(
  cx: Cx,
  payment: Payment,
  input: Refund,
): Promise<{ quote: RefundQuote; charge: ChargeLeft | undefined }> {
  assertRefundable(payment);
  const { refundable, pending, charges } = await standing(cx, payment);
  if (pending > 0n) {
    throw new Problem("payment.not-refundable", "A refund of this payment is on its way. Wait until it is done.");
  }
  const most = limitsOf(refundable)[input.of];
  const { currency } = payment.list;
  const { minor } = input.amount;
  if (input.amount.currency !== currency || minor < 1n || minor > most) {
    throw tooMuch(`Refund more than nothing, and at most ${currency} ${toDecimal(money(most, currency))}.`);
  }
  const quote = input.of === "list" ? quoteList(refundable, minor) : quoteKeep(refundable, minor);
  if (input.how === "by_hand") return { quote, charge: undefined };
  const charge = charges.find((one) => one.left >= quote.cash.minor);
  if (!charge) {
    const left = money(charges[0]?.left ?? 0n, currency);
    throw tooMuch(
      left.minor === 0n
        ? "No card paid this, so it can't go back to one. Pay it out yourself and record it by hand."
        : `At most ${currency} ${toDecimal(left)} can go back to the card. Refund less, or record the refund by hand.`,
    );
  }
  return { quote, charge };
}

function tooMuch(words: string): Problem {
  return new Problem("amount.invalid", words, { fields: { amount: words } });
}
