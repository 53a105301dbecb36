import { sql } from "kysely";
import type { InvoiceId, InvoiceState } from "#features/invoices/invoice.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Currency } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

export type ListedRow = {
  id: InvoiceId;
  partnership_id: PartnershipId;
  partnership: string;
  number: bigint;
  state: InvoiceState;
  currency: Currency;
  issue_date: PlainDate;
  issued_at: Instant;
  total_minor: bigint;
  credited_minor: bigint;
  description: string | null;
  dispute_reason: string;
  disputed_at: Instant | null;
  disputed_by: string | null;
  dispute_answer: string;
  dispute_answered_at: Instant | null;
};

const columns = sql`i.id, i.partnership_id, p.name as partnership, i.number, i.state, i.currency, i.issue_date,
  i.issued_at, i.total_minor, i.credited_minor, i.snapshot -> 'lines' -> 0 ->> 'description' as description,
  i.dispute_reason, i.disputed_at, k.name as disputed_by, i.dispute_answer, i.dispute_answered_at`;
const tables = sql`app.invoice i
  join app.partnership p on p.institution_id = i.institution_id and p.id = i.partnership_id
  left join app.contact k on k.institution_id = i.institution_id and k.id = i.disputed_by`;

export type ListWish = {
  readonly partnership: string | undefined;
  readonly after: { readonly at: string; readonly id: string } | undefined;
  readonly size: number;
};

/** Self-billed invoices, the newest first. */
export async function selectSelfBilled(cx: Cx, { partnership, after, size }: ListWish): Promise<ListedRow[]> {
  const { rows } = await sql<ListedRow>`select ${columns} from ${tables}
    where i.institution_id = ${cx.institution.id} and i.kind = 'self_billed'
      and ${partnership ? sql`i.partnership_id = ${partnership}` : sql`true`}
      and ${after ? sql`(i.issued_at, i.id) < (${after.at}::timestamptz, ${after.id})` : sql`true`}
    order by i.issued_at desc, i.id desc limit ${size}`.execute(cx.db);
  return rows;
}

/** What waits for an answer, the longest first. */
export async function selectDisputed(cx: Cx): Promise<ListedRow[]> {
  const { rows } = await sql<ListedRow>`select ${columns} from ${tables}
    where i.institution_id = ${cx.institution.id} and i.kind = 'self_billed' and i.state = 'disputed'
    order by i.disputed_at, i.id limit 200`.execute(cx.db);
  return rows;
}

export async function selectOne(cx: Cx, id: string): Promise<ListedRow | undefined> {
  const { rows } = await sql<ListedRow>`select ${columns} from ${tables}
    where i.institution_id = ${cx.institution.id} and i.kind = 'self_billed' and i.id = ${id}`.execute(cx.db);
  return rows[0];
}
