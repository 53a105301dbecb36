import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import {
  Logger,
  type LogLevel,
  parseCronItems,
  type Runner,
  type RunnerOptions,
  run,
  runOnce,
  type TaskList,
  type WorkerEvents,
} from "graphile-worker";
import type { InstitutionId } from "#access/principal.ts";
import { assert } from "#kernel/assert.ts";
import type { TaskTable, Work } from "#platform/jobs.ts";
import { type Log, silentLog } from "#platform/log.ts";
import type { TaskName } from "#platform/tasks.ts";
import type { Ground } from "#platform/tx.ts";
import { openPresence, releaseDead } from "#platform/worker-presence.ts";

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
 * Works on the queue, as role `_queue`, until stopped. A database that goes away is waited for: jobs that were
 * running then are run again, and so are those of a program that died. Resolves once the first attempt to begin was
 * made.
 */
export async function startWorker(ground: Ground, options: WorkerOptions): Promise<Worker> {
  const stopping = new AbortController();
  const begun = Promise.withResolvers<void>();
  const ended = liveOn(ground, options, stopping.signal, begun.resolve);
  await begun.promise;
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

async function liveOn(ground: Ground, options: WorkerOptions, stop: AbortSignal, begun: () => void): Promise<void> {
  let waiting = false;
  const stopped = new Promise<void>((resolve) => stop.addEventListener("abort", () => resolve(), { once: true }));
  while (!stop.aborted) {
    try {
      const spell = await beginSpell(ground, options);
      if (waiting) options.log.info("The queue is worked on again");
      waiting = false;
      begun();
      await Promise.race([stopped, spell.broken]);
      await spell.end();
    } catch (error) {
      if (!waiting) options.log.warn({ err: error }, "The queue waits for the database");
      waiting = true;
    }
    begun();
    if (!stop.aborted) await Promise.race([stopped, sleep(1_000, undefined, { ref: false })]);
  }
}

/** One spell of work, from connecting until the connection is lost or the program stops. */
async function beginSpell(ground: Ground, options: WorkerOptions) {
  const pool = ground.pools.of("queue");
  const presence = await openPresence(pool);
  const events = new EventEmitter();
  const named = new Promise<string>((resolve) => {
    events.once("pool:create", ({ workerPool }: { workerPool: { id: string } }) => resolve(workerPool.id));
  });
  let runner: Runner;
  try {
    runner = await run(runnerOptions(ground, options, events));
    await presence.announce(await named);
  } catch (error) {
    presence.release();
    throw error;
  }
  const tidy = () => void releaseDead(pool).catch((error: unknown) => options.log.debug({ err: error }, "Not tidied"));
  tidy();
  const timer = setInterval(tidy, 60_000).unref();
  const gone = runner.promise.then(
    () => undefined,
    () => undefined,
  );
  return {
    broken: Promise.race([presence.lost, gone]),
    async end() {
      clearInterval(timer);
      // Without a database a job can't be marked as done; it runs again, so nobody waits for that.
      await Promise.race([runner.stop().catch(() => undefined), presence.lost.then(() => sleep(5_000))]);
      presence.release();
    },
  };
}

function runnerOptions(ground: Ground, options: WorkerOptions, events: EventEmitter): RunnerOptions {
  return {
    pgPool: ground.pools.of("queue"),
    taskList: listOf(ground, options.tasks, options.log),
    parsedCronItems: cronOf(options.schedules),
    noHandleSignals: true,
    events: events as WorkerEvents,
    // With a batch, even of one, a job that can't be marked as done is tried again; without, it would end the program.
    preset: {
      worker: {
        concurrentJobs: options.concurrency ?? 4,
        pollInterval: 2_000,
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        gracefulShutdownAbortTimeout: 5_000,
        logger: loggerTo(options.log),
      },
    },
  };
}

export type Drained = { readonly failures: readonly { readonly task: string; readonly error: unknown }[] };

/**
 * Runs what is in the queue, one job after another, until nothing is left that is ready; planned jobs are looked at
 * now. For tests and scripts. Throws the first failure unless told to return them.
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
  await untilHandedBack(pool);
  if (!options.returnFailures && failures[0]) throw failures[0].error;
  return { failures };
}

/** What became of jobs is written in batches; the last may still be on its way. Waits for it, two seconds at most. */
async function untilHandedBack(pool: ReturnType<Ground["pools"]["of"]>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const held = await pool.query("select from graphile_worker._private_jobs where locked_at is not null limit 1");
    if (held.rowCount === 0) return;
    await sleep(20);
  }
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
