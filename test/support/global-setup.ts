import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import type { DatabaseAccess } from "#platform/database.ts";
import { startEmbedded } from "#platform/embedded/postgres.ts";
import { readPidFile } from "#platform/embedded/postmaster.ts";
import { isAlive } from "#platform/embedded/processes.ts";
import { prepareDatabase } from "#platform/migrate.ts";
import "./provided.ts";
import { seed } from "./seed.ts";

const template = `portico_test_${process.pid}`;
const folderPrefix = "portico-test-";

/**
 * One PostgreSQL for the whole run: our own without fsync, or the one that TEST_DATABASE_URL (or DATABASE_URL) names.
 * Roles are made and migrations applied once, in a template that each test file clones.
 */
export default async function setup(project: TestProject) {
  const server = await startServer(process.env.TEST_DATABASE_URL || process.env.DATABASE_URL);
  const access: DatabaseAccess = {
    adminUrl: onDatabase(server.adminUrl, template),
    rolePrefix: "portico_test",
    secretKey: "a key of the tests, which guards nothing at all",
  };
  await admin(server.adminUrl, `create database ${template}`);
  try {
    await prepareDatabase(access);
    await admin(server.adminUrl, `alter database ${template} allow_connections false`);
    project.provide("template", { access });
  } catch (error) {
    // A broken migration fails the tests that need a database, not those that don't.
    project.provide("template", { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
  return server.stop;
}

type Server = { readonly adminUrl: string; stop(): Promise<void> };

async function startServer(given: string | undefined): Promise<Server> {
  if (given) return { adminUrl: given, stop: () => dropAll(given) };
  sweep();
  const folder = mkdtempSync(join(tmpdir(), `${folderPrefix}${process.pid}-`));
  const settings = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "600" };
  await seed(folder);
  const server = await startEmbedded({ dataDir: folder, settings, log: () => {} });
  return {
    adminUrl: server.adminUrl,
    async stop() {
      await server.stop("immediate");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Ends what a run that was killed left behind: its server lives in a session of its own. */
function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number.parseInt(name.slice(folderPrefix.length), 10);
    if (!name.startsWith(folderPrefix) || !(pid > 0) || isAlive(pid)) continue;
    const folder = join(tmpdir(), name);
    const server = readPidFile(join(folder, "postgres", "cluster"));
    if (server && isAlive(server.pid)) process.kill(server.pid, "SIGQUIT");
    rmSync(folder, { recursive: true, force: true });
  }
}

async function dropAll(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const found = await client.query<{ datname: string }>("select datname from pg_database where datname like $1", [
    `${template}%`,
  ]);
  for (const row of found.rows)
    await client.query(`drop database ${client.escapeIdentifier(row.datname)} with (force)`);
  await client.end();
}

async function admin(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

function onDatabase(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.toString();
}
