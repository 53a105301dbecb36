import { type RawBuilder, sql } from "kysely";
import { type InvoiceState, invoiceNumber } from "#features/invoices/invoice.ts";
import type { InvoiceSnapshot } from "#features/invoices/invoice-snapshot.ts";
import type { AgreementId, AgreementState } from "#features/self-billing/self-billing.ts";
import { present } from "#kernel/assert.ts";
import { type Currency, type Money, money } from "#kernel/money.ts";
import { cutPage, type Page, type Paging } from "#kernel/paging.ts";
import { notFound } from "#kernel/problem.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import { likeWords } from "#platform/search.ts";
import type { Cx } from "#platform/tx.ts";

/** An agreement as the partner sees it. */
export type OwnAgreement = {
  readonly id: AgreementId;
  readonly body: string;
  readonly state: AgreementState;
  readonly proposedAt: Instant;
  readonly acceptedName: string;
  readonly acceptedEmail: string;
  readonly acceptedAt: Instant | undefined;
  readonly validUntil: PlainDate | undefined;
  readonly endedAt: Instant | undefined;
  /** How long it will hold once it is accepted. */
  readonly months: number | undefined;
};

type AgreementRow = {
  id: AgreementId;
  body: string;
  state: AgreementState;
  proposed_at: Instant;
  accepted_name: string;
  accepted_email: string;
  accepted_at: Instant | null;
  valid_until: PlainDate | null;
  ended_at: Instant | null;
  agreement_months: number | null;
};

/** The newest agreement; undefined where none was ever proposed. */
export async function ownAgreement(cx: Cx): Promise<OwnAgreement | undefined> {
  const { rows } = await sql<AgreementRow>`select a.id, a.body, a.state, a.proposed_at, a.accepted_name,
      a.accepted_email, a.accepted_at, a.valid_until, a.ended_at, w.agreement_months
    from partner.self_billing_agreement a left join partner.country_wording w on w.country = a.country
   order by a.proposed_at desc, a.id desc limit 1`.execute(cx.db);
  const row = rows[0];
  return (
    row && {
      id: row.id,
      body: row.body,
      state: row.state,
      proposedAt: row.proposed_at,
      acceptedName: row.accepted_name,
      acceptedEmail: row.accepted_email,
      acceptedAt: row.accepted_at ?? undefined,
      validUntil: row.valid_until ?? undefined,
      endedAt: row.ended_at ?? undefined,
      months: row.agreement_months ?? undefined,
    }
  );
}

/** A self-billed invoice as the partner sees it. */
export type OwnSelfBilled = {
  readonly number: bigint;
  readonly state: InvoiceState;
  readonly issueDate: PlainDate;
  readonly net: Money;
  readonly tax: Money;
  readonly total: Money;
  readonly credited: Money;
  /** What it is for: item and customer. */
  readonly description: string;
  readonly disputeReason: string;
  readonly disputedAt: Instant | undefined;
  readonly disputeAnswer: string;
  readonly answeredAt: Instant | undefined;
};

type Row = {
  id: string;
  number: bigint;
  state: InvoiceState;
  currency: Currency;
  issue_date: PlainDate;
  net_minor: bigint;
  tax_minor: bigint;
  total_minor: bigint;
  credited_minor: bigint;
  description: string | null;
  dispute_reason: string;
  disputed_at: Instant | null;
  dispute_answer: string;
  dispute_answered_at: Instant | null;
};

function selfBilledOf(row: Row): OwnSelfBilled {
  const amount = (minor: bigint) => money(minor, row.currency);
  return {
    number: row.number,
    state: row.state,
    issueDate: row.issue_date,
    net: amount(row.net_minor),
    tax: amount(row.tax_minor),
    total: amount(row.total_minor),
    credited: amount(row.credited_minor),
    description: row.description ?? "",
    disputeReason: row.dispute_reason,
    disputedAt: row.disputed_at ?? undefined,
    disputeAnswer: row.dispute_answer,
    answeredAt: row.dispute_answered_at ?? undefined,
  };
}

