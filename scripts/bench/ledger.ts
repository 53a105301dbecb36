import { openBatcher } from "#ledger/batcher.ts";
import { type PostedTransfer, plainTransfers } from "#ledger/post-transfers.ts";
import { openRivals, type Rivals } from "./ledger-floor.ts";
import { benchHistory } from "./ledger-history.ts";
import { openThroughHttp } from "./ledger-http.ts";
import { type BenchDatabase, load, median, nextTransfer, openBench, seedAccounts } from "./ledger-load.ts";

const accounts = 10_000;

type Case = { readonly name: string; readonly callers: number; run(seconds: number): Promise<number> };
/** Answers a second: the median of all rounds, and each. */
type Figure = { readonly name: string; readonly perSecond: number; readonly rounds: readonly number[] };
type Goal = { readonly what: string; readonly goal: string; readonly figure: number; readonly reached: boolean };

/**
 * The ledger beside a floor (one small INSERT a commit), a function written by hand (one call a transfer, no key, no
 * digest) and its own transfers without a batcher (one round trip each), on one server, in turns, for short rounds:
 * only ratios count, and of those the median. H: one account takes part in every transfer; U: 10,000 accounts alike.
 * Prints a table and what the goals of the ledger come to, or JSON with `--json`. `--rounds N` (default 5), `--seconds
 * S` of each (default 1). `--history N` measures a long history instead. DATABASE_URL takes the place of the embedded
 * PostgreSQL.
 */
async function main(): Promise<void> {
  const bench = await openBench();
  const rivals = await openRivals(bench.admin, bench.access.adminUrl, { callers: 32, accounts });
  const ours = await openOurs(bench);
  const http = await openThroughHttp(100_000);
  const cases = [
    ...casesOf(rivals, ours),
    ...[32, 256].map((callers) => ({
      name: `through HTTP, ${callers}`,
      callers,
      run: (seconds: number) => http.run(callers, seconds),
    })),
  ];
  const [walled, plain] = [ours.caseOf("row-level security on"), ours.caseOf("row-level security off")];
  const figures = new Map<string, number[]>([...cases, walled, plain].map((one) => [one.name, []]));
  const measure = async (one: Case) => figures.get(one.name)?.push(await one.run(number("--seconds", 1)));
  for (const one of cases) await one.run(0.2);
  for (let round = 0; round < number("--rounds", 5); round++) {
    for (const one of cases) await measure(one);
    await measure(walled);
    await rowLevelSecurity(bench, "disable");
    await measure(plain);
    await rowLevelSecurity(bench, "enable");
  }
  await http.close();
  await ours.close();
  await rivals.end();
  const broken = await ours.broken();
  await bench.close();
  const shown: Figure[] = [...figures].map(([name, rounds]) => ({ name, perSecond: median(rounds), rounds }));
  report(shown, goalsOf(new Map(shown.map((one) => [one.name, one.perSecond]))), broken);
}

async function openOurs(bench: BenchDatabase) {
  const seeded = await seedAccounts(bench, accounts);
  const { pools, clock, random } = bench.ground;
  const batcher = openBatcher({ connect: () => pools.alone("worker"), work: plainTransfers(clock), random });
  const clients = Array.from({ length: 32 }, () => pools.alone("worker"));
  await Promise.all(clients.map((client) => client.connect()));
  const done = ({ status }: PostedTransfer) => {
    if (status !== "done") throw new Error(`A transfer of the load was answered ${status}`);
  };
  const ask = async (hot: boolean) => done(await batcher.submit(nextTransfer(seeded, hot)));
  return {
    ask,
    /** The same transfer without a batcher: one round trip and one commit each. */
    async alone(caller: number, hot: boolean) {
      const client = clients[caller];
      if (client) done(await plainTransfers(clock).one(client, nextTransfer(seeded, hot)));
    },
    caseOf: (name: string): Case => ({ name, callers: 1_024, run: (seconds) => load(1_024, seconds, () => ask(true)) }),
    async close() {
      await batcher.close();
      await Promise.all(clients.map((client) => client.end()));
    },
    /** Accounts whose balance is not what their flows say: none, or the figures are worth nothing. */
    async broken(): Promise<number> {
      const { rows } = await bench.admin.query<{ broken: bigint }>(
        `with flow as (select debit_id as id, -amount as change from ledger.transfer where institution_id = $1
                       union all select credit_id, amount from ledger.transfer where institution_id = $1),
              total as (select id, sum(change) as change, count(*) as flows from flow group by id)
         select count(*) as broken from ledger.account a left join total t using (id)
          where a.institution_id = $1 and (a.balance <> coalesce(t.change, 0) or a.seq <> coalesce(t.flows, 0))`,
        [seeded.institution],
      );
      return Number(rows[0]?.broken ?? -1);
    },
  };
}

