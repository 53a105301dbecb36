import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { systemRandom } from "#kernel/random.ts";
import { systemClock } from "#kernel/time.ts";
import { openKeys } from "#platform/crypto.ts";
import { openPools } from "#platform/database.ts";
import { startEmbedded } from "#platform/embedded/postgres.ts";
import { type TaskTable, type Work, wake } from "#platform/jobs.ts";
import { silentLog } from "#platform/log.ts";
import { prepareDatabase } from "#platform/migrate.ts";
import { type Ground, inTx } from "#platform/tx.ts";
import { drain, startWorker } from "#platform/worker.ts";
import { openPresence } from "#platform/worker-presence.ts";
import { type TestGround, testGround } from "../../test/support/ground.ts";

let ground: TestGround;
beforeAll(async () => {
  ground = await testGround();
});
afterAll(() => ground.end());

type Run = (work: Work<"audit.seal">) => Promise<void>;
const tableOf = (run: Run) => ({ "audit.seal": run }) as unknown as TaskTable;

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}

test("a job starts when the transaction commits, knows its institution, and never when it rolls back", async () => {
  const seen: string[] = [];
  const worker = await startWorker(ground, {
    tasks: tableOf(async (work) => void seen.push(work.institution)),
    schedules: [],
    log: silentLog,
  });
  await expect(
    inTx(ground, ground.system, async (cx) => {
      wake(cx, "audit.seal", {});
      throw new Error("undone");
    }),
  ).rejects.toThrow("undone");
  await inTx(ground, ground.system, async (cx) => {
    wake(cx, "audit.seal", {});
    wake(cx, "audit.seal", {});
  });
  await until(() => seen.length > 0);
  await worker.stop();
  // Woken twice in one transaction is once.
  expect(seen).toEqual([ground.institution]);
});

test("a job that fails is tried again, and others go on meanwhile", async () => {
  let tries = 0;
  await inTx(ground, ground.system, (cx) => wake(cx, "audit.seal", {}, { key: "failing" }));
  const tasks = tableOf(async () => {
    tries += 1;
    if (tries === 1) throw new Error("the first time");
  });
  const { failures } = await drain(ground, tasks, { returnFailures: true });
  expect(failures).toMatchObject([{ task: "audit.seal", error: { message: "the first time" } }]);
  await drain(ground, tasks);
  expect(tries).toBe(2);
});

test("keys begin with the institution, and a planned look swallows none that is due", async () => {
  await inTx(ground, ground.system, async (cx) => {
    wake(cx, "imports.run", { import: "imp_1" }, { key: "imp_1", runAt: cx.now.add({ hours: 1 }) });
    wake(cx, "imports.run", { import: "imp_1" }, { key: "imp_1" });
  });
  await inTx(ground, ground.system, (cx) => wake(cx, "imports.run", { import: "imp_1" }, { key: "imp_1" }));
  const { rows } = await ground.pools
    .of("queue")
    .query<{ key: string; payload: unknown }>("select key, payload from graphile_worker._private_jobs order by key");
  expect(rows).toHaveLength(2);
  expect(rows.every((row) => row.key.startsWith(`${ground.institution}:imports.run:imp_1`))).toBe(true);
  expect(rows[0]?.payload).toEqual({ institution: ground.institution, import: "imp_1" });
  await ground.pools.of("queue").query("delete from graphile_worker._private_jobs");
});

test("stopping waits for the job that runs, tells it, and takes no other", async () => {
  const started = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  const log: string[] = [];
  const worker = await startWorker(ground, {
    tasks: tableOf(async () => {
      log.push("started");
      started.resolve();
      await finish.promise;
      log.push("finished");
    }),
    schedules: [],
    log: silentLog,
    concurrency: 1,
  });
  await inTx(ground, ground.system, (cx) => wake(cx, "audit.seal", {}));
  await started.promise;
  await inTx(ground, ground.system, (cx) => wake(cx, "audit.seal", {}));
  const stopped = worker.stop().then(() => log.push("stopped"));
  finish.resolve();
  await stopped;
  expect(log).toEqual(["started", "finished", "stopped"]);
  const { rows } = await ground.pools.of("queue").query("select count(*) from graphile_worker._private_jobs");
  expect(rows).toEqual([{ count: "1" }]);
  await ground.pools.of("queue").query("delete from graphile_worker._private_jobs");
});

