import { record } from "#features/audit/record.ts";
import type { Payment, PaymentId } from "#features/payments/payment.ts";
import type { Reversal } from "#features/payments/payment-postings.ts";
import { addRefund, type PaidRow, selectPayments, updatePaid } from "#features/payments/payment-store.ts";
import { addReversals, selectShares, updateEarned } from "#features/payments/share-store.ts";
import type { Share } from "#features/payments/shares.ts";
import type { Money } from "#kernel/money.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * Locks payments until commit, in id order, and reads them as they are then. Throws `not-found` when one is missing
 * or foreign. Lock payments before you post to the ledger.
 */
export async function lockPayments(cx: Cx, ids: readonly PaymentId[]): Promise<Payment[]> {
  const wanted = new Set(ids);
  const payments = await selectPayments(cx, [...wanted], true);
  if (payments.length !== wanted.size) throw notFound();
  return payments;
}

/** The order in which money is allocated: due date, then id (domain.md rule 4). */
export function oldestFirst(payments: readonly Payment[]): Payment[] {
  return payments.toSorted((a, b) => Temporal.PlainDate.compare(a.dueDate, b.dueDate) || (a.id < b.id ? -1 : 1));
}

/** Writes the new total paid of each; `full` makes it paid now, anything above zero part paid, zero open again. */
export async function savePaid(cx: Cx, rows: readonly PaidRow[]): Promise<void> {
  await updatePaid(cx, rows);
}

/** The shares of each payment; an empty list where there is none. */
export async function sharesOf(cx: Cx, ids: readonly PaymentId[]): Promise<ReadonlyMap<PaymentId, Share[]>> {
  return await selectShares(cx, ids);
}

/** The shares of payments that have just been paid in full are earned now (domain.md rule 3). */
export async function markEarned(cx: Cx, ids: readonly PaymentId[]): Promise<void> {
  await updateEarned(cx, ids);
}

/**
 * Adds a refund to a payment and what its shares gave back, each with words that its partner reads and news for whoever
 * must hear of it. The payment is refunded once its whole list amount is.
 */
export async function saveRefunded(
  cx: Cx,
  payment: Pick<Payment, "id">,
  refund: { readonly list: Money; readonly cash: Money; readonly reversals: readonly Reversal[] },
  of: { readonly id: string; readonly reason: string },
): Promise<void> {
  await addRefund(cx, payment.id, refund.list, refund.cash);
  await addReversals(cx, of, refund.reversals);
  for (const { share, net, tax } of refund.reversals) {
    const data = { share: share.id, partnership: share.partnershipId, net, tax, currency: share.net.currency };
    record(cx, { event: "share.reversed", subject: payment.id, data, outbox: true });
  }
}
