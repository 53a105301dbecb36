import { type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { EmbeddedPostgresError } from "./errors.ts";
import { moveCluster } from "./move.ts";

/** As whom PostgreSQL runs, and where its binaries and its files lie for that account. */
export type Account = {
  readonly kind: "self" | "user-namespace" | "postgres-user";
  /** The owner of the account's files, as we see it from outside. */
  readonly uid: number;
  readonly native: string;
  /** The folder that holds the cluster, the log and the sockets' name. */
  readonly home: string;
  /** What to spawn so that `program args` runs under this account; the process id is that of the program itself. */
  command(program: string, args: readonly string[]): { file: string; args: string[]; options: SpawnOptions };
  /** Gives a file or folder that we made to the account. */
  own(path: string): void;
};

export type AccountChoice = {
  readonly native: string;
  readonly dataDir: string;
  readonly log: (line: string) => void;
  /** Where a `postgres` user's copy lies when root may not make user namespaces. */
  readonly elsewhere: string;
  /** Only tests force one. */
  readonly force?: Account["kind"];
};

// PostgreSQL gets nothing of our environment: no secrets, no PG* settings, and the same language everywhere.
const environment = { PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", LC_ALL: "C", TZ: "UTC" };

/**
 * PostgreSQL refuses to run as root. An ordinary user runs it directly. Root runs it in a user namespace, in which
 * root's files belong to an ordinary user: this reaches a clone in a home of mode 0700 too. Where the kernel or the
 * container refuses that, binaries and cluster go to a place that a `postgres` user can reach.
 *
 * @throws EmbeddedPostgresError when none of these is possible
 */
export function chooseAccount(choice: AccountChoice): Account {
  const home = join(choice.dataDir, "postgres");
  const moved = join(home, "moved-to");
  const uid = process.getuid?.() ?? 0;
  if (choice.force === "self" || (!choice.force && uid !== 0)) {
    refuseForeign(home, moved);
    return { kind: "self", uid, native: choice.native, home, command: plainCommand({}), own: () => {} };
  }
  const inNamespace = namespaceAccount(choice.native, home);
  const mayUseNamespace = choice.force !== "postgres-user" && !existsSync(moved);
  if (mayUseNamespace && canRun(inNamespace)) return inNamespace;
  return postgresUserAccount(choice, home, moved);
}

/** Says in a plain line why an ordinary user can't run on files that root's PostgreSQL made. */
function refuseForeign(home: string, moved: string): void {
  mkdirSync(dirname(home), { recursive: true, mode: 0o700 });
  for (const folder of [dirname(home), home]) {
    if (!existsSync(folder)) continue;
    try {
      accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (cause) {
      const owner = `${folder} belongs to another user (id ${statSync(folder).uid})`;
      throw new EmbeddedPostgresError(`${owner}. Start Portico as that user, or choose another DATA_DIR.`, { cause });
    }
  }
  if (existsSync(moved)) {
    const place = readFileSync(moved, "utf8").trim();
    throw new EmbeddedPostgresError(
      `The database of ${home} lies in ${place} and belongs to user postgres. Start as root.`,
    );
  }
}

function plainCommand(extra: SpawnOptions): Account["command"] {
  return (program, args) => ({ file: program, args: [...args], options: { env: environment, cwd: "/", ...extra } });
}

function namespaceAccount(native: string, home: string): Account {
  const map = ["--user", "--map-user=1000", "--map-group=1000"];
  return {
    kind: "user-namespace",
    uid: 0,
    native,
    home,
    // unshare replaces itself by the program, so the process id stays the same.
    command: (program, args) => plainCommand({})("unshare", [...map, program, ...args]),
    own: () => {},
  };
}

/** Runs `postgres --version`, and looks whether the account may write into its home. */
function canRun(account: Account): boolean {
  mkdirSync(account.home, { recursive: true, mode: 0o700 });
  const tries: [string, string[]][] = [
    [join(account.native, "bin", "postgres"), ["--version"]],
    ["/bin/sh", ["-c", 'test -w "$1" && test -x "$1"', "sh", account.home]],
  ];
  return tries.every(([program, args]) => {
    const { file, args: words, options } = account.command(program, args);
    return spawnSync(file, words, { ...options, stdio: "ignore" } as object).status === 0;
  });
}

function postgresUserAccount(choice: AccountChoice, dataHome: string, moved: string): Account {
  const name = createHash("sha256").update(choice.dataDir).digest("hex").slice(0, 16);
  const home = existsSync(moved) ? readFileSync(moved, "utf8").trim() : join(choice.elsewhere, name);
  const native = join(
    choice.elsewhere,
    `binaries-${createHash("sha256").update(choice.native).digest("hex").slice(0, 8)}`,
  );
  const { uid, gid } = postgresUser();
  choice.log(`Running as root without user namespaces: PostgreSQL runs as user "postgres", with its files in ${home}.`);
  mkdirSync(choice.elsewhere, { recursive: true, mode: 0o755 });
  copyBinaries(choice.native, native);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  chownSync(home, uid, gid);
  if (!existsSync(moved)) moveCluster(dataHome, home, uid, gid);
  const account: Account = {
    kind: "postgres-user",
    uid,
    native,
    home,
    command: plainCommand({ uid, gid }),
    own: (path) => chownSync(path, uid, gid),
  };
  if (!canRun(account)) {
    throw new EmbeddedPostgresError(
      "PostgreSQL can't run as root, and neither a user namespace nor the user postgres could be used here. " +
        "Start Portico as an ordinary user, or set DATABASE_URL.",
    );
  }
  mkdirSync(dataHome, { recursive: true, mode: 0o700 });
  writeFileSync(moved, `${home}\n`);
  return account;
}

function copyBinaries(from: string, to: string): void {
  if (existsSync(to)) return;
  const half = `${to}.${process.pid}`;
  cpSync(from, half, { recursive: true, verbatimSymlinks: true });
  chmodSync(half, 0o755);
  try {
    // The rename is the last step: a copy that was interrupted is never taken for a whole one.
    renameSync(half, to);
  } catch (cause) {
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(to)) throw new EmbeddedPostgresError(`Could not copy PostgreSQL to ${dirname(to)}.`, { cause });
  }
}

function postgresUser(): { uid: number; gid: number } {
  const id = (flag: string) => spawnSync("id", [flag, "postgres"], { encoding: "utf8" });
  if (id("-u").status !== 0) {
    const made = spawnSync("useradd", ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "postgres"]);
    if (made.status !== 0) spawnSync("adduser", ["-S", "-D", "-H", "postgres"]);
  }
  const uid = Number.parseInt(id("-u").stdout ?? "", 10);
  const gid = Number.parseInt(id("-g").stdout ?? "", 10);
  if (Number.isNaN(uid) || Number.isNaN(gid)) {
    throw new EmbeddedPostgresError(
      "PostgreSQL can't run as root here, and a user named postgres could not be made. " +
        "Start Portico as an ordinary user, or set DATABASE_URL.",
    );
  }
  return { uid, gid };
}

/** Runs a program to its end under the account. @returns its exit code and all it printed */
export function run(
  account: Account,
  program: string,
  args: readonly string[],
): Promise<{ code: number; output: string }> {
  const { file, args: words, options } = account.command(program, args);
  const child = spawn(file, words, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const collect = (chunk: Buffer) => {
    output += chunk.toString("utf8");
  };
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  return new Promise((resolve, reject) => {
    child.once("error", (cause) => {
      const why = `The built-in PostgreSQL can't run here (${cause.message}). It needs glibc.`;
      reject(new EmbeddedPostgresError(`${why} Set DATABASE_URL to a PostgreSQL 15 or newer.`, { cause }));
    });
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
