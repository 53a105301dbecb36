import type { Permit } from "#access/permit.ts";
import { record } from "#features/audit/record.ts";
import { assertCancellable, type Payment } from "#features/payments/payment.ts";
import { lockPayments } from "#features/payments/payment-money.ts";
import { updatePayments } from "#features/payments/payment-store.ts";
import { isId } from "#kernel/ids.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * Cancels a payment: nothing is owed on it any more. Throws `payment.not-editable` once money has arrived or is on
 * its way, `not-found`.
 */
export async function cancelPayment(
  cx: Cx,
  _may: Permit<"payments.write">,
  id: string,
  reason: string,
): Promise<Payment> {
  const [payment] = isId("pay", id) ? await lockPayments(cx, [id]) : [];
  if (!payment) throw notFound();
  assertCancellable(payment);
  const cancelled = { ...payment, state: "cancelled", cancelledAt: cx.now, updatedAt: cx.now } as const;
  await updatePayments(cx, [cancelled]);
  record(cx, { event: "payment.cancelled", subject: id, data: { reason } });
  return cancelled;
}
