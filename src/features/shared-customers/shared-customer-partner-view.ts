import { sql } from "kysely";
import type { Calendar, PartnerShare, PartnerShareStatus } from "#features/payouts/partner-payout.ts";
import { shareColumns, shareOf } from "#features/payouts/payout-lines-partner-view.ts";
import { type Currency, type Money, moneySum } from "#kernel/money.ts";
import { cutPage } from "#kernel/paging.ts";
import { parseDate } from "#kernel/time.ts";
import { likeWords } from "#platform/search.ts";
import type { Cx } from "#platform/tx.ts";

/** A customer that the partner shares with the institution. `ref` stands in addresses. */
export type SharedCustomer = { readonly ref: string; readonly name: string };

/** How many payments of a customer stand at a status, and what the partner's own shares of them come to. */
export type ShareSum = { readonly status: PartnerShareStatus; readonly count: number; readonly total: Money };

export type ListedCustomer = SharedCustomer & { readonly sums: readonly ShareSum[] };

export type CustomerPage = {
  readonly rows: readonly ListedCustomer[];
  readonly newer: string | undefined;
  readonly older: string | undefined;
};

type Asked = { readonly before?: string | undefined; readonly after?: string | undefined; readonly size: number };
type NameRow = { ref: string; given_name: string; family_name: string };

const nameOf = (row: NameRow) => `${row.given_name} ${row.family_name}`.trim();

/**
 * A page of the shared customers whose names fit, by name; with the sums of the partner's own shares. A place is the
 * reference of a customer: it stands for its name.
 */
export async function sharedCustomers(
  cx: Cx,
  filter: { readonly q?: string | undefined },
  asked: Asked,
  calendar: Calendar,
): Promise<CustomerPage> {
  const before = readRef(asked.before);
  const after = before ? undefined : readRef(asked.after);
  const words = likeWords(filter.q);
  const anchor = sql`(select k.given_name, k.family_name, k.ref from partner.customer k
    where k.ref = ${before ?? after})`;
  const place = before
    ? sql`(c.given_name, c.family_name, c.ref) > ${anchor}`
    : after
      ? sql`(c.given_name, c.family_name, c.ref) < ${anchor}`
      : sql`true`;
  const fits =
    words.length > 0 ? sql`lower(c.given_name || ' ' || c.family_name) like all (${words}::text[])` : sql`true`;
  const order = after ? sql`2 desc, 3 desc, 1 desc` : sql`2, 3, 1`;
  const { rows } = await sql<NameRow>`select c.ref, c.given_name, c.family_name from partner.customer c
    where ${fits} and ${place} order by ${order} limit ${asked.size + 1}`.execute(cx.db);
  const cut = cutPage(after ? rows.toReversed() : rows, asked.size, after !== undefined, before !== undefined);
  const sums = await sumsOf(
    cx,
    cut.rows.map((row) => row.ref),
    calendar,
  );
  return {
    rows: cut.rows.map((row) => ({ ref: row.ref, name: nameOf(row), sums: sums.get(row.ref) ?? [] })),
    newer: cut.inFront ? cut.rows[0]?.ref : undefined,
    older: cut.behind ? cut.rows.at(-1)?.ref : undefined,
  };
}

/** A reference as addresses carry it: it is made of hexadecimal digits. */
export function readRef(text: string | undefined): string | undefined {
  return text !== undefined && /^[0-9a-f]{20}$/.test(text) ? text : undefined;
}

/** The same rule as `shareStatus`, in the database; a test compares the two. */
const statusIn = ({ today, soon }: Calendar) => sql`case when s.state = 'reversed' then 'refunded'
    when s.state <> 'agreed' then 'paid' when s.due_date < ${today} then 'overdue'
    when s.due_date > ${soon} then 'scheduled' else 'due' end`;

