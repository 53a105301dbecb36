import { type RawBuilder, sql } from "kysely";
import {
  type PaidTo,
  type PartnerPayout,
  type PayoutTab,
  payoutTabs,
  readPayoutNumber,
} from "#features/payouts/partner-payout.ts";
import type { LineKind, PayoutState } from "#features/payouts/payout.ts";
import { type Currency, type Money, money, moneySum } from "#kernel/money.ts";
import { cutPage } from "#kernel/paging.ts";
import { type Instant, type PlainDate, parseDate } from "#kernel/time.ts";
import { likeWords } from "#platform/search.ts";
import type { Cx } from "#platform/tx.ts";

/** Everything that narrows the list of payouts, and its export. Days are those that payouts are planned for. */
export type PayoutFilter = {
  readonly status?: PayoutTab | undefined;
  readonly q?: string | undefined;
  readonly from?: PlainDate | undefined;
  readonly to?: PlainDate | undefined;
  readonly currency?: Currency | undefined;
};

export type PayoutPage = {
  readonly rows: readonly PartnerPayout[];
  readonly newer: string | undefined;
  readonly older: string | undefined;
};

type Row = {
  id: string;
  number: bigint;
  currency: string;
  state: string;
  scheduled_for: PlainDate;
  net_minor: bigint;
  tax_minor: bigint;
  total_minor: bigint;
  netted_minor: bigint;
  credited_minor: bigint;
  minimum_minor: bigint;
  payments: number;
  hold_reason: string;
  failure_reason: string;
  created_at: Instant;
  sent_at: Instant | null;
  paid_at: Instant | null;
  failed_at: Instant | null;
  carried_to: bigint | null;
  bank_name: string | null;
  last4: string | null;
  holder_name: string | null;
  wallet_number: string | null;
};

/** What lines of a kind come to in payout `o`. They are few, and have an index of their own. */
const sumOf = (kind: LineKind) => sql`coalesce((select sum(l.net_minor) from partner.payout_line l
  where l.payout_id = o.id and l.kind = ${sql.lit(kind)}), 0)::bigint`;

const columns = sql`o.id, o.number, o.currency, o.state, o.scheduled_for, o.net_minor, o.tax_minor, o.total_minor,
  o.payments, o.hold_reason, o.failure_reason, o.created_at, o.sent_at, o.paid_at, o.failed_at, o.carried_to,
  o.bank_name, o.last4, o.holder_name, o.wallet_number, ${sumOf("netting")} as netted_minor,
  ${sumOf("credit")} as credited_minor, coalesce((select m.minimum_minor from partner.payout_limit m
    where m.currency = o.currency), 0)::bigint as minimum_minor`;

function payoutOf(row: Row): PartnerPayout {
  const currency = row.currency as Currency;
  return {
    id: row.id,
    number: row.number,
    state: row.state as PayoutState,
    scheduledFor: row.scheduled_for,
    commission: moneySum(row.net_minor - row.netted_minor - row.credited_minor, currency),
    tax: money(row.tax_minor, currency),
    netted: moneySum(row.netted_minor, currency),
    credited: moneySum(row.credited_minor, currency),
    total: money(row.total_minor, currency),
    minimum: money(row.minimum_minor, currency),
    payments: row.payments,
    holdReason: row.hold_reason,
    failureReason: row.failure_reason,
    createdAt: row.created_at,
    sentAt: row.sent_at ?? undefined,
    paidAt: row.paid_at ?? undefined,
    failedAt: row.failed_at ?? undefined,
    carriedTo: row.carried_to ?? undefined,
    to: toOf(row),
  };
}

type ToRow = Pick<Row, "bank_name" | "last4" | "holder_name" | "wallet_number">;

function toOf({ bank_name, last4, holder_name, wallet_number }: ToRow): PaidTo | undefined {
  if (wallet_number !== null) return { wallet: wallet_number };
  return last4 === null ? undefined : { bankName: bank_name ?? "", last4, holder: holder_name ?? "" };
}

/** Payouts of customers whose names fit: from the names to their shares to the lines, each by an index. */
function ofCustomers(words: readonly string[]): RawBuilder<boolean> {
  const shares = sql`select s.id from partner.share s where s.customer_ref in (select c.ref from partner.customer c
    where lower(c.given_name || ' ' || c.family_name) like all (${[...words]}::text[]))`;
  return sql<boolean>`o.id in (
    select l.payout_id from partner.payout_line l where l.kind = 'share' and l.share_id in (${shares})
    union select l.payout_id from partner.payout_line l join partner.share_reversal r on r.id = l.reversal_id
     where l.kind = 'reversal' and r.share_id in (${shares}))`;
}

