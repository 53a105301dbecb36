import type { Permit } from "#access/permit.ts";
import type { CustomerId } from "#access/principal.ts";
import type { Money } from "#kernel/money.ts";
import { notFound } from "#kernel/problem.ts";
import type { PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import { type ReceiptSnapshot, snapshotDate, snapshotMoney } from "./receipt.ts";
import {
  type ReceiptId,
  type ReceiptRow,
  readReceiptRow,
  receiptsNaming,
  receiptsOfCustomer,
} from "./receipt-store.ts";

/** A receipt as lists show it. */
export type ReceiptLineView = {
  readonly id: ReceiptId;
  readonly number: string;
  readonly issuedOn: PlainDate;
  readonly paid: Money;
};

type MayRead = Permit<"payments.read"> | Permit<"portal.read">;

/** One receipt with all it says, for its PDF. Customers find their own only. Throws `not-found`. */
export async function readReceipt(cx: Cx, _may: MayRead, id: string): Promise<ReceiptSnapshot> {
  const row = await readReceiptRow(cx, id);
  if (!row) throw notFound();
  return row.snapshot;
}

/** The receipts that name each of these payments, oldest first; payments without one are missing. */
export async function receiptsOfPayments(
  cx: Cx,
  _may: MayRead,
  payments: readonly string[],
): Promise<ReadonlyMap<string, readonly ReceiptLineView[]>> {
  const found = new Map<string, ReceiptLineView[]>();
  for (const row of payments.length === 0 ? [] : await receiptsNaming(cx, payments)) {
    found.set(row.payment_id, [...(found.get(row.payment_id) ?? []), lineOf(row)]);
  }
  return found;
}

/** A customer's latest receipts, newest first. */
export async function listReceipts(
  cx: Cx,
  _may: MayRead,
  customer: CustomerId,
  limit = 50,
): Promise<readonly ReceiptLineView[]> {
  return (await receiptsOfCustomer(cx, customer, limit)).map(lineOf);
}

function lineOf(row: ReceiptRow): ReceiptLineView {
  const { number, issuedOn } = row.snapshot;
  return { id: row.id, number, issuedOn: snapshotDate(issuedOn), paid: snapshotMoney(row.snapshot, row.snapshot.paid) };
}
