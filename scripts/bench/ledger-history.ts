import type pg from "pg";
import { type FlowFilter, flowArguments } from "#features/wallets/flows.ts";
import { dateIn } from "#kernel/time.ts";
import { openBatcher } from "#ledger/batcher.ts";
import { plainTransfers } from "#ledger/post-transfers.ts";
import { openRivals } from "./ledger-floor.ts";
import { buildHistory, type History } from "./ledger-history-data.ts";
import { type BenchDatabase, load, median, nextTransfer, openBench, seedAccounts } from "./ledger-load.ts";
import { progress } from "./progress.ts";
import { fillTransfers, measureTransfers, type Measured as TransferFigure } from "./transfers-history.ts";

const zone = "Australia/Sydney";
const pageSize = 50;
const rounds = 1_000;

/** Milliseconds inside the database: from when a statement arrived to when its answer was ready. */
type Times = { readonly p50: number; readonly p99: number };
type FlowFigure = { readonly name: string; readonly first: Times; readonly page: number; readonly there: Times };
/** Transfers a second, hot and uniform, and single INSERTs beside them, with so many rows in the ledger. */
type Rate = { readonly rows: number; readonly hot: number; readonly uniform: number; readonly floor: number };

/**
 * What a long history costs: how fast transfers are posted with a fifth of it and with all of it, and how long pages of
 * flows and of transfers take with each filter that is offered, the first page and the thousandth.
 */
export async function benchHistory(transfers: number, json: boolean): Promise<void> {
  const bench = await openBench();
  const posting = await openPosting(bench);
  await buildHistory(bench.admin, { transfers: Math.floor(transfers / 5), institution: "inst_history_a" });
  progress("transfers a second with a fifth of it");
  const before = await posting.rate();
  const history = await buildHistory(bench.admin, { transfers: transfers - Math.floor(transfers / 5) });
  progress("transfers a second with all of it");
  const after = await posting.rate();
  await posting.close();
  progress("marks of amounts and counterparties");
  await mark(bench.admin, history);
  progress("flows");
  const flows = await measureFlows(bench, history);
  const reads = await measureReads(bench, history);
  progress("the list of transfers");
  await fillTransfers(bench.admin, history, transfers);
  const listed = await measureTransfers(bench.ground, history, transfers, rounds);
  await bench.close();
  const figures = { before, after, reads, flows, transfers: listed };
  if (json) console.log(JSON.stringify(figures, null, 2));
  else report(figures);
}

async function openPosting(bench: BenchDatabase) {
  const seeded = await seedAccounts(bench, 10_000);
  const rivals = await openRivals(bench.admin, bench.access.adminUrl, { callers: 8, accounts: 10 });
  const { pools, clock, random } = bench.ground;
  const batcher = openBatcher({ connect: () => pools.alone("worker"), work: plainTransfers(clock), random });
  const ask = (hot: boolean) => () => batcher.submit(nextTransfer(seeded, hot));
  return {
    /** In turns, and of three rounds the median; the first is to get warm. */
    async rate(): Promise<Rate> {
      const found: { hot: number[]; uniform: number[]; floor: number[] } = { hot: [], uniform: [], floor: [] };
      await load(1_024, 1, ask(true));
      for (let round = 0; round < 3; round++) {
        found.hot.push(await load(1_024, 1.5, ask(true)));
        found.uniform.push(await load(1_024, 1.5, ask(false)));
        found.floor.push(await load(8, 1, (caller) => rivals.insert(caller)));
      }
      const { rows } = await bench.admin.query<{ rows: string }>("select count(*)::text as rows from ledger.transfer");
      const { hot, uniform, floor } = found;
      return { rows: Number(rows[0]?.rows), hot: median(hot), uniform: median(uniform), floor: median(floor) };
    },
    async close() {
      await batcher.close();
      await rivals.end();
    },
  };
}

/** As the job does it, until nothing is left to mark. */
async function mark(admin: pg.Client, { institution }: History): Promise<void> {
  await admin.query("select set_config('portico.institution', $1, false)", [institution]);
  for (let marked = 1; marked > 0; ) {
    const { rows } = await admin.query<{ marked: number }>("select ledger.mark_flows(200000) as marked");
    marked = rows[0]?.marked ?? 0;
  }
  await admin.query("vacuum (analyze) ledger.flow_mark");
}

