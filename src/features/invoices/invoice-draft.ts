import type { Permit } from "#access/permit.ts";
import { actorOf } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import type { Invoice, InvoiceId } from "#features/invoices/invoice.ts";
import { type Amounts, amountsOf, type LineInput } from "#features/invoices/invoice-amounts.ts";
import {
  deleteDraft,
  insertDraft,
  lockInvoices,
  type NewDocument,
  updateDraft,
} from "#features/invoices/invoice-store.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { readPartnership } from "#features/partnerships/partnership-views.ts";
import { type Currency, toDecimal } from "#kernel/money.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import { cleanLine, cleanText } from "#kernel/text.ts";
import type { PlainDate } from "#kernel/time.ts";
import { assertCurrencyInUse } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

/** What staff write. The amounts follow from the lines. */
export type DraftInput = {
  readonly partnership: PartnershipId;
  readonly currency: Currency;
  readonly dueDate: PlainDate;
  readonly notes: string;
  readonly lines: readonly LineInput[];
};

export const mostLines = 100;
export const longestNotes = 4_000;
export const longestDescription = 300;
export const mostQuantity = 1_000_000;

/** The amounts of what was written. Throws `form.invalid` or `amount.invalid` with the field that is wrong. */
export function amountsOfDraft(input: DraftInput): Amounts {
  if (input.lines.length === 0) throw invalid("lines", "Write at least one line.");
  if (input.lines.length > mostLines) throw invalid("lines", `Write at most ${mostLines} lines.`);
  if (input.notes.length > longestNotes) throw invalid("notes", `Write at most ${longestNotes} characters.`);
  const wrong = input.lines.findIndex((line) => !isLine(line, input.currency));
  if (wrong >= 0) throw invalid("lines", `Check what is written in line ${wrong + 1}.`);
  const amounts = amountsOf(input.lines, input.currency);
  if (amounts.total.minor === 0n) throw invalid("lines", "The invoice comes to nothing. Write an amount above zero.");
  return amounts;
}

function isLine({ description, quantity, unit, taxBps }: LineInput, currency: Currency): boolean {
  const described = description !== "" && description.length <= longestDescription;
  const counted = Number.isInteger(quantity) && quantity >= 1 && quantity <= mostQuantity;
  const taxed = Number.isInteger(taxBps) && taxBps >= 0 && taxBps <= 10_000;
  return described && counted && taxed && unit.minor >= 0n && unit.currency === currency;
}

/**
 * Saves a new draft under an id that came with the form: sent twice, it is there once, and the second is answered
 * false. Throws `not-found` for a foreign partner, `form.invalid` and `amount.invalid` for what can't be.
 */
export async function createDraft(
  cx: Cx,
  may: Permit<"invoices.write">,
  id: InvoiceId,
  input: DraftInput,
): Promise<boolean> {
  const document = await documentOf(cx, may, id, input);
  if (!(await insertDraft(cx, document))) return false;
  record(cx, { event: "invoice.drafted", subject: id, data: described(input) });
  return true;
}

/** Writes a draft anew, as long as nobody else did since the form was drawn. Throws `conflict`. */
export async function changeDraft(
  cx: Cx,
  may: Permit<"invoices.write">,
  id: InvoiceId,
  version: string,
  input: DraftInput,
): Promise<void> {
  const document = await documentOf(cx, may, id, input);
  await lockDraft(cx, id, version);
  await updateDraft(cx, document);
  record(cx, { event: "invoice.draft-changed", subject: id, data: described(input) });
}

/** Throws away a draft. It had no number, so nothing is missing. */
export async function dropDraft(cx: Cx, _may: Permit<"invoices.write">, id: InvoiceId): Promise<void> {
  await lockDraft(cx, id, undefined);
  await deleteDraft(cx, id);
  record(cx, { event: "invoice.draft-dropped", subject: id });
}

/** A draft, locked. Throws `not-found`, and `conflict` when it is issued or was changed since `version`. */
export async function lockDraft(cx: Cx, id: InvoiceId, version: string | undefined): Promise<Invoice> {
  const [invoice] = await lockInvoices(cx, [id]);
  if (!invoice) throw notFound();
  if (invoice.state !== "draft") {
    throw new Problem(
      "conflict",
      "This invoice is issued already, so it can't be changed. Correct it by a credit note.",
    );
  }
  if (version !== undefined && version !== versionOf(invoice)) {
    throw new Problem("conflict", "Somebody changed this draft meanwhile. Compare with what is stored now, then save.");
  }
  return invoice;
}

/** What a form was drawn from; it differs as soon as the invoice was written again. */
export function versionOf(invoice: Pick<Invoice, "updatedAt">): string {
  return invoice.updatedAt.toString();
}

async function documentOf(
  cx: Cx,
  may: Permit<"invoices.write">,
  id: InvoiceId,
  input: DraftInput,
): Promise<NewDocument> {
  const clean: DraftInput = {
    ...input,
    notes: cleanText(input.notes),
    lines: input.lines.map((line) => ({ ...line, description: cleanLine(line.description) })),
  };
  await readPartnership(cx, input.partnership);
  assertCurrencyInUse(cx.institution, input.currency);
  const { lines } = amountsOfDraft(clean);
  return { id, kind: "invoice", ...clean, lines, createdBy: actorOf(may.by).id };
}

function described(input: DraftInput): Record<string, unknown> {
  const { total } = amountsOfDraft(input);
  return { partnership: input.partnership, total: toDecimal(total), currency: input.currency };
}

function invalid(field: string, words: string): Problem {
  return new Problem("form.invalid", words, { fields: { [field]: words } });
}
