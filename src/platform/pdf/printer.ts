import { Worker } from "node:worker_threads";
import { Problem } from "#kernel/problem.ts";
import type { PdfDocument } from "./document.ts";
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
  close(): Promise<void>;
};

type Waiting = {
  readonly document: PdfDocument;
  readonly resolve: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly reject: (error: Error) => void;
};
type Thread = { readonly worker: Worker; busy: Waiting | undefined; timer: NodeJS.Timeout | undefined };

// A thread that has written every script holds 100 MB of fonts, and makes sixty receipts a second.
const usual: PrinterOptions = { threads: 1, queue: 50, timeoutSeconds: 30, idleSeconds: 60 };

/** A printer of its own; everybody else uses `printPdf`. `script` is the thread's program (tests break it). */
export function makePrinter(
  options: Partial<PrinterOptions> = {},
  script: URL = new URL("./worker.ts", import.meta.url),
): Printer {
  const { threads: most, queue: longest, timeoutSeconds, idleSeconds } = { ...usual, ...options };
  const queue: Waiting[] = [];
  const threads = new Set<Thread>();
  let count = 0;

  const end = (thread: Thread, why: Error): void => {
    if (!threads.delete(thread)) return;
    clearTimeout(thread.timer);
    void thread.worker.terminate();
    thread.busy?.reject(why);
    next();
  };

  const start = (): Thread => {
    // Node strips the types by itself; the loader of the program would only make the thread start later.
    const worker = new Worker(script, { execArgv: [] });
    const thread: Thread = { worker, busy: undefined, timer: undefined };
    threads.add(thread);
    worker.unref();
    worker.on("message", (printed: Printed) => finished(thread, printed));
    worker.on("error", (error: unknown) => end(thread, broken(error)));
    worker.on("exit", () => end(thread, broken(new Error("The PDF thread ended."))));
    return thread;
  };

  const finished = (thread: Thread, printed: Printed): void => {
    clearTimeout(thread.timer);
    const done = thread.busy;
    thread.busy = undefined;
    if (printed.bytes) done?.resolve(printed.bytes);
    else done?.reject(new Error(`A PDF could not be made: ${printed.error}`));
    thread.timer = setTimeout(() => end(thread, broken(new Error("idle"))), idleSeconds * 1000).unref();
    thread.worker.unref();
    next();
  };

  const next = (): void => {
    if (queue.length === 0) return;
    const thread = [...threads].find((one) => !one.busy) ?? (threads.size < most ? start() : undefined);
    const waiting = thread && queue.shift();
    if (!waiting) return;
    clearTimeout(thread.timer);
    thread.busy = waiting;
    thread.worker.ref();
    const late = broken(new Error(`A PDF took longer than ${timeoutSeconds} s.`));
    thread.timer = setTimeout(() => end(thread, late), timeoutSeconds * 1000);
    thread.worker.postMessage({ id: ++count, document: waiting.document } satisfies PrintJob);
    next();
  };

  return {
    print: (document) =>
      new Promise((resolve, reject) => {
        if (queue.length >= longest) return reject(broken(new Error("Too many PDFs wait.")));
        queue.push({ document, resolve, reject });
        next();
      }),
    async close() {
      const closed = broken(new Error("The printer was closed."));
      for (const waiting of queue.splice(0)) waiting.reject(closed);
      for (const thread of [...threads]) end(thread, closed);
    },
  };
}

function broken(cause: unknown): Problem {
  const detail = "The PDF could not be made right now. Please try again in a moment.";
  return new Problem("unavailable", detail, { cause, retryAfterSeconds: 5 });
}

let shared: Printer | undefined;

/** Prints on the program's thread for it, which starts when first needed and never keeps the program alive. */
export function printPdf(document: PdfDocument): Promise<Uint8Array<ArrayBuffer>> {
  shared ??= makePrinter();
  return shared.print(document);
}
