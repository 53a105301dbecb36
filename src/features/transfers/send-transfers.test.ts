import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sendTransfers } from "#features/transfers/send-transfers.ts";
import type { TransferId } from "#features/transfers/transfer.ts";
import type { Work } from "#platform/jobs.ts";
import { silentLog } from "#platform/log.ts";
import type { Fault } from "#providers/sandbox/sandbox.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { type TransferWorld, transferWorld } from "../../../test/support/transfer-world.ts";

let h: TestHouse;
let world: TransferWorld;

beforeAll(async () => {
  h = await testHouse();
  world = await transferWorld(h);
  await world.account();
}, 60_000);
beforeEach(() => {
  Object.assign(world.sandbox.faults, { startPayout: [], lookUpPayout: [], events: "once", eventsLateSeconds: 0 });
});
afterAll(async () => await h?.close());

const fault = fc.constantFrom<Fault>("ok", "lost-before", "lost-after");
const stories = fc.record({
  start: fc.array(fault, { maxLength: 4 }),
  lookUp: fc.array(fault, { maxLength: 4 }),
  events: fc.constantFrom("once", "twice", "backwards", "never"),
  late: fc.constantFrom(0, 40, 4_000),
  ending: fc.constantFrom("4321", "9102", "9203", "9304"),
  fee: fc.constantFrom(0n, 150n),
});

/** The job as the queue would start it on three machines at once. */
async function race(): Promise<void> {
  const work: Work<"transfers.send"> = {
    ground: h.ground,
    institution: world.institution,
    payload: {},
    signal: new AbortController().signal,
    log: silentLog,
  };
  await Promise.allSettled([1, 2, 3].map(() => sendTransfers(work, h.house)));
}

/** What the books hold about a transfer beside setting its money aside, in order. */
async function booked(id: TransferId): Promise<string[]> {
  const { rows } = await h.admin.query<{ kind: string }>(
    "select kind from ledger.journal where reference = $1 and kind <> 'transfer.held' order by id",
    [id],
  );
  return rows.map((row) => row.kind);
}

async function events(id: TransferId): Promise<string[]> {
  const { rows } = await h.admin.query<{ event: string }>(
    "select event from app.audit_entry where subject = $1 order by id",
    [id],
  );
  return rows.map((row) => row.event);
}