/** The connection of a partner's pages, as if the partner of the hot wallet had opened one. */
async function asPartner<T>(bench: BenchDatabase, history: History, work: (client: pg.PoolClient) => Promise<T>) {
  const client = await bench.ground.pools.of("partner").connect();
  try {
    await client.query("begin");
    await client.query(
      "select set_config('portico.institution', $1, true), set_config('portico.partnership', $2, true)",
      [history.institution, history.partnership],
    );
    return await work(client);
  } finally {
    await client.query("rollback");
    client.release();
  }
}

/** Every filter that pages of flows offer, alone and together. */
function flowFilters(history: History, at: Temporal.PlainDate, amount: bigint): Readonly<Record<string, FlowFilter>> {
  const month = { from: at, to: at.add({ months: 1 }) };
  return {
    none: {},
    date: month,
    "direction in": { direction: "in" },
    "direction out": { direction: "out" },
    "kind transfer": { kind: "transfer" },
    "kind fee": { kind: "fee" },
    "kind bank transfer": { kind: "bank" },
    "kind returned": { kind: "returned" },
    "kind payout": { kind: "payout" },
    "kind adjustment": { kind: "adjustment" },
    "with a bank": { with: "bank" },
    "with the institution": { with: "institution" },
    counterparty: { number: history.other },
    "counterparty nobody": { number: "999999999999" },
    "amount exact": { least: amount, most: amount },
    "amount from (few)": { least: 800_000n },
    "amount from (many)": { least: 1_000n },
    "amount to": { most: 101n },
    "amount from, to": { least: 700_000n, most: 701_000n },
    "date, kind, direction": { ...month, kind: "transfer", direction: "in" },
    "date, payout, in": { ...month, kind: "payout", direction: "in" },
    "date, kind, direction, amount": { ...month, kind: "transfer", direction: "out", least: 700_000n },
    "date, counterparty": { ...month, number: history.other },
    "counterparty, amount": { number: history.other, least: 500_000n },
    "payout, amount": { kind: "payout", least: 700_000n, most: 701_000n },
  };
}

async function measureFlows(bench: BenchDatabase, history: History): Promise<FlowFigure[]> {
  const { rows } = await bench.admin.query<{ at: Temporal.Instant; amount: bigint }>(
    `select t.created_at as at, t.amount from ledger.transfer t join ledger.account a on a.id = t.credit_id
      where a.owner = $1 and a.institution_id = $2 and t.credit_seq between a.seq / 3 and a.seq / 3 + 40 limit 1`,
    [history.wallet.id, history.institution],
  );
  const some = rows[0];
  if (!some) throw new Error("The hot wallet has no flow there");
  const filters = flowFilters(history, dateIn(zone, some.at), some.amount);
  return await asPartner(bench, history, async (client) => {
    const figures: FlowFigure[] = [];
    for (const [name, filter] of Object.entries(filters)) {
      const first = await repeat(client, history, filter, undefined);
      const { place, page } = await thousandth(client, history, filter);
      figures.push({ name, first, page, there: await repeat(client, history, filter, place) });
    }
    return figures;
  });
}

type Page = { readonly ms: number; readonly next: bigint | undefined };

async function ask(
  client: pg.PoolClient,
  history: History,
  filter: FlowFilter,
  before: bigint | undefined,
): Promise<Page> {
  const given = flowArguments(filter, { before, size: pageSize }, zone);
  const { rows } = await client.query<{ ms: number; more: boolean; last: bigint | null; further: bigint | null }>({
    name: "flows",
    text: `with found as materialized (
             select array_agg(f.seq order by f.seq desc) as seqs, min(f.further) as further
               from partner.wallet_flows($1, ${given.map((_, at) => `$${at + 2}`).join(", ")}) f)
           select extract(epoch from clock_timestamp() - statement_timestamp())::float8 * 1000 as ms,
                  cardinality(seqs) > ${pageSize} as more, seqs[${pageSize}] as last, further from found`,
    values: [history.wallet.number, ...given],
  });
  const found = rows[0];
  return { ms: found?.ms ?? 0, next: (found?.more ? found.last : found?.further) ?? undefined };
}

async function repeat(client: pg.PoolClient, history: History, filter: FlowFilter, before: bigint | undefined) {
  const took: number[] = [];
  for (let round = 0; round < rounds; round++) took.push((await ask(client, history, filter, before)).ms);
  return timesOf(took);
}

