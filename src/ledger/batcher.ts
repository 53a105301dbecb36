import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { Problem } from "#kernel/problem.ts";
import { type Random, randomBelow } from "#kernel/random.ts";
import { Line, type Waiting } from "#ledger/batch-line.ts";
import { isRetryable, isUnavailable, isUniqueViolation } from "#platform/database.ts";

/** What a batcher gathers and how the database is asked for it. Each call commits by itself: nobody opens it. */
export type BatchWork<Item, Result> = {
  /** Institution and idempotency key: items of one key are never in one call, nor in two at once. */
  keyOf(item: Item): string;
  /** Items of one key and digest that wait at once are one item, whose answer all of them get. */
  digestOf(item: Item): string;
  /** Asks for one item, which is cheaper than a list of one. */
  one(client: pg.ClientBase, item: Item): Promise<Result>;
  /** Asks for several, whose keys differ; the results stand in their order. */
  many(client: pg.ClientBase, items: readonly Item[]): Promise<readonly Result[]>;
  /** What the second of two that waited as one is told, when the first is told `result`. */
  replayed(result: Result): Result;
};

/** Gathers what many callers want at once into few calls, each with one commit. */
export type Batcher<Item, Result> = {
  /**
   * Answers once it is committed. Throws Problem `unavailable` when too many wait already, the database stays away, or
   * the batcher is closing; what a call throws because of this item reaches only its own caller. After `unavailable`
   * nobody knows whether it was done: the same key again tells.
   */
  submit(item: Item): Promise<Result>;
  /** Answers all that wait, then lets the connections go. */
  close(): Promise<void>;
};

export type BatcherOptions<Item, Result> = {
  /** A new connection, not yet connected; each lane has one, from its first call on. */
  readonly connect: () => pg.Client;
  readonly work: BatchWork<Item, Result>;
  readonly random: Random;
  /** How many calls run at once. More than two only wait for each other where one account takes part in all. */
  readonly lanes?: number;
  /** How many items one call takes. */
  readonly batch?: number;
  /** How many items may wait. */
  readonly queue?: number;
  /** How long the same items are tried again while the database is away. */
  readonly patienceSeconds?: number;
  /** How long a call may stay without an answer; the server ends it long before, so then the server is gone. */
  readonly silenceSeconds?: number;
};

/**
 * Opens a batcher. It has no timer: whatever has come leaves as soon as a lane is free, so a lone item goes at once and
 * by itself, and the more callers there are, the more share a commit.
 */
export function openBatcher<Item, Result>(options: BatcherOptions<Item, Result>): Batcher<Item, Result> {
  const { work, batch = 500, queue = 10_000 } = options;
  const line = new Line<Item, Result>(work);
  const lanes = Array.from({ length: options.lanes ?? 2 }, () => new Lane(options));
  const free = [...lanes];
  let awaited: (() => void) | undefined;
  let isClosing = false;
  let isDue = false;

  const flush = () => {
    isDue = false;
    while (line.ready > 0) {
      const lane = free.pop();
      if (!lane) return;
      const taken = line.take(batch);
      void lane.run(taken).then((gaveUp) => {
        for (const one of taken) line.leave(one);
        if (gaveUp) line.dismiss(gaveUp);
        free.push(lane);
        if (line.ready > 0) due();
        else if (free.length === lanes.length) awaited?.();
      });
    }
  };
  // What is submitted in one turn leaves together.
  const due = () => {
    if (isDue || free.length === 0) return;
    isDue = true;
    setImmediate(flush);
  };

  return {
    submit(item) {
      if (isClosing || line.waiting >= queue) {
        const why = isClosing ? "The program is being restarted." : "Too much is asked at once.";
        return Promise.reject(unavailable(`${why} Nothing was done. Please try again in a moment.`, undefined));
      }
      return new Promise<Result>((resolve, reject) => {
        line.join(item, resolve, reject);
        due();
      });
    },
    async close() {
      isClosing = true;
      if (line.ready > 0 || free.length < lanes.length) {
        await new Promise<void>((resolve) => {
          awaited = resolve;
        });
      }
      await Promise.all(lanes.map((lane) => lane.end()));
    },
  };
}

