import { parentPort } from "node:worker_threads";
import type { Block, PdfDocument } from "./document.ts";
import { Rendering, renderPdf } from "./render.ts";

/**
 * What the printer sends; `id` joins it with what is heard back. A long document is begun first, and its blocks follow
 * each time that the thread asks for more.
 */
export type PrintJob =
  | { readonly id: number; readonly document: PdfDocument; readonly long?: boolean }
  | { readonly id: number; readonly blocks: readonly Block[]; readonly last: boolean }
  | { readonly id: number; readonly dropped: true };
/** `part`: some of a long document. `more`: its next blocks are wanted. `bytes`: the whole of it, or its last part. */
export type Printed = {
  readonly id: number;
  readonly bytes?: Uint8Array<ArrayBuffer>;
  readonly part?: Uint8Array<ArrayBuffer>;
  readonly more?: true;
  readonly error?: string;
};

type Long = { readonly rendering: Rendering; readonly parts: Buffer[] };
const long = new Map<number, Long>();

parentPort?.on("message", (job: PrintJob) => {
  run(job).catch((error: unknown) => {
    long.delete(job.id);
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    parentPort?.postMessage({ id: job.id, error: why } satisfies Printed);
  });
});

async function run(job: PrintJob): Promise<void> {
  const { id } = job;
  if ("dropped" in job) long.delete(id);
  else if ("blocks" in job) await goOn(id, job.blocks, job.last);
  else if (job.long) begin(id, job.document);
  else {
    const bytes = Uint8Array.from(await renderPdf(job.document));
    parentPort?.postMessage({ id, bytes } satisfies Printed, [bytes.buffer]);
  }
}

function begin(id: number, document: PdfDocument): void {
  const parts: Buffer[] = [];
  long.set(id, { rendering: new Rendering(document, (part) => parts.push(part)), parts });
  parentPort?.postMessage({ id, more: true } satisfies Printed);
}

async function goOn(id: number, blocks: readonly Block[], last: boolean): Promise<void> {
  const found = long.get(id);
  if (!found) return;
  found.rendering.add(blocks);
  if (last) {
    await found.rendering.finish();
    long.delete(id);
  }
  const bytes = Uint8Array.from(Buffer.concat(found.parts.splice(0)));
  const said: Printed = last ? { id, bytes } : { id, part: bytes, more: true };
  parentPort?.postMessage(said, [bytes.buffer]);
}
