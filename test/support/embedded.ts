import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { onTestFinished } from "vitest";
import { type EmbeddedPostgres, startEmbedded } from "#platform/embedded/postgres.ts";
import { readPidFile } from "#platform/embedded/postmaster.ts";
import { isAlive } from "#platform/embedded/processes.ts";
import { seed } from "./seed.ts";

/** A data folder of the test's own; at its end whatever still runs on it is stopped, and the folder removed. */
export function dataFolder(...below: string[]): string {
  const top = mkdtempSync(join(tmpdir(), `portico-test-${process.pid}-`));
  const folder = join(top, ...below);
  onTestFinished(() => {
    const server = readPidFile(join(folder, "postgres", "cluster"));
    if (server && isAlive(server.pid)) process.kill(server.pid, "SIGQUIT");
    rmSync(top, { recursive: true, force: true });
  });
  return folder;
}

/** A data folder with a cluster in it, made before and stopped in good order. */
export async function seededFolder(...below: string[]): Promise<string> {
  const folder = dataFolder(...below);
  await seed(folder);
  return folder;
}

/** Starts PostgreSQL on a folder, quietly and without fsync; the test stops it, or its end does. */
export function startQuietly(
  dataDir: string,
  options: Partial<Parameters<typeof startEmbedded>[0]> = {},
): Promise<EmbeddedPostgres> {
  return startEmbedded({ dataDir, settings: { fsync: "off" }, log: () => {}, ...options });
}

export type Said = { adminUrl: string; account: string; adopted: boolean; server: number; error?: string };

/** Runs the program in miniature until it has said its line. */
export async function runProgram(
  dataDir: string,
  options: SpawnOptions = {},
): Promise<{ child: ChildProcess; said: Said; end(signal: NodeJS.Signals): Promise<void> }> {
  const program = new URL("./embedded-program.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, ["--import", "tsx", program, dataDir, "2026-11-21 02:40 UTC"], {
    ...options,
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const [line] = await once(child.stdout as NodeJS.ReadableStream, "data");
  return {
    child,
    said: JSON.parse(String(line)),
    async end(signal) {
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
    },
  };
}

/** One statement over a connection of its own. @returns its rows */
export async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
