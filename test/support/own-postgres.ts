import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { chooseAccount, run } from "#platform/embedded/account.ts";
import { choosePort, socketFolder } from "#platform/embedded/addresses.ts";
import { launch, stopPostmaster } from "#platform/embedded/postmaster.ts";

/** The folder of a whole PostgreSQL, server and tools, of Debian or on the PATH: ours brings no pg_dump. */
export function findOwnPostgres(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const newestFirst = (a: string, b: string) => Number(b) - Number(a);
  const found = existsSync(debian)
    ? readdirSync(debian)
        .sort(newestFirst)
        .map((name) => join(debian, name))
    : [];
  for (const folder of (process.env.PATH ?? "").split(":")) found.push(dirname(folder));
  const tools = ["initdb", "postgres", "pg_dump", "pg_restore"];
  return found.find((folder) => tools.every((tool) => existsSync(join(folder, "bin", tool))));
}

/** A server of one's own, as an institution has one: its address, and how to run its tools. */
export type OwnPostgres = {
  /** Of the superuser, or of a role whose password is "of <role>", on this database. */
  url(database: string, role?: string): string;
  /** Runs a tool of it; rejects with what it printed when it fails. */
  tool(name: string, ...args: string[]): Promise<void>;
  stop(): Promise<void>;
};

export async function startOwnPostgres(native: string): Promise<OwnPostgres> {
  const dataDir = mkdtempSync(join(tmpdir(), "portico-own-postgres-"));
  const account = chooseAccount({ native, dataDir, log: () => {}, elsewhere: join(dataDir, "elsewhere") });
  const password = "of postgres";
  const [dir, file] = [join(account.home, "cluster"), join(account.home, "password")];
  writeFileSync(file, password, { mode: 0o600 });
  account.own(file);
  const words = ["--username=postgres", `--pwfile=${file}`, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"];
  const made = await run(account, join(native, "bin", "initdb"), [`--pgdata=${dir}`, ...words]);
  if (made.code !== 0) throw new Error(made.output);
  const cluster = { dir, logFile: join(account.home, "log"), portFile: join(account.home, "port"), password };
  const settings = { fsync: "off", listen_addresses: "127.0.0.1", max_connections: "100" };
  const how = { port: await choosePort(cluster), socketDir: socketFolder(account, cluster), settings };
  const server = await launch(account, cluster, how);
  return {
    url: (database, role = "postgres") => `postgres://${role}:of%20${role}@127.0.0.1:${server.port}/${database}`,
    tool: async (name, ...args) => {
      await promisify(execFile)(join(native, "bin", name), args, { env: { PATH: process.env.PATH, LC_ALL: "C" } });
    },
    stop: async () => {
      await stopPostmaster(server, "immediate");
      rmSync(dataDir, { recursive: true, force: true });
      rmSync(server.socketDir, { recursive: true, force: true });
    },
  };
}
