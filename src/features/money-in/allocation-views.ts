import { allocationRows } from "#features/money-in/received-store.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import { receiptNumber } from "#features/receipts/receipt.ts";
import type { Id } from "#kernel/ids.ts";
import { type Money, money } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** Money that went to a payment. */
export type AllocationView = {
  readonly amount: Money;
  readonly fromCredit: boolean;
  readonly at: Instant;
  readonly receivedOn: PlainDate | undefined;
  readonly kind: "card" | "bank_transfer" | "by_hand" | undefined;
  readonly methodLabel: string;
  readonly received: Id<"rcv"> | undefined;
  readonly receipt: { readonly id: Id<"rcp">; readonly number: string } | undefined;
};

/** What went to a payment, oldest first, with its receipt: for timelines and breakdowns. Customers see their own. */
export async function allocationsOf(cx: Cx, payment: PaymentId): Promise<AllocationView[]> {
  const rows = await allocationRows(cx, payment);
  return rows.map((row) => ({
    amount: money(row.minor, row.currency),
    fromCredit: row.from_credit,
    at: row.created_at,
    receivedOn: row.received_on ?? undefined,
    kind: row.kind ?? undefined,
    methodLabel: row.method_label ?? "",
    received: row.received_id ?? undefined,
    receipt:
      row.receipt_id && row.receipt_number !== null
        ? { id: row.receipt_id, number: receiptNumber(row.receipt_number) }
        : undefined,
  }));
}
