import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cx, inTx } from "#platform/tx.ts";
import { type TestGround, testGround } from "../../test/support/ground.ts";

// Writes that nothing waits for.
let ground: TestGround;
beforeAll(async () => {
  ground = await testGround();
});
afterAll(() => ground.end());

const note = (event: string) => sql`insert into app.audit_entry
  (institution_id, id, at, actor_kind, actor_id, actor_name, event, subject, data, ip)
  values (app.institution_id(), ${`aud_${event}`}, now(), 'system', 'test', 'test', ${event}, '', '{}', '')`;
const counted = (event: string) =>
  inTx(ground, ground.system, async (cx) => {
    const { rows } = await sql<{ n: bigint }>`select count(*) as n from app.audit_entry
      where event = ${event}`.execute(cx.db);
    return rows[0]?.n;
  });

test("stand before what is asked next, in the order in which they were sent, and are committed", async () => {
  await inTx(ground, ground.system, async (cx) => {
    for (let n = 0; n < 50; n++) cx.alongside(note(`order.${String(n).padStart(2, "0")}`));
    const { rows } = await sql<{ event: string }>`select event from app.audit_entry
      where event like 'order.%' order by seq`.execute(cx.db);
    expect(rows.map(({ event }) => event.slice(6)).join(" ")).toMatch(/^00 01 .* 48 49$/);
    cx.alongside(note("last.thing"));
  });
  expect(await counted("order.49")).toBe(1n);
  expect(await counted("last.thing")).toBe(1n);
});

test("one that fails undoes all, and is what is thrown, whether anything was asked behind it or not", async () => {
  const failing = sql`select 1 / 0`;
  await expect(
    inTx(ground, ground.system, (cx) => {
      cx.alongside(note("undone.first"));
      cx.alongside(failing);
    }),
  ).rejects.toMatchObject({ code: "22012" });
  await expect(
    inTx(ground, ground.system, async (cx) => {
      cx.alongside(note("undone.second"));
      cx.alongside(failing);
      await sql`select 1`.execute(cx.db);
    }),
  ).rejects.toMatchObject({ code: "22012" });
  expect(await counted("undone.first")).toBe(0n);
  expect(await counted("undone.second")).toBe(0n);
});

test("what work throws is thrown as it is, and takes its writes along", async () => {
  const own = new Error("no");
  const asking = inTx(ground, ground.system, async (cx) => {
    cx.alongside(note("taken.along"));
    throw own;
  });
  await expect(asking).rejects.toBe(own);
  expect(await counted("taken.along")).toBe(0n);
});

test("what PostgreSQL asks to try again is tried again, whatever stood behind it", async () => {
  let runs = 0;
  const again = sql`select 26000 as never_prepared_before`;
  const asking = inTx(ground, ground.system, async (cx) => {
    runs += 1;
    if (runs < 3) cx.alongside(sql`do $$ begin raise exception 'again' using errcode = '40001'; end $$`);
    cx.alongside(again);
    await again.execute(cx.db);
  });
  await expect(asking).resolves.toBeUndefined();
  expect(runs).toBe(3);
});

test("once the transaction is over nothing is taken any more, whether it was committed or not", async () => {
  let kept: Cx | undefined;
  const keep = (cx: Cx) => {
    kept = cx;
  };
  await inTx(ground, ground.system, keep);
  expect(() => kept?.alongside(note("too.late"))).toThrow("over");
  await expect(
    inTx(ground, ground.system, (cx) => {
      keep(cx);
      throw new Error("no");
    }),
  ).rejects.toThrow("no");
  expect(() => kept?.alongside(note("too.late"))).toThrow("over");
  expect(await counted("too.late")).toBe(0n);
});
