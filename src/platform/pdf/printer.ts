import { Worker } from "node:worker_threads";
import { Problem } from "#kernel/problem.ts";
import type { Block, PdfDocument } from "./document.ts";
import type { Printed, PrintJob } from "./worker.ts";

export type PrinterOptions = {
  /** Threads at most; the first starts with the first document. */
  readonly threads: number;
  /** Documents that may wait; beyond it `print` throws `unavailable`. */
  readonly queue: number;
  /** The longest that one document may take. */
  readonly timeoutSeconds: number;
  /** How long a thread is kept that has nothing to do: its fonts take memory. */
  readonly idleSeconds: number;
};

/** Makes PDFs away from the thread that answers requests (a page takes tens of milliseconds of CPU). */
export type Printer = {
  /** The bytes of the PDF. Throws `unavailable` when too many wait or one takes too long. */
  print(document: PdfDocument): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * A document that is drawn while what it says is still being read: `more` gives the blocks behind those of the
   * document, a batch at a time. What fails breaks the stream. Nobody is waited for: who reads slowly finds it whole.
   */
  printLong(document: PdfDocument, more: AsyncIterator<readonly Block[]>): ReadableStream<Uint8Array>;
  close(): Promise<void>;
};

type Waiting = {
  readonly document: PdfDocument;
  readonly long?: Feed;
  readonly resolve: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly reject: (error: Error) => void;
};
/** Where a long document comes from, and where it goes. */
type Feed = { next(): Promise<IteratorResult<readonly Block[]>>; part(bytes: Uint8Array): void };
type Thread = { readonly worker: Worker; busy: Waiting | undefined; timer: NodeJS.Timeout | undefined };

// A thread that has written every script holds 100 MB of fonts, and makes sixty receipts a second.
const usual: PrinterOptions = { threads: 1, queue: 50, timeoutSeconds: 30, idleSeconds: 60 };

/** A printer of its own; everybody else uses `printPdf`. `script` is the thread's program (tests break it). */
export function makePrinter(
  options: Partial<PrinterOptions> = {},
  script: URL = new URL("./worker.ts", import.meta.url),
): Printer {
  return new Press({ ...usual, ...options }, script);
}

class Press implements Printer {
  readonly #options: PrinterOptions;
  readonly #script: URL;
  readonly #queue: Waiting[] = [];
  readonly #threads = new Set<Thread>();
  #count = 0;

  constructor(options: PrinterOptions, script: URL) {
    this.#options = options;
    this.#script = script;
  }

