import type { Block, PdfDocument } from "#platform/pdf/document.ts";

type Printer = typeof import("#platform/pdf/printer.ts");

/** How documents are looked at: as bytes where `bytes` is on, else as what they say, which is cheap. */
export const prints: {
  bytes: boolean;
  turn: number;
  plant: ((document: PdfDocument) => Promise<Block[]>) | undefined;
} = { bytes: false, turn: 0, plant: undefined };

/** A printer that writes down what a document says instead of drawing it. */
export function modelPrinter(real: Printer): Printer {
  return {
    ...real,
    printPdf: async (document) => {
      const whole = await planted(document);
      return prints.bytes ? await real.printPdf(whole) : Uint8Array.from(Buffer.from(said(whole)));
    },
    printLongPdf: (document, more) => {
      if (prints.bytes && !prints.plant) return real.printLongPdf(document, more);
      return new ReadableStream<Uint8Array>({
        async start(controller) {
          controller.enqueue(Buffer.from(said(await planted(document))));
          for (let next = await more.next(); !next.done; next = await more.next()) {
            controller.enqueue(Buffer.from(said(next.value)));
          }
          controller.close();
        },
      });
    },
  };
}

async function planted(document: PdfDocument): Promise<PdfDocument> {
  return prints.plant ? { ...document, blocks: [...document.blocks, ...(await prints.plant(document))] } : document;
}

function said(what: unknown): string {
  return JSON.stringify(what, (_key, value: unknown) => (typeof value === "bigint" ? `${value}n` : value), 1);
}
