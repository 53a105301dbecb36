import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { systemRandom } from "#kernel/random.ts";
import { manualClock } from "#kernel/time.ts";
import { openKeys } from "#platform/crypto.ts";
import { openPools } from "#platform/database.ts";
import { deliverNews, type News } from "#platform/outbox.ts";
import { type Ground, inTx } from "#platform/tx.ts";
import { drain } from "#platform/worker.ts";
import { freshDatabase, type TestDatabase } from "../../../test/support/database.ts";
import { record } from "./record.ts";

let database: TestDatabase;
let ground: Ground;
const institution = "inst_1" as InstitutionId;

beforeAll(async () => {
  database = await freshDatabase();
  const keys = openKeys("a key of this test, which guards nothing");
  ground = {
    pools: openPools(database.access, () => {}),
    clock: manualClock("2026-11-21T02:00:00Z"),
    random: systemRandom,
    keys,
  };
  // The very first entry is written by the visitor who sets up, in an institution that did not exist when it opened.
  await inTx(ground, { as: "visitor", host: "localhost", ip: "192.0.2.7" }, async (cx) => {
    await sql`select app.begin_institution(${institution}, 'Test College', false, ${cx.now})`.execute(cx.db);
    record(cx, { event: "institution.created", subject: institution, data: { minor: 12n } });
  });
});
afterAll(async () => {
  await ground.pools.end();
  await database.drop();
});

const system = { as: "system", institution, task: "test" } as const;

test("an entry says who, what and from where, and disappears with the transaction that failed", async () => {
  await expect(
    inTx(ground, system, async (cx) => {
      record(cx, { event: "payment.cancelled", subject: "pay_1" });
      throw new Error("undone");
    }),
  ).rejects.toThrow("undone");
  await inTx(ground, system, async (cx) => {
    const { rows } = await sql<Record<string, unknown>>`select actor_kind, event, subject, data, ip, at
      from app.audit_entry order by seq`.execute(cx.db);
    expect(rows.map((row) => ({ ...row, at: String(row.at) }))).toEqual([
      {
        actor_kind: "visitor",
        event: "institution.created",
        subject: institution,
        data: { minor: "12" },
        ip: "192.0.2.7",
        at: "2026-11-21T02:00:00Z",
      },
    ]);
  });
});

test("nobody may change or delete an entry", async () => {
  for (const statement of [sql`update app.audit_entry set event = 'x'`, sql`delete from app.audit_entry`]) {
    for (const opening of [system, { as: "visitor", host: "localhost" } as const]) {
      await expect(inTx(ground, opening, (cx) => statement.execute(cx.db))).rejects.toThrow("permission denied");
    }
  }
});

test("news reaches its subscribers once, after the commit; news that fails waits and holds up nobody", async () => {
  const heard: News[] = [];
  let broken = true;
  const subscriptions = {
    "payment.paid": [async (_cx: unknown, news: News) => void heard.push(news)],
    "payment.odd": [
      async () => {
        if (broken) throw new Error("not now");
      },
    ],
  };
  const tasks = { "outbox.deliver": (work: Parameters<typeof deliverNews>[0]) => deliverNews(work, subscriptions) };
  await inTx(ground, system, async (cx) => {
    record(cx, { event: "payment.odd", subject: "pay_0", outbox: true });
    record(cx, { event: "payment.paid", subject: "pay_1", data: { amount: 5n }, outbox: true });
  });
  const { failures } = await drain(ground, tasks, { returnFailures: true });
  expect(failures.map(({ error }) => (error as Error).message)).toEqual(["not now"]);
  expect(heard.map(({ event, subject, data }) => ({ event, subject, data }))).toEqual([
    { event: "payment.paid", subject: "pay_1", data: { amount: "5" } },
  ]);
  broken = false;
  await drain(ground, tasks);
  await drain(ground, tasks);
  expect(heard).toHaveLength(1);
  const { rows } = await ground.pools.of("queue").query("select count(*) as n from graphile_worker._private_jobs");
  expect(rows[0].n).toBe("0");
});

test("news that fails is counted against itself, also while somebody else looks at it", async () => {
  await inTx(ground, system, async (cx) => {
    record(cx, { event: "test.poison", subject: "pay_1", outbox: true });
    record(cx, { event: "test.innocent", subject: "pay_2", outbox: true });
  });
  let looked: Promise<unknown> = Promise.resolve();
  const pause = () => new Promise((resolve) => setTimeout(resolve, 200));
  const fail = async (_cx: unknown, news: News) => {
    // Waits for the transaction that fails here, and has its row before the failure is noted.
    looked = inTx(ground, system, async (cx) => {
      await sql`select from app.outbox where id = ${news.id} for update`.execute(cx.db);
      await pause();
    });
    await pause();
    throw new Error("not now");
  };
  const subscriptions = { "test.poison": [fail], "test.innocent": [] };
  const tasks = { "outbox.deliver": (work: Parameters<typeof deliverNews>[0]) => deliverNews(work, subscriptions) };
  await drain(ground, tasks, { returnFailures: true });
  await looked;
  const tries = await inTx(ground, system, async (cx) => {
    const { rows } = await sql<{ event: string; tries: number; done: boolean }>`
      select event, tries, done_at is not null as done from app.outbox where event like 'test.%' order by id`.execute(
      cx.db,
    );
    return rows;
  });
  expect(tries).toEqual([
    { event: "test.poison", tries: 1, done: false },
    { event: "test.innocent", tries: 0, done: true },
  ]);
});
