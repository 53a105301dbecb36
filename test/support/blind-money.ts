import { permit } from "#access/permit.ts";
import { applyMoney } from "#features/money-in/apply-money.ts";
import { creditOf } from "#features/money-in/credit.ts";
import { holdMoneyOf } from "#features/money-in/hold-money.ts";
import { receiveMoney } from "#features/money-in/receive-money.ts";
import { recordByHand } from "#features/money-in/record-by-hand.ts";
import { owedOf, type Payment, stillOwes } from "#features/payments/payment.ts";
import { lockPayments } from "#features/payments/payment-money.ts";
import { refundLimits, refundPayment } from "#features/refunds/refund-payment.ts";
import { money } from "#kernel/money.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";
import type { Step } from "./blind-worlds.ts";

type Pay = Extract<Step, { do: "pay" }>;

/** Pays all, a part or more than is owed, with this surcharge where a card pays. */
export async function pay(cx: Cx, payment: Payment, how: Pay["how"], surchargeBps: number): Promise<void> {
  const owed = owedOf(payment).minor;
  const { currency } = payment.list;
  // A part leaves something to pay whatever the discount is: paid in full is nothing that a discount may decide.
  const minor = how === "part" ? (owed * 4n) / 10n : how === "over" ? owed + (owed / 10n || 1n) : owed;
  if (minor < 1n || owed < 1n) return;
  if (how !== "card") {
    await recordByHand(cx, permit(cx.principal, "payments.record"), {
      payments: [{ id: payment.id, amount: money(minor, currency) }],
      receivedOn: todayOf(cx.institution, cx.now),
      methodLabel: "Cash",
      note: "",
    });
    return;
  }
  await holdMoneyOf(cx, payment.customerId);
  const surcharge = (minor * BigInt(surchargeBps)) / 10_000n;
  await receiveMoney(
    cx,
    {
      ...{
        provider: "sandbox",
        kind: "card",
        providerRef: `charge-${payment.id}`,
        attempt: undefined,
        payer: undefined,
      },
      ...{ reference: "", payerName: "A. Tanaka", methodLabel: "Visa", recordedBy: "" },
      amount: money(minor, currency),
      surcharge: money(surcharge, currency),
      receivedOn: todayOf(cx.institution, cx.now),
    },
    { customer: payment.customerId, payments: await lockPayments(cx, [payment.id]), credit: 0n },
  );
}

type Refunding = Extract<Step, { do: "refund" }>;

/** Refunds so many thousandths of the list amount, or of what the institution keeps. */
export async function refund(cx: Cx, payment: Payment, { of, permille }: Refunding): Promise<void> {
  if (payment.state !== "paid" && payment.state !== "partially_refunded") return;
  const limits = await refundLimits(cx, payment);
  const part = (of === "list" ? payment.list.minor : limits.keep.minor) * BigInt(permille);
  const wanted = part / 1_000n;
  const minor = wanted > limits[of].minor ? limits[of].minor : wanted;
  if (minor < 1n) return;
  const amount = money(minor, payment.list.currency);
  const words = { reason: "Left the course", partnerReason: permille === 333 ? "Left after the first term" : "" };
  await refundPayment(cx, permit(cx.principal, "payments.refund"), {
    payment: payment.id,
    of,
    amount,
    how: "by_hand",
    ...words,
  });
}

/** Half the credit, and never so much that it pays the rest. */
export async function useCredit(cx: Cx, payment: Payment): Promise<void> {
  await holdMoneyOf(cx, payment.customerId);
  const { currency } = payment.list;
  const credit = (await creditOf(cx, payment.customerId)).find((one) => one.currency === currency)?.minor ?? 0n;
  const owed = owedOf(payment).minor;
  const most = credit / 2n < owed ? credit / 2n : owed - 1n;
  if (most < 1n || !stillOwes(payment.state)) return;
  const payments = await lockPayments(cx, [payment.id]);
  await applyMoney(cx, { customer: payment.customerId, currency, payments, credit: most });
}
