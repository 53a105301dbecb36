import type { Payment } from "#features/payments/payment.ts";
import { lockForm } from "#features/payments/payment-store.ts";
import { paymentsOfCustomer, readPayment } from "#features/payments/payment-views.ts";
import { Problem } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * What a form about these payments was drawn from: the newest change among them. It differs as soon as one of them
 * changes, so a form that is sent twice finds that it was there already.
 */
export function versionOf(payments: readonly Payment[]): string {
  const newest = payments
    .map((one) => one.updatedAt)
    .toSorted(Temporal.Instant.compare)
    .at(-1);
  return `${payments.length}~${newest ?? ""}`;
}

/**
 * Ends with `conflict` when a payment changed since the form was drawn. Two of the same form wait for each other
 * here.
 */
export async function assertPaymentAsSeen(cx: Cx, id: Payment["id"], version: string): Promise<void> {
  await lockForm(cx, id);
  if (versionOf([await readPayment(cx, id)]) !== version) throw changed();
}

/** The same for all payments of a customer. */
export async function assertCustomerAsSeen(cx: Cx, customer: Payment["customerId"], version: string): Promise<void> {
  await lockForm(cx, customer);
  if (versionOf(await paymentsOfCustomer(cx, customer)) !== version) throw changed();
}

function changed(): Problem {
  return new Problem(
    "conflict",
    "This was recorded already, or somebody changed it meanwhile. " +
      "Compare with what is stored now, then send it again if it is still right.",
  );
}
