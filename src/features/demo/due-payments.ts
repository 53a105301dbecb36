import type { Payment } from "#features/payments/payment.ts";
import { paymentsByIds } from "#features/payments/payment-views.ts";
import type { PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** Everything of the institution that fell due before `today`, oldest first. */
export async function duePayments(cx: Cx, today: PlainDate): Promise<readonly Payment[]> {
  const found = await cx.db
    .selectFrom("app.payment")
    .select("id")
    .where("due_date", "<", today)
    .where("state", "=", "open")
    .orderBy("due_date")
    .orderBy("id")
    .execute();
  return await paymentsByIds(
    cx,
    found.map((row) => row.id as Payment["id"]),
  );
}
