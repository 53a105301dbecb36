import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import { stepsTo } from "#features/payouts/apply-payout.ts";
import { sendAgain } from "#features/payouts/manage-payouts.ts";
import { sendPayouts } from "#features/payouts/send-payouts.ts";
import type { Work } from "#platform/jobs.ts";
import { silentLog } from "#platform/log.ts";
import type { Fault } from "#providers/sandbox/sandbox.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { expectPayoutsInOrder, type PayoutWorld, payoutWorld } from "../../../test/support/payout-world.ts";

let h: TestHouse;
let world: PayoutWorld;

beforeAll(async () => {
  h = await testHouse();
  world = await payoutWorld(h);
  await world.contact();
}, 60_000);
afterAll(async () => await h?.close());

const fault = fc.constantFrom<Fault>("ok", "lost-before", "lost-after");
const stories = fc.record({
  start: fc.array(fault, { maxLength: 4 }),
  lookUp: fc.array(fault, { maxLength: 4 }),
  events: fc.constantFrom("once", "twice", "backwards", "never"),
  late: fc.constantFrom(0, 40, 4_000),
  ending: fc.constantFrom("4321", "9102", "9203", "9304"),
});

/** The job as the queue would start it on three machines at once. */
async function race(): Promise<void> {
  const work: Work<"payouts.send"> = {
    ground: h.ground,
    institution: world.institution,
    payload: {},
    signal: new AbortController().signal,
    log: silentLog,
  };
  await Promise.allSettled([1, 2, 3].map(() => sendPayouts(work, h.house)));
}

/** Every payout at the far side by our attempt, and how often each step of it is in the books. */
async function counts() {
  const { rows } = await h.admin.query<{ attempts: bigint; sent: bigint; keys: bigint; booked: bigint }>(
    `select (select count(*) from app.payout_attempt) as attempts, (select count(*) from sandbox.payout) as sent,
            (select count(distinct idempotency_key) from sandbox.payout) as keys,
            (select coalesce(max(n), 0) from (select count(*) as n from ledger.journal where kind like 'payout.%'
               group by split_part(key, ':', 2), kind) x) as booked`,
  );
  return rows[0];
}

