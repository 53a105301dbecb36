import { sql } from "kysely";
import type { StaffId } from "#access/principal.ts";
import { notFound } from "#kernel/problem.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import type { BadCell, FoundInFile, ImportId, ImportKind, ImportRun, ImportState, Mapping } from "./import.ts";

type Row = {
  id: ImportId;
  kind: ImportKind;
  file_name: string;
  storage_key: string;
  bytes: bigint;
  found: FoundInFile;
  state: ImportState;
  mapping: Mapping;
  total_rows: number;
  done_rows: number;
  created_rows: number;
  updated_rows: number;
  unchanged_rows: number;
  bad_rows: number;
  message: string;
  created_by: StaffId;
  by: string | null;
  created_at: Instant;
  started_at: Instant | null;
  finished_at: Instant | null;
};

const columns = sql`run.id, run.kind, run.file_name, run.storage_key, run.bytes, run.found, run.state, run.mapping,
  run.total_rows, run.done_rows, run.created_rows, run.updated_rows, run.unchanged_rows, run.bad_rows, run.message,
  run.created_by, staff.name as by, run.created_at, run.started_at, run.finished_at`;
const source = sql`app.import_run run
  left join app.staff_member staff on staff.institution_id = run.institution_id and staff.id = run.created_by`;

function importOf(row: Row): ImportRun {
  return {
    id: row.id,
    kind: row.kind,
    fileName: row.file_name,
    storageKey: row.storage_key,
    bytes: Number(row.bytes),
    found: row.found,
    state: row.state,
    mapping: row.mapping,
    total: row.total_rows,
    done: row.done_rows,
    created: row.created_rows,
    updated: row.updated_rows,
    unchanged: row.unchanged_rows,
    bad: row.bad_rows,
    message: row.message,
    createdBy: row.created_by,
    by: row.by ?? "Portico",
    createdAt: row.created_at,
    startedAt: row.started_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
  };
}

export type NewImport = Pick<
  ImportRun,
  "id" | "kind" | "fileName" | "storageKey" | "bytes" | "found" | "total" | "createdBy"
>;

export async function insertImport(cx: Cx, run: NewImport): Promise<void> {
  await sql`insert into app.import_run
    (institution_id, id, kind, file_name, storage_key, bytes, found, total_rows, state, created_by, created_at)
    values (app.institution_id(), ${run.id}, ${run.kind}, ${run.fileName}, ${run.storageKey}, ${run.bytes},
      ${JSON.stringify(run.found)}, ${run.total}, 'uploaded', ${run.createdBy}, ${cx.now})`.execute(cx.db);
}

/** The import, or undefined when there is none of this id here. */
export async function findImport(cx: Cx, id: string): Promise<ImportRun | undefined> {
  const { rows } = await sql<Row>`select ${columns} from ${source}
    where run.institution_id = app.institution_id() and run.id = ${id}`.execute(cx.db);
  return rows[0] && importOf(rows[0]);
}

/** The import, its row locked until the transaction ends. Throws `not-found`. */
export async function lockImport(cx: Cx, id: string): Promise<ImportRun> {
  await sql`select from app.import_run where institution_id = app.institution_id() and id = ${id} for update`.execute(
    cx.db,
  );
  const run = await findImport(cx, id);
  if (!run) throw notFound();
  return run;
}

export type ImportFilter = {
  readonly kind?: ImportKind | undefined;
  readonly state?: ImportState | undefined;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
};

/** Imports, newest first; `before` and `after` are ids: ids follow time. */
export async function selectImports(cx: Cx, filter: ImportFilter): Promise<ImportRun[]> {
  const upwards = filter.after !== undefined;
  const { rows } = await sql<Row>`select ${columns} from ${source}
    where run.institution_id = app.institution_id()
      and (${filter.kind ?? null}::text is null or run.kind = ${filter.kind ?? null})
      and (${filter.state ?? null}::text is null or run.state = ${filter.state ?? null})
      and (${filter.before ?? null}::text is null or run.id < ${filter.before ?? null})
      and (${filter.after ?? null}::text is null or run.id > ${filter.after ?? null})
    order by run.id ${upwards ? sql`asc` : sql`desc`} limit ${filter.limit}`.execute(cx.db);
  const runs = rows.map(importOf);
  return upwards ? runs.reverse() : runs;
}

export async function saveQueued(cx: Cx, id: ImportId, mapping: Mapping): Promise<void> {
  await sql`update app.import_run set state = 'queued', mapping = ${JSON.stringify(mapping)}, queued_at = ${cx.now}
    where institution_id = app.institution_id() and id = ${id}`.execute(cx.db);
}

export type BadRowFilter = { readonly after?: { line: number; column: string } | undefined; readonly limit: number };

/** What was wrong, in the order of the file. */
export async function selectBadCells(cx: Cx, id: ImportId, filter: BadRowFilter): Promise<BadCell[]> {
  const { rows } = await sql<BadCell>`select line, column_name as column, reason, value from app.import_bad_row
    where institution_id = app.institution_id() and import_id = ${id}
      and (line, column_name) > (${filter.after?.line ?? 0}, ${filter.after?.column ?? ""})
    order by line, column_name limit ${filter.limit}`.execute(cx.db);
  return rows;
}

/** The lines with anything wrong. */
export async function selectBadLines(cx: Cx, id: ImportId): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ line: number }>`select distinct line from app.import_bad_row
    where institution_id = app.institution_id() and import_id = ${id}`.execute(cx.db);
  return new Set(rows.map((row) => row.line));
}

export async function insertBadCells(cx: Cx, id: ImportId, cells: readonly BadCell[]): Promise<void> {
  if (cells.length === 0) return;
  await sql`insert into app.import_bad_row (institution_id, import_id, line, column_name, reason, value)
    select app.institution_id(), ${id}, bad.line, bad."column", bad.reason, bad.value
    from jsonb_to_recordset(${JSON.stringify(cells)}::jsonb)
      as bad (line integer, "column" text, reason text, value text)
    on conflict do nothing`.execute(cx.db);
}
