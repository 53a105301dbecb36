import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { runMigrations } from "graphile-worker";
import pg from "pg";
import { type DatabaseAccess, roleConnection, roleName, roleNames } from "#platform/database.ts";
import {
  connectAs,
  DatabaseRefusedError,
  databaseName,
  makeRoles,
  type Renewal,
  refuseForeign,
} from "#platform/roles.ts";

// Any fixed number serves; it only has to be ours.
const migrationLock = 7_064_426_002;

const folder = new URL("../../migrations/", import.meta.url);

/**
 * Makes the roles, the queue's schema and the tables of a database, or brings them up to date; safe to run from two
 * processes at once. `access.adminUrl` needs CREATEROLE and the right to CREATE in the database; once all is there it
 * is not asked. Returns the names it applied. Throws when an applied migration was edited afterwards, and
 * DatabaseRefusedError when the database is not ours to use with this key: then nothing of it was changed.
 */
export async function prepareDatabase(access: DatabaseAccess, renewal: Renewal = {}): Promise<string[]> {
  if (!(await isPrepared(access))) await makeRoles(access, renewal);
  return await applyMigrations(access);
}

async function isPrepared(access: DatabaseAccess): Promise<boolean> {
  const owner = await connectAs(access, "owner");
  if (!owner) return false;
  try {
    await refuseForeign(access, owner);
    const names = roleNames.map((role) => roleName(access, role));
    const found = await owner.query<{ roles: number; ready: boolean }>(
      `select (select count(*)::int from pg_roles where rolname = any($1)) as roles,
        to_regclass('app.migration') is not null as ready`,
      [names],
    );
    return found.rows[0]?.ready === true && found.rows[0].roles === names.length;
  } finally {
    await owner.end();
  }
}

/**
 * Looks whether a database is as this program expects it, and changes nothing.
 *
 * @throws DatabaseRefusedError when its roles don't open with this key, or migrations wait to be applied
 */
export async function checkPrepared(access: DatabaseAccess): Promise<void> {
  const owner = await connectAs(access, "owner");
  if (!owner) {
    throw new DatabaseRefusedError(
      `The role ${roleName(access, "owner")} does not open: set the SECRET_KEY (or DATA_DIR) and the ` +
        "DATABASE_ROLE_PREFIX that Portico runs with. Nothing was changed.",
    );
  }
  try {
    await refuseForeign(access, owner);
    const done = await appliedBefore(owner);
    const waiting = (await migrationFiles()).filter((name) => !done.has(name)).length;
    if (waiting === 0) return;
    const what = `${waiting} of this program's migrations`;
    throw new DatabaseRefusedError(
      `Database ${databaseName(access)} waits for ${what}: start Portico, then look again.`,
    );
  } finally {
    await owner.end();
  }
}

async function migrationFiles(): Promise<string[]> {
  return (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
}

async function applyMigrations(access: DatabaseAccess): Promise<string[]> {
  const owner = await connectAs(access, "owner");
  if (!owner) throw new DatabaseRefusedError(`The role ${roleName(access, "owner")} was changed by somebody else.`);
  const applied: string[] = [];
  let at = "its migrations";
  try {
    // What a power cut takes of it is applied again by the next start, so no commit waits for the disk.
    await owner.query("set statement_timeout = 0; set lock_timeout = 0; set synchronous_commit = off");
    await owner.query("select pg_advisory_lock($1)", [migrationLock]);
    const done = await appliedBefore(owner);
    if (done.size === 0) await prepareQueue(access, owner);
    for (const name of await migrationFiles()) {
      at = name;
      const text = await readFile(new URL(name, folder), "utf8");
      const digest = createHash("sha256").update(text).digest("hex");
      const before = done.get(name);
      if (before !== undefined && before !== digest)
        throw new Error(`Migration ${name} was changed after it was applied.`);
      if (before !== undefined) continue;
      await owner.query("begin");
      await owner.query(withRoles(access, owner, text));
      await owner.query(
        `create table if not exists app.migration
          (name text primary key, digest text not null, at timestamptz not null)`,
      );
      await owner.query("insert into app.migration values ($1, $2, now())", [name, digest]);
      await owner.query("commit");
      applied.push(name);
    }
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const where = `Database ${databaseName(access)} could not be brought up to date (${at})`;
    throw new DatabaseRefusedError(`${where}: ${error.message}`, { cause: error });
  } finally {
    await owner.end();
  }
  return applied;
}

async function appliedBefore(owner: pg.Client): Promise<Map<string, string>> {
  const there = await owner.query("select to_regclass('app.migration') is not null as there");
  if (!there.rows[0].there) return new Map();
  const rows = await owner.query<{ name: string; digest: string }>("select name, digest from app.migration");
  return new Map(rows.rows.map((row) => [row.name, row.digest]));
}

/**
 * The queue belongs to its own role, and row-level security keeps everybody else out of it: the owner, whose app.wake
 * all others call, may run one function that adds a job.
 */
async function prepareQueue(access: DatabaseAccess, owner: pg.Client): Promise<void> {
  const pool = new pg.Pool({ ...roleConnection(access, "queue"), max: 2 });
  // graphile-worker insists on both; what fails here rejects a query, which is where it is dealt with.
  pool.on("error", () => {}).on("connect", (client) => void client.on("error", () => {}));
  try {
    await runMigrations({ pgPool: pool });
    const grantee = owner.escapeIdentifier(roleName(access, "owner"));
    await pool.query(`
      create or replace function graphile_worker.portico_wake(task text, payload json, key text, at timestamptz)
      returns void
      language sql security definer set search_path = pg_catalog, pg_temp
      as $$ select graphile_worker.add_job(task, payload, run_at => at, job_key => key,
        job_key_mode => 'preserve_run_at') $$;
      revoke execute on function graphile_worker.portico_wake from public;
      grant usage on schema graphile_worker to ${grantee};
      grant execute on function graphile_worker.portico_wake to ${grantee}`);
  } finally {
    await pool.end();
  }
}

function withRoles(access: DatabaseAccess, owner: pg.Client, text: string): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, role: string) => {
    const known = roleNames.find((name) => name === role);
    if (!known) throw new Error(`A migration names a role that does not exist: ${role}`);
    return owner.escapeIdentifier(roleName(access, known));
  });
}