function casesOf(rivals: Rivals, { ask, alone }: Awaited<ReturnType<typeof openOurs>>): Case[] {
  const made: Case[] = [];
  const add = (name: string, callers: number, one: (caller: number) => Promise<unknown>) =>
    made.push({ name, callers, run: (seconds) => load(callers, seconds, one) });
  for (const callers of [1, 8, 32, 256, 1_024]) {
    // What asks by itself has 32 connections; more of them would only stand in each other's way.
    if (callers <= 32) {
      add(`floor, ${callers}`, callers, (caller) => rivals.insert(caller));
      add(`function H, ${callers}`, callers, (caller) => rivals.transfer(caller, true));
      add(`function U, ${callers}`, callers, (caller) => rivals.transfer(caller, false));
      add(`round trip H, ${callers}`, callers, (caller) => alone(caller, true));
      add(`round trip U, ${callers}`, callers, (caller) => alone(caller, false));
    }
    add(`ours H, ${callers}`, callers, () => ask(true));
    add(`ours U, ${callers}`, callers, () => ask(false));
  }
  return made;
}

async function rowLevelSecurity({ admin }: BenchDatabase, does: "enable" | "disable"): Promise<void> {
  for (const table of ["account", "journal", "transfer", "hold"]) {
    await admin.query(`alter table ledger.${table} ${does} row level security`);
  }
}

/** What the ledger is to reach, as ratios within this run. */
function goalsOf(per: ReadonlyMap<string, number>): Goal[] {
  const of = (name: string) => per.get(name) ?? 0;
  const floor = Math.max(of("floor, 8"), of("floor, 32"));
  const alone = (beside: string) =>
    Math.min(of("ours H, 1") / of(`${beside} H, 1`), of("ours U, 1") / of(`${beside} U, 1`));
  const walls = 1 - of("row-level security on") / of("row-level security off");
  const atLeast = (what: string, goal: number, figure: number): Goal => ({
    what,
    goal: `at least ${goal}`,
    figure: Math.round(figure * 100) / 100,
    reached: figure >= goal,
  });
  return [
    atLeast("H at 1,024 callers / function H at 32", 18, of("ours H, 1024") / of("function H, 32")),
    atLeast("H at 1,024 callers / floor", 1.3, of("ours H, 1024") / floor),
    atLeast("U at 1,024 callers / floor", 0.9, of("ours U, 1024") / floor),
    atLeast("1 caller / round trip at 1", 0.7, alone("round trip")),
    { ...atLeast("1 caller / function at 1", 0, alone("function")), goal: "reported" },
    atLeast("through HTTP / ours H, both at 32", 0.25, of("through HTTP, 32") / of("ours H, 32")),
    {
      what: "row-level security's share of posting",
      goal: "at most 0.05",
      figure: Math.round(walls * 100) / 100,
      reached: walls <= 0.05,
    },
  ];
}

function report(figures: readonly Figure[], goals: readonly Goal[], broken: number): void {
  if (process.argv.includes("--json")) {
    console.log(JSON.stringify({ figures, goals, accountsThatDoNotAddUp: broken }, null, 2));
    return;
  }
  console.log("answers a second         median   rounds");
  for (const { name, perSecond, rounds } of figures) {
    console.log(`${name.padEnd(28)} ${String(perSecond).padStart(7)}   ${rounds.join(" ")}`);
  }
  console.log("\nto reach");
  for (const { what, goal, figure, reached } of goals) {
    console.log(
      `${what.padEnd(42)} ${goal.padEnd(13)} ${String(figure).padStart(6)}  ${reached ? "reached" : "NOT reached"}`,
    );
  }
  console.log(`\naccounts that do not add up: ${broken}`);
}

function number(name: string, otherwise: number): number {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

const history = number("--history", 0);
if (history > 0) await benchHistory(history, process.argv.includes("--json"));
else await main();