test("other roles can't read or change the queue, only wake it", async () => {
  for (const role of ["staff", "customer", "visitor", "worker", "partner"] as const) {
    const pool = ground.pools.of(role);
    await expect(pool.query("select from graphile_worker._private_jobs"), role).rejects.toThrow("permission denied");
    await expect(pool.query("select graphile_worker.add_job('x')"), role).rejects.toThrow("permission denied");
  }
});

test("a database that stops and comes back: jobs that were waiting and jobs that were running are done", async () => {
  const folder = mkdtempSync(join(tmpdir(), "portico-outage-"));
  const settings = { fsync: "off", shared_buffers: "16MB" };
  let server = await startEmbedded({ dataDir: folder, settings, log: () => {} });
  const access = { adminUrl: server.adminUrl, rolePrefix: "outage", secretKey: "a key of this test, guarding nothing" };
  await prepareDatabase(access);
  const pools = openPools(access, () => {});
  const here: Ground = { pools, clock: systemClock, random: systemRandom, keys: openKeys(access.secretKey) };
  const institution = "inst_1" as InstitutionId;
  await inTx(here, { as: "visitor", host: "x" }, (cx) =>
    sql`select app.begin_institution(${institution}, 'Test', false, ${cx.now})`.execute(cx.db),
  );
  const opening = { as: "system", institution, task: "test" } as const;
  const done: string[] = [];
  const started = Promise.withResolvers<void>();
  const worker = await startWorker(here, {
    tasks: tableOf(async (work) => {
      started.resolve();
      const key = String((work.payload as { n?: string }).n);
      await sleep(key === "running" ? 300 : 0);
      await inTx(here, opening, (cx) => sql`select 1`.execute(cx.db));
      done.push(key);
    }),
    schedules: [],
    log: silentLog,
  });
  const wakeFor = (n: string) => inTx(here, opening, (cx) => wake(cx, "audit.seal", { n } as never, { key: n }));
  await wakeFor("running");
  await started.promise;
  await server.stop("immediate");
  await expect(wakeFor("while away")).rejects.toMatchObject({ code: "unavailable" });
  await sleep(2_500);
  server = await startEmbedded({ dataDir: folder, settings, log: () => {} });
  await until(() =>
    wakeFor("after").then(
      () => true,
      () => false,
    ),
  );
  await until(() => done.includes("after") && done.includes("running"));
  expect(done).not.toContain("while away");
  await worker.stop();
  await pools.end();
  await server.stop("immediate");
  rmSync(folder, { recursive: true, force: true });
});

test("jobs that a program held when it was killed run again, jobs of one that lives do not", async () => {
  const queue = ground.pools.of("queue");
  for (const key of ["dead", "alive"]) {
    await inTx(ground, ground.system, (cx) => wake(cx, "audit.seal", {}, { key }));
    await queue.query("update graphile_worker._private_jobs set locked_at = now(), locked_by = $1 where key like $2", [
      `pool-${key}`,
      `%:${key}`,
    ]);
  }
  const living = await openPresence(queue);
  await living.announce("pool-alive");
  const seen: string[] = [];
  const worker = await startWorker(ground, {
    tasks: tableOf(async (work) => void seen.push(work.institution)),
    schedules: [],
    log: silentLog,
  });
  await until(() => seen.length > 0);
  await worker.stop();
  living.release();
  const { rows } = await queue.query("select locked_by from graphile_worker._private_jobs");
  expect(rows).toEqual([{ locked_by: "pool-alive" }]);
  expect(seen).toHaveLength(1);
});

test("a connection of the queue that is given back twice, as its library may, is given back once", async () => {
  const pool = ground.pools.of("queue");
  const twice = new Promise<void>((resolve, reject) => {
    pool.connect((error, client, release) => {
      if (error || !client) return reject(error ?? new Error("There is no connection"));
      release();
      expect(() => release()).not.toThrow();
      resolve();
    });
  });
  await expect(twice).resolves.toBeUndefined();
  // In its place somebody else has it by now, and keeps it.
  const mine = await pool.connect();
  expect((await mine.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  mine.release();
});
