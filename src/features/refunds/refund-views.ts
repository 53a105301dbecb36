import type { Payment } from "#features/payments/payment.ts";
import { type RefundId, refundRows } from "#features/refunds/refund-store.ts";
import { type Money, money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** A refund as pages show it. `list` and `requestedBy` are for staff only. */
export type RefundView = {
  readonly id: RefundId;
  readonly state: "pending" | "succeeded" | "failed";
  readonly how: "provider" | "by_hand";
  readonly list: Money;
  readonly cash: Money;
  readonly reason: string;
  readonly failureReason: string;
  readonly requestedBy: string;
  readonly createdAt: Instant;
  readonly settledAt: Instant | undefined;
};

/** The refunds of a payment, oldest first. Customers see their own. */
export async function refundsOf(cx: Cx, payment: Pick<Payment, "id">): Promise<RefundView[]> {
  const rows = await refundRows(cx, payment.id);
  return rows.map((row) => ({
    id: row.id,
    state: row.state,
    how: row.kind,
    list: money(row.list_minor, row.currency),
    cash: money(row.cash_minor, row.currency),
    reason: row.reason,
    failureReason: row.failure_reason,
    requestedBy: row.requested_by,
    createdAt: row.created_at,
    settledAt: row.settled_at ?? undefined,
  }));
}
