import type { Customer } from "#access/principal.ts";
import { type AttemptNote, attemptsToPay } from "#features/checkouts/attempt-views.ts";
import { type Standing, standingsOf } from "#features/payments/customer-overview.ts";
import { type PaidBy, paidByOf } from "#features/payments/paid-by.ts";
import type { PaymentId, PlanId } from "#features/payments/payment.ts";
import { listedForCustomer } from "#features/payments/payment-views.ts";
import type { PlainDate } from "#kernel/time.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

/** What a customer's own lists of payments say. */
export type Portal = {
  readonly today: PlainDate;
  /** Everything the customer was asked to pay, by due date. */
  readonly standings: readonly Standing[];
  readonly notes: ReadonlyMap<PaymentId, AttemptNote>;
  readonly paidBy: ReadonlyMap<PaymentId, PaidBy>;
  readonly plans: ReadonlyMap<PlanId, string>;
};

/** Reads it for the customer whose transaction this is. All statements leave together: one round trip. */
export async function readPortal(cx: Cx<Customer>): Promise<Portal> {
  const { customer } = cx.principal;
  const [listed, attempts, paidBy] = await Promise.all([
    listedForCustomer(cx, customer),
    attemptsToPay(cx, customer),
    paidByOf(cx, customer),
  ]);
  const today = todayOf(cx.institution, cx.now);
  const payments = listed.map((one) => ({ ...one, inProcess: attempts.processing.has(one.id) }));
  const plans = new Map<PlanId, string>();
  for (const { planId, planName } of listed) if (planId && planName !== undefined) plans.set(planId, planName);
  return {
    today,
    standings: standingsOf(payments, today, cx.institution.dueWindowDays),
    notes: attempts.notes,
    paidBy,
    plans,
  };
}
