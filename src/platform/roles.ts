import pg from "pg";
import {
  type DatabaseAccess,
  type RoleName,
  roleConnection,
  roleName,
  roleNames,
  rolePassword,
} from "#platform/database.ts";

// Any fixed number serves; it only has to be ours. Roles are cluster-wide, so their lock is taken in database postgres.
const roleLock = 7_064_426_001;

/** The database can't be used as it is. The message is one plain line for the person at the terminal. */
export class DatabaseRefusedError extends Error {
  override name = "DatabaseRefusedError";
}

/** What may be done to roles that are there and don't open with SECRET_KEY. */
export type Renewal = {
  /** SECRET_KEY_OLD: where the roles open with it, the key was changed on purpose. */
  readonly oldSecretKey?: string | undefined;
  /** Give every role the password of the present key, whatever it had (`npm run roles`). */
  readonly always?: boolean;
};

/**
 * Makes the roles that are missing, in one transaction. Those that are there keep their passwords: another portal, or
 * another process of this one, may be connected with them. `renewal` says when they don't.
 *
 * @throws DatabaseRefusedError when they don't open with the key of `access`, or what is there belongs to others
 */
export async function makeRoles(access: DatabaseAccess, renewal: Renewal): Promise<void> {
  const here = new URL(access.adminUrl);
  const maintenance = new URL(access.adminUrl);
  maintenance.pathname = "/postgres";
  const lock = await connectAdmin(maintenance);
  try {
    const admin = await connectAdmin(here);
    try {
      await lock.query("select pg_advisory_lock($1)", [roleLock]);
      await refuseForeign(access, admin);
      await bringRoles(access, admin, renewal);
    } catch (error) {
      throw error instanceof pg.DatabaseError
        ? new DatabaseRefusedError(`${here.username} of DATABASE_URL can't make the roles: ${error.message}`)
        : error;
    } finally {
      await admin.end();
    }
  } finally {
    await lock.end();
  }
}

async function bringRoles(access: DatabaseAccess, admin: pg.Client, renewal: Renewal): Promise<void> {
  const names = roleNames.map((role) => roleName(access, role));
  const found = await admin.query<{ rolname: string }>("select rolname from pg_roles where rolname = any($1)", [names]);
  const known = new Set(found.rows.map((row) => row.rolname));
  const renews = await mustRenew(
    access,
    roleNames.find((role) => known.has(roleName(access, role))),
    renewal,
  );
  await admin.query("begin");
  for (const role of roleNames) {
    const name = admin.escapeIdentifier(roleName(access, role));
    const isKnown = known.has(roleName(access, role));
    if (isKnown && !renews) continue;
    const password = admin.escapeLiteral(rolePassword(access, role));
    await admin.query(`${isKnown ? "alter" : "create"} role ${name} login noinherit password ${password}`);
    await admin.query(`alter role ${name} set search_path = pg_catalog, pg_temp`);
  }
  const database = admin.escapeIdentifier(databaseName(access));
  for (const role of ["owner", "queue"] as const) {
    await admin.query(
      `grant create, connect on database ${database} to ${admin.escapeIdentifier(roleName(access, role))}`,
    );
  }
  await admin.query("commit");
}

/** Whether the roles get new passwords; `witness` is one that is there. Throws when they would have to and may not. */
async function mustRenew(access: DatabaseAccess, witness: RoleName | undefined, renewal: Renewal): Promise<boolean> {
  if (renewal.always) return true;
  if (!witness || (await opensWith(access, witness))) return false;
  const old = renewal.oldSecretKey;
  if (old !== undefined && (await opensWith({ ...access, secretKey: old }, witness))) return true;
  throw new DatabaseRefusedError(
    `SECRET_KEY (or DATA_DIR/secret-key) is not the one that the roles ${access.rolePrefix}_… were made with, and ` +
      "Portico may be running with that one. Start with it; if the key was changed on purpose, set SECRET_KEY_OLD to " +
      "it; if it is lost, run `npm run roles` once (docs/operate.md, Another SECRET_KEY).",
  );
}

async function opensWith(access: DatabaseAccess, role: RoleName): Promise<boolean> {
  const client = await connectAs(access, role);
  await client?.end();
  return client !== undefined;
}

/** A connection of a role; undefined when it is not there or has another password. Throws DatabaseRefusedError. */
export async function connectAs(access: DatabaseAccess, role: RoleName): Promise<pg.Client | undefined> {
  try {
    return await connected(roleConnection(access, role));
  } catch (error) {
    // A role that is missing and a password that does not fit look the same from here.
    if (["28P01", "28000"].includes((error as { code?: string }).code ?? "")) return undefined;
    throw notReached(new URL(access.adminUrl), roleName(access, role), error);
  }
}

/** Throws when Portico's schema belongs to somebody else than the owner of `access`. Any role may ask. */
export async function refuseForeign(access: DatabaseAccess, client: pg.Client): Promise<void> {
  const found = await client.query<{ owner: string }>(
    "select pg_get_userbyid(nspowner) as owner from pg_namespace where nspname = 'app'",
  );
  const owner = found.rows[0]?.owner;
  if (owner === undefined || owner === roleName(access, "owner")) return;
  const why = owner.endsWith("_owner")
    ? `set DATABASE_ROLE_PREFIX=${owner.slice(0, -"_owner".length)}`
    : "it was restored before its roles were made";
  throw new DatabaseRefusedError(
    `Schema app of database ${databaseName(access)} belongs to ${owner} and not to ${roleName(access, "owner")}: ` +
      `${why} (docs/operate.md, Backup and restore).`,
  );
}

/** The database that `access` leads to. */
export function databaseName(access: DatabaseAccess): string {
  return decodeURIComponent(new URL(access.adminUrl).pathname.slice(1));
}

async function connectAdmin(url: URL): Promise<pg.Client> {
  try {
    return await connected({ connectionString: url.toString(), connectionTimeoutMillis: 10_000 });
  } catch (error) {
    throw notReached(url, decodeURIComponent(url.username), error);
  }
}

async function connected(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config);
  // A connection that is lost rejects what was asked; without a listener it would end the program besides.
  client.on("error", () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

function notReached(url: URL, user: string, error: unknown): DatabaseRefusedError {
  // A name with several addresses fails with one error for each, and no words of its own.
  const cause = error instanceof AggregateError ? error.errors[0] : error;
  const why = cause instanceof Error ? cause.message : String(cause);
  const place = `${decodeURIComponent(url.host)}${decodeURIComponent(url.pathname)}`;
  return new DatabaseRefusedError(`No connection to DATABASE_URL's ${place} as ${user}: ${why}`, { cause: error });
}
