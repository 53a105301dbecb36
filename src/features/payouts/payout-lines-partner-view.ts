import { type RawBuilder, sql } from "kysely";
import { type Calendar, type PartnerShare, shareStatus } from "#features/payouts/partner-payout.ts";
import type { LineKind } from "#features/payouts/payout.ts";
import { type Currency, type Money, money, moneySum } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** A line of a payout. Amounts are signed: a reversal and what is netted take away. */
export type PartnerLine = {
  readonly position: number;
  readonly kind: LineKind;
  readonly net: Money;
  readonly tax: Money;
  readonly at: Instant;
  /** The share that it pays, or takes back from. */
  readonly share: (PartnerShare & { readonly id: string }) | undefined;
  /** Why it takes away. */
  readonly reason: string;
  /** What it is about where it is no share; undefined where that is not known any more. */
  readonly source: LineSource | undefined;
};

/** The invoice that a line is netted against; or where a credit comes from: a credit note, or money paid too much. */
export type LineSource =
  | { readonly of: "invoice"; readonly number: bigint; readonly total: Money }
  | {
      readonly of: "credit_note";
      readonly number: bigint;
      readonly total: Money;
      /** The invoice that it corrects. */
      readonly invoice: bigint;
    }
  | {
      readonly of: "money";
      readonly amount: Money;
      readonly on: PlainDate;
      /** By which the partner paid it; empty where it came without one. */
      readonly reference: string;
      readonly methodLabel: string;
    };

type ShareColumns = {
  customer_ref: string;
  given_name: string;
  family_name: string;
  item: string;
  due_date: PlainDate;
  currency: string;
  share_kind: string;
  base_minor: bigint | null;
  rate_bps: number;
  tax_mode: string;
  tax_bps: number;
  share_net: bigint;
  share_tax: bigint;
  reversed_minor: bigint;
  share_state: string;
  earned_at: Instant | null;
};

/** The columns of partner.share as `s`, by the names that `shareOf` reads. */
export const shareColumns = sql`s.customer_ref, s.given_name, s.family_name, s.item, s.due_date, s.currency,
  s.kind as share_kind, s.base_minor, s.rate_bps, s.tax_mode, s.tax_bps, s.net_minor as share_net,
  s.tax_minor as share_tax, s.reversed_minor, s.state as share_state, s.earned_at`;

/** A share from the columns above. */
export function shareOf(row: ShareColumns, calendar: Calendar): PartnerShare {
  const currency = row.currency as Currency;
  return {
    customerRef: row.customer_ref,
    customer: `${row.given_name} ${row.family_name}`.trim(),
    item: row.item,
    dueDate: row.due_date,
    kind: row.share_kind as PartnerShare["kind"],
    base: row.base_minor === null ? undefined : money(row.base_minor, currency),
    rateBps: row.rate_bps,
    taxMode: row.tax_mode as PartnerShare["taxMode"],
    taxBps: row.tax_bps,
    net: money(row.share_net, currency),
    tax: money(row.share_tax, currency),
    reversed: money(row.reversed_minor, currency),
    status: shareStatus(row.share_state, row.due_date, calendar),
    earnedAt: row.earned_at ?? undefined,
  };
}

type LineRow = ShareColumns & {
  position: number;
  kind: string;
  line_currency: string;
  net_minor: bigint;
  tax_minor: bigint;
  created_at: Instant;
  share_id: string | null;
  reason: string | null;
} & SourceColumns;

type SourceColumns = {
  document_kind: string | null;
  document_number: bigint | null;
  document_total: bigint | null;
  corrects_number: bigint | null;
  received_minor: bigint | null;
  received_on: PlainDate | null;
  reference: string | null;
  method_label: string | null;
};

const sourceColumns = sql`i.kind as document_kind, i.number as document_number, i.total_minor as document_total,
  c.number as corrects_number, m.minor as received_minor, m.received_on, a.reference, m.method_label`;