const description = sql`i.snapshot -> 'lines' -> 0 ->> 'description'`;

async function select(cx: Cx, rest: RawBuilder<unknown>): Promise<Row[]> {
  const { rows } = await sql<Row>`select i.id, i.number, i.state, i.currency, i.issue_date, i.net_minor, i.tax_minor,
      i.total_minor, i.credited_minor, ${description} as description, i.dispute_reason, i.disputed_at,
      i.dispute_answer, i.dispute_answered_at
    from partner.invoice i where i.kind = 'self_billed' and ${rest}`.execute(cx.db);
  return rows;
}

/** What narrows the list; its file uses the same. Dates are those of issue, both included. */
export type SelfBilledFilter = {
  readonly show?: "disputed" | "credited" | undefined;
  readonly q?: string | undefined;
  readonly from?: PlainDate | undefined;
  readonly to?: PlainDate | undefined;
  readonly currency?: Currency | undefined;
};

function conditions({ show, q, from, to, currency }: SelfBilledFilter): RawBuilder<unknown> {
  const words = likeWords(q);
  const all = [
    show === "disputed" && sql`i.state = 'disputed'`,
    show === "credited" && sql`i.credited_minor > 0`,
    from && sql`i.issue_date >= ${from}`,
    to && sql`i.issue_date <= ${to}`,
    currency && sql`i.currency = ${currency}`,
    words.length > 0 &&
      sql`lower('rcti-' || lpad(i.number::text, 6, '0') || ' ' || coalesce(${description}, ''))
        like all (${words}::text[])`,
  ];
  return sql.join([sql`true`, ...all.filter((one) => typeof one === "object")], sql` and `);
}

/** A page of the self-billed invoices, the newest number first. A place is a number. */
export async function listSelfBilled(
  cx: Cx,
  filter: SelfBilledFilter,
  { before, after, size }: Paging<bigint>,
): Promise<Page<OwnSelfBilled>> {
  const upwards = before === undefined && after !== undefined;
  const place = before !== undefined ? sql`i.number < ${before}` : upwards ? sql`i.number > ${after}` : sql`true`;
  const order = upwards ? sql`i.number` : sql`i.number desc`;
  const rows = await select(cx, sql`${conditions(filter)} and ${place} order by ${order} limit ${size + 1}`);
  const cut = cutPage(upwards ? rows.toReversed() : rows, size, upwards, before !== undefined);
  return { ...cut, rows: cut.rows.map(selfBilledOf) };
}

export type OwnCreditNote = { readonly number: string; readonly path: string; readonly total: Money; reason: string };

/** One self-billed invoice with what it says, and the credit notes that correct it. */
export type SelfBilledView = {
  readonly invoice: OwnSelfBilled;
  readonly snapshot: InvoiceSnapshot;
  readonly creditNotes: readonly OwnCreditNote[];
};

/** The self-billed invoice with this number. Throws `not-found`. */
export async function readSelfBilled(cx: Cx, number: bigint): Promise<SelfBilledView> {
  const [row] = await select(cx, sql`i.number = ${number}`);
  if (!row) throw notFound();
  const { rows: shown } = await sql<{ snapshot: InvoiceSnapshot | null }>`
    select snapshot from partner.invoice where id = ${row.id}`.execute(cx.db);
  const { rows: notes } = await sql<{ number: bigint; total_minor: bigint; notes: string }>`
    select number, total_minor, notes from partner.invoice
     where kind = 'credit_note' and corrects_id = ${row.id} order by number`.execute(cx.db);
  return {
    invoice: selfBilledOf(row),
    snapshot: present(shown[0]?.snapshot ?? undefined, "the snapshot of an issued document"),
    creditNotes: notes.map((note) => ({
      number: invoiceNumber("credit_note", note.number),
      path: `/partner/credit-notes/${note.number}`,
      total: money(note.total_minor, row.currency),
      reason: note.notes,
    })),
  };
}
