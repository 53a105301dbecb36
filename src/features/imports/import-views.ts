import type { Permit } from "#access/permit.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";
import type { BadCell, ImportRun } from "./import.ts";
import { findImport, type ImportFilter, selectBadCells, selectImports } from "./import-store.ts";

type MayRead = Permit<"imports.read"> | Permit<"imports.export"> | Permit<"imports.run">;

export type ImportPage = { readonly runs: readonly ImportRun[]; readonly newer: boolean; readonly older: boolean };

/** One page of the list, newest first, and whether there is more on either side. */
export async function listImports(cx: Cx, _may: MayRead, filter: ImportFilter): Promise<ImportPage> {
  const found = await selectImports(cx, { ...filter, limit: filter.limit + 1 });
  const more = found.length > filter.limit;
  if (filter.after !== undefined) return { runs: more ? found.slice(1) : found, newer: more, older: true };
  return { runs: found.slice(0, filter.limit), newer: filter.before !== undefined, older: more };
}

/** One import. Throws `not-found`. */
export async function readImport(cx: Cx, _may: MayRead, id: string): Promise<ImportRun> {
  const run = await findImport(cx, id);
  if (!run) throw notFound();
  return run;
}

/** What was wrong in the file, in its order; `after` is the last line and column of the page before. */
export async function listBadCells(
  cx: Cx,
  _may: MayRead,
  run: ImportRun,
  after: Pick<BadCell, "line" | "column"> | undefined,
  limit: number,
): Promise<{ cells: readonly BadCell[]; more: boolean }> {
  const found = await selectBadCells(cx, run.id, { after, limit: limit + 1 });
  return { cells: found.slice(0, limit), more: found.length > limit };
}
