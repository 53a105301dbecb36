import { record } from "#features/audit/record.ts";
import { type InvoiceId, type InvoiceKind, invoiceNumber } from "#features/invoices/invoice.ts";
import { snapshotOf } from "#features/invoices/invoice-snapshot.ts";
import {
  insertDraft,
  type NewDocument,
  nextNumber,
  partyOf,
  saveIssued,
  selectInvoice,
} from "#features/invoices/invoice-store.ts";
import { present } from "#kernel/assert.ts";
import { money } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

export type IssueDocument = NewDocument & {
  readonly issueDate: PlainDate;
  /** What the law of a country wants to be said: it stands in the document as it is. */
  readonly wording?: { readonly title: string; readonly notice: string } | undefined;
  /** Nobody is told (imports, demo data). */
  readonly quiet?: boolean;
};

export type IssuedDocument = { readonly id: InvoiceId; readonly number: bigint; readonly display: string };

const news = {
  invoice: "invoice.issued",
  self_billed: "self-billing.issued",
  credit_note: "credit-note.issued",
} as const satisfies Record<InvoiceKind, string>;

/**
 * Issues a document of account in the caller's transaction: its number, without gaps, and a snapshot of all it says.
 * Post to the ledger before, for the number's row is locked until the commit (domain.md rule 13). A draft with this id
 * becomes the document; otherwise it is written now. It posts nothing, and leaves what it corrects as it is.
 */
export async function issueDocument(cx: Cx, input: IssueDocument): Promise<IssuedDocument> {
  await insertDraft(cx, input);
  const corrects = input.corrects ? await selectInvoice(cx, input.corrects) : undefined;
  const partner = await partyOf(cx, input.partnership, input.issueDate);
  const net = input.lines.reduce((sum, line) => sum + line.net.minor, 0n);
  const tax = input.lines.reduce((sum, line) => sum + line.tax.minor, 0n);
  const { currency } = input;
  const number = await nextNumber(cx, input.kind, input.partnership);
  const snapshot = snapshotOf({
    institution: cx.institution,
    partner,
    kind: input.kind,
    number,
    issueDate: input.issueDate,
    dueDate: input.dueDate,
    corrects: corrects && { kind: corrects.kind, number: present(corrects.number, "the number of what is corrected") },
    wording: input.wording,
    notes: input.notes,
    lines: input.lines,
    totals: { net: money(net, currency), tax: money(tax, currency), total: money(net + tax, currency) },
  });
  await saveIssued(cx, input.id, { number, issueDate: input.issueDate, snapshot });
  const display = invoiceNumber(input.kind, number);
  record(cx, {
    event: news[input.kind],
    subject: input.id,
    data: { partnership: input.partnership, number: display, total: net + tax, currency },
    outbox: input.quiet !== true,
  });
  return { id: input.id, number, display };
}
