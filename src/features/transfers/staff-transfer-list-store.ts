import { type RawBuilder, sql } from "kysely";
import type { ListedTransfer, StaffTransferFilter } from "#features/transfers/staff-transfer-list.ts";
import { parseTransferRef, type TransferId } from "#features/transfers/transfer.ts";
import { type TransferRow, toTransfer, transferColumns } from "#features/transfers/transfer-store.ts";
import { parseWalletNumber } from "#features/wallets/wallet.ts";
import { firstId } from "#kernel/ids.ts";
import { type Currency, currencies, parseMoney } from "#kernel/money.ts";
import { likeWords } from "#platform/search.ts";
import type { Cx } from "#platform/tx.ts";

type ListedRow = TransferRow & {
  partner: string;
  from_number: string;
  returned_number: string | null;
  to_partner: string | null;
};

/** Rows of `g`, and how transfer `x` belongs to each: an index answers for each of them where the newest begin. */
type Branch = { readonly of: RawBuilder<unknown>; readonly on: RawBuilder<unknown> };

/** Few enough to ask an index for each. */
const few = 50;

const ofEachPartner: Branch = {
  of: sql`(select id from app.partnership where institution_id = app.institution_id())`,
  on: sql`x.partnership_id = g.id`,
};
const fromWallets = (ids: readonly string[]): Branch => ({
  of: sql`(select unnest(${[...ids]}::text[]) as id)`,
  on: sql`x.wallet_id = g.id`,
});
const toNumbers = (numbers: readonly string[]): Branch => ({
  of: sql`(select p.id, n.number from app.partnership p cross join unnest(${[...numbers]}::text[]) n(number)
            where p.institution_id = app.institution_id())`,
  on: sql`x.partnership_id = g.id and x.to_number = g.number`,
});

type WalletKey = { id: string; number: string };

/** At most one more than a few wallets that fit. */
async function someWallets(cx: Cx, fits: RawBuilder<unknown>): Promise<WalletKey[]> {
  const { rows } = await sql<WalletKey>`select w.id, w.number from app.wallet w
    where w.institution_id = ${cx.institution.id} and ${fits} limit ${few + 1}`.execute(cx.db);
  return rows;
}

