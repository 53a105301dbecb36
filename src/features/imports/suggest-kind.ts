import { type ImportKind, type ImportRun, importKinds } from "./import.ts";
import { kinds } from "./import-kinds.ts";
import { matchColumns } from "./match-columns.ts";

/** The kind that a file's headings fit better than the one that was chosen: people slip. */
export function suggestKind(run: Pick<ImportRun, "kind" | "found">): ImportKind | undefined {
  let best: ImportKind | undefined;
  let most = fitOf(run.kind, run.found.headers);
  for (const kind of importKinds) {
    const count = fitOf(kind, run.found.headers);
    if (count > most) [best, most] = [kind, count];
  }
  return best;
}

/** How many headings feed a column of this kind; none when a required one is missing. */
function fitOf(kind: ImportKind, headers: readonly string[]): number {
  const { columns } = kinds[kind];
  const matched = matchColumns(columns, headers);
  const whole = columns.every((column) => !column.required || matched[column.name] !== undefined);
  return whole ? Object.keys(matched).length : 0;
}