describe("a transfer to the bank goes exactly once", () => {
  test("whatever is lost, late, doubled or out of order, and however many jobs race", async () => {
    await fc.assert(
      fc.asyncProperty(stories, async ({ start, lookUp, events: told, late, ending, fee }) => {
        Object.assign(world.sandbox.faults, {
          startPayout: [...start],
          lookUpPayout: [...lookUp],
          events: told,
          eventsLateSeconds: late,
        });
        await world.account(ending);
        const before = await world.balance();
        const id = await world.ask({ fee });
        await race();
        for (let turn = 0; turn < 8; turn++) {
          h.clock.advance({ minutes: 15 });
          // A job that found the far side away says so and is tried again; here that is no failure.
          await Promise.all([race(), h.drain().catch(() => undefined)]);
        }
        // By then a bank has sent back what it would; what it never told of is found by the daily look.
        for (let day = 0; day < 4; day++) {
          h.clock.advance({ hours: 25 });
          await Promise.all([race(), h.drain().catch(() => undefined)]);
        }
        const { rows } = await h.admin.query<{ sent: bigint }>(
          "select count(*) as sent from sandbox.payout where idempotency_key = $1",
          [`portico-${id}`],
        );
        expect(rows[0]?.sent).toBe(1n);
        const transfer = await world.read(id);
        const arrives = ending === "4321";
        expect([transfer.state, transfer.returnedAt !== undefined]).toEqual([
          arrives ? "completed" : "failed",
          ending === "9304",
        ]);
        expect(transfer.failureReason).toBe(
          { "4321": "", "9102": "account_frozen", "9203": "incorrect_account_number", "9304": "incorrect_holder_name" }[
            ending
          ],
        );
        expect(await booked(id)).toEqual(
          ending === "9304"
            ? ["transfer.bank", "transfer.returned"]
            : [arrives ? "transfer.bank" : "transfer.released"],
        );
        const [available = 0n, held] = before;
        expect(await world.balance()).toEqual([arrives ? available - 100_000n - fee : available, held]);
        await world.prove();
      }),
      { numRuns: 12, endOnFailure: true },
    );
  }, 120_000);

  test("what never hears back stays on its way: held, not spent, and asked about", async () => {
    await world.account("9400");
    const [available = 0n, held = 0n] = await world.balance();
    const id = await world.ask();
    await world.wait({ minutes: 1 });
    await world.wait({ hours: 24 * 5 });
    const transfer = await world.read(id);
    expect([transfer.state, transfer.attemptState]).toEqual(["processing", "sent"]);
    expect(transfer.lookAt).toBeDefined();
    expect(await world.balance()).toEqual([available - 100_150n, held + 100_150n]);
    await world.prove();
  });

  test("a wallet that is frozen meanwhile stops nothing: it arrives, and what comes back is in it", async () => {
    await world.account("9301");
    const [available = 0n, held] = await world.balance();
    const id = await world.ask();
    await h.admin.query("update ledger.account set state = 'frozen' where owner = $1", [world.from.id]);
    await world.wait({ minutes: 1 });
    await world.wait({ minutes: 5 });
    expect((await world.read(id)).state).toBe("completed");
    expect(await world.balance()).toEqual([available - 100_150n, held]);
    await world.wait({ hours: 24 * 4 });
    expect((await world.read(id)).state).toBe("failed");
    expect(await world.balance()).toEqual([available, held]);
    expect((await events(id)).filter((event) => event !== "transfer.confirmed")).toEqual([
      "transfer.sent",
      "transfer.completed",
      "transfer.returned",
    ]);
    await h.admin.query("update ledger.account set state = 'active' where owner = $1", [world.from.id]);
    await world.prove();
  });

  test("what came back is booked however late it is heard of: only an answer ends the looking", async () => {
    Object.assign(world.sandbox.faults, { events: "never" });
    await world.account("9304");
    const [available = 0n, held] = await world.balance();
    const id = await world.ask();
    await world.wait({ minutes: 1 });
    await world.wait({ minutes: 5 });
    expect((await world.read(id)).state).toBe("completed");
    // The bank returns it on the third day, and nobody answers until more than ten days have passed.
    Object.assign(world.sandbox.faults, { lookUpPayout: Array(50).fill("lost-before") });
    await world.wait({ hours: 24 * 10 + 1 });
    await world.wait({ hours: 2 });
    expect((await world.read(id)).state).toBe("completed");
    Object.assign(world.sandbox.faults, { lookUpPayout: [] });
    await world.wait({ hours: 2 });
    expect((await world.read(id)).state).toBe("failed");
    expect(await world.balance()).toEqual([available, held]);
    await world.prove();
  });

  test("the days in which it may come back begin when it arrived, however long it waited before", async () => {
    Object.assign(world.sandbox.faults, { events: "never" });
    await world.account("9304");
    const [available = 0n, held] = await world.balance();
    const id = await world.ask();
    await h.admin.query("update app.transfer set created_at = created_at - interval '11 days' where id = $1", [id]);
    await world.wait({ minutes: 1 });
    await world.wait({ minutes: 5 });
    expect((await world.read(id)).lookAt).toBeDefined();
    for (let day = 0; day < 4; day++) await world.wait({ hours: 25 });
    expect((await world.read(id)).state).toBe("failed");
    expect(await world.balance()).toEqual([available, held]);
    await world.account("4321");
    const stays = await world.ask();
    for (let day = 0; day < 12; day++) await world.wait({ hours: 25 });
    expect(await world.read(stays)).toMatchObject({ state: "completed", lookAt: undefined });
    await world.prove();
  });

  test("bank details that changed while the far side was away: what never arrived there is not sent to the old ones", async () => {
    await world.account("4321");
    const [available = 0n, held = 0n] = await world.balance();
    const id = await world.ask();
    const other = await world.ask();
    Object.assign(world.sandbox.faults, { startPayout: ["lost-before", "lost-after"] });
    await world.wait({ minutes: 1 });
    await world.account("8765");
    await world.wait({ minutes: 2 });
    // Nobody knows yet whether the first try is still under way.
    expect([await world.read(id), await world.read(other)].map(({ state }) => state)).toContain("processing");
    for (let hour = 0; hour < 12; hour++) await world.wait({ hours: 1 });
    const [gone, sent] = [await world.read(id), await world.read(other)].toSorted((a) =>
      a.state === "failed" ? -1 : 1,
    );
    expect([gone?.state, gone?.failureReason, sent?.state]).toEqual(["failed", "bank_details_changed", "completed"]);
    const { rows } = await h.admin.query<{ key: string }>(
      "select idempotency_key as key from sandbox.payout where idempotency_key = any($1)",
      [[`portico-${id}`, `portico-${other}`]],
    );
    expect(rows).toEqual([{ key: `portico-${sent?.id}` }]);
    expect(await world.balance()).toEqual([available - 100_150n, held]);
    await world.prove();
  });

  test("bank details that changed before it left: nothing is sent, and the money is available again", async () => {
    await world.account("4321");
    const [available = 0n, held] = await world.balance();
    const id = await world.ask();
    await world.account("8765");
    await world.wait({ minutes: 1 });
    const transfer = await world.read(id);
    expect([transfer.state, transfer.failureReason]).toEqual(["failed", "bank_details_changed"]);
    const { rows } = await h.admin.query("select from sandbox.payout where idempotency_key = $1", [`portico-${id}`]);
    expect(rows).toHaveLength(0);
    expect(await world.balance()).toEqual([available, held]);
    await world.prove();
  });
});
