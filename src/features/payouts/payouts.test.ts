import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { expectPayoutsInOrder, type PayoutWorld, payoutWorld } from "../../../test/support/payout-world.ts";

let h: TestHouse;
let world: PayoutWorld;

beforeAll(async () => {
  h = await testHouse();
  world = await payoutWorld(h);
}, 60_000);
afterAll(async () => await h?.close());

describe("payouts", () => {
  test("a share earned is a line of a numbered payout at once; at the cut-off it waits for review, is sent and paid", async () => {
    await world.contact();
    await world.account();
    await world.earn(100_000n);
    await world.look();
    // Saturday 21 November and two holding days: the first Thursday behind them is the 26th.
    expect(await world.payouts()).toMatchObject([
      { number: 1n, state: "scheduled", payments: 1, net: { minor: 10_000n }, tax: { minor: 1_000n } },
    ]);
    expect((await world.payouts())[0]?.scheduledFor.toString()).toBe("2026-11-26");
    await world.pass({ hours: 24 * 5 + 4 });
    expect(await world.states()).toEqual(["PO-000001 in_review 11000"]);
    const [payout] = await world.payouts();
    await world.approve(payout ? [payout.id] : []);
    await world.look();
    expect(await world.states()).toEqual(["PO-000001 sent 11000"]);
    await world.pass({ minutes: 1 });
    expect(await world.states()).toEqual(["PO-000001 paid 11000"]);
    await expectPayoutsInOrder(h, world);
  });
});
