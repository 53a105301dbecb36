import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { sql } from "kysely";
import type { InstitutionId } from "#access/principal.ts";
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
import { refreshStatistics } from "#platform/statistics.ts";
import { openStorage } from "#platform/storage.ts";
import { type Cx, inTx, tokenHash } from "#platform/tx.ts";
import statementRoutes from "#web/partner/statement/routes.tsx";
import { problemPage } from "#web/problem-page.tsx";

/** What is downloaded, and how many entries it has. */
const runs = [
  { file: "pdf", lines: 10_000 },
  { file: "csv", lines: 10_000 },
  { file: "csv", lines: 200_000 },
] as const;
type Run = (typeof runs)[number];

type Figure = Run & {
  readonly seconds: number;
  readonly firstByteSeconds: number;
  readonly megabytes: number;
  /** The most that the process held, and what it held before it was asked. */
  readonly peakMegabytes: number;
  readonly beforeMegabytes: number;
};

/** A small heap shows what is kept, not what V8 had no reason to sweep yet: what grew with the lines would not fit. */
const smallHeap = ["--max-old-space-size=96", "--max-semi-space-size=4"];

/** The limits of the design: a statement of 10,000 entries as PDF. */
const most = { seconds: 6, megabytes: 250 } as const;

/**
 * Downloads statements of a partner through the portal's own routes. The rows are written by one process and each
 * statement is read by another, so that memory is that of one download. Prints a table, or JSON with `--json`. Memory
 * is the most that the process held, fonts and the PDF's thread included; the database's own is not in it. DATABASE_URL
 * takes the place of the embedded PostgreSQL.
 */
async function main(): Promise<void> {
  const [task, file, lines, folder = "", token = ""] = process.argv.slice(2);
  const run = { file, lines: Number(lines) } as Run;
  if (task === "write") return console.log(await write(run, folder));
  if (task === "read") return console.log(JSON.stringify(await read(run, folder, token)));
  const figures: Figure[] = [];
  for (const run of runs) figures.push(await inOwnProcess(run));
  if (process.argv.includes("--json")) console.log(JSON.stringify({ figures, most }, null, 2));
  else print(figures);
}

