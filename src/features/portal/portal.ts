import type { Customer } from "#access/principal.ts";
import { type AttemptNote, attemptsToPay } from "#features/checkouts/attempt-views.ts";
import { type Standing, standingsOf } from "#features/payments/customer-overview.ts";
import { type PaidBy, paidByOf } from "#features/payments/paid-by.ts";
import type { PaymentId, PlanId } from "#features/payments/payment.ts";
import { listedForCustomer } from "#features/payments/payment-views.ts";
import type { PlainDate } from "#kernel/time.ts";
import { todayOf } from "#platform/institution.ts";
import type { Ahead, Cx } from "#platform/tx.ts";

/** What a customer's own lists of payments say. */
export type Portal = {
  readonly today: PlainDate;
  /** Everything the customer was asked to pay, by due date. */
  readonly standings: readonly Standing[];
  readonly notes: ReadonlyMap<PaymentId, AttemptNote>;
  readonly paidBy: ReadonlyMap<PaymentId, PaidBy>;
  readonly plans: ReadonlyMap<PlanId, string>;
};

/**
 * Reads it for the customer whose session opens this transaction. All statements leave in one turn, ahead of the
 * session's check if need be (`inOneTrip`); nothing comes back before `who` is known.
 */
export async function readPortal(cx: Ahead, who: Promise<Pick<Cx<Customer>, "institution">>): Promise<Portal> {
  const [listed, attempts, paidBy, { institution }] = await Promise.all([
    listedForCustomer(cx),
    attemptsToPay(cx),
    paidByOf(cx, who),
    who,
  ]);
  const today = todayOf(institution, cx.now);
  const payments = listed.map((one) => ({ ...one, inProcess: attempts.processing.has(one.id) }));
  const plans = new Map<PlanId, string>();
  for (const { planId, planName } of listed) if (planId && planName !== undefined) plans.set(planId, planName);
  return {
    today,
    standings: standingsOf(payments, today, institution.dueWindowDays),
    notes: attempts.notes,
    paidBy,
    plans,
  };
}
