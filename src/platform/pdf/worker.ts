import { parentPort } from "node:worker_threads";
import type { PdfDocument } from "./document.ts";
import { renderPdf } from "./render.ts";

/** What the printer sends and hears back; `id` joins the two. */
export type PrintJob = { readonly id: number; readonly document: PdfDocument };
export type Printed = { readonly id: number; readonly bytes?: Uint8Array<ArrayBuffer>; readonly error?: string };

parentPort?.on("message", ({ id, document }: PrintJob) => {
  renderPdf(document).then(
    (made) => {
      const bytes = Uint8Array.from(made);
      parentPort?.postMessage({ id, bytes } satisfies Printed, [bytes.buffer]);
    },
    (error: unknown) => {
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      parentPort?.postMessage({ id, error: why } satisfies Printed);
    },
  );
});
