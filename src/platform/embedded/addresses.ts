import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { Account } from "./account.ts";
import type { Cluster } from "./cluster.ts";

/**
 * The folder of the Unix socket. A socket's path holds at most 107 bytes (unix(7)), and a clone may lie deep, so it
 * lies in /tmp, where nobody but the account may enter it.
 */
export function socketFolder(account: Account, cluster: Cluster): string {
  const folder = `/tmp/portico-${hashOf(cluster.dir).toString(16)}`;
  if (!lstatSync(folder, { throwIfNoEntry: false })) {
    mkdirSync(folder, { mode: 0o700 });
    account.own(folder);
  }
  const found = lstatSync(folder);
  if (found.isDirectory() && found.uid === account.uid && (found.mode & 0o077) === 0) return folder;
  // Somebody else made a folder of this name before us: anybody may in /tmp.
  const other = mkdtempSync("/tmp/portico-");
  account.own(other);
  return other;
}

/** The port of this cluster: the same at each start while it is free, below the range of outgoing connections. */
export async function choosePort(cluster: Cluster): Promise<number> {
  const first = 15_432 + (hashOf(cluster.dir) % 10_000);
  const last = existsSync(cluster.portFile) ? Number.parseInt(readFileSync(cluster.portFile, "utf8"), 10) : first;
  for (let port = last > 0 ? last : first; ; port++) {
    if (!(await isFree(port))) continue;
    writeFileSync(cluster.portFile, `${port}\n`);
    return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

function hashOf(text: string): number {
  return createHash("sha256").update(text).digest().readUIntBE(0, 6);
}
