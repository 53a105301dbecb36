import { Logger, type LogLevel, parseCronItems, type Runner, run, runOnce, type TaskList } from "graphile-worker";
import type { InstitutionId } from "#access/principal.ts";
import { assert } from "#kernel/assert.ts";
import type { TaskTable, Work } from "#platform/jobs.ts";
import { type Log, silentLog } from "#platform/log.ts";
import type { TaskName } from "#platform/tasks.ts";
import type { Ground } from "#platform/tx.ts";

/** Looks that come by themselves, in every institution. `match` is a cron pattern in UTC, like `5 3 * * *`. */
export type Schedule = { readonly task: TaskName; readonly match: string };

export type WorkerOptions = {
  readonly tasks: TaskTable;
  readonly schedules: readonly Schedule[];
  readonly log: Log;
  /** Jobs at once in this process; 4 without it. */
  readonly concurrency?: number;
};

export type Worker = {
  /** Takes no new job, waits for the running ones (their signal aborts after 5 s), then resolves. */
  stop(): Promise<void>;
};

/** The job behind every schedule: it starts the task once for each institution. */
const eachInstitution = "each-institution";

/**
 * Works on the queue, as role `_queue`, until stopped. A database that goes away is waited for: jobs that were running
 * are tried again. Resolves once the first attempt to connect was made.
 */
export async function startWorker(ground: Ground, options: WorkerOptions): Promise<Worker> {
  let runner: Runner | undefined;
  let stopping = false;
  const start = async (): Promise<void> => {
    runner = await run({
      pgPool: ground.pools.of("queue"),
      taskList: listOf(ground, options.tasks, options.log),
      parsedCronItems: cronOf(options.schedules),
      concurrency: options.concurrency ?? 4,
      pollInterval: 2_000,
      noHandleSignals: true,
      logger: loggerTo(options.log),
    });
    runner.promise.then(again, again);
  };
  const again = (): void => {
    if (!stopping) setTimeout(() => void (stopping ? undefined : start().catch(again)), 1_000).unref();
  };
  await start().catch(again);
  return {
    async stop() {
      stopping = true;
      await runner?.stop().catch(() => undefined);
    },
  };
}

export type Drained = { readonly failures: readonly { readonly task: string; readonly error: unknown }[] };

/**
 * Runs what is in the queue, one job after another, until nothing is left that is ready; planned jobs are looked at now.
 * For tests and scripts. Throws the first failure unless told to return them.
 */
export async function drain(
  ground: Ground,
  tasks: Partial<TaskTable>,
  options: { readonly returnFailures?: boolean } = {},
): Promise<Drained> {
  const pool = ground.pools.of("queue");
  const failures: { task: string; error: unknown }[] = [];
  const noted = listOf(ground, tasks, silentLog, (task, error) => failures.push({ task, error }));
  // A job that only says "look now" may be looked at early: what is due is decided by our rows and our clock.
  await pool.query(
    "update graphile_worker._private_jobs set run_at = now() where run_at > now() and locked_at is null",
  );
  await runOnce({ pgPool: pool, taskList: noted, noHandleSignals: true, logger: loggerTo(silentLog) });
  if (!options.returnFailures && failures[0]) throw failures[0].error;
  return { failures };
}

function listOf(
  ground: Ground,
  tasks: Partial<TaskTable>,
  log: Log,
  onFailure: (task: string, error: unknown) => void = () => {},
): TaskList {
  const list: TaskList = {
    [eachInstitution]: async (payload, helpers) => {
      const { task } = payload as { task: TaskName };
      for (const institution of await institutionIds(ground)) {
        await helpers.addJob(task, { institution }, { jobKey: `${institution}:${task}:scheduled` });
      }
    },
  };
  for (const [name, perform] of Object.entries(tasks)) {
    list[name] = async (payload, helpers) => {
      const { institution, ...rest } = payload as { institution: InstitutionId };
      assert(typeof institution === "string", "a job names its institution");
      const work = { ground, institution, payload: rest, signal: helpers.abortSignal, log: log.child({ task: name }) };
      try {
        await (perform as (work: Work<TaskName>) => Promise<void>)(work as Work<TaskName>);
      } catch (error) {
        onFailure(name, error);
        log.warn(
          { task: name, institution, err: error, attempt: helpers.job.attempts },
          "A job failed and is tried again",
        );
        throw error;
      }
    };
  }
  return list;
}

async function institutionIds(ground: Ground): Promise<readonly InstitutionId[]> {
  const found = await ground.pools
    .of("worker")
    .query<{ id: InstitutionId }>("select institution_ids as id from app.institution_ids()");
  return found.rows.map((row) => row.id);
}

function cronOf(schedules: readonly Schedule[]) {
  return parseCronItems(
    schedules.map(({ task, match }) => ({
      task: eachInstitution,
      match,
      payload: { task },
      identifier: `${task} ${match}`,
      options: { backfillPeriod: 0, maxAttempts: 3 },
    })),
  );
}

/** The queue's own words, in our log. What it calls info is our debug; our tasks log their own failures. */
function loggerTo(log: Log): Logger {
  return new Logger(() => (level: LogLevel, message: string) => {
    if (level === "error" && !message.startsWith("Failed task")) log.warn({ from: "queue" }, message);
    else log.debug({ from: "queue" }, message);
  });
}
