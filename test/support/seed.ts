import { createHash } from "node:crypto";
import { cpSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findBinaries } from "#platform/embedded/binaries.ts";
import { startEmbedded } from "#platform/embedded/postgres.ts";

/**
 * Gives a new data folder a cluster that was made before: initdb takes a second of CPU, and tests need dozens. The
 * first run leaves one stopped cluster in the folder for temporary files, and later ones copy it.
 */
export async function seed(dataDir: string): Promise<void> {
  const made = process.getuid?.() ?? 0;
  // Another PostgreSQL, or another way to call initdb, is another seed.
  const source = readFileSync(new URL("../../src/platform/embedded/cluster.ts", import.meta.url));
  const name = createHash("sha256").update(source).update(findBinaries()).digest("hex").slice(0, 12);
  const kept = join(tmpdir(), `portico-seed-${made}-${name}`);
  if (!isOurs(kept, made)) await make(kept);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  cpSync(kept, dataDir, { recursive: true });
}

/** Anybody may make a folder in /tmp: only our own is trusted. */
function isOurs(folder: string, uid: number): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === uid;
}

async function make(kept: string): Promise<void> {
  const half = `${kept}.${process.pid}`;
  const server = await startEmbedded({ dataDir: half, settings: { fsync: "off" }, log: () => {} });
  await server.stop();
  // Each copy is to choose a port of its own.
  rmSync(join(half, "postgres", "port"), { force: true });
  try {
    renameSync(half, kept);
  } catch {
    // Another run was faster; its seed is as good.
    rmSync(half, { recursive: true, force: true });
  }
}
