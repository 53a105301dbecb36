import { stringify } from "csv-stringify/sync";
import { type BadCell, type ImportKind, type ImportRun } from "./import.ts";
import { kinds } from "./import-kinds.ts";

/** An empty file with the headings of a kind. */
export function templateCsv(kind: ImportKind): string {
  return write(kinds[kind].columns.map((column) => column.name), []);
}

/** What was wrong in a file, as a file: for whoever mends it. */
export function badRowsCsv(cells: readonly BadCell[]): string {
  return write(["line", "column", "reason", "value"], cells.map((cell) => [String(cell.line), cell.column, cell.reason, cell.value]));
}

/** The list of imports. Times are UTC, as in every export. */
export function importsCsv(runs: readonly ImportRun[]): string {
  const headings = ["file", "kind", "state", "rows", "created", "updated", "unchanged", "bad", "imported_by", "uploaded_at", "finished_at"];
  const rows = runs.map((run) => [
    run.fileName, run.kind, run.state, String(run.total), String(run.created), String(run.updated), String(run.unchanged),
    String(run.bad), run.by, run.createdAt.toString(), run.finishedAt?.toString() ?? "",
  ]);
  return write(headings, rows);
}

// Spreadsheets run what begins like a formula, and take a file without a byte order mark for Latin-1.
function write(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return stringify([headings as string[], ...(rows as string[][])], { bom: true, escape_formulas: true, record_delimiter: "\r\n" });
}
