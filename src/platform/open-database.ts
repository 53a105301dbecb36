import { mkdirSync } from "node:fs";
import { systemRandom } from "#kernel/random.ts";
import { systemClock } from "#kernel/time.ts";
import type { Config } from "#platform/config.ts";
import { type DatabaseAccess, openPools } from "#platform/database.ts";
import { type Hold, holdDataDir } from "#platform/embedded/hold.ts";
import { startEmbedded } from "#platform/embedded/postgres.ts";
import type { Log } from "#platform/log.ts";
import { prepareDatabase } from "#platform/migrate.ts";
import { loadSecrets } from "#platform/secrets.ts";
import type { Ground } from "#platform/tx.ts";

/** A database that is prepared and open, and how to let it go. */
export type Opened = {
  readonly ground: Ground;
  readonly access: DatabaseAccess;
  /** Held while the program runs on its own database; scripts that only look hold nothing. */
  readonly hold: Hold | undefined;
  close(): Promise<void>;
};

/**
 * Opens the database of this configuration: the one that DATABASE_URL names, or our own in DATA_DIR, started (or
 * adopted) here. Roles and tables are brought up to date. `exclusive` takes the data folder for this process; without
 * it a running program's database is used beside it, and stopped afterwards only if it was not running before. Throws
 * ConfigError, EmbeddedPostgresError or DataDirHeldError, each with one plain line.
 */
export async function openDatabase(config: Config, log: Log, options: { exclusive: boolean }): Promise<Opened> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const secrets = loadSecrets(config);
  const note = (line: string) => log.info({ from: "postgres" }, line);
  const server = config.databaseUrl ? undefined : await startEmbedded({ dataDir: config.dataDir, log: note });
  const adminUrl = config.databaseUrl ?? server?.adminUrl ?? "";
  let hold: Hold | undefined;
  if (server && options.exclusive) {
    hold = await holdDataDir({
      adminUrl,
      dataDir: config.dataDir,
      self: { pid: process.pid, since: systemClock.now().toString({ smallestUnit: "second" }), url: "" },
      onLost: (error) => {
        log.fatal({ err: error }, "Another program took the data folder");
        process.kill(process.pid, "SIGTERM");
      },
    });
  }
  const database = decodeURIComponent(new URL(adminUrl).pathname.slice(1));
  const access = { adminUrl, rolePrefix: config.rolePrefix ?? database, secretKey: secrets.secretKey };
  const applied = await prepareDatabase(access);
  if (applied.length > 0) log.info({ applied }, "The database is up to date");
  const pools = openPools(access, (error) => log.warn({ err: error }, "A database connection was lost"));
  return {
    ground: { pools, clock: systemClock, random: systemRandom, keys: secrets.keys },
    access,
    hold,
    close: async () => {
      await pools.end();
      await hold?.release();
      if (server && (options.exclusive || !server.adopted)) await server.stop();
    },
  };
}
