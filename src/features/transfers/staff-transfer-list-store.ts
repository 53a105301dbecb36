import { type RawBuilder, sql } from "kysely";
import type { ListedTransfer, StaffTransferFilter } from "#features/transfers/staff-transfer-list.ts";
import { parseTransferRef, type TransferId } from "#features/transfers/transfer.ts";
import { type TransferRow, toTransfer, transferColumns } from "#features/transfers/transfer-store.ts";
import { parseWalletNumber } from "#features/wallets/wallet.ts";
import { firstId } from "#kernel/ids.ts";
import { type Currency, currencies, parseMoney } from "#kernel/money.ts";
import { likeWords } from "#platform/search.ts";
import type { Cx } from "#platform/tx.ts";

type ListedRow = TransferRow & { partner: string; from_number: string; to_partner: string | null };

/** Partners whose name has this word, asked once a query and not once a transfer. */
function partnersLike(word: string): RawBuilder<unknown> {
  return sql`any(array(select g.id from app.partnership g
    where g.institution_id = app.institution_id() and lower(g.name) like ${word}))`;
}

/** What was typed: one wallet's number, one reference, or words of the partners' names on either side. */
function found(q: string | undefined): { readonly one: boolean; readonly conditions: RawBuilder<boolean>[] } {
  const number = parseWalletNumber(q ?? "");
  if (number) {
    const from = sql`(select w.id from app.wallet w
      where w.institution_id = app.institution_id() and w.number = ${number})`;
    return { one: true, conditions: [sql`(x.to_number = ${number} or x.wallet_id = ${from})`] };
  }
  const ref = parseTransferRef(q ?? "");
  if (ref) return { one: true, conditions: [sql`x.ref = ${ref}`] };
  const words = likeWords(q).map(partnersLike);
  return {
    one: false,
    conditions: words.map((word) => sql<boolean>`(x.partnership_id = ${word} or x.to_partnership_id = ${word})`),
  };
}

/** An amount as it was typed: of this currency, or of any that has such an amount. What is no amount finds nothing. */
function ofAmount(typed: string, currency: Currency | undefined): RawBuilder<boolean> {
  const read = (currency ? [currency] : currencies).map((code) => parseMoney(typed.replaceAll(",", ""), code));
  const byMinor = Map.groupBy(
    read.flatMap((one) => ("problem" in one ? [] : [one])),
    (one) => one.minor,
  );
  const each = [...byMinor].map(([minor, all]) => {
    return sql`(x.minor = ${minor} and x.currency = any(${all.map((one) => one.currency)}))`;
  });
  return each.length === 0 ? sql`false` : sql`(${sql.join(each, sql` or `)})`;
}

/** Where a filter becomes conditions. `narrow`: few rows fit, so each partner's own index is asked for them. */
function conditionsOf(cx: Cx, filter: StaffTransferFilter) {
  const { status, q, partner, route, currency, from, to, amount } = filter;
  const zone = cx.institution.timeZone;
  const search = found(q);
  const start = (day: Temporal.PlainDate) => firstId("trf", day.toZonedDateTime(zone).toInstant());
  const conditions = [
    status && status !== "returned" && sql<boolean>`x.state = ${status}`,
    status === "returned" && sql<boolean>`x.state = 'failed' and x.returned_at is not null`,
    partner && sql<boolean>`x.partnership_id = ${partner}`,
    route && sql<boolean>`x.route = ${route}`,
    currency && sql<boolean>`x.currency = ${currency}`,
    from && sql<boolean>`x.id >= ${start(from)}`,
    to && sql<boolean>`x.id < ${start(to.add({ days: 1 }))}`,
    amount && ofAmount(amount, currency),
    ...search.conditions,
  ].filter((one): one is RawBuilder<boolean> => typeof one === "object");
  const rare = status !== undefined && status !== "completed" && status !== "pending_approval";
  return { conditions, narrow: search.one || rare || route === "bank" || amount !== undefined };
}

/** A page of transfers, the newest first; with `after` it is read upwards from that place. */
export async function selectTransferPage(
  cx: Cx,
  filter: StaffTransferFilter,
  place: { readonly before?: TransferId; readonly after?: TransferId; readonly limit: number },
): Promise<ListedTransfer[]> {
  const { before, after, limit } = place;
  const { conditions, narrow } = conditionsOf(cx, filter);
  if (before) conditions.push(sql`x.id < ${before}`);
  if (after) conditions.push(sql`x.id > ${after}`);
  const order = after ? sql`x.id` : sql`x.id desc`;
  const fits = sql.join([sql`x.institution_id = ${cx.institution.id}`, ...conditions], sql` and `);
  const page = narrow
    ? sql`select x.* from app.partnership g cross join lateral (
            select x.* from app.transfer x where x.partnership_id = g.id and ${fits} order by ${order} limit ${limit}) x
           where g.institution_id = ${cx.institution.id} order by ${order} limit ${limit}`
    : sql`select x.* from app.transfer x where ${fits} order by ${order} limit ${limit}`;
  const { rows } = await sql<ListedRow>`
    select ${transferColumns}, p.name as partner, w.number as from_number, o.name as to_partner
      from (${page}) x
      join app.partnership p on p.institution_id = x.institution_id and p.id = x.partnership_id
      join app.wallet w on w.institution_id = x.institution_id and w.id = x.wallet_id
      left join app.partnership o on o.institution_id = x.institution_id and o.id = x.to_partnership_id
     order by ${order}`.execute(cx.db);
  return (after ? rows.reverse() : rows).map(listed);
}

function listed(row: ListedRow): ListedTransfer {
  return {
    transfer: toTransfer(row),
    partner: row.partner,
    fromNumber: row.from_number,
    toPartner: row.to_partner ?? undefined,
  };
}