function conditions(filter: PayoutFilter): RawBuilder<boolean> {
  const { status, q, from, to, currency } = filter;
  const number = readPayoutNumber(q ?? "");
  const words = number === undefined ? likeWords(q) : [];
  const all = [
    status && sql<boolean>`o.state in (${sql.join([...payoutTabs[status]])})`,
    from && sql<boolean>`o.scheduled_for >= ${from}`,
    to && sql<boolean>`o.scheduled_for <= ${to}`,
    currency && sql<boolean>`o.currency = ${currency}`,
    number !== undefined && sql<boolean>`o.number = ${number}`,
    words.length > 0 && ofCustomers(words),
  ];
  return sql.join([sql`true`, ...all.filter((one) => one !== undefined && one !== false)], sql` and `);
}

type Asked = { readonly before?: string | undefined; readonly after?: string | undefined; readonly size: number };

/** A page of the payouts that pass the filter, the latest day first; of one day the highest number first. */
export async function partnerPayouts(cx: Cx, filter: PayoutFilter, asked: Asked): Promise<PayoutPage> {
  const before = readPlace(asked.before);
  const after = before ? undefined : readPlace(asked.after);
  const place = after
    ? sql`(o.scheduled_for, o.number) > (${after.day}, ${after.number})`
    : before
      ? sql`(o.scheduled_for, o.number) < (${before.day}, ${before.number})`
      : sql`true`;
  const order = after ? sql`o.scheduled_for, o.number` : sql`o.scheduled_for desc, o.number desc`;
  const { rows } = await sql<Row>`select ${columns} from partner.payout o
    where ${conditions(filter)} and ${place} order by ${order} limit ${asked.size + 1}`.execute(cx.db);
  const read = after ? rows.toReversed() : rows;
  const cut = cutPage(read.map(payoutOf), asked.size, after !== undefined, before !== undefined);
  return {
    rows: cut.rows,
    newer: cut.inFront ? writePlace(cut.rows[0]) : undefined,
    older: cut.behind ? writePlace(cut.rows.at(-1)) : undefined,
  };
}

function writePlace(row: PartnerPayout | undefined): string | undefined {
  return row && `${row.scheduledFor}~${row.number}`;
}

function readPlace(text: string | undefined): { day: PlainDate; number: bigint } | undefined {
  const [date = "", digits = ""] = (text ?? "").split("~");
  const day = parseDate(date);
  return day && /^\d{1,15}$/.test(digits) ? { day, number: BigInt(digits) } : undefined;
}

/** One payout by its number; undefined where the partner has none of that number. */
export async function partnerPayout(cx: Cx, number: bigint): Promise<PartnerPayout | undefined> {
  const { rows } = await sql<Row>`select ${columns} from partner.payout o where o.number = ${number}`.execute(cx.db);
  return rows[0] && payoutOf(rows[0]);
}

/** The nearest payout of each currency that still gathers. */
export async function nextPayouts(cx: Cx): Promise<PartnerPayout[]> {
  const { rows } = await sql<Row>`select distinct on (o.currency) ${columns} from partner.payout o
    where o.state = 'scheduled' order by o.currency, o.scheduled_for, o.number`.execute(cx.db);
  return rows.map(payoutOf);
}

/** What stands still, the latest day first; at most `limit`. */
export async function stoppedPayouts(cx: Cx, limit: number): Promise<PartnerPayout[]> {
  const { rows } = await sql<Row>`select ${columns} from partner.payout o
    where o.state in ('failed', 'returned', 'on_hold')
    order by o.scheduled_for desc, o.number desc limit ${limit}`.execute(cx.db);
  return rows.map(payoutOf);
}

/** What payouts of a currency that are not paid come to, by where they stand and why. */
export type OpenSum = {
  readonly state: PayoutState;
  readonly holdReason: string;
  readonly failureReason: string;
  readonly total: Money;
  readonly payouts: number;
  readonly payments: number;
};

