import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sealAudit } from "#features/audit/seal-audit.ts";
import { silentLog } from "#platform/log.ts";
import { prepareDatabase } from "#platform/migrate.ts";
import { liveAWhile } from "./support/books.ts";
import { ask } from "./support/embedded.ts";
import { groundOn } from "./support/ground.ts";
import { findOwnPostgres, type OwnPostgres, startOwnPostgres } from "./support/own-postgres.ts";

// What docs/operate.md says of backup and restore, with the tools of a PostgreSQL that is installed on this machine:
// the one that Portico brings has no pg_dump.
const native = findOwnPostgres();
const secretKey = "the key that was kept somewhere else, as it is to be";
const folder = mkdtempSync(join(tmpdir(), "portico-restore-"));
const dump = join(folder, "portico.dump");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

if (!native) {
  test("no PostgreSQL is installed here: of a restore only src/platform/roles.test.ts is tested", () =>
    expect(native).toBeUndefined());
}

describe.runIf(native)("a dump of one's own server, restored on another one", () => {
  let before: OwnPostgres;
  let after: OwnPostgres;

  beforeAll(async () => {
    [before, after] = await Promise.all([startOwnPostgres(native ?? ""), startOwnPostgres(native ?? "")]);
    for (const server of [before, after]) {
      await ask(server.url("postgres"), "create role portico login createrole password 'of portico'");
    }
    await ask(before.url("postgres"), "create database portico owner portico");
    const access = { adminUrl: before.url("portico", "portico"), rolePrefix: "portico", secretKey };
    await prepareDatabase(access);
    const ground = await groundOn({ access, drop: async () => {} });
    await liveAWhile(ground);
    const { institution } = ground;
    await sealAudit({ ground, institution, payload: {}, signal: new AbortController().signal, log: silentLog });
    await ground.end();
    await ask(
      before.url("postgres"),
      "create role backup login bypassrls in role pg_read_all_data password 'of backup'",
    );
    await before.tool("pg_dump", "-Fc", "-f", dump, "-d", before.url("portico", "backup"));
  }, 180_000);
  afterAll(async () => {
    await Promise.all([before?.stop(), after?.stop()]);
  });

  const setting = (database: string, more: Record<string, string> = {}) => ({
    DATABASE_URL: after.url(database, "portico"),
    SECRET_KEY: secretKey,
    DATA_DIR: join(folder, "data"),
    ...more,
  });
  const restore = (database: string) =>
    after.tool("pg_restore", "--exit-on-error", "--single-transaction", "-d", after.url(database), dump);

  test("before the roles were made it is full of errors, and the start says so in one line", {
    timeout: 120_000,
  }, async () => {
    await ask(after.url("postgres"), "create database half owner portico");
    await expect(after.tool("pg_restore", "-d", after.url("half"), dump)).rejects.toThrow("errors ignored on restore");
    expect(await started(setting("half"))).toMatch(
      /^Portico did not start\. Schema app of database half belongs to postgres [^\n]*before its roles[^\n]*\n$/,
    );
    expect(await ask(after.url("postgres"), "select from pg_roles where starts_with(rolname, 'half_')")).toEqual([]);
  });

  test("starts, and books and audit log hold: under its name, and under another one with its prefix", {
    timeout: 240_000,
  }, async () => {
    for (const [database, more] of [
      ["portico", {}],
      ["second", { DATABASE_ROLE_PREFIX: "portico" }],
    ] as const) {
      await ask(after.url("postgres"), `create database ${database} owner portico`);
      const env = setting(database, more);
      expect(await script("roles", env)).toMatchObject({ code: 0 });
      await restore(database);
      expect(await started(env)).toContain('"msg":"Stopped"');
      const books = await script("books-verify", env);
      expect(books.output).toMatch(/transfers that moved[\s\S]*The books hold/);
      const audit = await script("audit-verify", env);
      expect(audit.output).toMatch(/: [1-9]\d* entries sealed[\s\S]*The audit log is whole/);
      expect([books.code, audit.code]).toEqual([0, 0]);
    }
  });

  test("without what it grants it is one line at start", { timeout: 120_000 }, async () => {
    await ask(after.url("postgres"), "create database ungranted owner portico");
    await after.tool("pg_restore", "--no-privileges", "-d", after.url("ungranted"), dump);
    const said = await started(setting("ungranted", { DATABASE_ROLE_PREFIX: "portico" }));
    expect(said).toMatch(/^Portico did not start\. [^\n]*permission denied[^\n]*\n$/);
  });
});

const program = ["--import", new URL("../bin/sources.mjs", import.meta.url).href];

/** Starts Portico, stops it once it is ready, and answers what it printed. */
async function started(env: Record<string, string>): Promise<string> {
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
  const child = spawn(process.execPath, [...program, main, "--empty"], {
    env: { PATH: process.env.PATH ?? "", PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const hear = (chunk: Buffer) => {
    output += chunk.toString();
    if (output.includes('"msg":"Ready"')) child.kill("SIGTERM");
  };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", hear);
  await new Promise((resolve) => child.once("close", resolve));
  return output;
}

async function script(name: string, env: Record<string, string>): Promise<{ code: number; output: string }> {
  const path = fileURLToPath(new URL(`../scripts/${name}.ts`, import.meta.url));
  return await new Promise((resolve) => {
    const whole = { env: { PATH: process.env.PATH, ...env } };
    execFile(process.execPath, ["--import", "tsx", path], whole, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}
