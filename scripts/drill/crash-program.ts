import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { readPidFile } from "#platform/embedded/postmaster.ts";
import { isAlive } from "#platform/embedded/processes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What is killed, outright and without a word. */
export const targets = ["the program", "PostgreSQL", "PostgreSQL and all its processes", "both"] as const;
export type Target = (typeof targets)[number];

/** The program as `npm start` runs it, on a data folder of its own, killed and started again as often as one likes. */
export class Program {
  readonly dataDir: string;
  readonly origin: string;
  readonly #port: number;
  #child: ChildProcess | undefined;
  #words = "";

  private constructor(dataDir: string, port: number) {
    this.dataDir = dataDir;
    this.#port = port;
    this.origin = `http://127.0.0.1:${port}`;
  }

  static async start(dataDir: string): Promise<Program> {
    const program = new Program(dataDir, await freePort());
    program.#spawn();
    try {
      await program.#answers();
    } catch (error) {
      await program.stop();
      throw error;
    }
    return program;
  }

  /** Kills it, starts again what does not start by itself, and waits until it serves. Answers the seconds it took. */
  async crash(target: Target): Promise<number> {
    const since = performance.now();
    const server = readPidFile(clusterOf(this.dataDir))?.pid;
    if (target === "the program" || target === "both") this.#child?.kill("SIGKILL");
    if (target !== "the program" && server !== undefined) killServer(server, target !== "PostgreSQL");
    if (target === "the program" || target === "both") {
      await this.#ended();
      this.#spawn();
    }
    if (target !== "the program") await this.#otherServer(server);
    await this.#answers();
    return (performance.now() - since) / 1_000;
  }

  async stop(): Promise<void> {
    this.#child?.kill("SIGTERM");
    await this.#ended();
    const server = readPidFile(clusterOf(this.dataDir));
    // Only after a failure is it still there.
    if (server && isAlive(server.pid)) process.kill(server.pid, "SIGQUIT");
  }

  #spawn(): void {
    // It follows us as it does npm: should the drill itself be killed, it ends in good order.
    const words = ["--import", "./bin/follow.mjs", "--import", "./bin/sources.mjs", "src/main.ts", "--empty"];
    const child = spawn(process.execPath, words, {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        DATA_DIR: this.dataDir,
        PORT: String(this.#port),
        LOG_LEVEL: "warn",
        NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "compile"),
      },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#words = (this.#words + chunk.toString()).slice(-4_000);
      });
    }
    this.#child = child;
  }

  async #ended(): Promise<void> {
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }

  /** Waits until a server that is not the one that was killed takes connections. */
  async #otherServer(killed: number | undefined): Promise<void> {
    await this.#until(async () => {
      const server = readPidFile(clusterOf(this.dataDir));
      return server?.ready === true && server.pid !== killed;
    });
  }

  async #answers(): Promise<void> {
    await this.#until(async () => {
      const signal = AbortSignal.timeout(5_000);
      return await fetch(`${this.origin}/readyz`, { signal }).then(
        async (answer) => (await answer.text()) !== "" && answer.status === 200,
        () => false,
      );
    });
  }

  async #until(holds: () => Promise<boolean>): Promise<void> {
    const since = performance.now();
    while (!(await holds())) {
      const ended = this.#child?.exitCode !== null && this.#child?.exitCode !== undefined;
      if (ended || performance.now() - since > 60_000) {
        throw new Error(`The program is not ready again${ended ? ": it ended" : " after a minute"}.\n${this.#words}`);
      }
      await pause(10);
    }
  }
}

/** Where the embedded PostgreSQL of a data folder lies (it may have been moved for a user of its own). */
export function homeOf(dataDir: string): string {
  const moved = join(dataDir, "postgres", "moved-to");
  return existsSync(moved) ? readFileSync(moved, "utf8").trim() : join(dataDir, "postgres");
}

function clusterOf(dataDir: string): string {
  return join(homeOf(dataDir), "cluster");
}

/** Kills the server; with its processes, or so that these notice by themselves that it is gone. */
function killServer(pid: number, all: boolean): void {
  const listed = all ? spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" }).stdout : "";
  const children = (listed ?? "").split("\n").map(Number);
  for (const one of [pid, ...children.filter((child) => child > 0)]) {
    try {
      process.kill(one, "SIGKILL");
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");
  return port;
}
