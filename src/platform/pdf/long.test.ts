import { afterAll, expect, test } from "vitest";
import { readPdf } from "../../../test/support/pdf.ts";
import type { Block, PdfDocument } from "./document.ts";
import { makePrinter } from "./printer.ts";
import { renderPdf } from "./render.ts";

const printer = makePrinter({ threads: 1, queue: 1 });
afterAll(() => printer.close());

const columns = [
  { title: "What", share: 3, align: "start" },
  { title: "Amount", share: 1, align: "end" },
] as const;

function documentOf(blocks: readonly Block[]): PdfDocument {
  return {
    title: "Statement",
    language: "en",
    writtenIn: "en",
    direction: "ltr",
    accent: "#0d5c4b",
    createdAt: "2026-11-21T00:00:00Z",
    author: "Northbridge",
    sender: { data: "Northbridge" },
    kind: "Statement",
    number: { data: "AUD" },
    blocks,
    footer: ["Footer"],
    pageLabel: "Page [page] of [pages]",
  };
}

const rowsOf = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({
    cells: [`Row ${from + index + 1} of all`, `${from + index}.50`],
  }));

async function* batches(count: number, size: number): AsyncGenerator<readonly Block[]> {
  for (let from = 0; from < count; from += size) {
    yield [{ block: "rows", rows: rowsOf(from, Math.min(count, from + size)) }];
  }
  yield [{ block: "table-end", totals: [["Closing", "1.00"]] }];
}

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

test("rows that come bit by bit give the same bytes as the table in one piece, page numbers of all included", async () => {
  const whole = documentOf([{ block: "table", columns, rows: rowsOf(0, 400), totals: [["Closing", "1.00"]] }]);
  const fed = documentOf([{ block: "table-start", columns }]);
  const bytes = await bytesOf(printer.printLong(fed, batches(400, 90)));
  expect(bytes.equals(await renderPdf(whole))).toBe(true);
  const { pages } = await readPdf(bytes);
  for (const [index, page] of pages.entries()) expect(page).toContain(`Page ${index + 1} of ${pages.length}`);
  const found = [...pages.join("\n").matchAll(/^Row (\d+) of all (\d+)\.50/gm)].map((match) => Number(match[1]));
  expect(found).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
});

test("bytes leave while rows are still being read", async () => {
  let given = 0;
  const source = batches(3_000, 100);
  const counted: AsyncIterator<readonly Block[]> = {
    next: () => {
      given += 1;
      return source.next();
    },
  };
  const reader = printer.printLong(documentOf([{ block: "table-start", columns }]), counted).getReader();
  await reader.read();
  expect(given).toBeLessThan(20);
  while (!(await reader.read()).done);
  expect(given).toBe(32);
});

test("what can't be read breaks the stream, and the thread takes the next document", async () => {
  const failing: AsyncIterator<readonly Block[]> = { next: () => Promise.reject(new Error("the database is away")) };
  const broken = printer.printLong(documentOf([{ block: "table-start", columns }]), failing);
  await expect(bytesOf(broken)).rejects.toThrow("the database is away");
  const fine = await printer.print(documentOf([{ block: "note", text: "Still here" }]));
  expect((await readPdf(fine)).pages.join("")).toContain("Still here");
});

test("a reader who leaves stops the reading of rows", async () => {
  let ended = false;
  const endless: AsyncIterator<readonly Block[]> = {
    next: async () => ({ value: [{ block: "rows", rows: rowsOf(0, 50) }] }),
    return: async () => {
      ended = true;
      return { value: undefined, done: true };
    },
  };
  const reader = printer.printLong(documentOf([{ block: "table-start", columns }]), endless).getReader();
  await reader.read();
  await reader.cancel();
  expect(ended).toBe(true);
  const fine = await printer.print(documentOf([{ block: "note", text: "Free again" }]));
  expect((await readPdf(fine)).pages.join("")).toContain("Free again");
});
