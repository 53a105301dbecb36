import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { type MoneyWorld, moneyWorld } from "../../../../test/support/money.ts";
import { activeAccount, payoutRow, payoutShareLine } from "../../../../test/support/payout-rows.ts";

let h: TestHouse;
let world: MoneyWorld;
let contact: Awaited<ReturnType<TestHouse["partner"]>>;

beforeAll(async () => {
  h = await testHouse();
  world = await moneyWorld(h);
  contact = await h.partner(world.institution, world.partner);
});
afterAll(() => h.close());

test("x", async () => {
  await activeAccount(h, world);
  const aiko = await world.customer("Aiko");
  const p = await world.payment(aiko, { list: 100_000n, shareBps: 1000 });
  const payout = await payoutRow(h, world, { number: 1 });
  await payoutShareLine(h, world, payout, p);
  await payoutRow(h, world, { number: 2, state: "failed", failure: "account_closed", currency: "USD", net: 5000n, failedAt: "2026-11-20T00:00:00Z" });
  for (const path of ["/partner", "/partner/payouts", "/partner/payouts?q=aiko", "/partner/payouts?q=PO-1&status=paid", "/partner/payouts/1", "/partner/payouts/2", "/partner/payouts/1/lines/1", "/partner/customers", "/partner/customers?q=tan", "/partner/live?of=payouts", "/partner/live?of=payout&number=1", "/partner/payouts/export.csv", "/partner/customers/export.csv"]) {
    const shown = await contact.get(path);
    console.log(path, shown.status, shown.text.length, shown.status === 200 ? "" : shown.text.slice(0, 3000));
    expect(shown.status).toBe(200);
  }
  const ref = /\/partner\/customers\/([0-9a-f]{20})/.exec((await contact.get("/partner/customers")).text)?.[1];
  const shown = await contact.get(`/partner/customers/${ref}`);
  console.log(shown.status, shown.text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").slice(-1500));
});