async function inOwnProcess(run: Run): Promise<Figure> {
  const folder = await mkdtemp(join(tmpdir(), "portico-bench-"));
  const script = fileURLToPath(import.meta.url);
  const ask = async (task: string, ...more: string[]) => {
    const heap = task === "read" ? smallHeap : [];
    const flags = [...heap, "--expose-gc", "--import", "tsx", script];
    flags.push(task, run.file, String(run.lines), folder, ...more);
    const { stdout } = await promisify(execFile)(process.execPath, flags);
    return stdout.trim().split("\n").at(-1) ?? "";
  };
  try {
    return JSON.parse(await ask("read", await ask("write"))) as Figure;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function open(folder: string): Promise<{ house: House; close: () => Promise<void> }> {
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
  const close = async () => {
    await house.live.close();
    await opened.close();
  };
  return { house, close };
}

async function write(run: Run, folder: string): Promise<string> {
  const { house, close } = await open(folder);
  const token = await partnerWith(house, run.lines);
  await close();
  return token;
}

async function read(run: Run, folder: string, token: string): Promise<Figure> {
  const { house, close } = await open(folder);
  const app = createApp(house, statementRoutes, problemPage);
  const headers = { cookie: `${sessionCookie.partner}=${token}`, host: "127.0.0.1:8080", accept: "text/html" };
  const path = `/partner/statement.${run.file}?period=dates&from=2020-01-01&to=2030-12-31&currency=AUD`;
  // What the start left behind is none of the statement's.
  globalThis.gc?.();
  const beforeMegabytes = round(process.memoryUsage().rss / 1_048_576);
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const watch = setInterval(look, 10);
  const began = performance.now();
  const answer = await app.fetch(new Request(new URL(path, house.origin), { headers }));
  if (answer.status !== 200 || !answer.body) throw new Error(`The statement answered ${answer.status}`);
  let bytes = 0;
  let first = 0;
  for await (const part of answer.body) {
    if (bytes === 0) first = performance.now();
    bytes += part.length;
    look();
  }
  const seconds = round((performance.now() - began) / 1000);
  clearInterval(watch);
  await close();
  return {
    ...run,
    seconds,
    firstByteSeconds: round((first - began) / 1000),
    megabytes: round(bytes / 1_048_576),
    peakMegabytes: round(peak / 1_048_576),
    beforeMegabytes,
  };
}

/** An institution with a partner who earned so many shares, one an hour; answers a contact's session. */
async function partnerWith(house: House, lines: number): Promise<string> {
  const now = house.clock.now();
  const institution: InstitutionId = newId("inst", now, house.random);
  const partner = newId("prt", now, house.random);
  const token = secretToken(house.random);
  const email = "ahmed@partners.example";
  await inTx(house, { as: "visitor", host: "" }, (cx) =>
    sql`select app.begin_institution(${institution}, 'Northbridge College', false, ${now})`.execute(cx.db),
  );
  await inTx(house, { as: "system", institution, task: "bench" }, async (cx) => {
    await sql`insert into app.partnership (institution_id, id, name, kind, legal_name, currency, commission_bps,
        commission_tax, created_at, updated_at)
      values (${institution}, ${partner}, 'Meridian', 'agent', 'Meridian Pty Ltd', 'AUD', 1000, 'exclusive', ${now},
        ${now})`.execute(cx.db);
    await sql`insert into app.contact (institution_id, id, partnership_id, name, email, rights, created_at, updated_at)
      values (${institution}, ${newId("con", now, house.random)}, ${partner}, 'Ahmed Sharma', ${email},
        '{view,pay}', ${now}, ${now})`.execute(cx.db);
    await sql`insert into app.session (institution_id, id, token_hash, face, email, partnership_id, created_at,
        last_seen_at, idle_seconds, expires_at)
      values (${institution}, ${newId("ses", now, house.random)}, ${tokenHash(token)}, 'partner', ${email}, ${partner},
        ${now}, ${now}, 86400, ${now.add({ hours: 24 })})`.execute(cx.db);
  });
  // A statement of the program has its time: so many rows at once are written within it.
  for (let from = 1; from <= lines; from += 5_000) {
    await inTx(house, { as: "system", institution, task: "bench" }, (cx) =>
      writeShares(cx, institution, partner, { from, to: Math.min(lines, from + 4_999) }),
    );
  }
  await inTx(house, { as: "system", institution, task: "bench" }, refreshStatistics);
  return token;
}

type Span = { readonly from: number; readonly to: number };

async function writeShares(cx: Cx, institution: InstitutionId, partner: string, { from, to }: Span): Promise<void> {
  const id = (noun: string) => sql`${sql.lit(noun)} || lpad(n::text, 26, '0')`;
  const all = sql`generate_series(${from}::int, ${to}::int) n`;
  await sql`insert into app.customer (institution_id, id, given_name, family_name, created_at, updated_at)
    select ${institution}, ${id("cus_")}, (array['Aiko', 'Omar', 'Linh', 'Zoë', 'Priya'])[1 + n % 5],
      (array['Tanaka', 'Haddad', 'Nguyen', 'Fischer', 'Sharma', 'Smith', 'Rossi'])[1 + n % 7], ${cx.now}, ${cx.now}
      from ${all}`.execute(cx.db);
  await sql`insert into app.payment (institution_id, id, customer_id, item, list_minor, paid_minor, state, currency,
      due_date, created_at, updated_at)
    select ${institution}, ${id("pay_")}, ${id("cus_")}, 'Tuition, term ' || (1 + n % 4), 100000 + n, 100000 + n,
      'paid', 'AUD', '2026-12-05', ${cx.now}, ${cx.now} from ${all}`.execute(cx.db);
  await sql`insert into app.share (institution_id, id, payment_id, partnership_id, kind, rate_bps, tax_mode, tax_bps,
      net_minor, tax_minor, state, earned_at, created_at)
    select ${institution}, ${id("shr_")}, ${id("pay_")}, ${partner}, 'percent', 1000, 'exclusive', 1000,
      10000 + n % 9000, 1000 + n % 900, 'earned',
      '2026-11-20T00:00:00Z'::timestamptz - make_interval(mins => n * 5), ${cx.now} from ${all}`.execute(cx.db);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function print(figures: readonly Figure[]): void {
  console.log("file    lines  seconds  first byte    size  peak memory  before");
  for (const one of figures) {
    const cells = [
      one.file.padEnd(5),
      String(one.lines).padStart(7),
      one.seconds.toFixed(2).padStart(8),
      `${one.firstByteSeconds.toFixed(2)} s`.padStart(11),
      `${one.megabytes.toFixed(1)} MB`.padStart(7),
      `${one.peakMegabytes.toFixed(0)} MB`.padStart(12),
      `${one.beforeMegabytes.toFixed(0)} MB`.padStart(7),
    ];
    console.log(cells.join(" "));
  }
  console.log(`The design wants a PDF of 10,000 lines within ${most.seconds} s and ${most.megabytes} MB.`);
}

await main();
