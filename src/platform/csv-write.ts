import { stringify } from "csv-stringify/sync";

export type CsvRow = readonly string[];

/** How a CSV file of ours is announced. */
export const csvMediaType = "text/csv; charset=utf-8";

/** Stands at the very start of a file: without it spreadsheets take UTF-8 for Latin-1. */
export const byteOrderMark = "\ufeff";

// What spreadsheets begin a formula with, and what some of them skip or fold before they look; the last four are the
// full-width `=`, `+`, `-` and `@`.
const formulaStarts = ["=", "+", "-", "@", "\t", "\r", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20"];

// A cell that is a number from end to end computes nothing: left alone, what is owed back can be added up.
const plainNumber = /^-?\d+(\.\d+)?$/;

/**
 * Rows as lines of CSV (RFC 4180: CRLF, quotes doubled). A cell that a spreadsheet would run as a formula gets an
 * apostrophe in front (https://owasp.org/www-community/attacks/CSV_Injection); plain numbers, also below zero, do not.
 */
export function csvLines(rows: readonly CsvRow[]): string {
  return stringify(
    rows.map((row) => row.map(inert)),
    // A lone LF or CR ends a row for spreadsheets just as well: what holds one is quoted.
    { record_delimiter: "\r\n", quoted_match: /[\r\n]/ },
  );
}

function inert(cell: string): string {
  return formulaStarts.includes(cell.charAt(0)) && !plainNumber.test(cell) ? `'${cell}` : cell;
}
