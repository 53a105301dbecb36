import { byteOrderMark, type CsvRow, csvLines } from "#platform/csv-write.ts";
import type { BadCell, ImportKind, ImportRun } from "./import.ts";
import { kinds } from "./import-kinds.ts";

/** An empty file with the headings of a kind. */
export function templateCsv(kind: ImportKind): string {
  return byteOrderMark + csvLines([kinds[kind].columns.map((column) => column.name)]);
}

export const badRowHeadings = ["line", "column", "reason", "value"] as const;

/** What was wrong with a cell, as a row of a file: for whoever mends it. */
export function badRowCells(cell: BadCell): CsvRow {
  return [String(cell.line), cell.column, cell.reason, cell.value];
}

export const importHeadings = [
  "file",
  "kind",
  "state",
  "rows",
  "created",
  "updated",
  "unchanged",
  "bad",
  "imported_by",
  "uploaded_at",
  "finished_at",
] as const;

/** An import as a row of a file. Times are UTC, as in every export. */
export function importCells(run: ImportRun): CsvRow {
  const counts = [run.total, run.created, run.updated, run.unchanged, run.bad].map(String);
  const ended = run.finishedAt?.toString() ?? "";
  return [run.fileName, run.kind, run.state, ...counts, run.by, run.createdAt.toString(), ended];
}