/** One connection and what is asked over it, one call at a time. */
class Lane<Item, Result> {
  readonly #options: BatcherOptions<Item, Result>;
  #client: pg.Client | undefined;

  constructor(options: BatcherOptions<Item, Result>) {
    this.#options = options;
  }

  /** Answers all of them. Returns why it gave up, when the database stayed away. */
  async run(items: readonly Waiting<Item, Result>[]): Promise<Problem | undefined> {
    let results: readonly Result[];
    try {
      results = await this.#patiently(items);
    } catch (error) {
      if (error instanceof Problem) {
        for (const one of items) one.reject(error);
        return error;
      }
      return await this.#isolate(items, error);
    }
    for (const [index, one] of items.entries()) {
      const result = results[index];
      if (result === undefined) one.reject(new Error("The database answered fewer items than it was asked for"));
      else one.resolve(result);
    }
    return undefined;
  }

  async end(): Promise<void> {
    await this.#client?.end().catch(() => undefined);
  }

  /** An item that a call throws on fails alone: each half is asked for by itself, until it stands alone. */
  async #isolate(items: readonly Waiting<Item, Result>[], error: unknown): Promise<Problem | undefined> {
    if (items.length === 1) {
      items[0]?.reject(error);
      return undefined;
    }
    const middle = items.length >> 1;
    const gaveUp = await this.run(items.slice(0, middle));
    if (gaveUp) for (const one of items.slice(middle)) one.reject(gaveUp);
    return gaveUp ?? (await this.run(items.slice(middle)));
  }

  /**
   * Asks until there is an answer. A connection that was lost may have been lost behind the commit: the same keys are
   * asked for again, so nothing is done twice and nothing is left out.
   */
  async #patiently(items: readonly Waiting<Item, Result>[]): Promise<readonly Result[]> {
    const { patienceSeconds = 10, random } = this.#options;
    const until = performance.now() + patienceSeconds * 1_000;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#ask(items);
      } catch (error) {
        if (isUnavailable(error)) {
          this.#drop();
          if (performance.now() >= until) throw unavailable("Please try again in a moment.", error);
          await pause(Math.min(20 * 2 ** attempt, 500) + randomBelow(random, 50));
        } else if (!(isRetryable(error) || isUniqueViolation(error)) || attempt >= 6) {
          throw error;
        }
      }
    }
  }

  async #ask(items: readonly Waiting<Item, Result>[]): Promise<readonly Result[]> {
    const client = await this.#connected();
    const { work, silenceSeconds = 30 } = this.#options;
    const [first] = items;
    const late = setTimeout(() => this.#drop(), silenceSeconds * 1_000);
    try {
      if (items.length === 1 && first) return [await work.one(client, first.item)];
      return await work.many(
        client,
        items.map((one) => one.item),
      );
    } finally {
      clearTimeout(late);
    }
  }

  async #connected(): Promise<pg.Client> {
    if (this.#client) return this.#client;
    const client = this.#options.connect();
    client.on("error", () => {
      if (this.#client === client) this.#client = undefined;
    });
    await client.connect();
    this.#client = client;
    return client;
  }

  #drop(): void {
    const client = this.#client as (pg.Client & { connection?: { stream?: { destroy?(): void } } }) | undefined;
    this.#client = undefined;
    void client?.end().catch(() => undefined);
    // A server that says nothing any more would not say goodbye either.
    client?.connection?.stream?.destroy?.();
  }
}

function unavailable(detail: string, cause: unknown): Problem {
  return new Problem("unavailable", detail, { cause, retryAfterSeconds: 2 });
}
