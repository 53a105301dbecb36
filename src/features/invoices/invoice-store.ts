import { type RawBuilder, sql } from "kysely";
import type { ContactRight } from "#access/principal.ts";
import type { Invoice, InvoiceId, InvoiceKind, InvoiceLine, InvoiceState } from "#features/invoices/invoice.ts";
import type { InvoiceSnapshot } from "#features/invoices/invoice-snapshot.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { present } from "#kernel/assert.ts";
import type { Id } from "#kernel/ids.ts";
import { type Currency, money } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

export type InvoiceRow = {
  id: InvoiceId;
  partnership_id: PartnershipId;
  kind: InvoiceKind;
  corrects_id: InvoiceId | null;
  number: bigint | null;
  state: InvoiceState;
  currency: Currency;
  issue_date: PlainDate | null;
  due_date: PlainDate | null;
  notes: string;
  net_minor: bigint;
  tax_minor: bigint;
  total_minor: bigint;
  paid_minor: bigint;
  credited_minor: bigint;
  credited_tax_minor: bigint;
  returned_minor: bigint;
  created_at: Instant;
  updated_at: Instant;
  issued_at: Instant | null;
  paid_at: Instant | null;
  voided_at: Instant | null;
};

/** What `invoiceOf` reads, of `app.invoice i`. */
export const invoiceFields = sql`i.id, i.partnership_id, i.kind, i.corrects_id, i.number, i.state, i.currency,
  i.issue_date, i.due_date, i.notes, i.net_minor, i.tax_minor, i.total_minor, i.paid_minor, i.credited_minor,
  i.credited_tax_minor, i.returned_minor, i.created_at, i.updated_at, i.issued_at, i.paid_at, i.voided_at`;

/** The invoice of a row. */
export function invoiceOf(row: InvoiceRow): Invoice {
  const amount = (minor: bigint) => money(minor, row.currency);
  return {
    id: row.id,
    partnership: row.partnership_id,
    kind: row.kind,
    corrects: row.corrects_id ?? undefined,
    number: row.number ?? undefined,
    state: row.state,
    currency: row.currency,
    issueDate: row.issue_date ?? undefined,
    dueDate: row.due_date ?? undefined,
    notes: row.notes,
    net: amount(row.net_minor),
    tax: amount(row.tax_minor),
    total: amount(row.total_minor),
    paid: amount(row.paid_minor),
    credited: amount(row.credited_minor),
    creditedTax: amount(row.credited_tax_minor),
    returned: amount(row.returned_minor),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    issuedAt: row.issued_at ?? undefined,
    paidAt: row.paid_at ?? undefined,
    voidedAt: row.voided_at ?? undefined,
  };
}

async function select(cx: Cx, rest: RawBuilder<unknown>): Promise<Invoice[]> {
  const { rows } = await sql<InvoiceRow>`select ${invoiceFields} from app.invoice i
    where i.institution_id = ${cx.institution.id} and ${rest}`.execute(cx.db);
  return rows.map(invoiceOf);
}

export async function selectInvoice(cx: Cx, id: string): Promise<Invoice | undefined> {
  return (await select(cx, sql`i.id = ${id}`))[0];
}

/** These invoices, locked in the order of their ids. */
export async function lockInvoices(cx: Cx, ids: readonly InvoiceId[]): Promise<Invoice[]> {
  return ids.length === 0 ? [] : await select(cx, sql`i.id = any(${[...ids]}) order by i.id for no key update of i`);
}

/** The invoices of a partner that still want money in a currency, locked in the order of their ids. */
export async function lockOpenInvoices(cx: Cx, partnership: PartnershipId, currency: Currency): Promise<Invoice[]> {
  return await select(
    cx,
    sql`i.partnership_id = ${partnership} and i.currency = ${currency} and i.kind = 'invoice'
      and i.state in ('issued', 'partially_paid') order by i.id for no key update of i`,
  );
}

/** What a partner owes, oldest due first, 500 at most. */
export async function selectOpenInvoices(cx: Cx, partnership: PartnershipId): Promise<Invoice[]> {
  return await select(
    cx,
    sql`i.partnership_id = ${partnership} and i.kind = 'invoice' and i.state in ('issued', 'partially_paid')
      order by i.due_date, i.number limit 500`,
  );
}

/** The credit notes that correct an invoice, in the order of their numbers. */
export async function selectCreditNotes(cx: Cx, id: InvoiceId): Promise<Invoice[]> {
  return await select(cx, sql`i.corrects_id = ${id} and i.kind = 'credit_note' order by i.number`);
}

