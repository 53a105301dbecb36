import { type RawBuilder, sql } from "kysely";
import type {
  PartnerTransferFilter,
  PartnerTransferPage,
  TransferPlace,
} from "#features/transfers/partner-transfer.ts";
import { parseTransferRef } from "#features/transfers/transfer.ts";
import {
  type PartnerTransferRow,
  partnerTransferColumns,
  toPartnerTransfer,
} from "#features/transfers/transfer-partner-view.ts";
import { firstId, isId } from "#kernel/ids.ts";
import { cutPage } from "#kernel/paging.ts";
import { likeWords } from "#platform/search.ts";
import type { Cx } from "#platform/tx.ts";

/** How many rows one page examines where no index answers the whole filter. */
export const examined = 500;

type Condition = RawBuilder<boolean>;

/**
 * A page of a partner's transfers that pass the filter, newest first. Ids are in the order of time, so the page is a
 * range of ids of one index: that of the rarest thing asked for. The rest of the filter is looked at row by row, at
 * most so many rows a page; where that does not fill it, `isCut` says so and the page goes on from where it stopped.
 */
export async function partnerTransfers(
  cx: Cx,
  filter: PartnerTransferFilter,
  asked: TransferPlace & { readonly size: number },
): Promise<PartnerTransferPage> {
  // Where most rows fit, a few are enough to fill the page.
  const few = asked.size * 4;
  const soon = few < examined ? await readPage(cx, filter, asked, few) : undefined;
  return soon && !soon.isCut ? soon : await readPage(cx, filter, asked, examined);
}

async function readPage(
  cx: Cx,
  filter: PartnerTransferFilter,
  asked: TransferPlace & { readonly size: number },
  budget: number,
): Promise<PartnerTransferPage> {
  const before = isId("trf", asked.before) ? asked.before : undefined;
  const after = !before && isId("trf", asked.after) ? asked.after : undefined;
  const { size } = asked;
  const [ways, rest] = planOf(filter);
  const most = rest.length === 0 ? size + 1 : Math.max(budget, size + 1);
  const range = sql.join(
    [
      sql`true`,
      ...(before ? [sql`x.id < ${before}`] : []),
      ...(after ? [sql`x.id > ${after}`] : []),
      ...(filter.from ? [sql`x.id >= ${firstId("trf", filter.from)}`] : []),
      ...(filter.until ? [sql`x.id < ${firstId("trf", filter.until)}`] : []),
    ],
    sql` and `,
  );
  const order = sql.raw(after ? "asc" : "desc");
  const scan = (way: Condition) => sql`(select x.id, x.wallet_id, x.route, x.to_number, x.currency, x.minor, x.state,
      x.reference, x.returned_to
      from partner.transfer x where ${way} and ${range} order by x.id ${order} limit ${most})`;
  const { rows } = await sql<PartnerTransferRow & { looked: bigint; reached: string | null }>`
    with seen as materialized (${sql.join(ways.map(scan), sql` union all `)}),
    fit as materialized (select c.id from (select s.* from seen s order by s.id ${order} limit ${most}) c
             where ${sql.join([sql`true`, ...rest], sql` and `)} order by c.id ${order} limit ${size + 1}),
    edge as (select count(*) as looked, ${sql.raw(after ? "max" : "min")}(s.id) as reached
               from (select id from seen order by id ${order} limit ${most}) s)
    select e.looked, e.reached, ${partnerTransferColumns} from edge e
      left join (fit f join partner.transfer x on x.id = f.id) on true
     order by x.id ${order}`.execute(cx.db);
  const [edge] = rows;
  const found = rows.filter((row) => row.id !== null).map(toPartnerTransfer);
  const isCut = rest.length > 0 && found.length <= size && Number(edge?.looked ?? 0n) >= most;
  const cut = cutPage(after ? found.toReversed() : found, size, after !== undefined, before !== undefined);
  const reached = edge?.reached ?? undefined;
  return {
    rows: cut.rows,
    newer: isCut && after ? reached : cut.inFront ? (cut.rows[0]?.id ?? before) : undefined,
    older: isCut && !after ? reached : cut.behind ? (cut.rows.at(-1)?.id ?? after) : undefined,
    isCut,
  };
}

/** The ways into the indexes that together hold all that is asked for, and what is left to look at row by row. */
function planOf(filter: PartnerTransferFilter): readonly [ways: readonly Condition[], rest: readonly Condition[]] {
  const { status, wallet, route, amounts, q } = filter;
  const ref = parseTransferRef(q ?? "");
  const words = ref === undefined ? likeWords(q) : [];
  // In the order of how rare it may be; `c` names the same column of a row that was read.
  const wanted = [
    ref !== undefined && { ways: [sql<boolean>`x.ref = ${ref}`], check: undefined },
    amounts && { ways: amounts.map(amountIs), check: sql.join([sql`false`, ...amounts.map(rowAmountIs)], sql` or `) },
    filter.with !== undefined && {
      ways: [sql<boolean>`x.to_number = ${filter.with}`],
      check: sql`c.to_number = ${filter.with}`,
    },
    status !== undefined && status !== "completed" && { ways: [stateIs(status)], check: sql`c.state = ${status}` },
    route === "bank" && { ways: [sql<boolean>`x.route = 'bank'`], check: sql`c.route = 'bank'` },
    // What a bank sent back may be in another wallet than the one that it left.
    wallet !== undefined && {
      ways: [sql<boolean>`x.wallet_id = ${wallet}`, sql<boolean>`x.returned_to = ${wallet}`],
      check: sql`(c.wallet_id = ${wallet} or c.returned_to is not distinct from ${wallet})`,
    },
  ].filter((one) => one !== false && one !== undefined);
  const [first, ...others] = wanted;
  const rest = [
    ...others.map(({ check }) => check),
    status === "completed" && sql`c.state = 'completed'`,
    route === "wallet" && sql`c.route = 'wallet'`,
    words.length > 0 && sql`lower(c.reference) like all (${words}::text[])`,
  ].filter((one) => one !== false && one !== undefined);
  const checks = rest.map((one) => sql<boolean>`(${one})`);
  // An amount that no currency of the partner can have fits nothing.
  const ways = first === undefined ? [sql<boolean>`true`] : first.ways;
  return [ways.length === 0 ? [sql<boolean>`false`] : ways, checks];
}

type Amount = NonNullable<PartnerTransferFilter["amounts"]>[number];
const amountIs = ({ minor, currency }: Amount): Condition => sql`x.minor = ${minor} and x.currency = ${currency}`;
const rowAmountIs = ({ minor, currency }: Amount): Condition => sql`(c.minor = ${minor} and c.currency = ${currency})`;
// Written out, so that the index of what is not completed is known to hold it.
const stateIs = (state: string): Condition => sql`x.state = ${state} and x.state <> 'completed'`;