/** What own shares come to, by customer, status and currency. A refunded one counts with what was taken back. */
async function sumsOf(cx: Cx, refs: readonly string[], calendar: Calendar): Promise<Map<string, ShareSum[]>> {
  const sums = new Map<string, ShareSum[]>();
  if (refs.length === 0) return sums;
  const { rows } = await sql<{ ref: string; currency: string; status: string; count: bigint; minor: bigint }>`
    select s.customer_ref as ref, s.currency, ${statusIn(calendar)} as status, count(*),
           sum(case when s.state = 'reversed' then s.reversed_minor
                    else s.net_minor + s.tax_minor - s.reversed_minor end)::bigint as minor
      from partner.share s where s.customer_ref = any (${[...refs]}::text[]) group by 1, 2, 3 order by 2, 3`.execute(
    cx.db,
  );
  for (const row of rows) {
    const own = sums.get(row.ref) ?? [];
    own.push({
      status: row.status as PartnerShareStatus,
      count: Number(row.count),
      total: moneySum(row.minor, row.currency as Currency),
    });
    sums.set(row.ref, own);
  }
  return sums;
}

/** One shared customer; undefined where the partner shares none by that reference. */
export async function sharedCustomer(cx: Cx, ref: string, calendar: Calendar): Promise<ListedCustomer | undefined> {
  const { rows } = await sql<NameRow>`select ref, given_name, family_name from partner.customer
    where ref = ${ref}`.execute(cx.db);
  const row = rows[0];
  if (!row) return undefined;
  return { ref: row.ref, name: nameOf(row), sums: (await sumsOf(cx, [ref], calendar)).get(ref) ?? [] };
}

/** A payment of a shared customer, with the payout that the share went into. */
export type SharedPayment = PartnerShare & {
  readonly payout: { readonly number: bigint; readonly position: number } | undefined;
};

export type SharedPaymentPage = {
  readonly rows: readonly SharedPayment[];
  readonly newer: string | undefined;
  readonly older: string | undefined;
};

type PaymentRow = Parameters<typeof shareOf>[0] & {
  tie: string;
  payout_number: bigint | null;
  payout_position: number | null;
};

/** A page of the payments of a customer with a share of the partner, the latest due date first. */
export async function sharedPayments(
  cx: Cx,
  ref: string,
  asked: Asked,
  calendar: Calendar,
): Promise<SharedPaymentPage> {
  const before = readPlace(asked.before);
  const after = before ? undefined : readPlace(asked.after);
  const at = before ?? after;
  // Between payments of one day anything may decide but what tells of others: a digest of the id, not the id.
  const place = at ? sql`(s.due_date, md5(s.id)) ${before ? sql`<` : sql`>`} (${at.day}, ${at.tie})` : sql`true`;
  const order = after ? sql`s.due_date, tie` : sql`s.due_date desc, tie desc`;
  const { rows } = await sql<PaymentRow>`
    select ${shareColumns}, md5(s.id) as tie, o.number as payout_number, l.position as payout_position
      from partner.share s
      left join partner.payout_line l on l.share_id = s.id and l.kind = 'share'
      left join partner.payout o on o.id = l.payout_id
     where s.customer_ref = ${ref} and ${place} order by ${order} limit ${asked.size + 1}`.execute(cx.db);
  const cut = cutPage(after ? rows.toReversed() : rows, asked.size, after !== undefined, before !== undefined);
  const write = (row: PaymentRow | undefined) => row && `${row.due_date}~${row.tie}`;
  return {
    rows: cut.rows.map((row) => ({
      ...shareOf(row, calendar),
      payout:
        row.payout_number === null || row.payout_position === null
          ? undefined
          : { number: row.payout_number, position: row.payout_position },
    })),
    newer: cut.inFront ? write(cut.rows[0]) : undefined,
    older: cut.behind ? write(cut.rows.at(-1)) : undefined,
  };
}

function readPlace(text: string | undefined) {
  const [date = "", tie = ""] = (text ?? "").split("~");
  const day = parseDate(date);
  return day && /^[0-9a-f]{32}$/.test(tie) ? { day, tie } : undefined;
}