export async function selectSnapshot(cx: Cx, id: InvoiceId): Promise<InvoiceSnapshot | undefined> {
  const { rows } = await sql<{ snapshot: InvoiceSnapshot | null }>`select snapshot from app.invoice
    where institution_id = ${cx.institution.id} and id = ${id}`.execute(cx.db);
  return rows[0]?.snapshot ?? undefined;
}

type LineRow = {
  position: number;
  description: string;
  quantity: number;
  unit_minor: bigint;
  tax_bps: number;
  net_minor: bigint;
  tax_minor: bigint;
};

export async function selectLines(cx: Cx, invoice: Pick<Invoice, "id" | "currency">): Promise<InvoiceLine[]> {
  const { rows } = await sql<LineRow>`select position, description, quantity, unit_minor, tax_bps, net_minor, tax_minor
    from app.invoice_line where institution_id = ${cx.institution.id} and invoice_id = ${invoice.id}
   order by position`.execute(cx.db);
  return rows.map((row) => ({
    position: row.position,
    description: row.description,
    quantity: row.quantity,
    unit: money(row.unit_minor, invoice.currency),
    taxBps: row.tax_bps,
    net: money(row.net_minor, invoice.currency),
    tax: money(row.tax_minor, invoice.currency),
  }));
}

/** What credit notes took off each line of an invoice, by its position: in minor units. */
export async function creditedLines(cx: Cx, id: InvoiceId): Promise<Map<number, { net: bigint; tax: bigint }>> {
  const { rows } = await sql<{ position: number; net: bigint; tax: bigint }>`
    select l.position, sum(l.net_minor)::bigint as net, sum(l.tax_minor)::bigint as tax
      from app.invoice n
      join app.invoice_line l on l.institution_id = n.institution_id and l.invoice_id = n.id
     where n.institution_id = ${cx.institution.id} and n.corrects_id = ${id} and n.kind = 'credit_note'
     group by l.position`.execute(cx.db);
  return new Map(rows.map((row) => [row.position, { net: row.net, tax: row.tax }]));
}

export type NewDocument = {
  readonly id: InvoiceId;
  readonly partnership: PartnershipId;
  readonly kind: InvoiceKind;
  readonly corrects?: InvoiceId | undefined;
  readonly currency: Currency;
  readonly dueDate?: PlainDate | undefined;
  readonly notes: string;
  readonly lines: readonly InvoiceLine[];
  readonly share?: Id<"shr"> | undefined;
  readonly reversal?: Id<"srv"> | undefined;
  readonly createdBy: string;
};

function sumsOf({ lines }: Pick<NewDocument, "lines">): { net: bigint; tax: bigint } {
  return {
    net: lines.reduce((sum, line) => sum + line.net.minor, 0n),
    tax: lines.reduce((sum, line) => sum + line.tax.minor, 0n),
  };
}

/** Writes a draft with its lines. False when its id is there already: then nothing is written. */
export async function insertDraft(cx: Cx, input: NewDocument): Promise<boolean> {
  const { net, tax } = sumsOf(input);
  const { rows } = await sql`insert into app.invoice
      (institution_id, id, partnership_id, kind, corrects_id, currency, due_date, notes, net_minor, tax_minor,
       total_minor, share_id, reversal_id, created_by, created_at, updated_at)
    values (${cx.institution.id}, ${input.id}, ${input.partnership}, ${input.kind}, ${input.corrects ?? null},
      ${input.currency}, ${input.dueDate ?? null}, ${input.notes}, ${net}, ${tax}, ${net + tax},
      ${input.share ?? null}, ${input.reversal ?? null}, ${input.createdBy}, ${cx.now}, ${cx.now})
    on conflict (institution_id, id) do nothing returning id`.execute(cx.db);
  if (rows.length === 0) return false;
  await insertLines(cx, input);
  return true;
}

/** Writes a draft anew. The caller holds its row. */
export async function updateDraft(cx: Cx, input: Omit<NewDocument, "kind" | "createdBy">): Promise<void> {
  const { net, tax } = sumsOf(input);
  await sql`update app.invoice set partnership_id = ${input.partnership}, currency = ${input.currency},
      due_date = ${input.dueDate ?? null}, notes = ${input.notes}, net_minor = ${net}, tax_minor = ${tax},
      total_minor = ${net + tax}, updated_at = ${cx.now}
    where institution_id = ${cx.institution.id} and id = ${input.id} and state = 'draft'`.execute(cx.db);
  await deleteLines(cx, input.id);
  await insertLines(cx, input);
}

/** Removes a draft; what has a number stays for ever. */
export async function deleteDraft(cx: Cx, id: InvoiceId): Promise<void> {
  await deleteLines(cx, id);
  await sql`delete from app.invoice where institution_id = ${cx.institution.id} and id = ${id}
    and state = 'draft'`.execute(cx.db);
}

