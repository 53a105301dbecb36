import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { sql } from "kysely";
import type { InstitutionId, StaffId } from "#access/principal.ts";
import { openTransfers } from "#features/transfers/confirm-transfer.ts";
import { createApp } from "#http/app.ts";
import { sessionCookie } from "#http/cookies.ts";
import type { House } from "#http/house.ts";
import { openPartnerLive } from "#http/live.ts";
import { newId } from "#kernel/ids.ts";
import { secretToken } from "#kernel/random.ts";
import { readConfig } from "#platform/config.ts";
import { silentLog } from "#platform/log.ts";
import { openDatabase } from "#platform/open-database.ts";
import { openStorage } from "#platform/storage.ts";
import { inTx, tokenHash } from "#platform/tx.ts";
import { startWorker } from "#platform/worker.ts";
import { registry } from "#registry.ts";
import { tasksOf } from "#tasks.ts";
import { problemPage } from "#web/problem-page.tsx";

const kinds = ["partnerships", "contacts", "customers", "payments"] as const;
const fixtures = new URL("../../test/fixtures/northbridge/", import.meta.url);

type Figure = {
  readonly file: string;
  readonly run: 1 | 2;
  readonly rows: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly bad: number;
  readonly seconds: number;
  readonly rowsPerSecond: number;
  /** How many different places of the progress bar the page showed. */
  readonly steps: number;
};
type Send = (path: string, init?: RequestInit) => Promise<Response>;

/**
 * Imports Northbridge College twice into a fresh database, by the staff pages and the queue of a running program:
 * upload, check of the columns, start, and the progress page asked until it is done. Prints a table, or JSON with
 * `--json`. Memory is the most that this process held; the database's own is not in it. DATABASE_URL takes the place
 * of the embedded PostgreSQL.
 */
async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "portico-bench-"));
  const config = readConfig({ DATA_DIR: folder, DATABASE_URL: process.env.DATABASE_URL });
  const opened = await openDatabase(config, silentLog);
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
  const worker = await startWorker(house, {
    tasks: tasksOf(house, { deliver: fetch }),
    schedules: [],
    log: silentLog,
  });
  const send = await staffOf(house);
  const beforeMegabytes = megabytes();
  const figures: Figure[] = [];
  for (const run of [1, 2] as const) for (const kind of kinds) figures.push(await importOne(send, kind, run));
  const peakMegabytes = megabytes();
  await worker.stop();
  await opened.close();
  await rm(folder, { recursive: true, force: true });
  if (process.argv.includes("--json"))
    console.log(JSON.stringify({ figures, beforeMegabytes, peakMegabytes }, null, 2));
  else print(figures, beforeMegabytes, peakMegabytes);
}

async function importOne(send: Send, kind: string, run: 1 | 2): Promise<Figure> {
  const body = new FormData();
  body.append("kind", kind);
  body.append(
    "file",
    new File([await readFile(new URL(`${kind}.csv`, fixtures))], `${kind}.csv`, { type: "text/csv" }),
  );
  const began = performance.now();
  const path = (await send("/staff/imports/new", { method: "POST", body })).headers.get("location");
  if (path === null) throw new Error(`${kind}.csv was not taken`);
  const chosen = new URLSearchParams();
  const preview = await (await send(path)).text();
  for (const [, name = "", options = ""] of preview.matchAll(
    /<select[^>]* name="(column-[a-z_]+)"[^>]*>(.*?)<\/select>/gs,
  )) {
    chosen.set(name, /<option value="(\d*)" selected/.exec(options)?.[1] ?? "");
  }
  const started = await send(path, { method: "POST", body: chosen });
  if (started.status !== 303) throw new Error(`${kind}.csv was not started: ${started.status}`);
  const places = new Set<string>();
  for (;;) {
    const shown = await send(`${path}/progress`);
    if (shown.headers.has("hx-refresh")) break;
    places.add(/<progress[^>]* value="(\d+)"/.exec(await shown.text())?.[1] ?? "");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const seconds = (performance.now() - began) / 1000;
  const result = await (await send(path)).text();
  const count = (label: string) =>
    Number(
      (new RegExp(`<dt>${label}</dt><dd[^>]*>(?:<a[^>]*>)?([\\d,]+)`).exec(result)?.[1] ?? "NaN").replaceAll(",", ""),
    );
  const [changed, unchanged, bad] = [count("Created") + count("Updated"), count("Unchanged"), count("Bad rows")];
  const rows = changed + unchanged + bad;
  return {
    file: kind,
    run,
    rows,
    changed,
    unchanged,
    bad,
    seconds: round(seconds),
    rowsPerSecond: Math.round(rows / seconds),
    steps: places.size,
  };
}

/** An institution with one owner, signed in. */
async function staffOf(house: House): Promise<Send> {
  const now = house.clock.now();
  const institution: InstitutionId = newId("inst", now, house.random);
  const staff: StaffId = newId("stf", now, house.random);
  const token = secretToken(house.random);
  await inTx(house, { as: "visitor", host: "" }, (cx) =>
    sql`select app.begin_institution(${institution}, 'Northbridge College', false, ${now})`.execute(cx.db),
  );
  await inTx(house, { as: "system", institution, task: "bench" }, async (cx) => {
    await sql`insert into app.staff_member (institution_id, id, email, name, role, created_at, totp_confirmed_at)
      values (${institution}, ${staff}, 'priya@northbridge.example', 'Priya Nair', 'OWNER', ${now}, ${now})`.execute(
      cx.db,
    );
    await sql`insert into app.session (institution_id, id, token_hash, face, email, staff_id, created_at,
        last_seen_at, idle_seconds,
        expires_at) values (${institution}, ${newId("ses", now, house.random)}, ${tokenHash(token)}, 'staff',
        'priya@northbridge.example', ${staff}, ${now}, ${now}, 86400, ${now.add({ hours: 24 })})`.execute(cx.db);
  });
  const app = createApp(house, registry, problemPage);
  const headers = {
    cookie: `${sessionCookie.staff}=${token}`,
    "sec-fetch-site": "same-origin",
    accept: "text/html",
    host: "127.0.0.1:8080",
  };
  return async (path, init = {}) => await app.fetch(new Request(new URL(path, house.origin), { ...init, headers }));
}

/** The most memory that this process has held until now. */
function megabytes(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function print(figures: readonly Figure[], beforeMegabytes: number, peakMegabytes: number): void {
  console.log("file          run    rows  changed  unchanged  bad  seconds  rows/s  progress steps");
  for (const one of figures) {
    const cells = [
      one.file.padEnd(12),
      String(one.run).padStart(4),
      String(one.rows).padStart(7),
      String(one.changed).padStart(8),
      String(one.unchanged).padStart(10),
      String(one.bad).padStart(4),
      one.seconds.toFixed(2).padStart(8),
      String(one.rowsPerSecond).padStart(7),
      String(one.steps).padStart(9),
    ];
    console.log(cells.join(" "));
  }
  for (const run of [1, 2] as const) {
    const total = figures.filter((one) => one.run === run).reduce((sum, one) => sum + one.seconds, 0);
    console.log(`run ${run}: ${total.toFixed(1)} s for all four files`);
  }
  console.log(`peak memory of the program: ${peakMegabytes} MB (${beforeMegabytes} MB before the first file)`);
}

await main();
