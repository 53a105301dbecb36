import { sql } from "kysely";
import type { CustomerId } from "#access/principal.ts";
import type { Id } from "#kernel/ids.ts";
import type { PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import type { PaymentId } from "./payment.ts";

/** How a payment was paid last: for the line under it, and the receipt beside it. */
export type PaidBy = {
  readonly payment: PaymentId;
  readonly kind: "card" | "bank_transfer" | "by_hand" | "credit";
  readonly methodLabel: string;
  readonly receivedOn: PlainDate;
  readonly receipt: Id<"rcp"> | undefined;
};

/** The last money that went to each payment of a customer, by payment. Works as the customer too. */
export async function paidByOf(cx: Cx, customer: CustomerId): Promise<ReadonlyMap<PaymentId, PaidBy>> {
  const { rows } = await sql<{
    payment_id: PaymentId;
    kind: PaidBy["kind"];
    method_label: string;
    received_on: PlainDate;
    receipt_id: Id<"rcp"> | null;
  }>`select a.payment_id, case when a.from_credit then 'credit' else r.kind end as kind,
    coalesce(r.method_label, '') as method_label,
    coalesce(r.received_on, (a.created_at at time zone ${cx.institution.timeZone})::date) as received_on,
    c.id as receipt_id
       from app.allocation a
       left join app.money_received r on r.institution_id = a.institution_id and r.id = a.received_id
       left join app.receipt c on c.institution_id = r.institution_id and c.received_id = r.id
      where a.customer_id = ${customer} and a.freed_at is null
      order by a.from_credit desc, a.id`.execute(cx.db);
  // The last one of a payment stands.
  return new Map(
    rows.map((row) => [
      row.payment_id,
      {
        payment: row.payment_id,
        kind: row.kind,
        methodLabel: row.method_label,
        receivedOn: row.received_on,
        receipt: row.receipt_id ?? undefined,
      },
    ]),
  );
}
