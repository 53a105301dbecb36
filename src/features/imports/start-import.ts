import type { Permit } from "#access/permit.ts";
import { record } from "#features/audit/record.ts";
import { type FieldErrors, Problem } from "#kernel/problem.ts";
import { wake } from "#platform/jobs.ts";
import type { Cx } from "#platform/tx.ts";
import { assertStartable, type ImportRun, type Mapping } from "./import.ts";
import { kinds } from "./import-kinds.ts";
import { lockImport, saveQueued } from "./import-store.ts";

/** The form field that chooses the column of the file for one of ours. */
export function fieldOf(column: string): string {
  return `column-${column}`;
}

/**
 * Starts an import with the columns that were chosen: `chosen` holds for each of ours the place of a heading, or
 * nothing. Throws `form.invalid` with a message a column, `conflict` when it was started before, `not-found`.
 */
export async function startImport(
  cx: Cx,
  _may: Permit<"imports.run">,
  id: string,
  chosen: Readonly<Record<string, string>>,
): Promise<void> {
  const run = await lockImport(cx, id);
  assertStartable(run);
  const mapping = readMapping(run, chosen);
  await saveQueued(cx, run.id, mapping);
  record(cx, {
    event: "import.started",
    subject: run.id,
    data: { kind: run.kind, file: run.fileName, rows: run.total },
  });
  wake(cx, "imports.run", { import: run.id }, { key: run.id });
}

function readMapping(run: ImportRun, chosen: Readonly<Record<string, string>>): Mapping {
  const mapping: Record<string, number> = {};
  const fields: Record<string, string> = {};
  const usedBy = new Map<number, string>();
  for (const column of kinds[run.kind].columns) {
    const text = chosen[fieldOf(column.name)] ?? "";
    const index = Number(text);
    if (text === "") {
      if (column.required) fields[fieldOf(column.name)] = `Choose which column of your file holds: ${column.label}.`;
      continue;
    }
    if (!/^\d{1,3}$/.test(text) || index >= run.found.headers.length) {
      fields[fieldOf(column.name)] = "Choose one of the columns of your file.";
      continue;
    }
    const other = usedBy.get(index);
    if (other !== undefined) fields[fieldOf(column.name)] = `This column already feeds “${other}”. Choose another one.`;
    usedBy.set(index, column.label);
    mapping[column.name] = index;
  }
  return whole(mapping, fields);
}

function whole(mapping: Mapping, fields: FieldErrors): Mapping {
  if (Object.keys(fields).length === 0) return mapping;
  throw new Problem("form.invalid", "Please check what is marked.", { fields });
}
