import { type RawBuilder, sql } from "kysely";
import type { Invoice, InvoiceId, InvoiceState } from "#features/invoices/invoice.ts";
import { type InvoiceMoneyRow, type InvoiceMoneyView, moneyView } from "#features/invoices/invoice-money.ts";
import type { InvoiceSnapshot } from "#features/invoices/invoice-snapshot.ts";
import { present } from "#kernel/assert.ts";
import { type Currency, money } from "#kernel/money.ts";
import { cutPage, type Page, type Paging } from "#kernel/paging.ts";
import { notFound } from "#kernel/problem.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import { likeWords } from "#platform/search.ts";
import type { Cx } from "#platform/tx.ts";

/** An invoice raised on the partner, as the partner sees it. */
export type PartnerInvoice = Pick<
  Invoice,
  | "id"
  | "kind"
  | "state"
  | "currency"
  | "dueDate"
  | "total"
  | "net"
  | "tax"
  | "paid"
  | "credited"
  | "returned"
  | "paidAt"
> & { readonly number: bigint; readonly issueDate: PlainDate; readonly voidedAt: Instant | undefined };

type Row = {
  id: InvoiceId;
  number: bigint;
  state: InvoiceState;
  currency: Currency;
  issue_date: PlainDate;
  due_date: PlainDate | null;
  net_minor: bigint;
  tax_minor: bigint;
  total_minor: bigint;
  paid_minor: bigint;
  credited_minor: bigint;
  returned_minor: bigint;
  paid_at: Instant | null;
  voided_at: Instant | null;
};

const fields = sql`i.id, i.number, i.state, i.currency, i.issue_date, i.due_date, i.net_minor, i.tax_minor,
  i.total_minor, i.paid_minor, i.credited_minor, i.returned_minor, i.paid_at, i.voided_at`;

function invoiceOf(row: Row): PartnerInvoice {
  const amount = (minor: bigint) => money(minor, row.currency);
  return {
    id: row.id,
    kind: "invoice",
    number: row.number,
    state: row.state,
    currency: row.currency,
    issueDate: row.issue_date,
    dueDate: row.due_date ?? undefined,
    net: amount(row.net_minor),
    tax: amount(row.tax_minor),
    total: amount(row.total_minor),
    paid: amount(row.paid_minor),
    credited: amount(row.credited_minor),
    returned: amount(row.returned_minor),
    paidAt: row.paid_at ?? undefined,
    voidedAt: row.voided_at ?? undefined,
  };
}

async function select(cx: Cx, rest: RawBuilder<unknown>): Promise<PartnerInvoice[]> {
  const { rows } = await sql<Row>`select ${fields} from partner.invoice i where i.kind = 'invoice' and ${rest}`.execute(
    cx.db,
  );
  return rows.map(invoiceOf);
}

/** What the partner owes, oldest due first, 500 at most. */
export async function openInvoicesOfPartner(cx: Cx): Promise<PartnerInvoice[]> {
  return await select(cx, sql`i.state in ('issued', 'partially_paid') order by i.due_date, i.number limit 500`);
}

/** Certain invoices of the partner's own, oldest due first; others are left out. */
export async function invoicesOfPartner(cx: Cx, ids: readonly InvoiceId[]): Promise<PartnerInvoice[]> {
  return await select(cx, sql`i.id = any(${[...ids]}) order by i.due_date, i.number`);
}

export const partnerTabs = ["to-pay", "overdue", "paid", "all"] as const;

/** What narrows the partner's list; its file uses the same. Dates are those of issue, both inclusive. */
export type PartnerInvoiceFilter = {
  readonly show?: (typeof partnerTabs)[number] | undefined;
  readonly q?: string | undefined;
  readonly currency?: Currency | undefined;
  readonly from?: PlainDate | undefined;
  readonly to?: PlainDate | undefined;
};

/** Where a page begins: what is to pay comes first, then the newest numbers. */
export type PartnerInvoicePlace = { readonly open: boolean; readonly number: bigint };

const isOpen = sql`(i.state in ('issued', 'partially_paid'))`;

