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
  /** The invoice that it is netted against or gives back from, with what that invoice asks for. */
  readonly invoice: { readonly number: bigint; readonly total: Money } | undefined;
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
  invoice_number: bigint | null;
  invoice_total: bigint | null;
};

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
    invoice:
      row.invoice_number === null
        ? undefined
        : { number: row.invoice_number, total: money(row.invoice_total ?? 0n, currency) },
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
             r.reason, coalesce(r.share_id, l.share_id) as of_share
        from partner.payout_line l left join partner.share_reversal r on r.id = l.reversal_id
       where ${condition} order by l.position limit ${limit})
    select line.*, i.number as invoice_number, i.total_minor as invoice_total, s.id as share_id, ${shareColumns}
      from line
      left join lateral (select * from partner.share o where o.id = line.of_share offset 0) s on true
      left join partner.invoice i on i.id = line.invoice_id
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

/** A movement on the partner's own account that a share brought about, with the balance after it. */
export type ShareEntry = {
  readonly kind: string;
  readonly at: Instant;
  readonly amount: Money;
  readonly after: Money;
  readonly seq: bigint;
};

/** The entries of a share on the partner's own account, oldest first; what came in is positive. */
export async function entriesOfShare(cx: Cx, shareId: string, currency: Currency): Promise<ShareEntry[]> {
  const { rows } = await sql<{
    kind: string;
    at: Instant;
    debit_minor: bigint;
    credit_minor: bigint;
    after_minor: bigint;
    seq: bigint;
  }>`select kind, at, debit_minor, credit_minor, after_minor, seq from partner.entries_of_share(${shareId})`.execute(
    cx.db,
  );
  return rows.map((row) => ({
    kind: row.kind,
    at: row.at,
    amount: money(row.credit_minor - row.debit_minor, currency),
    after: money(row.after_minor, currency),
    seq: row.seq,
  }));
}

/** The self-billed invoice issued for a share; undefined where there is none. */
export async function selfBilledOf(cx: Cx, shareId: string): Promise<bigint | undefined> {
  const { rows } = await sql<{ number: bigint }>`
    select number from partner.invoice where kind = 'self_billed' and share_id = ${shareId}`.execute(cx.db);
  return rows[0]?.number;
}
