import { present } from "#kernel/assert.ts";
import type { CellProblem } from "#kernel/cells.ts";
import { Problem } from "#kernel/problem.ts";
import { isRetryable, isUnavailable } from "#platform/database.ts";
import type { Work } from "#platform/jobs.ts";
import { type Cx, inTx } from "#platform/tx.ts";
import type { ImportRun } from "./import.ts";
import { kinds } from "./import-kinds.ts";
import { badCells, type ImportRow, twice, wholeRow } from "./import-row.ts";
import { insertBadCells } from "./import-store.ts";
import { addCounts, type Counts, lockForBatch } from "./runner-store.ts";

/** One job at work on one import. */
export type Job = {
  readonly work: Work<"imports.run">;
  readonly run: ImportRun;
  /** Names this job in the import's row. */
  readonly runner: string;
  /** Who did it, for the audit log. */
  readonly task: string;
  /** The line of the first good row that named each thing: a later one is refused. A bad row takes nothing. */
  readonly firstLines: Map<string, number>;
};

/**
 * Stores rows in one transaction, with what was wrong and how far the import is. `done` rows were stored before.
 * False when another job has taken the import over. When a row breaks the transaction in a way that no rule foresaw,
 * the batch is halved until that row is alone: it is reported, and the good ones go in.
 */
export async function storeBatch(job: Job, done: number, rows: readonly ImportRow[]): Promise<boolean> {
  try {
    const opening = { as: "system", institution: job.work.institution, task: job.task } as const;
    const went = await inTx(job.work.ground, opening, (cx) => storeWithin(cx, job, done, rows));
    // Only what is committed counts: a row that breaks its batch leaves its place to a later one.
    for (const [key, line] of went ?? []) job.firstLines.set(key, line);
    return went !== undefined;
  } catch (error) {
    const [only] = rows;
    if (isPassing(error) || (rows.length === 1 && only?.cells === undefined)) throw error;
    job.work.log.error(
      { import: job.run.id, line: rows[0]?.line, rows: rows.length, err: error },
      "A batch could not be stored",
    );
    if (rows.length === 1 && only) {
      const reason =
        "This row could not be stored, and no rule says why. Check its cells, or ask for help and name this line.";
      return await storeBatch(job, done, [{ line: only.line, problems: [{ column: wholeRow, reason, value: "" }] }]);
    }
    const middle = Math.ceil(rows.length / 2);
    if (!(await storeBatch(job, done, rows.slice(0, middle)))) return false;
    return await storeBatch(job, done + middle, rows.slice(middle));
  }
}

/** Whether it may go better the next time: then the job is tried again as a whole. */
function isPassing(error: unknown): boolean {
  return isUnavailable(error) || isRetryable(error) || (error instanceof Problem && error.status >= 500);
}

/** Answers what its good rows named, and where; undefined when another job has taken the import over. */
async function storeWithin(
  cx: Cx,
  job: Job,
  done: number,
  rows: readonly ImportRow[],
): Promise<ReadonlyMap<string, number> | undefined> {
  const { id, kind, createdBy } = job.run;
  if (!(await lockForBatch(cx, id, job.runner, done))) return undefined;
  const { keyColumns, store } = kinds[kind];
  const asked = rows.map((row) => refusedAs(row, keyColumns, job.firstLines.get(row.key ?? "")));
  const good = asked.filter((row) => row.cells !== undefined);
  const cells = good.map((row) => row.cells ?? {});
  const results = good.length === 0 ? [] : await store(cx, cells, createdBy);
  const counts = { created: 0, updated: 0, unchanged: 0, bad: rows.length - good.length };
  const named = (problems: readonly CellProblem[]) =>
    problems.map((one) => ({ ...one, column: headingOf(job.run, one.column) }));
  const problems = asked.flatMap((row) => badCells(row.line, named(row.problems)));
  const fresh = new Map<string, number>();
  for (const [index, result] of results.entries()) {
    counts[result.outcome] += 1;
    const row = present(good[index], "the row of a result");
    if (result.outcome !== "bad") {
      if (row.key !== undefined) fresh.set(row.key, row.line);
      continue;
    }
    const first = fresh.get(row.key ?? "");
    const why = first === undefined ? result.problems : [twice(row, keyColumns, first)];
    problems.push(...badCells(row.line, named(why)));
  }
  await insertBadCells(cx, id, problems);
  await addCounts(cx, id, counts satisfies Counts);
  return fresh;
}

/** The row as it is; or without its cells, and why, where a good row above it named the same. */
function refusedAs(row: ImportRow, keyColumns: readonly string[], first: number | undefined): ImportRow {
  return first === undefined ? row : { line: row.line, problems: [twice(row, keyColumns, first)] };
}

/** The column by the name it has in the file, so that whoever mends the file finds it. */
function headingOf(run: ImportRun, column: string): string {
  const index = run.mapping[column];
  const heading = index === undefined ? undefined : run.found.headers[index];
  return heading || kinds[run.kind].columns.find((one) => one.name === column)?.label || column;
}