export async function openSums(cx: Cx): Promise<OpenSum[]> {
  const { rows } = await sql<{
    currency: string;
    state: string;
    hold: string;
    failure: string;
    minor: bigint;
    payouts: bigint;
    payments: bigint;
  }>`select o.currency, o.state, o.hold_reason as hold, o.failure_reason as failure,
      sum(o.total_minor)::bigint as minor, count(*) as payouts, sum(o.payments)::bigint as payments
      from partner.payout o
     where o.state in ('scheduled', 'in_review', 'on_hold', 'processing', 'sent', 'failed', 'returned')
     group by 1, 2, 3, 4 order by 1, 2, 3, 4`.execute(cx.db);
  return rows.map((row) => ({
    state: row.state as PayoutState,
    holdReason: row.hold,
    failureReason: row.failure,
    total: moneySum(row.minor, row.currency as Currency),
    payouts: Number(row.payouts),
    payments: Number(row.payments),
  }));
}

/** How many payouts there are of a state that pass the filter (its status apart). */
export type PayoutCount = { readonly state: PayoutState; readonly count: number };

export async function countPayouts(cx: Cx, filter: PayoutFilter): Promise<PayoutCount[]> {
  const { status: _status, ...rest } = filter;
  if (Object.values(rest).every((value) => value === undefined)) return await countAll(cx);
  const { rows } = await sql<{ state: string; count: bigint }>`select o.state, count(*) from partner.payout o
    where ${conditions(rest)} group by o.state`.execute(cx.db);
  return rows.map((row) => ({ state: row.state as PayoutState, count: Number(row.count) }));
}

/**
 * Numbers have no gap (domain.md rule 13), so the highest says how many there are, and what is not open or cancelled
 * was paid: thousands of payouts need not be counted one by one for the tabs of an unfiltered list.
 */
async function countAll(cx: Cx): Promise<PayoutCount[]> {
  const [last, open] = await Promise.all([
    sql<{ number: bigint }>`select o.number from partner.payout o order by o.number desc limit 1`.execute(cx.db),
    sql<{ state: string; count: bigint }>`select o.state, count(*) from partner.payout o
      where o.state in ('scheduled', 'in_review', 'on_hold', 'processing', 'sent', 'failed', 'returned', 'cancelled')
      group by o.state`.execute(cx.db),
  ]);
  const counts = open.rows.map((row) => ({ state: row.state as PayoutState, count: Number(row.count) }));
  const others = counts.reduce((sum, one) => sum + one.count, 0);
  return [...counts, { state: "paid", count: Number(last.rows[0]?.number ?? 0n) - others }];
}

/** What was paid in a month of the last twelve, by its place among them (0 is the oldest). */
export type MonthPaid = { readonly currency: Currency; readonly month: number; readonly minor: bigint };

/** Sums of what reached the partner since the first of `starts`, one a month and currency. `starts` are in order. */
export async function paidByMonth(cx: Cx, starts: readonly Instant[]): Promise<MonthPaid[]> {
  const { rows } = await sql<{ currency: string; month: number; minor: bigint }>`
    select o.currency, width_bucket(o.paid_at, ${starts.map(String)}::timestamptz[]) as month,
           sum(o.total_minor)::bigint as minor
      from partner.payout_sum o where o.state = 'paid' and o.paid_at >= ${starts[0] ?? cx.now} group by 1, 2`.execute(
    cx.db,
  );
  return rows.map((row) => ({ currency: row.currency as Currency, month: row.month - 1, minor: row.minor }));
}

/** Where payouts of each currency go now: to a wallet that takes them, else to the bank account in use. */
export async function payoutAccounts(cx: Cx): Promise<ReadonlyMap<string, PaidTo>> {
  const { rows } = await sql<ToRow & { currency: string }>`
    select coalesce(w.currency, b.currency) as currency, b.bank_name, b.last4, b.holder_name, w.number as wallet_number
      from (select currency, bank_name, last4, holder_name from partner.bank_account where state = 'active') b
      full join partner.payout_wallet w on w.currency = b.currency`.execute(cx.db);
  return new Map(rows.map((row) => [row.currency, toOf(row)] as const).filter(isKnown));
}

function isKnown(entry: readonly [string, PaidTo | undefined]): entry is readonly [string, PaidTo] {
  return entry[1] !== undefined;
}

/** The currency that the partnership was agreed in. */
export async function homeCurrency(cx: Cx): Promise<Currency> {
  const { rows } = await sql<{ currency: string }>`select currency from partner.partnership`.execute(cx.db);
  return (rows[0]?.currency ?? cx.institution.currencies[0] ?? "AUD") as Currency;
}
