import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Account, run } from "./account.ts";
import { EmbeddedPostgresError } from "./errors.ts";

/** The files of one embedded PostgreSQL. */
export type Cluster = {
  /** PostgreSQL's own data directory (PGDATA). */
  readonly dir: string;
  readonly logFile: string;
  readonly portFile: string;
  /** Of the superuser `postgres`. */
  readonly password: string;
};

const superuser = "postgres";

/**
 * Opens the cluster in the account's home; the first time it makes it (about 0.7 s).
 *
 * @throws EmbeddedPostgresError when initdb fails, with what it said
 */
export async function openCluster(account: Account, log: (line: string) => void): Promise<Cluster> {
  const dir = join(account.home, "cluster");
  const passwordFile = join(account.home, "password");
  if (!existsSync(join(dir, "PG_VERSION"))) {
    log(`Making a PostgreSQL database in ${dir}`);
    await createCluster(account, dir, passwordFile);
  }
  return {
    dir,
    logFile: join(account.home, "log"),
    portFile: join(account.home, "port"),
    password: readFileSync(passwordFile, "utf8").trim(),
  };
}

async function createCluster(account: Account, dir: string, passwordFile: string): Promise<void> {
  // An initdb that was interrupted leaves a half cluster; only the rename at the end makes it count.
  const half = `${dir}.new`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(account.home, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, `${randomBytes(24).toString("hex")}\n`, { mode: 0o600 });
  account.own(passwordFile);
  let outcome = await initdb(account, half, passwordFile, ["--locale=C.UTF-8"]);
  if (outcome.code !== 0 && outcome.output.includes("invalid locale name")) {
    // Old macOS has no C.UTF-8 of its own; PostgreSQL's builtin one does not need it.
    rmSync(half, { recursive: true, force: true });
    outcome = await initdb(account, half, passwordFile, ["--locale=C", "--builtin-locale=C.UTF-8"]);
  }
  if (outcome.code !== 0) {
    rmSync(half, { recursive: true, force: true });
    throw new EmbeddedPostgresError(`PostgreSQL could not make its database in ${dir}:\n${outcome.output.trim()}`);
  }
  renameSync(half, dir);
}

function initdb(account: Account, dir: string, passwordFile: string, locale: readonly string[]) {
  return run(account, join(account.native, "bin", "initdb"), [
    `--pgdata=${dir}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--auth=scram-sha-256",
    "--no-instructions",
    ...locale,
  ]);
}
