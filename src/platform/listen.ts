import type pg from "pg";
import type { Log } from "#platform/log.ts";

/** Who waits for a topic; `wake` says only "look again". */
type Waiting = Map<string, Set<() => void>>;

/**
 * Listens on one channel of the database, on one connection of its own for the whole process. A notice carries a topic
 * and nothing else: LISTEN knows no row-level security, so whoever is woken reads again with its own rights.
 */
export type Listener = {
  /** Wakes at every notice of this topic, and once whenever notices may have been missed. Answers how to stop it. */
  subscribe(topic: string, wake: () => void): () => void;
  close(): Promise<void>;
};

const firstPause = 500;
const longestPause = 10_000;

/** Connects when somebody first waits, and again as long as somebody does. `connect` makes a client, unconnected. */
export function openListener(connect: () => pg.Client, channel: string, log: Log): Listener {
  const waiting: Waiting = new Map();
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let pause = firstPause;
  let closed = false;

  const wakeAll = () => {
    for (const wakes of waiting.values()) for (const wake of wakes) wake();
  };
  const lose = (lost: pg.Client, error: unknown) => {
    if (client !== lost) return;
    client = undefined;
    void lost.end().catch(() => undefined);
    if (closed || waiting.size === 0) return;
    log.warn({ err: error, channel }, "The connection that listens was lost");
    timer = setTimeout(begin, pause).unref();
    pause = Math.min(pause * 2, longestPause);
  };
  const begin = () => {
    timer = undefined;
    if (closed || client || waiting.size === 0) return;
    const made = connect();
    client = made;
    made.on("error", (error) => lose(made, error));
    made.on("end", () => lose(made, undefined));
    made.on("notification", (notice) => {
      for (const wake of waiting.get(notice.payload ?? "") ?? []) wake();
    });
    const listening = made.connect().then(() => made.query(`listen ${made.escapeIdentifier(channel)}`));
    listening.then(
      () => {
        pause = firstPause;
        // What happened before we listened told nobody.
        wakeAll();
      },
      (error: unknown) => lose(made, error),
    );
  };
  return {
    subscribe: (topic, wake) => {
      const wakes = waiting.get(topic) ?? new Set();
      waiting.set(topic, wakes.add(wake));
      if (!timer) begin();
      return () => {
        wakes.delete(wake);
        if (wakes.size === 0 && waiting.get(topic) === wakes) waiting.delete(topic);
      };
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      const open = client;
      client = undefined;
      await open?.end().catch(() => undefined);
    },
  };
}
