import { record } from "#features/audit/record.ts";
import { assert, present } from "#kernel/assert.ts";
import { newId } from "#kernel/ids.ts";
import type { Institution } from "#platform/institution.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";
import { type ReceiptSnapshot, receiptNumber } from "./receipt.ts";
import {
  type AllocatedRow,
  insertReceipt,
  nextReceiptNumber,
  type ReceiptId,
  type ReceivedId,
  type ReceivedRow,
  readAllocated,
  readReceived,
  receiptOfReceived,
} from "./receipt-store.ts";

export type IssueReceipt = {
  /** The money that came in; it belongs to a customer and its allocations are written. */
  readonly received: ReceivedId;
  /** Nobody is told (imports, demo data). */
  readonly quiet?: boolean;
};

export type IssuedReceipt = { readonly id: ReceiptId; readonly number: string };

/**
 * Issues the receipt for money that came in: a number without gaps and a snapshot of all it says, in the caller's
 * transaction. Call it last, for the number's row is locked until the commit (domain.md rule 13). Money that has its
 * receipt keeps it. The news `receipt.issued` makes the mail.
 */
export async function issueReceipt(cx: Cx, input: IssueReceipt): Promise<IssuedReceipt> {
  const received = present(await readReceived(cx, input.received), "the money of a receipt");
  assert(received.customer_id !== null, "money is matched to a customer before its receipt");
  const allocated = await readAllocated(cx, input.received);
  const before = await receiptOfReceived(cx, input.received);
  if (before) return { id: before.id, number: before.snapshot.number };
  const number = await nextReceiptNumber(cx);
  const snapshot = snapshotOf(cx.institution, todayOf(cx.institution, cx.now).toString(), number, received, allocated);
  const id = newId("rcp", cx.now, cx.random);
  await insertReceipt(cx, {
    id,
    number,
    received: input.received,
    customer_id: received.customer_id,
    snapshot,
    issued_at: cx.now,
  });
  record(cx, {
    event: "receipt.issued",
    subject: id,
    data: { number: snapshot.number, received: input.received, amount: snapshot.paid, currency: snapshot.currency },
    outbox: input.quiet !== true,
  });
  return { id, number: snapshot.number };
}

function snapshotOf(
  institution: Institution,
  issuedOn: string,
  number: bigint,
  received: ReceivedRow,
  allocated: readonly AllocatedRow[],
): ReceiptSnapshot {
  const used = allocated.reduce((sum, row) => sum + row.minor, 0n);
  const credit = received.minor - used;
  assert(credit >= 0n, "no more is allocated than came in");
  return {
    version: 1,
    number: receiptNumber(number),
    issuedOn,
    institution: {
      name: institution.name,
      legalName: institution.legalName,
      registrationLabel: institution.registrationLabel,
      registrationNumber: institution.registrationNumber,
      address: institution.address,
      email: institution.contactEmail,
      phone: institution.contactPhone,
      colour: institution.brandColour,
    },
    customer: {
      name: received.customer_name ?? "",
      email: received.customer_email ?? "",
      externalId: received.customer_external_id ?? "",
    },
    currency: received.currency,
    paid: (received.minor + received.surcharge_minor).toString(),
    surcharge: received.surcharge_minor.toString(),
    credit: credit.toString(),
    receivedOn: received.received_on.toString(),
    method: received.kind,
    methodLabel: received.method_label,
    reference: received.reference,
    payerName: received.payer_name,
    lines: allocated.map((row) => ({
      payment: row.payment_id,
      item: row.item,
      dueOn: row.due_date.toString(),
      amount: row.minor.toString(),
      stillOwed: row.owed.toString(),
    })),
  };
}
