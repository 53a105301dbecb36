import { sql } from "kysely";
import { type BalanceSeries, endsOf, type SeriesSpan, seriesDays, seriesOf } from "#features/wallets/balance-series.ts";
import {
  type FlowFilter,
  type FlowPage,
  type FlowPaging,
  type FlowRow,
  flowArguments,
  flowPageOf,
} from "#features/wallets/flows.ts";
import type { Wallet } from "#features/wallets/wallet.ts";
import type { Cx } from "#platform/tx.ts";

type Of = Pick<Wallet, "id" | "currency">;

/** A page of the flows of a wallet that pass the filter, the newest first, with everything that staff may know. */
export async function walletFlows(cx: Cx, wallet: Of, filter: FlowFilter, paging: FlowPaging): Promise<FlowPage> {
  const given = flowArguments(filter, paging, cx.institution.timeZone);
  const { rows } = await sql<FlowRow>`
    select * from app.wallet_flows(${wallet.id}, ${sql.join([...given])})`.execute(cx.db);
  return flowPageOf(rows, paging, wallet.currency);
}

/** What was in the wallet at the end of each day of a chart. */
export async function walletSeries(
  cx: Cx,
  wallet: Of & Pick<Wallet, "openedAt">,
  span: SeriesSpan,
): Promise<BalanceSeries> {
  const zone = cx.institution.timeZone;
  const days = seriesDays(span, wallet.openedAt, cx.now, zone);
  const { rows } = await sql<{ minor: bigint[] | null }>`
    select app.wallet_balances_at(${wallet.id}, ${endsOf(days, zone).map(String)}::timestamptz[]) as minor`.execute(
    cx.db,
  );
  return seriesOf(span, days, rows[0]?.minor ?? [], wallet.currency);
}

/** Marks the amounts of at most so many flows of long histories; answers how many there were. */
export async function markFlows(cx: Cx, most: number): Promise<number> {
  const { rows } = await sql<{ marked: number }>`select ledger.mark_flows(${most}) as marked`.execute(cx.db);
  return rows[0]?.marked ?? 0;
}
