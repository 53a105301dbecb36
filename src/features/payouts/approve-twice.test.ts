import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import { approvePayouts, type Chosen, versionOf } from "#features/payouts/approve-payouts.ts";
import { savePayoutLimit } from "#features/payouts/payout-settings.ts";
import { lockPayouts } from "#features/payouts/payout-store.ts";
import { inTx } from "#platform/tx.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { type PayoutWorld, payoutWorld } from "../../../test/support/payout-world.ts";

let h: TestHouse;
let world: PayoutWorld;
let chosen: readonly Chosen[];

beforeEach(async () => {
  h = await testHouse();
  world = await payoutWorld(h);
  await world.contact();
  await world.account();
  await world.earn(100_000n);
  await world.look();
  await world.pass({ hours: 24 * 5 + 4 });
  chosen = await asShown();
}, 60_000);
afterEach(async () => await h.close());

/** What a page that is opened now shows of every payout. */
async function asShown(): Promise<readonly Chosen[]> {
  const ids = (await world.payouts()).map((one) => one.id);
  const facts = await h.system(world.institution, (cx) => lockPayouts(cx, ids));
  return facts.map((one) => ({ id: one.payout.id, version: versionOf(one) }));
}
const press = async ({ token }: { token: string }, shown = chosen) =>
  await inTx(h.ground, { as: "staff", token }, (cx) =>
    approvePayouts(cx, permit(cx.principal, "payouts.approve"), shown),
  );
const approvals = async () =>
  (await h.admin.query("select event from app.audit_entry where event like 'payout.%approved' order by event")).rows;
const told = async (who: { token: string }, shown = chosen) => (await press(who, shown)).map((one) => one.outcome);

describe("one person who presses twice", () => {
  test("S3: at once, ten times: it is approved once, and each answer says so", async () => {
    const person = await h.staff(world.institution, "ADMIN");
    const answers = await Promise.all(Array.from({ length: 10 }, () => told(person)));
    expect(answers).toEqual(Array.from({ length: 10 }, () => ["approved"]));
    expect(await approvals()).toEqual([{ event: "payout.approved" }]);
    // Somebody else with the same old page is told that it changed.
    expect(await told(await h.staff(world.institution, "ADMIN"))).toEqual(["refused"]);
    await world.look();
    expect(await world.states()).toEqual(["PO-000001 sent 11000"]);
    expect(await told(person)).toEqual(["approved"]);
    expect(await told(person, [{ id: chosen[0]?.id ?? "pyo_x", version: "1~in_review~~" }])).toEqual(["refused"]);
  });

  test("S3: above the limit: the first of two waits for the second, however often each presses", async () => {
    const { token } = await h.staff(world.institution);
    await inTx(h.ground, { as: "staff", token }, async (cx) => {
      const limit = { currency: "AUD", minimum: 0n, secondPersonAbove: 100n } as const;
      await savePayoutLimit(cx, permit(cx.principal, "payouts.settings"), limit);
    });
    const [first, second] = [await h.staff(world.institution, "ADMIN"), await h.staff(world.institution, "ADMIN")];
    expect([await told(first), await told(first)]).toEqual([["first"], ["first"]]);
    const shown = await asShown();
    expect(await told(first, shown)).toEqual(["refused"]);
    expect([await told(second, shown), await told(second, shown)]).toEqual([["approved"], ["approved"]]);
    expect(await told(first)).toEqual(["approved"]);
    expect(await approvals()).toEqual([{ event: "payout.approved" }, { event: "payout.second-approved" }]);
  });

  test("S3: what became of it since then is told as a change, not as approved", async () => {
    const person = await h.staff(world.institution, "ADMIN");
    await told(person);
    for (const state of ["failed", "returned", "on_hold"]) {
      await h.admin.query("update app.payout set state = $1", [state]);
      expect(await told(person), state).toEqual(["refused"]);
    }
  });
});
