import { type ImportKind, importKinds, type ImportRun } from "./import.ts";
import { kinds } from "./import-kinds.ts";
import { matchColumns } from "./match-columns.ts";

/** The kind that a file's headings fit, where they don't fit the one that was chosen: people slip. */
export function suggestKind(run: Pick<ImportRun, "kind" | "found">): ImportKind | undefined {
  if (fits(run.kind, run.found.headers)) return undefined;
  return importKinds.find((kind) => kind !== run.kind && fits(kind, run.found.headers));
}

function fits(kind: ImportKind, headers: readonly string[]): boolean {
  const { columns } = kinds[kind];
  const matched = matchColumns(columns, headers);
  return columns.every((column) => !column.required || matched[column.name] !== undefined);
}
