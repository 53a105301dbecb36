import { existsSync } from "node:fs";
import { join } from "node:path";
import { systemRandom } from "#kernel/random.ts";
import { systemClock } from "#kernel/time.ts";
import { type Config, ConfigError } from "#platform/config.ts";
import { makeDataDir } from "#platform/data-dir.ts";
import { type DatabaseAccess, openPools } from "#platform/database.ts";
import { type Hold, holdDataDir } from "#platform/embedded/hold.ts";
import { startEmbedded } from "#platform/embedded/postgres.ts";
import type { Log } from "#platform/log.ts";
import { checkPrepared, prepareDatabase } from "#platform/migrate.ts";
import { makeRoles } from "#platform/roles.ts";
import { knownSecrets, loadSecrets, type Secrets } from "#platform/secrets.ts";
import type { Ground } from "#platform/tx.ts";

/** A database that is prepared and open, and how to let it go. */
export type Opened = {
  readonly ground: Ground;
  readonly access: DatabaseAccess;
  /** Held while the program runs on its own database; scripts that only look hold nothing. */
  readonly hold: Hold | undefined;
  close(): Promise<void>;
};

type Server = {
  readonly access: DatabaseAccess;
  readonly secrets: Secrets;
  readonly hold: Hold | undefined;
  /** Lets the data folder go, and stops our own PostgreSQL unless it is to go on. */
  close(): Promise<void>;
};

/**
 * Opens the database of this configuration for this process alone: the one that DATABASE_URL names, or our own in
 * DATA_DIR, started (or adopted) here. Roles and tables are brought up to date. Throws ConfigError,
 * EmbeddedPostgresError, DataDirHeldError or DatabaseRefusedError, each with one plain line.
 */
export async function openDatabase(config: Config, log: Log): Promise<Opened> {
  const server = await startServer(config, log);
  try {
    const applied = await prepareDatabase(server.access, { oldSecretKey: config.oldSecretKey });
    if (applied.length > 0) log.info({ applied }, "The database is up to date");
  } catch (error) {
    await server.close();
    throw error;
  }
  return openedOn(server, log);
}

/**
 * The same database beside a running program, to look at: makes no role, applies no migration, writes nothing, and
 * stops our own PostgreSQL afterwards only if it was not running before. Throws as `openDatabase` does, also when the
 * key does not fit or migrations wait.
 */
export async function lookAtDatabase(config: Config, log: Log): Promise<Opened> {
  const secrets = knownSecrets(config);
  if (!secrets || !(config.databaseUrl || existsSync(join(config.dataDir, "postgres")))) {
    const missing = config.databaseUrl ? "SECRET_KEY is not set, and DATA_DIR keeps none" : "Portico never ran there";
    throw new ConfigError(`DATA_DIR is ${JSON.stringify(config.dataDir)}: ${missing}, so there is nothing to look at`);
  }
  const server = await reach(config, log, secrets);
  try {
    await checkPrepared(server.access);
  } catch (error) {
    await server.close();
    throw error;
  }
  return openedOn({ ...server, access: { ...server.access, readOnly: true } }, log);
}

/** `npm run roles`: makes the roles, and gives those that are there the passwords of the present key. */
export async function renewRoles(config: Config, log: Log): Promise<DatabaseAccess> {
  const server = await startServer(config, log);
  await makeRoles(server.access, { always: true }).finally(() => server.close());
  return server.access;
}

function openedOn(server: Server, log: Log): Opened {
  let closing = false;
  const pools = openPools(server.access, (error) => {
    // Our own PostgreSQL stops behind the pools, and tells connections that are on their way out.
    if (!closing) log.warn({ err: error }, "A database connection was lost");
  });
  return {
    ground: { pools, clock: systemClock, random: systemRandom, keys: server.secrets.keys },
    access: server.access,
    hold: server.hold,
    close: async () => {
      closing = true;
      await pools.end();
      await server.close();
    },
  };
}

async function startServer(config: Config, log: Log): Promise<Server> {
  makeDataDir(config.dataDir);
  const server = await reach(config, log, loadSecrets(config));
  if (config.databaseUrl) return server;
  const hold = await holdDataDir({
    adminUrl: server.access.adminUrl,
    dataDir: config.dataDir,
    self: { pid: process.pid, since: systemClock.now().toString({ smallestUnit: "second" }), url: "" },
    onLost: (error) => {
      log.fatal({ err: error }, "Another program took the data folder");
      process.kill(process.pid, "SIGTERM");
    },
  });
  return {
    ...server,
    hold,
    close: async () => {
      await hold.release();
      await server.stop();
    },
  };
}

/** Without a hold: `close` stops what was started here, `stop` also what ran already. */
async function reach(config: Config, log: Log, secrets: Secrets): Promise<Server & { stop(): Promise<void> }> {
  const note = (line: string) => log.info({ from: "postgres" }, line);
  const server = config.databaseUrl ? undefined : await startEmbedded({ dataDir: config.dataDir, log: note });
  const adminUrl = config.databaseUrl ?? server?.adminUrl ?? "";
  const database = decodeURIComponent(new URL(adminUrl).pathname.slice(1));
  const stop = async () => server?.stop();
  return {
    access: { adminUrl, rolePrefix: config.rolePrefix ?? database, secretKey: secrets.secretKey },
    secrets,
    hold: undefined,
    stop,
    close: async () => {
      if (!server?.adopted) await stop();
    },
  };
}
