import { afterAll, beforeAll, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import { recordByHand } from "#features/money-in/record-by-hand.ts";
import { refundPayment } from "#features/refunds/refund-payment.ts";
import { money } from "#kernel/money.ts";
import { todayOf } from "#platform/institution.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { moneyWorld } from "../../../../test/support/money.ts";

let h: TestHouse;

beforeAll(async () => {
  h = await testHouse();
}, 60_000);
afterAll(async () => await h?.close());

test("C6: the customer reads why beside the refund, and what was refunded counts as paid no more", async () => {
  const world = await moneyWorld(h);
  const aiko = await world.customer();
  const browser = await h.customer(world.institution, aiko);
  const words = async (path: string) => (await browser.get(path)).text.replaceAll(/<[^>]+>/g, "");
  const payment = await world.payment(aiko, { list: 90_000n, item: "Course that fell out" });
  await world.payment(aiko, { list: 10_000n });
  await h.system(world.institution, async (cx) => {
    await recordByHand(cx, permit(cx.principal, "payments.record"), {
      payments: [{ id: payment, amount: money(90_000n, "AUD") }],
      receivedOn: todayOf(cx.institution, cx.now),
      methodLabel: "Cash",
      note: "",
    });
  });
  const refund = async (minor: bigint, reason: string) => {
    await h.system(world.institution, async (cx) => {
      const amount = money(minor, "AUD");
      const input = { payment, of: "list", amount, how: "by_hand", reason } as const;
      await refundPayment(cx, permit(cx.principal, "payments.refund"), input);
    });
  };
  expect(await words("/overview")).toContain("PaidA$900.00");
  await refund(40_000n, "The teacher is ill");
  expect(await words("/overview")).toContain("PaidA$500.00");
  await refund(50_000n, "");
  expect(await words("/overview")).toContain("PaidA$0.00");
  expect((await browser.get("/overview")).text).toContain("A$0.00 paid of A$100.00");
  expect(await words(`/payments/${payment}`)).toContain("The teacher is ill");
});