  print(document: PdfDocument): Promise<Uint8Array<ArrayBuffer>> {
    return new Promise((resolve, reject) => {
      if (this.#isFull) reject(tooMany());
      else this.#enqueue({ document, resolve, reject });
    });
  }

  printLong(document: PdfDocument, more: AsyncIterator<readonly Block[]>): ReadableStream<Uint8Array> {
    if (this.#isFull) throw tooMany();
    return streamOf(document, more, (waiting) => this.#enqueue(waiting));
  }

  async close(): Promise<void> {
    const closed = broken(new Error("The printer was closed."));
    for (const waiting of this.#queue.splice(0)) waiting.reject(closed);
    for (const thread of [...this.#threads]) this.#end(thread, closed);
  }

  get #isFull(): boolean {
    return this.#queue.length >= this.#options.queue;
  }

  #enqueue(waiting: Waiting): void {
    this.#queue.push(waiting);
    this.#next();
  }

  #next(): void {
    if (this.#queue.length === 0) return;
    const free = [...this.#threads].find((one) => !one.busy);
    const thread = free ?? (this.#threads.size < this.#options.threads ? this.#start() : undefined);
    const waiting = thread && this.#queue.shift();
    if (!waiting) return;
    thread.busy = waiting;
    thread.worker.ref();
    this.#watch(thread);
    const long = waiting.long !== undefined;
    thread.worker.postMessage({ id: ++this.#count, document: waiting.document, long } satisfies PrintJob);
    this.#next();
  }

  #start(): Thread {
    // Node strips the types by itself; the loader of the program would only make the thread start later. What a long
    // document leaves behind is swept up sooner with less room for it.
    const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 192 };
    const worker = new Worker(this.#script, { execArgv: [], resourceLimits });
    const thread: Thread = { worker, busy: undefined, timer: undefined };
    this.#threads.add(thread);
    worker.unref();
    worker.on("message", (printed: Printed) => this.#heard(thread, printed));
    worker.on("error", (error: unknown) => this.#end(thread, broken(error)));
    worker.on("exit", () => this.#end(thread, broken(new Error("The PDF thread ended."))));
    return thread;
  }

  #end(thread: Thread, why: Error): void {
    if (!this.#threads.delete(thread)) return;
    clearTimeout(thread.timer);
    void thread.worker.terminate();
    thread.busy?.reject(why);
    this.#next();
  }

  #heard(thread: Thread, printed: Printed): void {
    const { busy } = thread;
    const { bytes, error } = printed;
    if (printed.part) busy?.long?.part(printed.part);
    if (bytes) this.#finished(thread, (done) => done.resolve(bytes));
    else if (error !== undefined) {
      this.#finished(thread, (done) => done.reject(new Error(`A PDF could not be made: ${error}`)));
    } else if (printed.more && busy?.long) void this.#feed(thread, busy, busy.long, printed.id);
  }

  /** Gives a thread the next blocks of its document. While they are read, the thread does not count as late. */
  async #feed(thread: Thread, busy: Waiting, source: Feed, id: number): Promise<void> {
    clearTimeout(thread.timer);
    try {
      const { value, done } = await source.next();
      if (thread.busy !== busy) return;
      this.#watch(thread);
      thread.worker.postMessage({ id, blocks: value ?? [], last: done === true } satisfies PrintJob);
    } catch (error) {
      if (thread.busy !== busy) return;
      thread.worker.postMessage({ id, dropped: true } satisfies PrintJob);
      this.#finished(thread, (waiting) => waiting.reject(error instanceof Error ? error : new Error(String(error))));
    }
  }

  #watch(thread: Thread): void {
    clearTimeout(thread.timer);
    const { timeoutSeconds } = this.#options;
    const late = broken(new Error(`A PDF took longer than ${timeoutSeconds} s.`));
    thread.timer = setTimeout(() => this.#end(thread, late), timeoutSeconds * 1000);
  }

  #finished(thread: Thread, say: (done: Waiting) => void): void {
    clearTimeout(thread.timer);
    const done = thread.busy;
    thread.busy = undefined;
    if (done) say(done);
    const idle = () => this.#end(thread, broken(new Error("idle")));
    thread.timer = setTimeout(idle, this.#options.idleSeconds * 1000).unref();
    thread.worker.unref();
    this.#next();
  }
}

function streamOf(
  document: PdfDocument,
  more: AsyncIterator<readonly Block[]>,
  enqueue: (waiting: Waiting) => void,
): ReadableStream<Uint8Array> {
  let gone = false;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const part = (bytes: Uint8Array) => {
        if (!gone && bytes.length > 0) controller.enqueue(bytes);
      };
      const long: Feed = {
        // Nobody wants the rest of what nobody reads any more.
        next: () => (gone ? Promise.reject(new Error("The reader has gone.")) : more.next()),
        part,
      };
      const resolve = (bytes: Uint8Array) => {
        part(bytes);
        if (!gone) controller.close();
      };
      const reject = (error: Error) => {
        if (!gone) controller.error(error);
      };
      enqueue({ document, long, resolve, reject });
    },
    async cancel() {
      gone = true;
      await more.return?.();
    },
  });
}

function tooMany(): Problem {
  return broken(new Error("Too many PDFs wait."));
}

function broken(cause: unknown): Problem {
  const detail = "The PDF could not be made right now. Please try again in a moment.";
  return new Problem("unavailable", detail, { cause, retryAfterSeconds: 5 });
}

let shared: Printer | undefined;
let long: Printer | undefined;

/** Prints on the program's thread for it, which starts when first needed and never keeps the program alive. */
export function printPdf(document: PdfDocument): Promise<Uint8Array<ArrayBuffer>> {
  shared ??= makePrinter();
  return shared.print(document);
}

/**
 * Prints a document of any length on a thread beside: nobody's receipt waits for it. Throws `unavailable` when too many
 * wait.
 */
export function printLongPdf(document: PdfDocument, more: AsyncIterator<readonly Block[]>): ReadableStream<Uint8Array> {
  long ??= makePrinter({ idleSeconds: 10, queue: 10 });
  return long.printLong(document, more);
}
