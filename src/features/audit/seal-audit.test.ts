import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { wake } from "#platform/jobs.ts";
import { inTx } from "#platform/tx.ts";
import { drain } from "#platform/worker.ts";
import { type TestGround, testGround } from "../../../test/support/ground.ts";
import { record } from "./record.ts";
import { sealAudit } from "./seal-audit.ts";
import { verifyAudit } from "./verify-audit.ts";

let ground: TestGround;
let admin: pg.Client;
beforeAll(async () => {
  ground = await testGround();
  admin = new pg.Client({ connectionString: ground.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await ground.end();
});

const write = (count: number) =>
  inTx(ground, ground.system, async (cx) => {
    for (let index = 0; index < count; index++) {
      record(cx, { event: "payment.created", subject: `pay_${index}`, data: { b: 1, a: "ü", amount: 12n } });
    }
  });

async function seal() {
  await inTx(ground, ground.system, (cx) => wake(cx, "audit.seal", {}));
  await drain(ground, { "audit.seal": sealAudit });
}

const verify = () => verifyAudit(ground, ground.institution);

test("sealed entries prove whole, seal after seal, and what is not sealed yet is counted", async () => {
  await write(3);
  await seal();
  const first = await verify();
  expect(first).toMatchObject({ problems: [], sealed: 3n, unsealed: 0n });
  await write(2);
  expect(await verify()).toMatchObject({ problems: [], sealed: 3n, unsealed: 2n, head: first.head });
  await seal();
  await seal();
  const second = await verify();
  expect(second).toMatchObject({ problems: [], sealed: 5n, unsealed: 0n });
  expect(second.head).not.toBe(first.head);
});

const changes: readonly (readonly [what: string, statement: string])[] = [
  ["another actor", "update app.audit_entry set actor_name = 'Somebody else' where seq = $1"],
  ["another instant", "update app.audit_entry set at = at + interval '1 microsecond' where seq = $1"],
  ["other data", `update app.audit_entry set data = '{"amount": "13"}' where seq = $1`],
  [
    "text moved between columns",
    "update app.audit_entry set subject = subject || 'x', event = left(event, -1) where seq = $1",
  ],
  ["an entry taken away", "delete from app.audit_entry where seq = $1"],
  [
    "a seal taken away",
    "delete from app.audit_seal where through_seq = (select min(through_seq) from app.audit_seal) and $1 > 0",
  ],
];

test.each(changes)("%s is found", async (_, statement) => {
  await write(3);
  await seal();
  await write(3);
  await seal();
  const { rows } = await admin.query("select seq from app.audit_entry order by seq offset 1 limit 1");
  await admin.query("begin");
  await admin.query("create table app.kept_entries as table app.audit_entry");
  await admin.query("create table app.kept_seals as table app.audit_seal");
  await admin.query("commit");
  await admin.query(statement, [rows[0].seq]);
  const proof = await verify();
  expect(proof.problems.length).toBeGreaterThanOrEqual(1);
  expect(proof.problems[0]).toMatch(/^Entries \d+ to \d+: /);
  await admin.query("delete from app.audit_entry; delete from app.audit_seal");
  await admin.query("insert into app.audit_entry overriding system value table app.kept_entries");
  await admin.query("insert into app.audit_seal table app.kept_seals");
  await admin.query("drop table app.kept_entries, app.kept_seals");
  expect((await verify()).problems).toEqual([]);
});

test("an entry slipped in below a seal is found", async () => {
  await inTx(ground, ground.system, (cx) => record(cx, { event: "gap.maker", subject: "" })).then(() => undefined);
  await admin.query("delete from app.audit_entry where event = 'gap.maker'");
  await write(1);
  await seal();
  await admin.query(
    `insert into app.audit_entry (institution_id, seq, id, at, actor_kind, actor_id, actor_name, event)
     overriding system value
     select institution_id, seq - 1, id || '-slipped', at, actor_kind, actor_id, actor_name, event
       from app.audit_entry order by seq desc limit 1`,
  );
  expect((await verify()).problems[0]).toContain("1 were sealed, 2 are there");
  await admin.query("delete from app.audit_entry where id like '%-slipped'");
});

test("an entry of a transaction that was still running is never left below a seal", async () => {
  const started = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  const slow = inTx(ground, ground.system, async (cx) => {
    record(cx, { event: "slow.one", subject: "" });
    started.resolve();
    await finish.promise;
  });
  await started.promise;
  await write(1);
  const sealing = seal();
  finish.resolve();
  await Promise.all([slow, sealing]);
  await seal();
  expect(await verify()).toMatchObject({ problems: [], unsealed: 0n });
});
