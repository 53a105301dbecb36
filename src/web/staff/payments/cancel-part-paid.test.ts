import { afterAll, beforeAll, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import { recordByHand } from "#features/money-in/record-by-hand.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { expectBooksInOrder, freeCredit, moneyWorld, paymentRow } from "../../../../test/support/money.ts";

let h: TestHouse;

beforeAll(async () => {
  h = await testHouse();
}, 60_000);
afterAll(async () => await h?.close());

test("S2: a part-paid payment can be cancelled; what had arrived is the customer's credit again", async () => {
  const world = await moneyWorld(h);
  const aiko = await world.customer();
  const payment = await world.payment(aiko, { list: 100_000n, shareBps: 1_000 });
  const staff = await h.staff(world.institution);
  const recorded = await staff.get(`/staff/payments/${payment}/record`);
  expect(recorded.status).toBe(200);
  await h.system(world.institution, async (cx) => {
    await recordByHand(cx, permit(cx.principal, "payments.record"), {
      payments: [{ id: payment, amount: { minor: 40_000n, currency: "AUD" } }],
      receivedOn: Temporal.PlainDate.from("2026-11-20"),
      methodLabel: "Cash",
      note: "",
    });
  });
  expect(await paymentRow(h, payment)).toMatchObject({ state: "partially_paid", paid_minor: 40_000n });
  expect(await freeCredit(h, aiko)).toBe(0n);
  const asked = await staff.get(`/staff/payments/${payment}/cancel`);
  expect(asked.text).toContain("AUD\u00a0400.00 has arrived for it. It becomes credit");
  const done = await staff.post(`/staff/payments/${payment}/cancel`, { reason: "Course cancelled" });
  expect(done.status).toBe(303);
  expect(await paymentRow(h, payment)).toMatchObject({ state: "cancelled", paid_minor: 0n });
  expect(await freeCredit(h, aiko)).toBe(40_000n);
  await expectBooksInOrder(h, world.institution);
});
