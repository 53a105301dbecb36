import { never } from "#kernel/assert.ts";
import type { Block, PdfDocument, TableColumn, TableRow, Words } from "./document.ts";
import type { Line } from "./lines.ts";
import { type Column, contentWidth, hairline, type Sheet, Sheet as SheetOfPaper, styles, wholeWidth } from "./sheet.ts";

const gap = 22;

/** Lays a document out on A4 and answers the bytes of the PDF. The same document gives the same bytes. */
export async function renderPdf(document: PdfDocument): Promise<Buffer> {
  const sheet = new SheetOfPaper(document);
  const parts: Buffer[] = [];
  const done = new Promise<void>((resolve, reject) => {
    sheet.pdf.on("data", (part: Buffer) => parts.push(part));
    sheet.pdf.on("end", resolve);
    sheet.pdf.on("error", reject);
  });
  head(sheet, document);
  sheet.onNewPage = () => runningHead(sheet, document);
  for (const block of document.blocks) draw(sheet, block, document);
  sheet.eachPage((number, of, top) => foot(sheet, document, number, of, top));
  sheet.close();
  await done;
  return Buffer.concat(parts);
}

function draw(sheet: Sheet, block: Block, document: PdfDocument): void {
  if (block.block === "columns") drawColumns(sheet, block.columns);
  else if (block.block === "headline") drawHeadline(sheet, block, document);
  else if (block.block === "table") drawTable(sheet, block);
  else if (block.block === "note") drawNote(sheet, block.text);
  else never(block);
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

function drawTable(sheet: Sheet, block: Extract<Block, { block: "table" }>): void {
  const places = placesOf(block.columns);
  const header = () => drawTableHead(sheet, block.columns, places);
  sheet.room(70);
  sheet.within("Table", () => {
    sheet.within("TR", header);
    for (const row of block.rows) drawRow(sheet, block.columns, places, row, header);
  });
  drawTotals(sheet, block.totals);
  sheet.y += gap;
}

const cellSpace = 14;

function placesOf(columns: readonly TableColumn[]): Column[] {
  const all = columns.reduce((sum, column) => sum + column.share, 0);
  const free = contentWidth - cellSpace * (columns.length - 1);
  let offset = 0;
  return columns.map((column) => {
    const place = { offset, width: (free * column.share) / all };
    offset += place.width + cellSpace;
    return place;
  });
}

function drawTableHead(sheet: Sheet, columns: readonly TableColumn[], places: readonly Column[]): void {
  let bottom = sheet.y;
  for (const [index, column] of columns.entries()) {
    const how = { align: column.align, as: "TH" } as const;
    bottom = Math.max(bottom, sheet.text(column.title, styles.label, placeAt(places, index), sheet.y, how));
  }
  sheet.y = bottom + 4;
  sheet.rule(wholeWidth, sheet.y, "#aab2b8", 1);
  sheet.y += 7;
}

// A cell of more lines goes on in a further row, so that no text ever leaves the page.
const mostLines = 36;

function drawRow(
  sheet: Sheet,
  columns: readonly TableColumn[],
  places: readonly Column[],
  row: TableRow,
  header: () => void,
): void {
  const cells = row.cells.map((cell, index) => sheet.lines(cell, styles.body, placeAt(places, index).width));
  const below = row.below ? sheet.lines(row.below, styles.small, placeAt(places, 0).width) : [];
  const longest = Math.max(...cells.map((lines) => lines.length));
  for (let from = 0; from < longest; from += mostLines) {
    const shown = cells.map((lines) => lines.slice(from, from + mostLines));
    drawLines(sheet, columns, places, shown, from + mostLines >= longest ? below : [], header);
  }
  sheet.rule(wholeWidth, sheet.y, hairline);
  sheet.y += 7;
}

function drawLines(
  sheet: Sheet,
  columns: readonly TableColumn[],
  places: readonly Column[],
  cells: readonly (readonly Line[])[],
  below: readonly Line[],
  header: () => void,
): void {
  const first = sheet.height(cells[0] ?? [], styles.body) + sheet.height(below, styles.small);
  const height = Math.max(first, ...cells.map((lines) => sheet.height(lines, styles.body)));
  if (sheet.room(height + 8)) sheet.decoration(header);
  const writeCell = (index: number) => {
    const align = columns[index]?.align ?? "start";
    const end = sheet.write(cells[index] ?? [], styles.body, placeAt(places, index), sheet.y, { align });
    if (index === 0) sheet.write(below, styles.small, placeAt(places, 0), end);
  };
  sheet.within("TR", () => {
    for (const index of cells.keys()) sheet.within("TD", () => writeCell(index));
  });
  sheet.y += height + 6;
}

function drawTotals(sheet: Sheet, totals: Extract<Block, { block: "table" }>["totals"]): void {
  const label: Column = { offset: contentWidth * 0.4, width: contentWidth * 0.38 };
  const value: Column = { offset: contentWidth * 0.78, width: contentWidth * 0.22 };
  // Totals stay together, and leave room for a note below: a page with nothing else says little.
  sheet.room(totals.length * 20 + 64);
  sheet.y += 2;
  for (const [index, [name, amount]] of totals.entries()) {
    const style = index === totals.length - 1 ? styles.total : styles.body;
    const end = sheet.text(name, style, label, sheet.y);
    sheet.y = Math.max(end, sheet.text(amount, style, value, sheet.y, { align: "end" })) + 4;
  }
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

function placeAt(places: readonly Column[], index: number): Column {
  return places[index] ?? wholeWidth;
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
