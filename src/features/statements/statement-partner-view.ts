import { type RawBuilder, sql } from "kysely";
import type {
  KindSum,
  LineKind,
  LineReference,
  OpenItem,
  Place,
  Range,
  Section,
  StatementLine,
} from "#features/statements/statement.ts";
import { type Branch, branchesOf, type Rows } from "#features/statements/statement-kinds-partner-view.ts";
import { type Currency, money, moneySum } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

type Window = { readonly range: Range; readonly from?: Place | undefined; readonly most: number };

/** The first lines of a kind behind a place, in order: each kind gives no more than are wanted of all. */
function linesOf(branch: Branch, { range, from, most }: Window): RawBuilder<unknown> {
  const { at, kind, rank, tie, id } = branch;
  const tied = sql`(${tie} collate "C")`;
  const beyond = from
    ? sql`and ${at} >= ${from.at}::timestamptz and (${at}, ${rank}::int, ${tied}, ${id})
        > (${from.at}::timestamptz, ${from.rank}::int, ${from.tie}, ${from.id})`
    : sql``;
  const none = sql`null`;
  return sql`(select ${at} as at, ${rank}::int as rank, ${tied} as tie, ${id} as id, ${kind} as kind,
      (${branch.minor})::bigint as minor, (${branch.tax ?? sql`0`})::bigint as tax,
      coalesce(${branch.given ?? none}, '') as given_name, coalesce(${branch.family ?? none}, '') as family_name,
      coalesce(${branch.item ?? none}, '') as item, (${branch.payout ?? none})::bigint as payout,
      (${branch.invoice ?? none})::bigint as invoice, (${branch.document ?? none})::bigint as document,
      coalesce(${branch.detail ?? none}, '') as detail, (${branch.due ?? none})::date as due
    from ${branch.from}
    where ${branch.where ?? sql`true`} and ${branch.currency} = ${range.currency} and ${at} >= ${range.from}
      and ${at} < ${range.to} ${beyond}
    order by 1, 3, 4 limit ${most})`;
}

type Row = {
  at: Instant;
  /** The instant to the microsecond, as the next place says it. */
  place_at: string;
  rank: number;
  tie: string;
  id: string;
  kind: LineKind;
  minor: bigint;
  tax: bigint;
  given_name: string;
  family_name: string;
  item: string;
  payout: bigint | null;
  invoice: bigint | null;
  document: bigint | null;
  detail: string;
  due: PlainDate | null;
};

function lineOf(row: Row, currency: Currency): StatementLine {
  const named = (kind: LineReference["kind"], number: bigint | null) => (number === null ? [] : [{ kind, number }]);
  return {
    at: row.at,
    kind: row.kind,
    amount: money(row.minor, currency),
    tax: money(row.tax, currency),
    customer: `${row.given_name} ${row.family_name}`.trim(),
    item: row.item,
    references: [
      ...named("payout", row.payout),
      ...named(row.kind === "share" ? "self_billed" : "credit_note", row.document),
      ...named("invoice", row.invoice),
    ],
    detail: row.detail,
    dueDate: row.due ?? undefined,
  };
}

/** Which lines of a section: behind a place (files, page after page), or so many further on (a page of the portal). */
export type Wanted = { readonly after?: Place | undefined; readonly skip?: number; readonly size: number };

function unionOf(rows: Rows, section: Section, window: Window): RawBuilder<unknown> {
  const parts = branchesOf(section, rows, true).map((branch) => linesOf(branch, window));
  return sql`(${sql.join(parts, sql` union all `)}) l`;
}

