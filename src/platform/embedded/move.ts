import { spawnSync } from "node:child_process";
import { cpSync, existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { EmbeddedPostgresError } from "./errors.ts";
import { readPidFile } from "./postmaster.ts";
import { isAlive } from "./processes.ts";

/**
 * Takes a cluster that lies in ./data along when PostgreSQL must run as another user from now on (the same folder,
 * mounted into a container without user namespaces): without it the program would begin on an empty one. The old
 * cluster stays where it was under the name `cluster.moved`.
 *
 * @throws EmbeddedPostgresError when a server still runs on it, or the copy fails
 */
export function moveCluster(from: string, to: string, uid: number, gid: number): void {
  const old = join(from, "cluster");
  if (!existsSync(join(old, "PG_VERSION"))) return;
  const server = readPidFile(old);
  if (server && isAlive(server.pid)) {
    throw new EmbeddedPostgresError(`PostgreSQL still runs on ${old} (process ${server.pid}). Stop it first.`);
  }
  const half = join(to, "cluster.new");
  rmSync(half, { recursive: true, force: true });
  cpSync(old, half, { recursive: true, verbatimSymlinks: true });
  cpSync(join(from, "password"), join(to, "password"));
  rmSync(join(half, "postmaster.pid"), { force: true });
  const owned = spawnSync("chown", ["-R", `${uid}:${gid}`, half, join(to, "password")]);
  if (owned.status !== 0) throw new EmbeddedPostgresError(`Could not give ${half} to user postgres.`);
  renameSync(half, join(to, "cluster"));
  renameSync(old, `${old}.moved`);
}
