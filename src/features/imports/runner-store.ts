import { sql } from "kysely";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import type { ImportId } from "./import.ts";

/** The import that is running here, locked. At most one: a unique index holds that. */
export async function lockRunning(cx: Cx): Promise<{ id: ImportId; beatAt: Instant | undefined } | undefined> {
  const { rows } = await sql<{ id: ImportId; beat_at: Instant | null }>`select id, beat_at from app.import_run
    where institution_id = app.institution_id() and state = 'running' for update`.execute(cx.db);
  return rows[0] && { id: rows[0].id, beatAt: rows[0].beat_at ?? undefined };
}

/** The import that has waited longest, without locking it. */
export async function firstWaiting(cx: Cx): Promise<ImportId | undefined> {
  const { rows } = await sql<{ id: ImportId }>`select id from app.import_run
    where institution_id = app.institution_id() and state = 'queued' order by queued_at, id limit 1`.execute(cx.db);
  return rows[0]?.id;
}

/** Makes `runner` the one job that works on this import. An earlier one finds out at its next batch, and stops. */
export async function saveRunner(cx: Cx, id: ImportId, runner: string): Promise<void> {
  await sql`update app.import_run set state = 'running', runner = ${runner}, beat_at = ${cx.now},
      started_at = coalesce(started_at, ${cx.now})
    where institution_id = app.institution_id() and id = ${id} and state in ('queued', 'running')`.execute(cx.db);
}

/** Locks the import for one batch; false when another job has taken it over or it is further than we think. */
export async function lockForBatch(cx: Cx, id: ImportId, runner: string, done: number): Promise<boolean> {
  const { rows } = await sql`select from app.import_run where institution_id = app.institution_id() and id = ${id}
    and state = 'running' and runner = ${runner} and done_rows = ${done} for update`.execute(cx.db);
  return rows.length === 1;
}

export type Counts = {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly bad: number;
};

/** Adds what a batch did; in the same transaction as the rows, so that a crash leaves both or neither. */
export async function addCounts(cx: Cx, id: ImportId, counts: Counts): Promise<void> {
  const done = counts.created + counts.updated + counts.unchanged + counts.bad;
  await sql`update app.import_run set done_rows = done_rows + ${done}, created_rows = created_rows + ${counts.created},
      updated_rows = updated_rows + ${counts.updated}, unchanged_rows = unchanged_rows + ${counts.unchanged},
      bad_rows = bad_rows + ${counts.bad}, beat_at = ${cx.now}
    where institution_id = app.institution_id() and id = ${id}`.execute(cx.db);
}

/** Ends the imports that were uploaded before an instant and never started; answers where their files lie. */
export async function endUnstarted(
  cx: Cx,
  before: Instant,
  message: string,
): Promise<{ id: ImportId; file: string }[]> {
  const { rows } = await sql<{ id: ImportId; file: string }>`
    update app.import_run set state = 'failed', message = ${message}, finished_at = ${cx.now},
      found = jsonb_set(found, '{sample}', '[]')
    where institution_id = app.institution_id() and state = 'uploaded' and created_at < ${before}
    returning id, storage_key as file`.execute(cx.db);
  return rows;
}

/** Ends it. What was shown of the file is forgotten: the file itself is removed, too. */
export async function saveEnded(cx: Cx, id: ImportId, runner: string, failure: string | undefined): Promise<boolean> {
  const { rows } = await sql`update app.import_run set state = ${failure === undefined ? "done" : "failed"},
      message = ${failure ?? ""}, finished_at = ${cx.now}, found = jsonb_set(found, '{sample}', '[]')
    where institution_id = app.institution_id() and id = ${id} and state = 'running' and runner = ${runner}
    returning id`.execute(cx.db);
  return rows.length === 1;
}
