import { record } from "#features/audit/record.ts";
import { holdMoneyOf } from "#features/money-in/hold-money.ts";
import { freeAllocations } from "#features/money-in/received-store.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import { lockPayments } from "#features/payments/payment-money.ts";
import { paymentsByIds } from "#features/payments/payment-views.ts";
import { type Money, money } from "#kernel/money.ts";
import { notFound } from "#kernel/problem.ts";
import { openHolds } from "#ledger/holds.ts";
import { post } from "#ledger/post.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * Takes part money off a payment that is not paid in full (it is about to be cancelled): the money is the customer's
 * free credit again. Answers how much; zero when there was none. Its caller holds the permit for what it is part of.
 */
export async function freePartMoney(cx: Cx, id: PaymentId): Promise<Money> {
  const [before] = await paymentsByIds(cx, [id]);
  if (!before) throw notFound();
  await holdMoneyOf(cx, before.customerId);
  const [payment = before] = await lockPayments(cx, [id]);
  const { currency } = payment.list;
  if (payment.state !== "partially_paid" || payment.paid.minor === 0n) return money(0n, currency);
  const release = await openHolds(cx, { reference: id });
  const [first] = release;
  if (first) await post(cx, { key: `freed:${first.name}`, kind: "payment.part-freed", reference: id, release });
  await freeAllocations(cx, id);
  record(cx, { event: "payment.part-freed", subject: id, data: { amount: payment.paid.minor, currency } });
  return payment.paid;
}