/** Partners whose name has all these words. */
async function partnersNamed(cx: Cx, words: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select g.id from app.partnership g
    where g.institution_id = ${cx.institution.id} and lower(g.name) like all (${[...words]}::text[])`.execute(cx.db);
  return rows.map((row) => row.id);
}

/** What of the filter says where to look, and what it asks of each transfer; no branch: look at all of them. */
type Search = { readonly branches: readonly Branch[]; readonly conditions: readonly RawBuilder<unknown>[] };

/** What was typed: one wallet's number, one reference, or words of a partner's name on either side. */
async function searchOf(cx: Cx, q: string): Promise<Search> {
  const number = parseWalletNumber(q);
  if (number) {
    const found = await someWallets(cx, sql`w.number = ${number}`);
    return { branches: [fromWallets(found.map((one) => one.id)), toNumbers([number])], conditions: [] };
  }
  const ref = parseTransferRef(q);
  if (ref) return { branches: [ofEachPartner], conditions: [sql`x.ref = ${ref}`] };
  const partners = await partnersNamed(cx, likeWords(q));
  const wallets = await someWallets(cx, sql`w.partnership_id = any(${partners}::text[])`);
  if (wallets.length > few) {
    const ids = sql`any(${partners}::text[])`;
    return { branches: [], conditions: [sql`(x.partnership_id = ${ids} or x.to_partnership_id = ${ids})`] };
  }
  const [ids, numbers] = [wallets.map((one) => one.id), wallets.map((one) => one.number)];
  return { branches: [fromWallets(ids), toNumbers(numbers)], conditions: [] };
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

/**
 * Where to look: by what was typed; else, where few fit, in each partner's own index; else the wallets of a rare
 * currency.
 */
async function placesOf(cx: Cx, filter: StaffTransferFilter): Promise<Search> {
  const { status, q, partner, route, currency, amount } = filter;
  if (q !== undefined) return await searchOf(cx, q);
  const rare = status !== undefined && status !== "completed" && status !== "pending_approval";
  if (partner !== undefined) return { branches: [], conditions: [] };
  if (rare || route === "bank" || amount !== undefined) return { branches: [ofEachPartner], conditions: [] };
  const wallets = currency === undefined ? undefined : await someWallets(cx, sql`w.currency = ${currency}`);
  const isRare = wallets !== undefined && wallets.length <= few;
  return { branches: isRare ? [fromWallets(wallets.map((one) => one.id))] : [], conditions: [] };
}

function conditionsOf(cx: Cx, filter: StaffTransferFilter): RawBuilder<unknown>[] {
  const { status, partner, route, currency, from, to, amount } = filter;
  const zone = cx.institution.timeZone;
  const start = (day: Temporal.PlainDate) => firstId("trf", day.toZonedDateTime(zone).toInstant());
  return [
    status && status !== "returned" && sql<boolean>`x.state = ${status}`,
    status === "returned" && sql<boolean>`x.state = 'failed' and x.returned_at is not null`,
    partner && sql<boolean>`x.partnership_id = ${partner}`,
    route && sql<boolean>`x.route = ${route}`,
    currency && sql<boolean>`x.currency = ${currency}`,
    from && sql<boolean>`x.id >= ${start(from)}`,
    to && sql<boolean>`x.id < ${start(to.add({ days: 1 }))}`,
    amount && ofAmount(amount, currency),
  ].filter((one): one is RawBuilder<boolean> => typeof one === "object");
}

/** A page of transfers, the newest first; with `after` it is read upwards from that place. */
export async function selectTransferPage(
  cx: Cx,
  filter: StaffTransferFilter,
  place: { readonly before?: TransferId; readonly after?: TransferId; readonly limit: number },
): Promise<ListedTransfer[]> {
  const { before, after, limit } = place;
  const { branches, conditions } = await placesOf(cx, filter);
  const all = [sql`x.institution_id = ${cx.institution.id}`, ...conditionsOf(cx, filter), ...conditions];
  if (before) all.push(sql`x.id < ${before}`);
  if (after) all.push(sql`x.id > ${after}`);
  const order = after ? sql`x.id` : sql`x.id desc`;
  const fits = sql`${sql.join(all, sql` and `)}`;
  const looks = branches.map(
    ({ of, on }) => sql`select x.id from ${of} g cross join lateral (
      select x.id from app.transfer x where ${on} and ${fits} order by ${order} limit ${limit}) x`,
  );
  const ids = looks.length === 0 ? sql`select x.id from app.transfer x where ${fits}` : sql.join(looks, sql` union `);
  const { rows } = await sql<ListedRow>`
    with page as materialized (select x.id from (${ids}) x order by ${order} limit ${limit})
    select ${transferColumns}, p.name as partner, w.number as from_number, r.number as returned_number,
           o.name as to_partner
      from page
      join app.transfer x on x.institution_id = ${cx.institution.id} and x.id = page.id
      join app.partnership p on p.institution_id = x.institution_id and p.id = x.partnership_id
      join app.wallet w on w.institution_id = x.institution_id and w.id = x.wallet_id
      left join app.wallet r on r.institution_id = x.institution_id and r.id = x.returned_to
      left join app.partnership o on o.institution_id = x.institution_id and o.id = x.to_partnership_id
     order by ${order}`.execute(cx.db);
  return (after ? rows.reverse() : rows).map(listed);
}

function listed(row: ListedRow): ListedTransfer {
  return {
    transfer: toTransfer(row),
    partner: row.partner,
    fromNumber: row.from_number,
    returnedNumber: row.returned_number ?? undefined,
    toPartner: row.to_partner ?? undefined,
  };
}
