import { sql } from "kysely";
import type { Customer } from "#access/principal.ts";
import type { Id } from "#kernel/ids.ts";
import { dateIn, type Instant, type PlainDate } from "#kernel/time.ts";
import type { Ahead, Cx } from "#platform/tx.ts";
import type { PaymentId } from "./payment.ts";

/** How a payment was paid last: for the line under it, and the receipt beside it. */
export type PaidBy = {
  readonly payment: PaymentId;
  readonly kind: "card" | "bank_transfer" | "by_hand" | "credit";
  readonly methodLabel: string;
  readonly receivedOn: PlainDate;
  readonly receipt: Id<"rcp"> | undefined;
};

/** The last money that went to each payment of the customer whose transaction this is, by payment. */
export async function paidByOf(
  cx: Ahead,
  who: Promise<Pick<Cx<Customer>, "institution">>,
): Promise<ReadonlyMap<PaymentId, PaidBy>> {
  const asked = sql<{
    payment_id: PaymentId;
    kind: PaidBy["kind"];
    method_label: string;
    received_on: PlainDate | null;
    created_at: Instant;
    receipt_id: Id<"rcp"> | null;
  }>`select a.payment_id, case when a.from_credit then 'credit' else r.kind end as kind,
    coalesce(r.method_label, '') as method_label, r.received_on, a.created_at, c.id as receipt_id
       from app.allocation a
       left join app.money_received r on r.institution_id = a.institution_id and r.id = a.received_id
       left join app.receipt c on c.institution_id = r.institution_id and c.received_id = r.id
      where a.customer_id = app.customer_id() and a.freed_at is null
      order by a.from_credit desc, a.id`.execute(cx.db);
  const [{ rows }, { institution }] = await Promise.all([asked, who]);
  // The last one of a payment stands.
  return new Map(
    rows.map((row) => [
      row.payment_id,
      {
        payment: row.payment_id,
        kind: row.kind,
        methodLabel: row.method_label,
        receivedOn: row.received_on ?? dateIn(institution.timeZone, row.created_at),
        receipt: row.receipt_id ?? undefined,
      },
    ]),
  );
}
