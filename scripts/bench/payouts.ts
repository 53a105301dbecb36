import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import pg from "pg";
import { gatherSome } from "#features/payouts/gather.ts";
import { openTransfers } from "#features/transfers/confirm-transfer.ts";
import { createApp } from "#http/app.ts";
import { sessionCookie } from "#http/cookies.ts";
import type { House } from "#http/house.ts";
import { openPartnerLive } from "#http/live.ts";
import { readConfig } from "#platform/config.ts";
import { silentLog } from "#platform/log.ts";
import { openDatabase } from "#platform/open-database.ts";
import { openStorage } from "#platform/storage.ts";
import { inTx } from "#platform/tx.ts";
import { registry } from "#registry.ts";
import { problemPage } from "#web/problem-page.tsx";
import { type BenchInstitution, fillShares, makeInstitution, spreadPayouts } from "./payouts-data.ts";

type Figure = {
  readonly what: string;
  readonly few: number;
  readonly many: number;
  /** How much slower with many. */
  readonly ratio: number;
};

const few = { payouts: 100, partners: 20, shares: 2_000 };
const many = { payouts: 10_000, partners: 200, shares: 200_000 };

/**
 * Staff pages of payouts with 100 payouts (2,000 shares) and with 10,000 (200,000 shares), asked in turns over the
 * whole program but the socket; and how long gathering those shares into payouts takes. Prints a table, or JSON with
 * `--json`; `--explain` adds the plan of the list's query. `--rounds N` (default 60). DATABASE_URL takes the place of
 * the embedded PostgreSQL.
 */
async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "portico-bench-"));
  const config = readConfig({ DATA_DIR: folder, DATABASE_URL: process.env.DATABASE_URL });
  const opened = await openDatabase(config, silentLog);
  const admin = new pg.Client({ connectionString: opened.access.adminUrl });
  await admin.connect();
  const house: House = {
    ...opened.ground,
    config,
    origin: "http://127.0.0.1:8080",
    storage: await openStorage(config),
    providers: new Map(),
    mailer: undefined,
    log: silentLog,
    live: openPartnerLive(opened.ground.pools, silentLog),
    transfers: openTransfers(opened.ground),
    ready: () => true,
  };
  const app = createApp(house, registry, problemPage);
  const small = await makeInstitution(admin, house, "Few");
  const large = await makeInstitution(admin, house, "Many");
  const gathered = [await fill(admin, house, small, few), await fill(admin, house, large, many)];
  const ask = async (at: BenchInstitution, path: string) => {
    const begun = performance.now();
    const answer = await app.fetch(
      new Request(house.origin + path, {
        headers: { cookie: `${sessionCookie.staff}=${at.token}`, accept: "text/html" },
      }),
    );
    const { length } = await answer.text();
    if (answer.status !== 200 || length < 1_000)
      throw new Error(`${path} answers ${answer.status}, ${length} characters`);
    return performance.now() - begun;
  };
  const figures: Figure[] = [];
  for (const path of await pathsOf(admin, small))
    figures.push(await compare(path, (at) => ask(at, path), [small, large]));
  const gathering = { fewSeconds: gathered[0], manySeconds: gathered[1], shares: many.shares };
  if (process.argv.includes("--json")) console.log(JSON.stringify({ figures, gathering }, null, 2));
  else {
    console.table(figures);
    console.log(`Gathering ${many.shares} shares: ${gathering.manySeconds} s`);
  }
  if (process.argv.includes("--explain")) await explain(admin, large);
  await admin.end();
  await house.live.close();
  await opened.close();
  await rm(folder, { recursive: true, force: true });
}

/** Fills an institution; answers the seconds that gathering its shares took. */
async function fill(admin: pg.Client, house: House, at: BenchInstitution, size: typeof few): Promise<number> {
  await fillShares(admin, at, size.partners, size.shares);
  const begun = performance.now();
  const opening = { as: "system", institution: at.id, task: "payouts.gather" } as const;
  while (await inTx(house, opening, gatherSome));
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  await spreadPayouts(admin, at, size.payouts, size.shares);
  return seconds;
}

/** The pages that staff open: both institutions have the same rows under these addresses. */
async function pathsOf(admin: pg.Client, at: BenchInstitution): Promise<string[]> {
  const { rows } = await admin.query<{ id: string }>(
    "select id from app.payout where institution_id = $1 and state = 'paid' order by scheduled_for desc, id limit 1",
    [at.id],
  );
  const partner = `prt_${"3".padStart(26, "0")}`;
  return [
    "/staff",
    "/staff/payouts",
    "/staff/payouts?status=attention",
    "/staff/payouts?status=in_review",
    "/staff/payouts?status=paid&currency=AUD",
    `/staff/payouts?partner=${partner}`,
    "/staff/payouts?q=partner+3",
    `/staff/payouts/${rows[0]?.id}`,
  ];
}

async function compare(
  what: string,
  ask: (at: BenchInstitution) => Promise<number>,
  [small, large]: readonly [BenchInstitution, BenchInstitution],
): Promise<Figure> {
  const times: [number[], number[]] = [[], []];
  const warm = 15;
  for (let round = 0; round < rounds() + warm; round++) {
    const [one, other] = [await ask(small), await ask(large)];
    if (round < warm) continue;
    times[0].push(one);
    times[1].push(other);
  }
  const [fewMs, manyMs] = [median(times[0]), median(times[1])];
  return {
    what: what.replace(/pyo_\w+/, ":id"),
    few: round2(fewMs),
    many: round2(manyMs),
    ratio: round2(manyMs / fewMs),
  };
}

async function explain(admin: pg.Client, at: BenchInstitution): Promise<void> {
  const { rows } = await admin.query<{ "QUERY PLAN": string }>(
    `explain (analyze, buffers, costs off) select o.id, t.name from app.payout o
       join app.partnership t on t.institution_id = o.institution_id and t.id = o.partnership_id
      where o.institution_id = $1 order by o.scheduled_for desc, o.id desc limit 26`,
    [at.id],
  );
  for (const row of rows) console.log(row["QUERY PLAN"]);
}

function rounds(): number {
  const at = process.argv.indexOf("--rounds");
  return at < 0 ? 60 : Number(process.argv[at + 1]);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}

await main();