/** Lines in order of time; of one instant, by what they show. `next` is where to go on; undefined at the end. */
export async function linesFrom(
  cx: Cx,
  rows: Rows,
  section: Section,
  range: Range,
  { after, skip = 0, size }: Wanted,
): Promise<{ readonly lines: readonly StatementLine[]; readonly next: Place | undefined }> {
  const most = skip + size + 1;
  const { rows: found } = await sql<Row>`select l.*, l.at::text as place_at
    from ${unionOf(rows, section, { range, from: after, most })} order by at, rank, tie, id
    limit ${size + 1} offset ${skip}`.execute(cx.db);
  const shown = found.slice(0, size);
  const last = shown.at(-1);
  const more = found.length > size && last;
  return {
    lines: shown.map((row) => lineOf(row, range.currency)),
    next: more ? { at: last.place_at, rank: last.rank, tie: last.tie, id: last.id } : undefined,
  };
}

/** What the first lines of a section come to: the balance at the top of a further page follows from it. */
export async function sumOfFirst(cx: Cx, rows: Rows, section: Section, range: Range, count: number): Promise<bigint> {
  if (count === 0) return 0n;
  const { rows: found } = await sql<{ minor: bigint }>`select coalesce(sum(minor), 0)::bigint as minor from (
      select minor from ${unionOf(rows, section, { range, most: count })} order by at, rank, tie, id
       limit ${count}) first`.execute(cx.db);
  return found[0]?.minor ?? 0n;
}

/** What each kind of line comes to, before the period and within it. */
export async function sumsFrom(cx: Cx, rows: Rows, section: Section, range: Range): Promise<KindSum[]> {
  const parts = branchesOf(section, rows, false).map(
    ({ kind, at, minor, from, where, currency }) => sql`select ${kind} as kind, ${at} as at, (${minor})::bigint as minor
      from ${from} where ${where ?? sql`true`} and ${currency} = ${range.currency} and ${at} < ${range.to}`,
  );
  const { rows: found } = await sql<{ kind: LineKind; before: bigint; within: bigint; count: bigint }>`
    select kind, coalesce(sum(minor) filter (where at < ${range.from}), 0)::bigint as before,
           coalesce(sum(minor) filter (where at >= ${range.from}), 0)::bigint as within,
           count(*) filter (where at >= ${range.from}) as count
      from (${sql.join(parts, sql` union all `)}) l group by kind`.execute(cx.db);
  return found.map((row) => ({
    kind: row.kind,
    before: moneySum(row.before, range.currency),
    within: moneySum(row.within, range.currency),
    count: Number(row.count),
  }));
}

/** What each invoice owed at the end of the period, and when it was due. */
export async function openItemsFrom(cx: Cx, rows: Rows, range: Range): Promise<OpenItem[]> {
  const until = range.to;
  const { rows: found } = await sql<{ due: PlainDate | null; owed: bigint }>`
    select i.due_date as due, (i.total_minor
        - coalesce((select sum(n.total_minor) from ${rows.invoice} n
                     where n.corrects_id = i.id and n.kind = 'credit_note' and n.issued_at < ${until}), 0)
        - coalesce((select sum(p.minor) from ${rows.paid} p where p.invoice_id = i.id and p.created_at < ${until}), 0)
        + coalesce((select sum(m.minor) from ${rows.movement} m
                     where m.invoice_id = i.id and m.kind = 'given_back' and m.at < ${until}), 0))::bigint as owed
      from ${rows.invoice} i
     where i.kind = 'invoice' and i.currency = ${range.currency} and i.issued_at < ${until}
       and (i.voided_at is null or i.voided_at >= ${until})`.execute(cx.db);
  return found
    .filter((row) => row.owed !== 0n)
    .map((row) => ({ due: row.due ?? undefined, owed: moneySum(row.owed, range.currency) }));
}

export type PartyRow = { name: string; legal_name: string; address: string; tax_id: string; currency: Currency };

/** Who the statement is for. */
export async function readOwnParty(cx: Cx): Promise<PartyRow | undefined> {
  const { rows } = await sql<PartyRow>`
    select name, legal_name, address, tax_id, currency from partner.partnership`.execute(cx.db);
  return rows[0];
}
