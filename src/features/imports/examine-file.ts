import { isUtf8 } from "node:buffer";
import { type FoundInFile, unreadable } from "./import.ts";
import { isRow, readRecords } from "./read-records.ts";

const delimiters = [",", ";", "\t", "|"] as const;
const sampleRows = 5;
const sampleCell = 80;
const mostColumns = 200;

const howToSave =
  "In Excel choose File, Save as, “CSV UTF-8 (Comma delimited)”; " +
  "in LibreOffice save as “Text CSV” with the character set Unicode (UTF-8).";

/** What a file looks like that is not text, by how it begins. */
const otherFiles: readonly (readonly [start: readonly number[], what: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], `This is a workbook or a zip file, not a CSV file. ${howToSave}`],
  [[0xd0, 0xcf, 0x11, 0xe0], `This is an old Excel workbook, not a CSV file. ${howToSave}`],
  [[0x25, 0x50, 0x44, 0x46], "This is a PDF file. Export the data as a CSV file and upload that."],
  [[0xff, 0xfe], `This file is in UTF-16. Save it as UTF-8 and upload it again. ${howToSave}`],
  [[0xfe, 0xff], `This file is in UTF-16. Save it as UTF-8 and upload it again. ${howToSave}`],
];

/**
 * Reads a file through once: is it text in UTF-8, what parts its columns, what are its headings, its first rows, and
 * how many rows there are. Throws `import.unreadable` with what to do when it is empty, not text, not UTF-8 or has no
 * columns.
 */
export async function examineFile(bytes: Uint8Array): Promise<{ found: FoundInFile; rows: number }> {
  assertText(bytes);
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const start = Buffer.from(bytes.subarray(mark ? 3 : 0, 65_536)).toString("utf8");
  if (start.trim() === "") throw unreadable("This file is empty. Check what was exported, then upload it again.");
  const newline = start.includes("\r") && !start.includes("\n") ? "\r" : "\n";
  const announced = /^sep=([,;\t|])\r?[\n\r]/i.exec(start)?.[1];
  const dialect = { delimiter: announced ?? delimiterOf(start), newline } as const;
  const read = await readThrough(bytes, dialect, announced !== undefined);
  assertColumns(read.headers);
  if (read.rows === 0)
    throw unreadable("This file has headings but no rows below them. Add the rows, then upload it again.");
  const { rows, ...rest } = read;
  return { found: { ...dialect, byteOrderMark: mark, ...rest }, rows };
}

async function readThrough(bytes: Uint8Array, dialect: Pick<FoundInFile, "delimiter" | "newline">, announced: boolean) {
  let headers: string[] | undefined;
  let headerLine = 0;
  let rows = 0;
  const sample: { line: number; cells: string[] }[] = [];
  for await (const records of readRecords(slices(bytes), dialect)) {
    for (const record of records) {
      if (!isRow(record) || (announced && record.line === 1)) continue;
      if (headers === undefined) {
        if ("problem" in record)
          throw unreadable(`The headings on line ${record.line} can't be read. ${record.problem}`);
        headers = record.cells.map((cell) => cell.normalize("NFC").trim().slice(0, 200));
        headerLine = record.line;
        continue;
      }
      rows += 1;
      if (sample.length < sampleRows && "cells" in record) {
        sample.push({ line: record.line, cells: record.cells.slice(0, mostColumns).map(shorten) });
      }
    }
  }
  return { headers: headers ?? [], headerLine, sample, rows };
}

/** Slices of the file; between them other requests get their turn. */
async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const size = 262_144;
  for (let from = 0; from < bytes.length; from += size) {
    yield bytes.subarray(from, from + size);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function shorten(cell: string): string {
  const line = cell.replaceAll(/\s+/g, " ");
  return line.length > sampleCell ? `${line.slice(0, sampleCell)}…` : line;
}

function assertText(bytes: Uint8Array): void {
  if (bytes.length === 0) throw unreadable("This file is empty. Check what was exported, then upload it again.");
  const other = otherFiles.find(([start]) => start.every((byte, index) => bytes[index] === byte));
  if (other) throw unreadable(other[1]);
  // Text never holds NUL, nor more than a stray control character; pictures and programs are full of them.
  const strange = bytes.subarray(0, 65_536).reduce((count, byte) => count + (isStrange(byte) ? 1 : 0), 0);
  if (strange > 8 || bytes.includes(0)) {
    throw unreadable("This is not a text file. Upload a CSV file: export it from your spreadsheet or your old system.");
  }
  if (isUtf8(bytes)) return;
  const line = firstForeignLine(bytes);
  throw unreadable(
    `This file is not in UTF-8: line ${line} has a letter that can't be read, so accents would be lost. ` +
      `Save it as UTF-8 and upload it again. ${howToSave}`,
  );
}

function isStrange(byte: number): boolean {
  return byte < 9 || (byte > 13 && byte < 32 && byte !== 27) || byte === 127;
}

/** The physical line of the first bytes that are not UTF-8. */
function firstForeignLine(bytes: Uint8Array): number {
  let line = 1;
  for (let from = 0; from < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, from);
    const to = end < 0 ? bytes.length : end;
    if (!isUtf8(bytes.subarray(from, to))) return line;
    from = to + 1;
  }
  return line;
}

/** The character that parts most columns in the headings, outside quotes; the comma where none does. */
function delimiterOf(start: string): string {
  const line = /^[\r\n]*([^\r\n]*)/.exec(start)?.[1]?.replaceAll(/"(?:[^"]|"")*"/g, "") ?? "";
  let best: string = ",";
  let most = 0;
  for (const delimiter of delimiters) {
    const count = line.split(delimiter).length - 1;
    if (count > most) [best, most] = [delimiter, count];
  }
  return best;
}

function assertColumns(headers: readonly string[]): void {
  if (headers.length < 2) {
    throw unreadable(
      "Only one column was found. A CSV file has its headings on the first line, parted by commas or semicolons, " +
        "and the rows below.",
    );
  }
  if (headers.length > mostColumns)
    throw unreadable(`This file has ${headers.length} columns; ${mostColumns} at most can be read.`);
}
