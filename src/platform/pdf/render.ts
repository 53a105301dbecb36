import { never, present } from "#kernel/assert.ts";
import type { Block, PdfDocument, Words } from "./document.ts";
import { type Column, contentWidth, gap, type Sheet, Sheet as SheetOfPaper, styles, wholeWidth } from "./sheet.ts";
import { drawRows, endTable, type OpenTable, startTable } from "./tables.ts";

/** Lays a document out on A4 and answers the bytes of the PDF. The same document gives the same bytes. */
export async function renderPdf(document: PdfDocument): Promise<Buffer> {
  const parts: Buffer[] = [];
  await new Rendering(document, (part) => parts.push(part)).finish();
  return Buffer.concat(parts);
}

/** A document that is drawn bit by bit: what is full leaves at once, so that its length takes no memory. */
export class Rendering {
  readonly #document: PdfDocument;
  readonly #sheet: Sheet;
  readonly #done: Promise<void>;
  #table: OpenTable | undefined;

  constructor(document: PdfDocument, onPart: (part: Buffer) => void) {
    const sheet = new SheetOfPaper(document);
    this.#document = document;
    this.#sheet = sheet;
    this.#done = new Promise<void>((resolve, reject) => {
      sheet.pdf.on("data", onPart);
      sheet.pdf.on("end", resolve);
      sheet.pdf.on("error", reject);
    });
    head(sheet, document);
    sheet.onNewPage = () => runningHead(sheet, document);
    this.add(document.blocks);
  }

  /** Draws what follows. */
  add(blocks: readonly Block[]): void {
    for (const block of blocks) this.#draw(block);
  }

  /** Writes the feet, and waits until the last byte has left. */
  async finish(): Promise<void> {
    const [sheet, document] = [this.#sheet, this.#document];
    sheet.eachPage((number, of, top) => foot(sheet, document, number, of, top));
    sheet.close();
    await this.#done;
  }

  #draw(block: Block): void {
    const sheet = this.#sheet;
    if (block.block === "columns") drawColumns(sheet, block.columns);
    else if (block.block === "headline") drawHeadline(sheet, block, this.#document);
    else if (block.block === "heading") drawHeading(sheet, block.text);
    else if (block.block === "note") drawNote(sheet, block.text);
    else if (block.block === "table") {
      const table = startTable(sheet, block.columns);
      drawRows(sheet, table, block.rows);
      endTable(sheet, block.totals);
    } else if (block.block === "table-start") this.#table = startTable(sheet, block.columns);
    else if (block.block === "rows") drawRows(sheet, present(this.#table, "the table of the rows"), block.rows);
    else if (block.block === "table-end") endTable(sheet, block.totals);
    else never(block);
  }
}

/** The sender with its mark, and what kind of document this is. */
function head(sheet: Sheet, document: PdfDocument): void {
  const mark: Column = { offset: 0, width: 30 };
  const top = sheet.y;
  sheet.box(mark, top, 30, document.accent, 7);
  const initial = [...new Intl.Segmenter().segment(textOf(document.sender))][0]?.segment ?? "";
  const style = { size: 15, weight: "bold", colour: "#ffffff" } as const;
  sheet.decoration(() => void sheet.text({ data: initial.toUpperCase() }, style, mark, top + 4.6, { align: "centre" }));
  const name = sheet.lines(document.sender, styles.sender, contentWidth * 0.5 - 42);
  const nameEnd = sheet.write(name, styles.sender, { offset: 42, width: contentWidth * 0.5 - 42 }, top + 5.5);
  const right: Column = { offset: contentWidth * 0.5, width: contentWidth * 0.5 };
  const below = sheet.text(document.kind, styles.title, right, top - 3, { align: "end", as: "H1" });
  const numberEnd = sheet.text(document.number, styles.small, right, below, { align: "end" });
  sheet.y = Math.max(nameEnd, numberEnd, top + 34) + 14;
  sheet.rule(wholeWidth, sheet.y, document.accent, 1.5);
  sheet.y += gap;
}

function runningHead(sheet: Sheet, document: PdfDocument): void {
  sheet.text(document.sender, styles.label, { offset: 0, width: contentWidth * 0.6 }, sheet.y);
  sheet.text(document.number, styles.small, { offset: contentWidth * 0.6, width: contentWidth * 0.4 }, sheet.y, {
    align: "end",
  });
  sheet.y += 18;
  sheet.rule(wholeWidth, sheet.y);
  sheet.y += 16;
}

function drawColumns(sheet: Sheet, columns: Extract<Block, { block: "columns" }>["columns"]): void {
  const space = 24;
  const width = (contentWidth - space * (columns.length - 1)) / columns.length;
  const heights = columns.map((column) =>
    column.lines.reduce((sum, line) => sum + sheet.height(sheet.lines(line, styles.body, width), styles.body), 16),
  );
  sheet.room(Math.max(...heights));
  const top = sheet.y;
  let bottom = top;
  for (const [index, column] of columns.entries()) {
    const place: Column = { offset: index * (width + space), width };
    sheet.within("Sect", () => {
      let y = sheet.text(column.title, styles.label, place, top) + 3;
      for (const [number, line] of column.lines.entries()) {
        y = sheet.text(line, number === 0 ? styles.strong : styles.body, place, y);
      }
      bottom = Math.max(bottom, y);
    });
  }
  sheet.y = bottom + gap;
}

function drawHeadline(sheet: Sheet, block: Extract<Block, { block: "headline" }>, document: PdfDocument): void {
  const inner: Column = { offset: 20, width: contentWidth - 40 };
  const half = { label: inner.width * 0.62, note: inner.width * 0.38 };
  const value = sheet.lines(block.value, styles.figure, half.label);
  const note = sheet.lines(block.note, styles.body, half.note);
  const left = sheet.height(value, styles.figure) + 12;
  const height = Math.max(left, sheet.height(note, styles.body)) + 26;
  sheet.room(height);
  sheet.box(wholeWidth, sheet.y, height, tint(document.accent), 8);
  const top = sheet.y + 16;
  const below = sheet.text(block.label, styles.small, { offset: 20, width: half.label }, top);
  sheet.write(value, { ...styles.figure, colour: document.accent }, { offset: 20, width: half.label }, below);
  const noteTop = sheet.y + (height - sheet.height(note, styles.body)) / 2;
  sheet.write(note, styles.body, { offset: 20 + half.label, width: half.note }, noteTop, { align: "end" });
  sheet.y += height + gap;
}

/** A title over a table stays with its first rows. */
function drawHeading(sheet: Sheet, text: Words): void {
  sheet.room(110);
  sheet.y = sheet.text(text, styles.sender, wholeWidth, sheet.y, { as: "H2" }) + 8;
}

function drawNote(sheet: Sheet, text: Words): void {
  const lines = sheet.lines(text, styles.small, contentWidth);
  sheet.room(sheet.height(lines, styles.small));
  sheet.y = sheet.write(lines, styles.small, wholeWidth, sheet.y) + 8;
}

function foot(sheet: Sheet, document: PdfDocument, number: number, of: number, top: number): void {
  sheet.rule(wholeWidth, top - 8);
  const wide: Column = { offset: 0, width: contentWidth * 0.8 };
  let y = top;
  for (const line of document.footer) y = sheet.text(line, styles.small, wide, y);
  const label = document.pageLabel.replace("[page]", String(number)).replace("[pages]", String(of));
  const end: Column = { offset: contentWidth * 0.8, width: contentWidth * 0.2 };
  sheet.text(label, styles.small, end, top, { align: "end" });
}

function textOf(words: Words): string {
  return typeof words === "string" ? words : words.data;
}

/** A breath of the accent on white. */
function tint(accent: string): string {
  const value = Number.parseInt(accent.slice(1), 16);
  const parts = [(value >> 16) & 255, (value >> 8) & 255, value & 255];
  return `#${parts
    .map((part) =>
      Math.round(255 - (255 - part) * 0.07)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}
