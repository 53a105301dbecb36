import type pg from "pg";
import { Problem } from "#kernel/problem.ts";
import type { Pools } from "#platform/database.ts";
import { type Listener, openListener } from "#platform/listen.ts";
import type { Log } from "#platform/log.ts";

export const eventStreamType = "text/event-stream; charset=utf-8";

/** What a stream says: `id` stands for the whole state that the reader then has. */
export type LiveNews = { readonly id: string; readonly data: string };

/** What a stream is about, and how it is read again. */
export type Watch = {
  /** Notices of this topic say that something may have changed. */
  readonly topic: string;
  /** Whose stream it is: a session has only so many. */
  readonly session: string;
  /** The state that the reader has already. */
  readonly known: string;
  /** Reads what there is now, with the rights of the session. Throws a Problem when it may not (any more). */
  read(known: string): Promise<LiveNews>;
  /** Only asks whether it still may. */
  check(): Promise<void>;
  /** What is left to say to somebody who may not any more. */
  readonly farewell: string;
};

/** Streams of events under way in this process (access.md 9). */
export type Live = {
  /** Throws `rate.limited` when the session has too many streams, `unavailable` when the process has or is ending. */
  admit(session: string): void;
  /** Begins a stream. It ends at once where the program began to end meanwhile. */
  open(watch: Watch): ReadableStream<Uint8Array>;
  /** Ends every stream: browsers come back by themselves, to another process or the next one. */
  drain(): void;
  close(): Promise<void>;
};

/** A session looks at a few pages at once; a page in the background lets its stream go. */
export const streamsPerSession = 6;
const streamsPerProcess = 1_000;
/** How often each stream asks whether it still may, in milliseconds: gone within five seconds, whatever notices do. */
const checkEvery = 3_000;
/** Many notices in a row are one look. */
const gatherFor = 120;
/** Silence longer than some proxies wait: a comment goes out at every fifth check. */
const checksPerBeat = 5;
/** A reader that took nothing for so many checks is gone, or too slow to be told. */
const checksUntilStuck = 10;

const encoder = new TextEncoder();

/** Streams fed by notices of `channel`. `connect` makes the one connection that listens. */
export function openLive(connect: () => pg.Client, channel: string, log: Log): Live {
  const listener = openListener(connect, channel, log);
  const streams = new Set<Stream>();
  let timer: NodeJS.Timeout | undefined;
  let draining = false;
  const forget = (stream: Stream) => {
    streams.delete(stream);
    if (streams.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  const drain = () => {
    draining = true;
    for (const stream of [...streams]) stream.end();
  };
  return {
    admit: (session) => {
      if (draining || streams.size >= streamsPerProcess) {
        throw new Problem("unavailable", "Please try again in a moment.", { retryAfterSeconds: 5 });
      }
      const own = [...streams].filter((stream) => stream.session === session).length;
      if (own >= streamsPerSession) {
        throw new Problem("rate.limited", "Close some of the pages that are open.", { retryAfterSeconds: 60 });
      }
    },
    open: (watch) => {
      const stream = new Stream(watch, listener, log, forget);
      streams.add(stream);
      timer ??= setInterval(() => {
        for (const one of [...streams]) one.tick();
      }, checkEvery).unref();
      const body = stream.body();
      if (draining) stream.end();
      return body;
    },
    drain,
    close: async () => {
      drain();
      await listener.close();
    },
  };
}

/** The streams of partners: notices name a partnership, and any role may listen, so the least of them does. */
export function openPartnerLive(pools: Pools, log: Log): Live {
  return openLive(() => pools.alone("visitor"), "portico_partner", log);
}

/** One reader. Looks are made one after another, and never while the reader has not taken what was sent. */
class Stream {
  readonly #watch: Watch;
  readonly #listener: Listener;
  readonly #log: Log;
  readonly #forget: (stream: Stream) => void;
  #known: string;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #unsubscribe: (() => void) | undefined;
  #gathering: NodeJS.Timeout | undefined;
  #busy = false;
  /** Something may have changed since the last look. */
  #dirty = true;
  #checks = 0;
  #stuck = 0;
  #over = false;

  constructor(watch: Watch, listener: Listener, log: Log, forget: (stream: Stream) => void) {
    this.#watch = watch;
    this.#known = watch.known;
    this.#listener = listener;
    this.#log = log;
    this.#forget = forget;
  }

  get session(): string {
    return this.#watch.session;
  }

  body(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
          this.#unsubscribe = this.#listener.subscribe(this.#watch.topic, () => this.#wake());
          // The reader learns at once that it is connected.
          this.#send(": live\n\n");
          void this.#look();
        },
        cancel: () => this.#leave(),
      },
      { highWaterMark: 4 },
    );
  }

  #wake(): void {
    this.#dirty = true;
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      void this.#look();
    }, gatherFor).unref();
  }

  tick(): void {
    this.#checks += 1;
    this.#stuck = this.#isFull() ? this.#stuck + 1 : 0;
    if (this.#stuck > checksUntilStuck) this.end();
    else if (this.#checks % checksPerBeat === 0 && !this.#isFull()) this.#send(": still here\n\n");
    void this.#look();
  }

  #isFull(): boolean {
    return (this.#controller?.desiredSize ?? 0) <= 0;
  }

  /** Reads again where something may have changed and there is room to say it; else only asks whether it still may. */
  async #look(): Promise<void> {
    if (this.#busy || this.#over) return;
    this.#busy = true;
    const reading = this.#dirty && !this.#isFull();
    try {
      if (reading) await this.#read();
      else await this.#watch.check();
    } catch (error) {
      this.#busy = false;
      this.#dirty ||= reading;
      return this.#refused(error);
    }
    this.#busy = false;
    // A notice that came during the look wants another one.
    if (this.#dirty && reading && !this.#isFull()) this.#wake();
  }

  async #read(): Promise<void> {
    this.#dirty = false;
    const news = await this.#watch.read(this.#known);
    if (this.#over || news.id === this.#known) return;
    this.#known = news.id;
    this.#send(`id: ${news.id}\n${dataLines(news.data)}\n`);
  }

  #refused(error: unknown): void {
    // Away is not refused: the next look asks again.
    if (error instanceof Problem && error.code === "unavailable") return;
    if (error instanceof Problem) {
      this.#send(`${dataLines(this.#watch.farewell)}\nevent: end\ndata: ${error.code}\n\n`);
    } else {
      this.#log.error({ err: error }, "A live page could not be read again");
    }
    this.end();
  }

  #send(text: string): void {
    if (!this.#over) this.#controller?.enqueue(encoder.encode(text));
  }

  end(): void {
    if (this.#over) return;
    const controller = this.#controller;
    this.#leave();
    controller?.close();
  }

  #leave(): void {
    this.#over = true;
    clearTimeout(this.#gathering);
    this.#unsubscribe?.();
    this.#forget(this);
  }
}

/** Data of an event, a line each (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export function dataLines(text: string): string {
  return `${text
    .split(/\r\n|\r|\n/)
    .map((line) => `data: ${line}`)
    .join("\n")}\n`;
}
