import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { runMigrations } from "graphile-worker";
import pg from "pg";
import { type DatabaseAccess, roleConnection, roleName, roleNames, rolePassword } from "#platform/database.ts";

// Any fixed number serves; it only has to be ours. Roles are cluster-wide, so their lock is taken in database postgres.
const roleLock = 7_064_426_001;
const migrationLock = 7_064_426_002;

const folder = new URL("../../migrations/", import.meta.url);

/**
 * Makes the roles, the queue's schema and the tables of a database, or brings them up to date; safe to run from two
 * processes at once. `access.adminUrl` needs CREATEROLE and the right to CREATE in the database. Returns the names it
 * applied. Throws when an applied migration was edited afterwards.
 */
export async function prepareDatabase(access: DatabaseAccess): Promise<string[]> {
  if (!(await isPrepared(access))) await makeRoles(access);
  return await applyMigrations(access);
}

async function isPrepared(access: DatabaseAccess): Promise<boolean> {
  const client = new pg.Client(roleConnection(access, "owner"));
  try {
    await client.connect();
    const found = await client.query("select to_regclass('app.migration') is not null as ready");
    return found.rows[0].ready === true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function makeRoles(access: DatabaseAccess): Promise<void> {
  const here = new URL(access.adminUrl);
  const maintenance = new URL(access.adminUrl);
  maintenance.pathname = "/postgres";
  const lock = new pg.Client({ connectionString: maintenance.toString() });
  const admin = new pg.Client({ connectionString: here.toString() });
  await lock.connect();
  await admin.connect();
  try {
    await lock.query("select pg_advisory_lock($1)", [roleLock]);
    for (const role of roleNames) {
      const name = admin.escapeIdentifier(roleName(access, role));
      const password = admin.escapeLiteral(rolePassword(access, role));
      const known = await admin.query("select from pg_roles where rolname = $1", [roleName(access, role)]);
      const verb = known.rowCount === 0 ? "create" : "alter";
      await admin.query(`${verb} role ${name} login noinherit password ${password}`);
      await admin.query(`alter role ${name} set search_path = pg_catalog, pg_temp`);
    }
    const database = admin.escapeIdentifier(decodeURIComponent(here.pathname.slice(1)));
    for (const role of ["owner", "queue"] as const) {
      await admin.query(
        `grant create, connect on database ${database} to ${admin.escapeIdentifier(roleName(access, role))}`,
      );
    }
  } finally {
    await admin.end();
    await lock.end();
  }
}

async function applyMigrations(access: DatabaseAccess): Promise<string[]> {
  const owner = new pg.Client(roleConnection(access, "owner"));
  await owner.connect();
  const applied: string[] = [];
  try {
    // What a power cut takes of it is applied again by the next start, so no commit waits for the disk.
    await owner.query("set statement_timeout = 0; set lock_timeout = 0; set synchronous_commit = off");
    await owner.query("select pg_advisory_lock($1)", [migrationLock]);
    const done = await appliedBefore(owner);
    if (done.size === 0) await prepareQueue(access, owner);
    for (const name of (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort()) {
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
