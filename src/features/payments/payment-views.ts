import type { GivenDiscount, Payment, PaymentId } from "#features/payments/payment.ts";
import {
  type ListedForCustomer,
  selectDiscount,
  selectListed,
  selectOfCustomer,
  selectPayments,
} from "#features/payments/payment-store.ts";
import { isId } from "#kernel/ids.ts";
import { notFound } from "#kernel/problem.ts";
import type { Ahead, Cx } from "#platform/tx.ts";

/** One payment; throws `not-found` when it is missing or foreign. For staff, the system, and a customer's own. */
export async function readPayment(cx: Cx, id: string): Promise<Payment> {
  const found = isId("pay", id) ? (await selectPayments(cx, [id], false))[0] : undefined;
  if (!found) throw notFound();
  return found;
}

/** All payments of a customer, by due date. */
export async function paymentsOfCustomer(cx: Cx, customer: string): Promise<Payment[]> {
  return await selectOfCustomer(cx, customer, false);
}

/** What the customer of this transaction was asked to pay, by due date, without drafts: for its own lists. */
export async function listedForCustomer(cx: Ahead): Promise<ListedForCustomer[]> {
  return await selectListed(cx);
}

/** What a customer still owes, oldest first. */
export async function openPaymentsOfCustomer(cx: Cx, customer: string): Promise<Payment[]> {
  return await selectOfCustomer(cx, customer, true);
}

/** Payments by id, without a lock; unknown ids are left out. */
export async function paymentsByIds(cx: Cx, ids: readonly PaymentId[]): Promise<Payment[]> {
  return await selectPayments(cx, ids, false);
}

/** Why, by whom and when a discount was given; undefined without one. Staff only. */
export async function discountOf(cx: Cx, id: PaymentId): Promise<GivenDiscount | undefined> {
  return await selectDiscount(cx, id);
}
