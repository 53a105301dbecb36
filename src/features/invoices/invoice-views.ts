import type { Permit } from "#access/permit.ts";
import type { Invoice, InvoiceId, InvoiceLine } from "#features/invoices/invoice.ts";
import { type InvoiceMoneyView, moneyView } from "#features/invoices/invoice-money.ts";
import { selectInvoiceMoney } from "#features/invoices/invoice-money-store.ts";
import type { InvoiceSnapshot } from "#features/invoices/invoice-snapshot.ts";
import {
  readersOf,
  selectCreditNotes,
  selectInvoice,
  selectLines,
  selectOpenInvoices,
  selectSnapshot,
} from "#features/invoices/invoice-store.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { isId } from "#kernel/ids.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/** One document of account with all that belongs to it, as staff see it. */
export type InvoiceView = {
  readonly invoice: Invoice;
  readonly lines: readonly InvoiceLine[];
  /** Undefined for drafts. */
  readonly snapshot: InvoiceSnapshot | undefined;
  readonly money: readonly InvoiceMoneyView[];
  readonly creditNotes: readonly Invoice[];
  /** What a credit note corrects. */
  readonly corrects: Invoice | undefined;
};

/** One invoice, credit note or self-billed invoice. Throws `not-found`. */
export async function readInvoice(cx: Cx, _may: Permit<"invoices.read">, id: string): Promise<InvoiceView> {
  const invoice = isId("inv", id) ? await selectInvoice(cx, id) : undefined;
  if (!invoice) throw notFound();
  return {
    invoice,
    lines: await selectLines(cx, invoice),
    snapshot: await selectSnapshot(cx, invoice.id),
    money: (await selectInvoiceMoney(cx, invoice.id)).map((row) => moneyView(row, invoice)),
    creditNotes: await selectCreditNotes(cx, invoice.id),
    corrects: invoice.corrects && (await selectInvoice(cx, invoice.corrects)),
  };
}

/** What a partner owes, oldest due first. */
export async function openInvoicesOf(cx: Cx, partnership: PartnershipId): Promise<Invoice[]> {
  return await selectOpenInvoices(cx, partnership);
}

/** How many people at a partner may look at its invoices. */
export async function invoiceReaders(cx: Cx, partnership: PartnershipId): Promise<number> {
  return (await readersOf(cx, partnership)).length;
}

/** On whom an invoice is raised. Throws `not-found`. */
export async function invoiceOwner(cx: Cx, id: InvoiceId): Promise<PartnershipId> {
  const invoice = await selectInvoice(cx, id);
  if (!invoice) throw notFound();
  return invoice.partnership;
}
