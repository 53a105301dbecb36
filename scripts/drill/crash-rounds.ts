import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Random, randomBelow, seededRandom } from "#kernel/random.ts";
import { readConfig } from "#platform/config.ts";
import { silentLog } from "#platform/log.ts";
import { openDatabase } from "#platform/open-database.ts";
import { readBooks } from "./crash-books.ts";
import type { ClientOrder, ClientWord, ClientWork } from "./crash-client.ts";
import { Memory, type Verdict } from "./crash-judge.ts";
import { Program, type Target, targets } from "./crash-program.ts";
import { type DrillWorld, makeWorld } from "./crash-world.ts";

export type DrillOptions = {
  readonly rounds: number;
  readonly seed: number;
  /** Called after each round. */
  readonly onRound?: (round: Round) => void;
};

/** One kill, and how things stood when all clients had their answers again. */
export type Round = {
  readonly round: number;
  readonly seed: number;
  readonly killed: Target;
  /** After how many answers of this round, and how long after. */
  readonly answers: number;
  readonly milliseconds: number;
  /** Of this round: transfers that clients were told were done, and answers that only a later try brought. */
  readonly acknowledged: number;
  readonly resolved: number;
  readonly readySeconds: number;
};

export type Drilled = Verdict & {
  readonly rounds: readonly Round[];
  /** Answers that no rule explains. */
  readonly odd: readonly string[];
  readonly slowestSeconds: number;
};

const processes = 3;
const callers = 4;
/** How long clients may take until each has its answers, once the program serves again. */
const patience = 60_000;

/**
 * Kills the program, PostgreSQL or both, again and again, while clients in processes of their own transfer money over
 * HTTP; after each restart it waits until every client was told what became of its transfers, and compares that with
 * the books. It stops at the first round in which something does not fit.
 */
export async function crashDrill({ rounds, seed, onRound }: DrillOptions): Promise<Drilled> {
  const dataDir = mkdtempSync(join(tmpdir(), "portico-drill-"));
  const ends: (() => unknown)[] = [() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 10 })];
  try {
    const world = await prepare(dataDir);
    const program = await Program.start(dataDir);
    ends.unshift(() => program.stop());
    const clients = new Clients(program.origin, world, seed);
    ends.unshift(() => clients.stop());
    return await new Drill(program, clients, world).run(rounds, seed, onRound);
  } finally {
    for (const end of ends) await end();
  }
}

async function prepare(dataDir: string): Promise<DrillWorld> {
  const opened = await openDatabase(readConfig({ DATA_DIR: dataDir }), silentLog);
  return await makeWorld(opened.ground).finally(() => opened.close());
}

class Drill {
  readonly #program: Program;
  readonly #clients: Clients;
  readonly #world: DrillWorld;
  readonly #opening: ReadonlyMap<string, bigint>;

  constructor(program: Program, clients: Clients, world: DrillWorld) {
    this.#program = program;
    this.#clients = clients;
    this.#world = world;
    this.#opening = new Map(world.parties.map((party) => [party.number, party.minor]));
  }

  async run(count: number, seed: number, onRound: DrillOptions["onRound"]): Promise<Drilled> {
    const rounds: Round[] = [];
    let verdict = await this.#judge();
    for (let number = 1; number <= count; number++) {
      const before = verdict;
      const crashed = await this.#crash(seededRandom(seed * 1_000 + number));
      verdict = await this.#judge();
      const round: Round = {
        ...{ round: number, seed: seed * 1_000 + number, ...crashed },
        acknowledged: verdict.acknowledged - before.acknowledged,
        resolved: verdict.resolved - before.resolved,
      };
      rounds.push(round);
      onRound?.(round);
      if (faultsOf(verdict).length > 0 || this.#clients.odd.length > 0) break;
    }
    const slowestSeconds = Math.max(0, ...rounds.map((round) => round.readySeconds));
    return { ...verdict, rounds, odd: this.#clients.odd, slowestSeconds };
  }

  async #crash(random: Random) {
    const killed = targets[randomBelow(random, targets.length)] as Target;
    const answers = 5 + randomBelow(random, 60);
    const milliseconds = randomBelow(random, 50);
    await this.#clients.load(answers);
    await pause(milliseconds);
    const readySeconds = await this.#program.crash(killed);
    await this.#clients.settle();
    return { killed, answers, milliseconds, readySeconds };
  }

  async #judge(): Promise<Verdict> {
    const books = await readBooks(this.#program.dataDir, this.#world.institution);
    return this.#clients.memory.judge(books, this.#opening);
  }
}

/** Everything that must not be, in words. */
export function faultsOf(verdict: Verdict): readonly string[] {
  return [
    ...verdict.lost.map((one) => `acknowledged and lost: ${one}`),
    ...verdict.twice.map((one) => `applied twice: ${one}`),
    ...verdict.wrong,
  ];
}

class Clients {
  readonly memory = new Memory();
  readonly odd: string[] = [];
  readonly #children: readonly ChildProcess[];
  readonly #settled = new Map<ChildProcess, () => void>();
  #heard = 0;

  constructor(origin: string, world: DrillWorld, seed: number) {
    const wallets = world.parties.map(({ number, token }) => ({ number, token }));
    this.#children = Array.from({ length: processes }, (_, index) => {
      const child = fork(fileURLToPath(new URL("./crash-client.ts", import.meta.url)), { execArgv: [] });
      child.on("message", (word: ClientWord) => this.#hear(child, word));
      child.send({ origin, seed: seed * 100 + index + 1, callers, wallets } satisfies ClientWork);
      return child;
    });
  }

  /** Lets them begin, and waits until they were told so many answers, five seconds at most. */
  async load(answers: number): Promise<void> {
    const from = this.#heard;
    const since = performance.now();
    this.#order("go");
    while (this.#heard - from < answers && performance.now() - since < 5_000) await pause(2);
  }

  #order(order: ClientOrder): void {
    for (const child of this.#children) child.send(order);
  }

  /** Waits until each has the answers to all it asked for. */
  async settle(): Promise<void> {
    const all = this.#children.map((child) => new Promise<void>((resolve) => this.#settled.set(child, resolve)));
    this.#order("settle");
    const late = new AbortController();
    const over = pause(patience, undefined, { signal: late.signal }).then(() => {
      throw new Error("A client was not told what became of its transfers within a minute.");
    });
    await Promise.race([Promise.all(all), over]).finally(() => {
      over.catch(() => undefined);
      late.abort();
    });
  }

  stop(): void {
    for (const child of this.#children) child.kill("SIGKILL");
  }

  #hear(child: ChildProcess, word: ClientWord): void {
    this.#heard += 1;
    if ("told" in word) this.memory.hear(word.told);
    else if ("odd" in word) this.odd.push(word.odd);
    else this.#settled.get(child)?.();
  }
}