function sourceOf(row: SourceColumns, currency: Currency): LineSource | undefined {
  const { document_kind: kind, document_number: number, document_total: total, corrects_number: invoice } = row;
  if (row.received_minor !== null && row.received_on !== null) {
    const amount = money(row.received_minor, currency);
    const [reference, methodLabel] = [row.reference ?? "", row.method_label ?? ""];
    return { of: "money", amount, on: row.received_on, reference, methodLabel };
  }
  if (number === null || total === null) return undefined;
  if (kind === "invoice") return { of: "invoice", number, total: money(total, currency) };
  return invoice === null ? undefined : { of: "credit_note", number, total: money(total, currency), invoice };
}

function lineOf(row: LineRow, calendar: Calendar): PartnerLine {
  const currency = row.line_currency as Currency;
  return {
    position: row.position,
    kind: row.kind as LineKind,
    net: money(row.net_minor, currency),
    tax: money(row.tax_minor, currency),
    at: row.created_at,
    share: row.share_id === null ? undefined : { id: row.share_id, ...shareOf(row, calendar) },
    reason: row.reason ?? "",
    source: sourceOf(row, currency),
  };
}

/**
 * Lines first, then the share of each by its id. Joined freely, all shares of the partner would be read: before a row's
 * policy is asked, the planner compares its id with a plain column, and with nothing that could tell of the row.
 */
function linesWhere(condition: RawBuilder<boolean>, limit: number) {
  return sql<LineRow>`
    with line as materialized (
      select l.position, l.kind, l.currency as line_currency, l.net_minor, l.tax_minor, l.created_at, l.invoice_id,
             l.credit_of, r.reason, coalesce(r.share_id, l.share_id) as of_share
        from partner.payout_line l left join partner.share_reversal r on r.id = l.reversal_id
       where ${condition} order by l.position limit ${limit})
    select line.*, ${sourceColumns}, s.id as share_id, ${shareColumns}
      from line
      left join lateral (select * from partner.share o where o.id = line.of_share offset 0) s on true
      left join partner.invoice i on i.id = line.invoice_id
      left join partner.invoice c on c.id = i.corrects_id
      left join partner.money_received m on m.id = line.credit_of
      left join partner.attempt a on a.id = m.attempt_id
     order by line.position`;
}

/** The lines of a payout behind a position, in their order; one more than `size` says that there are more. */
export async function payoutLines(
  cx: Cx,
  payoutId: string,
  calendar: Calendar,
  from: { readonly after: number; readonly size: number },
): Promise<{ readonly rows: readonly PartnerLine[]; readonly more: boolean }> {
  const behind = sql<boolean>`l.payout_id = ${payoutId} and l.position > ${from.after}`;
  const { rows } = await linesWhere(behind, from.size + 1).execute(cx.db);
  return { rows: rows.slice(0, from.size).map((row) => lineOf(row, calendar)), more: rows.length > from.size };
}

/** One line by its place in the payout of that number; undefined where there is none. */
export async function payoutLine(
  cx: Cx,
  payoutId: string,
  position: number,
  calendar: Calendar,
): Promise<PartnerLine | undefined> {
  const one = sql<boolean>`l.payout_id = ${payoutId} and l.position = ${position}`;
  const { rows } = await linesWhere(one, 1).execute(cx.db);
  return rows[0] && lineOf(rows[0], calendar);
}

/** What each kind of line comes to in a payout: so that what is netted stands beside what it was taken from. */
export type KindTotal = { readonly kind: LineKind; readonly count: number; readonly net: Money; readonly tax: Money };

export async function totalsByKind(cx: Cx, payoutId: string): Promise<KindTotal[]> {
  const { rows } = await sql<{ kind: string; currency: string; count: bigint; net: bigint; tax: bigint }>`
    select kind, currency, count(*), sum(net_minor)::bigint as net, sum(tax_minor)::bigint as tax
      from partner.payout_line where payout_id = ${payoutId} group by kind, currency`.execute(cx.db);
  return rows.map((row) => {
    const currency = row.currency as Currency;
    return {
      kind: row.kind as LineKind,
      count: Number(row.count),
      net: moneySum(row.net, currency),
      tax: moneySum(row.tax, currency),
    };
  });
}
