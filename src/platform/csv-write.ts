import { stringify } from "csv-stringify/sync";

export type CsvRow = readonly string[];

/** How a CSV file of ours is announced. */
export const csvMediaType = "text/csv; charset=utf-8";

/** Stands at the very start of a file: without it spreadsheets take UTF-8 for Latin-1. */
export const byteOrderMark = "\ufeff";

/**
 * Rows as lines of CSV (RFC 4180: CRLF, quotes doubled). A cell that a spreadsheet would run as a formula gets an
 * apostrophe in front (https://owasp.org/www-community/attacks/CSV_Injection). An amount below zero is none, and is
 * only a number, to be added up, without it.
 */
export function csvLines(rows: readonly CsvRow[]): string {
  return stringify(
    rows.map((row) => [...row]),
    {
      cast: { string: (value) => ({ value, escape_formulas: !/^-\d+(?:\.\d+)?$/.test(value) }) },
      record_delimiter: "\r\n",
    },
  );
}
