import { mkdirSync, realpathSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { Client, escapeIdentifier } from "pg";
import { type Account, chooseAccount } from "./account.ts";
import { choosePort, socketFolder } from "./addresses.ts";
import { findBinaries } from "./binaries.ts";
import { type Cluster, openCluster } from "./cluster.ts";
import { EmbeddedPostgresError } from "./errors.ts";
import { adopt, type Launch, launch, type Postmaster, type StopMode } from "./postmaster.ts";
import { sleep } from "./processes.ts";
import { withStartLock } from "./start-lock.ts";
import { supervise } from "./supervise.ts";

export type EmbeddedOptions = {
  /** The program's data folder; the cluster lies in `postgres` below it. Made when missing. */
  readonly dataDir: string;
  /** postgresql.conf settings over the ones below, as `{ fsync: "off" }`. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
  /** Where cluster and binaries go when root may not make user namespaces. */
  readonly elsewhere?: string;
  /** Only tests force how it is run. */
  readonly force?: Account["kind"];
};

/** A running PostgreSQL of our own. It is started again when it dies, under the same addresses, until `stop`. */
export type EmbeddedPostgres = {
  /** Superuser `postgres` on database `portico`, over the Unix socket. */
  readonly adminUrl: string;
  /** The same over TCP on loopback, for other programs. */
  readonly tcpUrl: string;
  readonly port: number;
  /** It was running already: the last run of the program did not stop it. */
  readonly adopted: boolean;
  readonly account: Account["kind"];
  /** Of the present server; it changes when the server is started again. */
  pid(): number;
  /** Stops the server and waits until it is gone. */
  stop(mode?: StopMode): Promise<void>;
};

const database = "portico";

const defaults: Record<string, string> = {
  listen_addresses: "127.0.0.1",
  unix_socket_permissions: "0700",
  max_connections: "200",
  shared_buffers: "128MB",
  timezone: "UTC",
  log_timezone: "UTC",
  log_line_prefix: "%m [%p] %u@%d ",
  lc_messages: "C",
  // Our statements are short; compiling them costs more than it saves.
  jit: "off",
};

/**
 * Starts the embedded PostgreSQL, or takes over the one that an earlier run left. The first start makes the cluster
 * and database `portico`.
 *
 * @throws EmbeddedPostgresError in one plain line when it can't run here
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const dataDir = realpathSync(options.dataDir);
  const account = chooseAccount({
    native: findBinaries(),
    dataDir,
    log: options.log,
    elsewhere: options.elsewhere ?? "/var/lib/portico",
    ...(options.force ? { force: options.force } : {}),
  });
  const lockFolder = join(dataDir, "postgres");
  const settings = { ...defaults, ...options.settings };
  const { cluster, server } = await withStartLock(lockFolder, async () => {
    const opened = await openCluster(account, options.log);
    const running = (await adopt(opened)) ?? (await launchPatiently(account, opened, settings));
    await ensureDatabase(opened, running);
    return { cluster: opened, server: running };
  });
  if (server.adopted) options.log(`PostgreSQL of the last run goes on (process ${server.pid})`);
  const how: Launch = { port: server.port, socketDir: server.socketDir, settings };
  const again = () =>
    withStartLock(lockFolder, async () => (await adopt(cluster)) ?? (await launch(account, cluster, how)));
  const supervised = supervise(server, again, options.log);
  return {
    adminUrl: urlOf(cluster, server.socketDir, server.port, database),
    tcpUrl: urlOf(cluster, "127.0.0.1", server.port, database),
    port: server.port,
    adopted: server.adopted,
    account: account.kind,
    pid: supervised.pid,
    async stop(mode) {
      await supervised.stop(mode);
      try {
        rmdirSync(server.socketDir);
      } catch {
        // It was gone, or somebody put a file into it: neither hurts.
      }
    },
  };
}

// What a server says while the processes of one that was killed are still letting go of its memory and its port.
const passing = /shared memory block|lock file .* already exists|could not bind|Address already in use|TCP\/IP socket/;

/** Starts the server; after a crash it may take up to 10 s until the old one's processes have let go. */
async function launchPatiently(account: Account, cluster: Cluster, settings: Record<string, string>) {
  const since = performance.now();
  for (;;) {
    try {
      const how = { port: await choosePort(cluster), socketDir: socketFolder(account, cluster), settings };
      return await launch(account, cluster, how);
    } catch (error) {
      const mayPass = error instanceof EmbeddedPostgresError && passing.test(error.message);
      if (!mayPass || performance.now() - since > 10_000) throw error;
      await sleep(100);
    }
  }
}

/** Proves by the password that the server is ours (SCRAM proves it both ways), and makes the database if it is new. */
async function ensureDatabase(cluster: Cluster, server: Postmaster): Promise<void> {
  const client = new Client({ connectionString: urlOf(cluster, server.socketDir, server.port, "postgres") });
  try {
    await client.connect();
    const found = await client.query("select 1 from pg_database where datname = $1", [database]);
    if (found.rowCount === 0) await client.query(`create database ${escapeIdentifier(database)}`);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EmbeddedPostgresError(`The PostgreSQL in ${cluster.dir} does not answer as ours: ${why}`, { cause });
  } finally {
    await client.end();
  }
}

function urlOf(cluster: Cluster, host: string, port: number, name: string): string {
  return `postgres://postgres:${cluster.password}@${encodeURIComponent(host)}:${port}/${name}`;
}
