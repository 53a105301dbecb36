import type { TableColumn, TableRow, Words } from "./document.ts";
import type { Line, TextStyle } from "./lines.ts";
import { type Column, contentWidth, gap, hairline, type Sheet, styles, wholeWidth } from "./sheet.ts";

/** A table whose head is drawn, and which takes rows until it is ended. */
export type OpenTable = {
  readonly columns: readonly TableColumn[];
  readonly places: readonly Column[];
  readonly header: () => void;
};

/** Begins a table; every further page repeats its head. */
export function startTable(sheet: Sheet, columns: readonly TableColumn[]): OpenTable {
  const places = placesOf(columns);
  const header = () => drawTableHead(sheet, columns, places);
  sheet.room(70);
  sheet.begin("Table");
  sheet.within("TR", header);
  return { columns, places, header };
}

export function drawRows(sheet: Sheet, table: OpenTable, rows: readonly TableRow[]): void {
  for (const row of rows) drawRow(sheet, table, row);
}

type Totals = readonly (readonly [label: Words, value: Words])[];

export function endTable(sheet: Sheet, totals: Totals): void {
  sheet.finish();
  drawTotals(sheet, totals);
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

function drawRow(sheet: Sheet, table: OpenTable, row: TableRow): void {
  const { places } = table;
  const style = row.strong ? styles.strong : styles.body;
  const cells = row.cells.map((cell, index) => sheet.lines(cell, style, placeAt(places, index).width));
  const below = row.below ? sheet.lines(row.below, styles.small, placeAt(places, 0).width) : [];
  const longest = Math.max(...cells.map((lines) => lines.length));
  for (let from = 0; from < longest; from += mostLines) {
    const shown = cells.map((lines) => lines.slice(from, from + mostLines));
    drawLines(sheet, table, style, shown, from + mostLines >= longest ? below : []);
  }
  sheet.rule(wholeWidth, sheet.y, hairline);
  sheet.y += 7;
}

function drawLines(
  sheet: Sheet,
  { columns, places, header }: OpenTable,
  style: TextStyle,
  cells: readonly (readonly Line[])[],
  below: readonly Line[],
): void {
  const first = sheet.height(cells[0] ?? [], style) + sheet.height(below, styles.small);
  const height = Math.max(first, ...cells.map((lines) => sheet.height(lines, style)));
  if (sheet.room(height + 8)) sheet.decoration(header);
  sheet.begin("TR");
  for (const [index, lines] of cells.entries()) {
    const [place, align] = [placeAt(places, index), columns[index]?.align ?? "start"];
    if (index > 0 || below.length === 0) sheet.write(lines, style, place, sheet.y, { align, as: "TD" });
    else {
      sheet.within("TD", () => {
        const end = sheet.write(lines, style, place, sheet.y, { align });
        sheet.write(below, styles.small, place, end);
      });
    }
  }
  sheet.finish();
  sheet.y += height + 6;
}

function drawTotals(sheet: Sheet, totals: Totals): void {
  if (totals.length === 0) return;
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

function placeAt(places: readonly Column[], index: number): Column {
  return places[index] ?? wholeWidth;
}