/** Where the thousandth page begins, or the last one before it. */
async function thousandth(client: pg.PoolClient, history: History, filter: FlowFilter) {
  let place: bigint | undefined;
  for (let page = 1; page < 1_000; page++) {
    const { next } = await ask(client, history, filter, place);
    if (next === undefined) return { place, page };
    place = next;
  }
  return { place, page: 1_000 };
}

/** The balance of the wallet, and the 31 points of its chart. */
async function measureReads(bench: BenchDatabase, history: History) {
  const timed = (from: string) =>
    `with found as materialized (select count(*) from ${from})
     select extract(epoch from clock_timestamp() - statement_timestamp())::float8 * 1000 as ms from found`;
  const moments = "(select array_agg(now() - n * interval '1 day') from generate_series(0, 30) n)";
  return await asPartner(bench, history, async (client) => {
    const of = async (from: string): Promise<Times> => {
      const took: number[] = [];
      for (let round = 0; round < rounds; round++) {
        took.push((await client.query<{ ms: number }>(timed(from), [history.wallet.number])).rows[0]?.ms ?? 0);
      }
      return timesOf(took);
    };
    return {
      balance: await of("partner.wallet_balances() b where b.number = $1"),
      chart: await of(`partner.wallet_balances_at($1, ${moments})`),
    };
  });
}

function timesOf(took: number[]): Times {
  const inOrder = took.sort((a, b) => a - b);
  const of = (part: number) => inOrder[Math.min(inOrder.length - 1, Math.floor(inOrder.length * part))] ?? 0;
  return { p50: of(0.5), p99: of(0.99) };
}

type Figures = {
  readonly before: Rate;
  readonly after: Rate;
  readonly reads: Readonly<Record<string, Times>>;
  readonly flows: readonly FlowFigure[];
  readonly transfers: readonly TransferFigure[];
};

function report({ before, after, reads, flows, transfers }: Figures): void {
  console.log("transfers a second        hot   uniform   INSERTs");
  for (const { rows, hot, uniform, floor } of [before, after]) {
    const figures = [hot, uniform, floor].map((one) => String(one).padStart(9)).join("");
    console.log(`${`with ${rows.toLocaleString("en")} rows`.padEnd(22)}${figures}`);
  }
  const kept = (name: "hot" | "uniform") => Math.round((100 * after[name]) / before[name]);
  // How fast the machine was meanwhile shows in the INSERTs.
  const fair = (name: "hot" | "uniform") =>
    Math.round((100 * after[name] * before.floor) / (before[name] * after.floor));
  console.log(
    `kept: hot ${kept("hot")} %, uniform ${kept("uniform")} %; ` +
      `beside the INSERTs ${fair("hot")} %, ${fair("uniform")} %`,
  );
  const ms = ({ p50, p99 }: Times) => `${p50.toFixed(2).padStart(7)} ${p99.toFixed(2).padStart(7)}`;
  console.log("\nmilliseconds in the database          p50     p99");
  for (const [name, times] of Object.entries(reads)) console.log(`${name.padEnd(34)}${ms(times)}`);
  console.log("\nflows                              page 1          page 1,000 (or the last)");
  for (const { name, first, page, there } of flows) {
    console.log(`${name.padEnd(34)}${ms(first)}  ${ms(there)}  page ${page}`);
  }
  console.log("\ntransfers                            page     p50     p99");
  for (const { name, page, median: middle, p99 } of transfers) {
    console.log(
      `${name.padEnd(34)}${String(page).padStart(7)} ${middle.toFixed(2).padStart(7)} ${p99.toFixed(2).padStart(7)}`,
    );
  }
  const slow = [
    ...flows.filter(({ first, there }) => Math.max(first.p99, there.p99) >= 2).map(({ name }) => `flows, ${name}`),
    ...transfers.filter(({ p99 }) => p99 >= 2).map(({ name, page }) => `transfers, ${name}, page ${page}`),
  ];
  console.log(`\np99 under 2 ms in the database: ${slow.length === 0 ? "reached" : `NOT reached: ${slow.join("; ")}`}`);
  console.log(
    `75 % of transfers a second kept: ${Math.min(fair("hot"), fair("uniform")) >= 75 ? "reached" : "NOT reached"}`,
  );
}
