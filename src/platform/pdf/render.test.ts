import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { readPdf } from "../../../test/support/pdf.ts";
import type { PdfDocument } from "./document.ts";
import { renderPdf } from "./render.ts";

function documentOf(title: string, cells: readonly string[], language: string): PdfDocument {
  return {
    title,
    language,
    writtenIn: language,
    direction: language === "ar" ? "rtl" : "ltr",
    accent: "#0d5c4b",
    createdAt: "2026-11-21T00:00:00Z",
    author: title,
    sender: { data: title },
    kind: title,
    number: { data: title },
    blocks: [
      { block: "columns", columns: [{ title, lines: cells }] },
      {
        block: "table",
        columns: [
          { title, share: 3, align: "start" },
          { title, share: 1, align: "end" },
        ],
        rows: cells.map((cell) => ({ cells: [{ data: cell }, cell], below: cell })),
        totals: [[title, title]],
      },
      { block: "note", text: title },
    ],
    footer: [title],
    pageLabel: "[page]/[pages]",
  };
}

/** What somebody may have in a name, as ranges: scripts with and without a font, marks, halves of letters, emoji. */
const ranges = [
  [0, 0x24f],
  [0x300, 0x36f],
  [0x590, 0x6ff],
  [0x900, 0x97f],
  [0xe00, 0xe7f],
  [0x1780, 0x17ff],
  [0x2000, 0x206f],
  [0x3000, 0x30ff],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
  [0xd800, 0xdfff],
  [0xfb50, 0xfe0f],
  [0x1f1e6, 0x1f9ff],
  [0xe0000, 0xe007f],
] as const;
const letter = fc.oneof(
  ...ranges.map(([min, max]) => fc.integer({ min, max }).map((code) => String.fromCodePoint(code))),
);
const text = fc.array(letter, { maxLength: 60 }).map((letters) => letters.join(""));

test("any text at all becomes a PDF that opens: nobody's name keeps them from their receipt", async () => {
  const language = fc.constantFrom("en", "ar", "ja", "vi");
  await fc.assert(
    fc.asyncProperty(text, fc.array(text, { maxLength: 3 }), language, async (title, cells, tag) => {
      const bytes = await renderPdf(documentOf(title, cells, tag));
      expect(bytes.subarray(0, 5).toString()).toBe("%PDF-");
    }),
    {
      numRuns: inject("deep") ? 1_000 : 40,
      // fontkit fails at this pair.
      examples: [["", ["\u0600\u0610"], "en"]],
    },
  );
});

test("a table of a thousand rows keeps every row, in order", async () => {
  const cells = Array.from({ length: 1_000 }, (_, index) => `Row ${index + 1} of all`);
  const { pages } = await readPdf(await renderPdf(documentOf("Statement", cells, "en")));
  const found = [...pages.join("\n").matchAll(/^Row (\d+) of all Row/gm)].map((match) => Number(match[1]));
  expect(found).toEqual(cells.map((_, index) => index + 1));
});