function conditions(filter: PartnerInvoiceFilter, today: PlainDate): RawBuilder<unknown> {
  const { show, q, currency, from, to } = filter;
  const words = likeWords(q);
  const all = [
    show === "to-pay" && isOpen,
    show === "overdue" && sql`${isOpen} and i.due_date < ${today}`,
    show === "paid" && sql`i.state = 'paid'`,
    currency && sql`i.currency = ${currency}`,
    from && sql`i.issue_date >= ${from}`,
    to && sql`i.issue_date <= ${to}`,
    words.length > 0 &&
      sql`lower('inv-' || lpad(i.number::text, 6, '0') || ' ' || coalesce(i.snapshot ->> 'notes', '') || ' '
        || (select string_agg(l ->> 'description', ' ') from jsonb_array_elements(i.snapshot -> 'lines') l))
        like all (${words}::text[])`,
  ];
  return sql.join([sql`true`, ...all.filter((one) => typeof one === "object")], sql` and `);
}

/** A page of the partner's invoices: what is to pay first, the newest number first in each. */
export async function listPartnerInvoices(
  cx: Cx,
  filter: PartnerInvoiceFilter,
  today: PlainDate,
  paging: Paging<PartnerInvoicePlace>,
): Promise<Page<PartnerInvoice>> {
  const { before, size } = paging;
  const after = before ? undefined : paging.after;
  const place = after ?? before;
  const beyond = place
    ? sql`(${isOpen}, i.number) ${after ? sql`>` : sql`<`} (${place.open}, ${place.number})`
    : sql`true`;
  const order = after ? sql`${isOpen}, i.number` : sql`${isOpen} desc, i.number desc`;
  const found = await select(cx, sql`${conditions(filter, today)} and ${beyond} order by ${order} limit ${size + 1}`);
  return cutPage(after ? found.reverse() : found, size, after !== undefined, before !== undefined);
}

/** One invoice of the partner's own with all that belongs to it. */
export type PartnerInvoiceView = {
  readonly invoice: PartnerInvoice;
  readonly snapshot: InvoiceSnapshot;
  readonly money: readonly InvoiceMoneyView[];
  readonly creditNotes: readonly PartnerCreditNote[];
};

export type PartnerCreditNote = Pick<Invoice, "total"> & {
  readonly number: bigint;
  readonly issueDate: PlainDate;
  readonly reason: string;
};

/** The invoice with this number. Throws `not-found`. */
export async function readPartnerInvoice(cx: Cx, number: bigint): Promise<PartnerInvoiceView> {
  const [invoice] = await select(cx, sql`i.number = ${number}`);
  if (!invoice) throw notFound();
  const { rows: paid } =
    await sql<InvoiceMoneyRow>`select minor, created_at as at, received_on, kind, method_label, payout_number
      from partner.invoice_payment where invoice_id = ${invoice.id} order by id`.execute(cx.db);
  const { rows: notes } = await sql<{ number: bigint; issue_date: PlainDate; total_minor: bigint; notes: string }>`
    select number, issue_date, total_minor, notes from partner.invoice
     where kind = 'credit_note' and corrects_id = ${invoice.id} order by number`.execute(cx.db);
  return {
    invoice,
    snapshot: await snapshotOf(cx, "invoice", number),
    money: paid.map((row) => moneyView(row, invoice)),
    creditNotes: notes.map((row) => ({
      number: row.number,
      issueDate: row.issue_date,
      total: money(row.total_minor, invoice.currency),
      reason: row.notes,
    })),
  };
}

/** The credit note with this number, as it was issued: it may correct an invoice or a self-billed one. */
export async function readPartnerCreditNote(cx: Cx, number: bigint): Promise<InvoiceSnapshot> {
  return await snapshotOf(cx, "credit_note", number);
}

async function snapshotOf(cx: Cx, kind: "invoice" | "credit_note", number: bigint): Promise<InvoiceSnapshot> {
  const { rows } = await sql<{ snapshot: InvoiceSnapshot | null }>`select snapshot from partner.invoice
    where kind = ${kind} and number = ${number}`.execute(cx.db);
  if (!rows[0]) throw notFound();
  return present(rows[0].snapshot ?? undefined, "the snapshot of an issued document");
}
