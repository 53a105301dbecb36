import { record } from "#features/audit/record.ts";
import { assert } from "#kernel/assert.ts";
import type { Id } from "#kernel/ids.ts";
import { Problem } from "#kernel/problem.ts";
import { secretToken } from "#kernel/random.ts";
import { isUniqueViolation } from "#platform/database.ts";
import { type Work, wake } from "#platform/jobs.ts";
import { refreshStatistics } from "#platform/statistics.ts";
import type { Storage } from "#platform/storage.ts";
import { type Cx, inTx } from "#platform/tx.ts";
import { forgetUploads } from "./forget-uploads.ts";
import { type ImportRun, rowsInBatch } from "./import.ts";
import { kinds } from "./import-kinds.ts";
import { type ImportRow, RowMaker } from "./import-row.ts";
import { findImport, selectBadLines } from "./import-store.ts";
import { isRow, readRecords } from "./read-records.ts";
import { firstWaiting, lockRunning, saveEnded, saveRunner } from "./runner-store.ts";
import { type Job, storeBatch } from "./store-batch.ts";

/** A running import that has stored nothing for so long was left by a program that died. */
const silenceSeconds = 20;

/**
 * The job behind imports: takes up one import of the institution and works on it to its end, batch by batch. It may
 * die at any moment and be started again: a batch and the count of its rows are one transaction, so it goes on where
 * it stopped.
 */
export async function runImports(work: Work<"imports.run">, storage: Storage): Promise<void> {
  const opening = (task: string) => ({ as: "system", institution: work.institution, task }) as const;
  const runner = secretToken(work.ground.random);
  const retryOf = work.payload.import;
  if (retryOf === undefined) await forgetUploads(work, storage);
  let run: ImportRun | undefined;
  try {
    run = await inTx(work.ground, opening("imports.run"), (cx) => takeUp(cx, runner, retryOf));
  } catch (error) {
    // Two jobs looked at the same moment, and the other one was first.
    if (!isUniqueViolation(error, "import_run_running")) throw error;
  }
  if (!run) return;
  const job: Job = { work, run, runner, task: `import:${run.id}`, firstLines: new Map() };
  const failure = await readAndStore(job, storage);
  if (failure === "stopped") return;
  const ended = await inTx(work.ground, opening(job.task), (cx) => end(cx, job, failure));
  if (!ended) return;
  await storage.remove(run.storageKey);
  await inTx(work.ground, opening(job.task), refreshStatistics);
}

/**
 * The import to work on now: one that its job left, or that nobody works on any more, or the one that waited longest.
 */
async function takeUp(cx: Cx, runner: string, retryOf: string | undefined): Promise<ImportRun | undefined> {
  const running = await lockRunning(cx);
  if (running && running.id !== retryOf && !isSilent(cx, running.beatAt)) return undefined;
  const id = running?.id ?? (await firstWaiting(cx));
  if (id === undefined) return undefined;
  await saveRunner(cx, id, runner);
  return await findImport(cx, id);
}

function isSilent(cx: Cx, beatAt: Temporal.Instant | undefined): boolean {
  return beatAt === undefined || beatAt.until(cx.now).total("seconds") > silenceSeconds;
}

/**
 * Undefined when all went through, "stopped" when another job has taken over, else why it can't go on, for a person.
 */
async function readAndStore(job: Job, storage: Storage): Promise<string | undefined> {
  const { run, work } = job;
  const maker = new RowMaker(run.found, run.mapping, kinds[run.kind].keyColumns);
  const refused = await refusedBefore(job);
  let batch: ImportRow[] = [];
  let position = 0;
  let stored = run.done;
  const flush = async (): Promise<boolean> => {
    const went = batch.length === 0 || (await storeBatch(job, stored, batch));
    stored += batch.length;
    batch = [];
    return went;
  };
  try {
    for await (const records of readRecords(await storage.get(run.storageKey), run.found)) {
      for (const found of records) {
        if (found.line <= run.found.headerLine || !isRow(found)) continue;
        const row = maker.make(found);
        position += 1;
        if (position <= run.done) {
          // An earlier run of this import has stored it already; only what it named has to be remembered.
          if (row.key !== undefined && !refused.has(row.line)) job.firstLines.set(row.key, row.line);
          continue;
        }
        batch.push(row);
        if (batch.length < rowsInBatch) continue;
        if (!(await flush())) return "stopped";
        if (work.signal.aborted) throw new Error("The program stops; the import goes on when it is back.");
      }
    }
  } catch (error) {
    if (!(error instanceof Problem && error.code === "not-found")) throw error;
    return "The file is no longer there. Upload it once more.";
  }
  if (!(await flush())) return "stopped";
  assert(position === run.total, "the file has as many rows as at its upload");
  return undefined;
}

/** The lines that an earlier run of this import refused. */
async function refusedBefore({ run, work, task }: Job): Promise<ReadonlySet<number>> {
  if (run.done === 0) return new Set();
  const opening = { as: "system", institution: work.institution, task } as const;
  return await inTx(work.ground, opening, (cx) => selectBadLines(cx, run.id));
}

async function end(cx: Cx, job: Job, failure: string | undefined): Promise<boolean> {
  const { id } = job.run;
  if (!(await saveEnded(cx, id, job.runner, failure))) return false;
  const run = await findImport(cx, id);
  const counts = run && { created: run.created, updated: run.updated, unchanged: run.unchanged, bad: run.bad };
  record(cx, {
    event: failure ? "import.failed" : "import.finished",
    subject: id,
    data: { kind: job.run.kind, ...counts },
  });
  const next: Id<"imp"> | undefined = await firstWaiting(cx);
  if (next) wake(cx, "imports.run", { import: next }, { key: next });
  return true;
}
