import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { EmbeddedPostgresError } from "./errors.ts";
import { isAlive, processIdentity, sleep } from "./processes.ts";

/**
 * Runs `work` while no other process does the same in this folder: two programs that start at the same moment would
 * both make the cluster. A lock left by a process that died is taken over.
 *
 * @throws EmbeddedPostgresError when another process holds it for a minute
 */
export async function withStartLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = join(folder, "starting");
  const mine = `${lock}.${randomUUID()}`;
  writeFileSync(mine, processIdentity(process.pid));
  const since = performance.now();
  try {
    while (!tryLink(mine, lock)) {
      if (isStale(lock)) takeAway(lock, mine);
      else if (performance.now() - since > 60_000) {
        throw new EmbeddedPostgresError(`Another process is starting in ${folder}; if none is, delete ${lock}.`);
      } else await sleep(20);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

// A link appears whole or not at all, with its content: no other process ever reads an empty lock.
function tryLink(mine: string, lock: string): boolean {
  try {
    linkSync(mine, lock);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw cause;
  }
}

function isStale(lock: string): boolean {
  let holder: string;
  try {
    holder = readFileSync(lock, "utf8");
  } catch {
    return false;
  }
  const pid = Number.parseInt(holder, 10);
  return !isAlive(pid) || processIdentity(pid) !== holder;
}

function takeAway(lock: string, mine: string): void {
  const away = `${mine}.stale`;
  try {
    renameSync(lock, away);
  } catch {
    return;
  }
  // Somebody may have taken the lock between our look and the rename: then it is given back.
  if (!isStale(away)) tryLink(away, lock);
  rmSync(away, { force: true });
}
