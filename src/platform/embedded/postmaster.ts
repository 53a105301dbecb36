import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { Account } from "./account.ts";
import type { Cluster } from "./cluster.ts";
import { EmbeddedPostgresError } from "./errors.ts";
import { commandLine, isAlive, sleep } from "./processes.ts";

/** A PostgreSQL server that accepts connections. */
export type Postmaster = {
  readonly pid: number;
  readonly port: number;
  readonly socketDir: string;
  /** It ran already when we came. */
  readonly adopted: boolean;
  /** Resolves when the process has ended, whoever ended it. */
  readonly gone: Promise<void>;
};

type PidFile = { readonly pid: number; readonly port: number; readonly socketDir: string; readonly ready: boolean };

/** What the server wrote into postmaster.pid (its lines are part of PostgreSQL: src/include/utils/pidfile.h). */
export function readPidFile(dir: string): PidFile | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(dir, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return undefined;
  }
  const pid = Number.parseInt(lines[0] ?? "", 10);
  if (!(pid > 0)) return undefined;
  const port = Number.parseInt(lines[3] ?? "", 10);
  return { pid, port, socketDir: lines[4] ?? "", ready: lines[7]?.trim() === "ready" };
}

/** The process id of a PostgreSQL that serves this cluster, if one lives; process ids are given out again. */
function livingServer(dir: string): PidFile | undefined {
  const file = readPidFile(dir);
  if (!file || !isAlive(file.pid)) return undefined;
  const words = commandLine(file.pid);
  return words.includes("postgres") && words.includes(dir) ? file : undefined;
}

/**
 * Takes over a server that an earlier run of the program left (after kill -9 it goes on), waiting until it is ready.
 *
 * @returns undefined when none lives; a pid file left by a dead one is removed then
 */
export async function adopt(cluster: Cluster): Promise<Postmaster | undefined> {
  let server = livingServer(cluster.dir);
  while (server && !server.ready) {
    await sleep(20);
    server = livingServer(cluster.dir);
  }
  if (server) return { ...server, adopted: true, gone: pollUntilGone(server.pid) };
  // PostgreSQL would refuse to start when the id in this file meanwhile belongs to another program.
  rmSync(join(cluster.dir, "postmaster.pid"), { force: true });
  return undefined;
}

async function pollUntilGone(pid: number): Promise<void> {
  while (isAlive(pid)) {
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 200).unref();
    });
  }
}

export type Launch = { readonly port: number; readonly socketDir: string; readonly settings: Record<string, string> };

/**
 * Asks Linux to schedule the server's processes as batch work (sched(7), SCHED_BATCH), which whoever they serve wakes
 * without being pushed aside by them: where both share two cores, a page costs a tenth less. Children inherit it. No
 * harm where it can't be had.
 */
function runAsBatch(pid: number): void {
  if (process.platform === "linux") spawnSync("chrt", ["--batch", "--pid", "0", String(pid)], { stdio: "ignore" });
}

/**
 * Starts the server in a session of its own, so that Ctrl-C in the terminal reaches the program only, which drains
 * its requests before it stops the server.
 *
 * @throws EmbeddedPostgresError with the end of the server's log when it ends before it is ready
 */
export async function launch(account: Account, cluster: Cluster, how: Launch): Promise<Postmaster> {
  const words = ["-D", cluster.dir, "-p", String(how.port), "-k", how.socketDir];
  for (const [name, value] of Object.entries(how.settings)) words.push("-c", `${name}=${value}`);
  const { file, args, options } = account.command(join(account.native, "bin", "postgres"), words);
  const logStart = rotateLog(cluster.logFile);
  const logFd = openSync(cluster.logFile, "a", 0o600);
  const child = spawn(file, args, { ...options, detached: true, stdio: ["ignore", logFd, logFd] });
  closeSync(logFd);
  child.unref();
  let ended = false;
  const gone = new Promise<void>((resolve) => {
    const end = () => {
      ended = true;
      resolve();
    };
    child.once("exit", end);
    child.once("error", end);
  });
  while (!ended) {
    const file = readPidFile(cluster.dir);
    if (file?.ready && file.pid === child.pid) {
      runAsBatch(file.pid);
      return { ...file, adopted: false, gone };
    }
    await sleep(5);
  }
  throw new EmbeddedPostgresError(`PostgreSQL did not start:\n${logTail(cluster.logFile, logStart)}`);
}

/**
 * Keeps the log from growing for ever: over 10 MB it becomes log.1. @returns where the new lines will begin, in bytes
 */
function rotateLog(logFile: string): number {
  if (!existsSync(logFile)) return 0;
  const { size } = statSync(logFile);
  if (size < 10_000_000) return size;
  renameSync(logFile, `${logFile}.1`);
  return 0;
}

function logTail(logFile: string, from: number): string {
  const text = readFileSync(logFile).subarray(from).toString("utf8");
  return text.trim().split("\n").slice(-8).join("\n") || "(it said nothing)";
}

/** PostgreSQL's own ways to stop: `fast` ends sessions and writes everything, `immediate` is a crash. */
export type StopMode = "fast" | "immediate";

/** Stops the server and waits until it is gone; a server that has not stopped after 30 s is stopped like a crash. */
export async function stopPostmaster(server: Postmaster, mode: StopMode): Promise<void> {
  const signal = { fast: "SIGINT", immediate: "SIGQUIT" } as const;
  send(server.pid, signal[mode]);
  const since = performance.now();
  let hurried = mode === "immediate";
  while (isAlive(server.pid)) {
    if (!hurried && performance.now() - since > 30_000) {
      send(server.pid, signal.immediate);
      hurried = true;
    }
    await sleep(5);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}