async function deleteLines(cx: Cx, id: InvoiceId): Promise<void> {
  await sql`delete from app.invoice_line where institution_id = ${cx.institution.id}
    and invoice_id = ${id}`.execute(cx.db);
}

async function insertLines(cx: Cx, { id, lines }: Pick<NewDocument, "id" | "lines">): Promise<void> {
  if (lines.length === 0) return;
  await sql`insert into app.invoice_line
      (institution_id, invoice_id, position, description, quantity, unit_minor, tax_bps, net_minor, tax_minor)
    select ${cx.institution.id}, ${id}, l.* from unnest(
      ${lines.map((line) => line.position)}::int[], ${lines.map((line) => line.description)}::text[],
      ${lines.map((line) => line.quantity)}::int[], ${lines.map((line) => line.unit.minor)}::bigint[],
      ${lines.map((line) => line.taxBps)}::int[], ${lines.map((line) => line.net.minor)}::bigint[],
      ${lines.map((line) => line.tax.minor)}::bigint[]) as l`.execute(cx.db);
}

/** The next number of a kind within a partner. Its row stays locked until the commit: ask for it last. */
export async function nextNumber(cx: Cx, kind: InvoiceKind, partnership: PartnershipId): Promise<bigint> {
  const { rows } = await sql<{ number: bigint }>`select app.next_number(${kind}, ${partnership}) as number`.execute(
    cx.db,
  );
  if (!rows[0]) throw new Error("no number was given");
  return rows[0].number;
}

/** How a document names a partner at a date: its tax id is that of its newest tax status by then. */
export async function partyOf(cx: Cx, partnership: PartnershipId, date: PlainDate) {
  const { rows } = await sql<{ name: string; legalName: string; address: string; taxId: string }>`
    select p.name, p.legal_name as "legalName", p.address, coalesce((
             select t.tax_id from app.partner_tax_status t
              where t.institution_id = p.institution_id and t.partnership_id = p.id and t.from_date <= ${date}
              order by t.from_date desc limit 1), p.tax_id) as "taxId"
      from app.partnership p where p.institution_id = ${cx.institution.id} and p.id = ${partnership}`.execute(cx.db);
  return present(rows[0], "the partnership of a document");
}

/** Makes a draft an issued document. */
export async function saveIssued(
  cx: Cx,
  id: InvoiceId,
  issued: { readonly number: bigint; readonly issueDate: PlainDate; readonly snapshot: InvoiceSnapshot },
): Promise<void> {
  await sql`update app.invoice set state = 'issued', number = ${issued.number}, issue_date = ${issued.issueDate},
      snapshot = ${JSON.stringify(issued.snapshot)}::jsonb, issued_at = ${cx.now}, updated_at = ${cx.now}
    where institution_id = ${cx.institution.id} and id = ${id} and state = 'draft'`.execute(cx.db);
}

/** What money and credit notes move. */
export async function saveSums(cx: Cx, invoice: Invoice): Promise<void> {
  await sql`update app.invoice set state = ${invoice.state}, paid_minor = ${invoice.paid.minor},
      credited_minor = ${invoice.credited.minor}, credited_tax_minor = ${invoice.creditedTax.minor},
      returned_minor = ${invoice.returned.minor}, updated_at = ${cx.now},
      paid_at = ${invoice.state === "paid" ? sql`coalesce(paid_at, ${cx.now})` : sql`paid_at`}
    where institution_id = ${cx.institution.id} and id = ${invoice.id}`.execute(cx.db);
}

export async function saveVoid(cx: Cx, id: InvoiceId): Promise<void> {
  await sql`update app.invoice set state = 'void', voided_at = ${cx.now}, updated_at = ${cx.now}
    where institution_id = ${cx.institution.id} and id = ${id}`.execute(cx.db);
}

export type InvoiceReader = {
  name: string;
  email: string;
  language: string;
  rights: readonly ContactRight[];
  partnership: string;
};

/** The contacts of a partner who may look at its invoices, with the language each reads. */
export async function readersOf(cx: Cx, partnership: PartnershipId): Promise<InvoiceReader[]> {
  const { rows } = await sql<InvoiceReader>`
    select c.name, c.email, c.rights, c.language, p.name as partnership from app.contact c
      join app.partnership p on p.institution_id = c.institution_id and p.id = c.partnership_id
     where c.institution_id = ${cx.institution.id} and c.partnership_id = ${partnership} and c.removed_at is null
       and c.access_on and 'view' = any(c.rights) order by c.id`.execute(cx.db);
  return rows;
}
