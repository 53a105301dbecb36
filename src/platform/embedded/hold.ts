import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { sleep } from "./processes.ts";

/** What the program that runs on a data folder says about itself, in its running.json. */
export type Holder = { readonly pid: number; readonly since: string; readonly url: string };

/** Another program runs on this data folder. The message names it in one plain line. */
export class DataDirHeldError extends Error {
  override name = "DataDirHeldError";
  readonly holder: Holder | undefined;

  constructor(dataDir: string, holder: Holder | undefined) {
    const who = holder
      ? `process ${holder.pid}, since ${holder.since}${holder.url ? `, at ${holder.url}` : ""}`
      : "another process";
    super(`Portico runs on ${dataDir} already: ${who}. Stop it first, or give this one another DATA_DIR.`);
    this.holder = holder;
  }
}

export type HoldOptions = {
  readonly adminUrl: string;
  readonly dataDir: string;
  /** Who we are; `since` is an instant as text, by the caller's clock. */
  readonly self: Holder;
  /** Called once when the lock was lost while the database was away, and somebody else took it. */
  readonly onLost: (error: DataDirHeldError) => void;
};

export type Hold = {
  /** Tells the next one who asks where we can be reached, once we know. */
  publish(url: string): void;
  release(): Promise<void>;
};

// "port" in ASCII; advisory locks are per database, and this database is ours.
const lockKeys = [0x706f7274, 1] as const;

type Session = { readonly client: Client; readonly backend: number; readonly ended: Promise<void> };

/**
 * Takes the data folder for this process, by a session-level advisory lock that ends with the process, however it
 * ends. When the database goes away and comes back, the lock is taken again.
 *
 * @throws DataDirHeldError when another program holds it
 */
export async function holdDataDir(options: HoldOptions): Promise<Hold> {
  let self = options.self;
  let session = await take(options);
  let released = false;
  writeRunning(options.dataDir, self, session.backend);
  const keep = async () => {
    for (;;) {
      await session.ended;
      if (released) return;
      const next = await takeAgain(options, () => released);
      if (!next) return;
      session = next;
      writeRunning(options.dataDir, self, session.backend);
    }
  };
  const keeping = keep();
  return {
    publish(url) {
      self = { ...self, url };
      writeRunning(options.dataDir, self, session.backend);
    },
    async release() {
      released = true;
      rmSync(runningFile(options.dataDir), { force: true });
      await session.client.end().catch(() => {});
      await keeping;
    },
  };
}

async function takeAgain(options: HoldOptions, isReleased: () => boolean): Promise<Session | undefined> {
  while (!isReleased()) {
    try {
      return await take(options);
    } catch (error) {
      if (error instanceof DataDirHeldError) {
        options.onLost(error);
        return undefined;
      }
      await sleep(250);
    }
  }
  return undefined;
}

async function take(options: HoldOptions): Promise<Session> {
  const client = new Client({ connectionString: options.adminUrl, application_name: "portico hold", keepAlive: true });
  const ended = new Promise<void>((resolve) => {
    client.once("end", () => resolve());
  });
  // Without a listener the loss of the connection would end the program.
  client.on("error", () => {});
  await client.connect();
  const taken = await client.query<{ taken: boolean; backend: number }>(
    "select pg_try_advisory_lock($1, $2) as taken, pg_backend_pid() as backend",
    [...lockKeys],
  );
  const row = taken.rows[0];
  if (row?.taken) return { client, backend: row.backend, ended };
  const holder = await findHolder(client, options.dataDir);
  await client.end();
  throw new DataDirHeldError(options.dataDir, holder);
}

/** Who wrote running.json, if that is also who holds the lock: the file may be left from an earlier run. */
async function findHolder(client: Client, dataDir: string): Promise<Holder | undefined> {
  const locks = await client.query<{ pid: number }>(
    "select pid from pg_locks where locktype = 'advisory' and classid = $1 and objid = $2 and granted",
    [...lockKeys],
  );
  try {
    const written = JSON.parse(readFileSync(runningFile(dataDir), "utf8")) as Holder & { backend: number };
    if (locks.rows.some((lock) => lock.pid === written.backend)) return written;
  } catch {
    // The other one took the lock this very moment and has not written yet.
  }
  return undefined;
}

function runningFile(dataDir: string): string {
  return join(dataDir, "running.json");
}

function writeRunning(dataDir: string, self: Holder, backend: number): void {
  writeFileSync(runningFile(dataDir), `${JSON.stringify({ ...self, backend })}\n`, { mode: 0o600 });
}
