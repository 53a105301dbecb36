import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { moneyWorld } from "../../../../test/support/money.ts";

let h: TestHouse;

beforeAll(async () => {
  h = await testHouse();
}, 60_000);
afterAll(async () => await h?.close());

test("S2: money by hand beside a card payment that is under way: the form and its check page say so", async () => {
  const world = await moneyWorld(h);
  const aiko = await world.customer();
  const payment = await world.payment(aiko, { list: 100_000n, item: "Autumn term" });
  const staff = await h.staff(world.institution);
  const path = `/staff/payments/${payment}/record`;
  const warning = "A payment in the portal is under way";
  expect((await staff.get(path)).text).not.toContain(warning);
  const browser = await h.customer(world.institution, aiko);
  const opened = await browser.post("/pay", { payment });
  const method = /value="(chp_[^"]+)"/.exec((await browser.get(opened.location)).text)?.[1] ?? "";
  await browser.post(opened.location, { method, expected: "100000" });
  await h.admin.query("update app.payment_attempt set state = 'processing' where customer_id = $1", [aiko]);
  for (const page of [path, `/staff/customers/${aiko}/record`]) {
    const { text } = await staff.get(page);
    expect(text).toContain(warning);
    expect(text).toContain("<bdi>Autumn term</bdi>");
  }
  const form = { [`amount_${payment}`]: "1000", received_on: "2026-11-20", method: "Cash", step: "check" };
  expect((await staff.post(path, form)).text).toContain(warning);
});
