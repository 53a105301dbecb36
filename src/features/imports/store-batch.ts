import type { CellProblem } from "#kernel/cells.ts";
import { Problem } from "#kernel/problem.ts";
import { isRetryable, isUnavailable } from "#platform/database.ts";
import type { Work } from "#platform/jobs.ts";
import { type Cx, inTx } from "#platform/tx.ts";
import type { ImportRun } from "./import.ts";
import { kinds } from "./import-kinds.ts";
import { badCells, type ImportRow, wholeRow } from "./import-row.ts";
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
};

/**
 * Stores rows in one transaction, with what was wrong and how far the import is. `done` rows were stored before.
 * False when another job has taken the import over. When a row breaks the transaction in a way that no rule foresaw,
 * the batch is halved until that row is alone: it is reported, and the good ones go in.
 */
export async function storeBatch(job: Job, done: number, rows: readonly ImportRow[]): Promise<boolean> {
  try {
    return await inTx(job.work.ground, { as: "system", institution: job.work.institution, task: job.task }, (cx) =>
      storeWithin(cx, job, done, rows),
    );
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

async function storeWithin(cx: Cx, job: Job, done: number, rows: readonly ImportRow[]): Promise<boolean> {
  const { id, kind, createdBy } = job.run;
  if (!(await lockForBatch(cx, id, job.runner, done))) return false;
  const good = rows.filter((row) => row.cells !== undefined);
  const results =
    good.length === 0
      ? []
      : await kinds[kind].store(
          cx,
          good.map((row) => row.cells ?? {}),
          createdBy,
        );
  const counts = { created: 0, updated: 0, unchanged: 0, bad: rows.length - good.length };
  const named = (problems: readonly CellProblem[]) =>
    problems.map((one) => ({ ...one, column: headingOf(job.run, one.column) }));
  const problems = rows.flatMap((row) => badCells(row.line, named(row.problems)));
  for (const [index, result] of results.entries()) {
    counts[result.outcome] += 1;
    const line = good[index]?.line ?? 0;
    if (result.outcome === "bad") problems.push(...badCells(line, named(result.problems)));
  }
  await insertBadCells(cx, id, problems);
  await addCounts(cx, id, counts satisfies Counts);
  return true;
}

/** The column by the name it has in the file, so that whoever mends the file finds it. */
function headingOf(run: ImportRun, column: string): string {
  const index = run.mapping[column];
  const heading = index === undefined ? undefined : run.found.headers[index];
  return heading || kinds[run.kind].columns.find((one) => one.name === column)?.label || column;
}
