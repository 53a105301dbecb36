import { type RawBuilder, sql } from "kysely";
import type { InvoiceFilter } from "#features/invoices/invoice-list.ts";
import { type InvoiceRow, invoiceFields } from "#features/invoices/invoice-store.ts";
import type { PlainDate } from "#kernel/time.ts";
import { likeWords } from "#platform/search.ts";
import type { Cx } from "#platform/tx.ts";

export type ListedRow = InvoiceRow & { partnership_name: string };

const open = sql`i.state in ('issued', 'partially_paid')`;

function statusIs(status: InvoiceFilter["status"], today: PlainDate): RawBuilder<unknown> | undefined {
  switch (status) {
    case undefined:
      return undefined;
    case "overdue":
      return sql`${open} and i.due_date < ${today}`;
    case "paid":
      return sql`i.state = 'paid' and i.credited_minor < i.total_minor`;
    case "credited":
      return sql`i.state = 'paid' and i.credited_minor = i.total_minor`;
    default:
      return sql`i.state = ${status}`;
  }
}

/** The one place where a filter becomes a condition: the list and its export agree by it. */
function conditions(filter: InvoiceFilter, today: PlainDate): RawBuilder<unknown> {
  const { q, partner, currency, from, to } = filter;
  const words = likeWords(q);
  const all = [
    statusIs(filter.status, today),
    partner && sql`i.partnership_id = ${partner}`,
    currency && sql`i.currency = ${currency}`,
    from && sql`i.issue_date >= ${from}`,
    to && sql`i.issue_date <= ${to}`,
    words.length > 0 &&
      sql`lower(concat_ws(' ', 'inv-' || lpad(i.number::text, 6, '0'), p.name, p.legal_name, i.notes, (
        select string_agg(l.description, ' ') from app.invoice_line l
         where l.institution_id = i.institution_id and l.invoice_id = i.id))) like all (${words}::text[])`,
  ];
  return sql.join([sql`i.kind = 'invoice'`, ...all.filter((one) => typeof one === "object")], sql` and `);
}

/** Invoices raised on partners, the newest first; with `after` they are read upwards from that place. */
export async function selectListed(
  cx: Cx,
  filter: InvoiceFilter,
  today: PlainDate,
  place: { readonly before: string | undefined; readonly after: string | undefined; readonly limit: number },
): Promise<ListedRow[]> {
  const { before, after, limit } = place;
  const from = after ? sql`i.id > ${after}` : before ? sql`i.id < ${before}` : sql`true`;
  const { rows } = await sql<ListedRow>`select ${invoiceFields}, p.name as partnership_name
      from app.invoice i
      join app.partnership p on p.institution_id = i.institution_id and p.id = i.partnership_id
     where i.institution_id = ${cx.institution.id} and ${conditions(filter, today)} and ${from}
     order by i.id ${after ? sql`asc` : sql`desc`} limit ${limit}`.execute(cx.db);
  return after ? rows.reverse() : rows;
}