describe("a payout is sent exactly once", () => {
  test("whatever is lost, late, doubled or out of order, and however many jobs race", async () => {
    await fc.assert(
      fc.asyncProperty(stories, async ({ start, lookUp, events, late, ending }) => {
        Object.assign(world.sandbox.faults, {
          startPayout: [...start],
          lookUpPayout: [...lookUp],
          events,
          eventsLateSeconds: late,
        });
        await world.account(ending);
        await world.earn(100_000n);
        await world.look();
        const before = (await world.payouts()).length;
        await world.pass({ hours: 24 * 10 });
        const [payout] = (await world.payouts()).slice(before - 1);
        if (payout?.state !== "in_review") throw new Error(`it is ${payout?.state}, ${payout?.holdReason}`);
        const { length } = await world.approve([payout.id]);
        expect(length).toBe(1);
        await race();
        for (let turn = 0; turn < 8; turn++) {
          h.clock.advance({ minutes: 15 });
          // A job that found the far side away says so and is tried again; here that is no failure.
          await Promise.all([race(), h.drain().catch(() => undefined)]);
        }
        const found = await counts();
        expect(found?.sent).toBe(found?.attempts);
        expect(found?.keys).toBe(found?.attempts);
        // What is refused before we heard of it being under way is never in transit: if it is the first of all, the
        // books know of no payout.
        expect([1n, ...(ending === "9102" || ending === "9203" ? [0n] : [])]).toContain(found?.booked);
        const state = (await world.payouts()).find((one) => one.id === payout.id)?.state;
        expect(state).toBe({ "4321": "paid", "9102": "failed", "9203": "failed", "9304": "paid" }[ending]);
        await expectPayoutsInOrder(h, world);
        // The way is made free for the next story: failed and returned payouts are sent again to a good account.
        await mend();
      }),
      { numRuns: 12, endOnFailure: true },
    );
  }, 120_000);

  test("bank details that changed while the far side was away: what never arrived there is not sent to the old ones", async () => {
    await world.account("4321");
    await world.earn(100_000n);
    await world.look();
    await world.pass({ hours: 24 * 10 });
    const payout = (await world.payouts()).at(-1);
    if (payout?.state !== "in_review") throw new Error(`it is ${payout?.state}`);
    Object.assign(world.sandbox.faults, { startPayout: ["lost-before"] });
    await world.approve([payout.id]);
    await world.look();
    const replacing = await world.account("8765");
    await world.pass({ minutes: 2 });
    const stateNow = async () => (await world.payouts()).find((one) => one.id === payout.id)?.state;
    // Nobody knows yet whether the first try is still under way.
    expect(await stateNow()).toBe("processing");
    for (let hour = 0; hour < 12; hour++) await world.pass({ hours: 1 });
    expect(await stateNow()).toBe("failed");
    await mend(replacing);
    const { rows } = await h.admin.query<{ accounts: string[]; sent: bigint }>(
      `select array_agg(distinct a.bank_account_id) as accounts, count(s.ref) as sent
         from app.payout_attempt a join sandbox.payout s on s.idempotency_key = 'portico-' || a.id
        where a.payout_id = $1`,
      [payout.id],
    );
    expect(rows).toEqual([{ accounts: [replacing], sent: 1n }]);
    await expectPayoutsInOrder(h, world);
  });

  test("what came back is booked however late it is heard of: only an answer ends the looking", async () => {
    await world.account("9304");
    await world.earn(100_000n);
    await world.look();
    await world.pass({ hours: 24 * 10 });
    const payout = (await world.payouts()).at(-1);
    if (payout?.state !== "in_review") throw new Error(`it is ${payout?.state}`);
    Object.assign(world.sandbox.faults, { events: "never" });
    await world.approve([payout.id]);
    await world.look();
    await world.pass({ minutes: 5 });
    const stateNow = async () => (await world.payouts()).find((one) => one.id === payout.id)?.state;
    expect(await stateNow()).toBe("paid");
    Object.assign(world.sandbox.faults, { lookUpPayout: ["lost-before"] });
    await world.pass({ hours: 24 * 10 + 1 });
    expect(await stateNow()).toBe("paid");
    await world.pass({ hours: 2 });
    expect(await stateNow()).toBe("returned");
    await mend();
    await expectPayoutsInOrder(h, world);
  });

  test("a state never goes back: what is older news makes no step", () => {
    expect(stepsTo("succeeded", "processing")).toEqual([]);
    expect(stepsTo("succeeded", "failed")).toEqual([]);
    expect(stepsTo("failed", "succeeded")).toEqual([]);
    expect(stepsTo("sent", "processing")).toEqual([]);
    expect(stepsTo("pending", "returned")).toEqual(["sent", "paid", "returned"]);
  });
});

/** Sends what failed or came back again, to a good account: `account`, where there is one already. */
async function mend(account?: string): Promise<void> {
  Object.assign(world.sandbox.faults, { startPayout: [], lookUpPayout: [], events: "once", eventsLateSeconds: 0 });
  if (account === undefined) await world.account("4321");
  await world.pass({ hours: 24 * 4 });
  for (const payout of await world.payouts()) {
    if (payout.state !== "failed" && payout.state !== "returned") continue;
    await h.system(world.institution, async (cx) => {
      await sendAgain(cx, permit(cx.principal, "payouts.write"), payout.id);
    });
  }
  await world.look();
  await world.pass({ minutes: 1 });
  await world.pass({ minutes: 20 });
  expect((await world.payouts()).filter((one) => one.state !== "paid").map((one) => one.state)).toEqual([]);
}
