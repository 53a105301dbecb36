import { owedOf, type Payment, type PaymentId, type PaymentStatus, statusOf } from "#features/payments/payment.ts";
import { type ListedRecord, selectPage, type Today } from "#features/payments/payment-list-store.ts";
import { paymentOf } from "#features/payments/payment-store.ts";
import { isId } from "#kernel/ids.ts";
import type { Currency, Money } from "#kernel/money.ts";
import { type PlainDate, parseDate } from "#kernel/time.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

/** What a list may be narrowed to: a status, everything still owed, or what was tried and failed. */
export const statusFilters = [
  "unpaid",
  "overdue",
  "due",
  "scheduled",
  "processing",
  "partially_paid",
  "failed",
  "paid",
  "partially_refunded",
  "refunded",
  "cancelled",
  "draft",
] as const satisfies readonly (PaymentStatus | "unpaid" | "failed")[];

/** Everything that narrows the list; the export and the figures of the overview use the same. */
export type PaymentFilter = {
  readonly status?: (typeof statusFilters)[number] | undefined;
  readonly q?: string | undefined;
  readonly from?: PlainDate | undefined;
  readonly to?: PlainDate | undefined;
  readonly currency?: Currency | undefined;
  readonly customer?: string | undefined;
};

/** Where a page begins: behind this payment. */
export type PaymentPlace = { readonly due: PlainDate; readonly id: PaymentId };

/** A payment as the list shows it. */
export type ListedPayment = {
  readonly payment: Payment;
  readonly status: PaymentStatus;
  readonly owed: Money;
  readonly customerName: string;
  readonly customerReference: string | undefined;
};

/** One page; `newer` and `older` say whether there is more on that side. */
export type PaymentPage = {
  readonly rows: readonly ListedPayment[];
  readonly newer: PaymentPlace | undefined;
  readonly older: PaymentPlace | undefined;
};

type Paging = { readonly before?: string | undefined; readonly after?: string | undefined; readonly size: number };

/** A page of the payments that pass the filter, the latest due date first. One query. */
export async function listPayments(cx: Cx, filter: PaymentFilter, paging: Paging): Promise<PaymentPage> {
  const now = nowOf(cx);
  const before = readPlace(paging.before);
  const after = before ? undefined : readPlace(paging.after);
  const place = { ...(before && { before }), ...(after && { after }), limit: paging.size + 1 };
  const records = await selectPage(cx, filter, now, place);
  const more = records.length > paging.size;
  // The row too many stands where the reading ended: in front when it went upwards.
  const shown = !more ? records : after ? records.slice(1) : records.slice(0, -1);
  const rows = shown.map((record) => listed(record, now));
  const first = placeOf(rows[0]);
  const last = placeOf(rows.at(-1));
  return {
    rows,
    newer: before || (after && more) ? first : undefined,
    older: after || more ? last : undefined,
  };
}

function nowOf(cx: Cx): Today {
  return { today: todayOf(cx.institution, cx.now), window: cx.institution.dueWindowDays };
}

function listed(record: ListedRecord, now: Today): ListedPayment {
  const payment = paymentOf(record);
  return {
    payment,
    status: statusOf(payment, now.today, now.window),
    owed: owedOf(payment),
    customerName: record.customer_name,
    customerReference: record.customer_external_id ?? undefined,
  };
}

function placeOf(row: ListedPayment | undefined): PaymentPlace | undefined {
  return row && { due: row.payment.dueDate, id: row.payment.id };
}

/** A place as an address carries it. */
export function writePlace(place: PaymentPlace | undefined): string | undefined {
  return place && `${place.due}~${place.id}`;
}

/** Reads a place from an address; undefined when it is none. */
export function readPlace(text: string | undefined): PaymentPlace | undefined {
  const [date = "", id = ""] = (text ?? "").split("~");
  const due = parseDate(date);
  return due && isId("pay", id) ? { due, id } : undefined;
}
