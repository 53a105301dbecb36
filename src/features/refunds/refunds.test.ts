import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import type { CustomerId } from "#access/principal.ts";
import { recordByHand } from "#features/money-in/record-by-hand.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import { readPayment } from "#features/payments/payment-views.ts";
import { previewRefund, type Refund, refundLimits, refundPayment } from "#features/refunds/refund-payment.ts";
import { refundsOf } from "#features/refunds/refund-views.ts";
import { money } from "#kernel/money.ts";
import { wake } from "#platform/jobs.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { expectBooksInOrder, type MoneyWorld, moneyWorld, paymentRow } from "../../../test/support/money.ts";

let h: TestHouse;
let world: MoneyWorld;
let aiko: CustomerId;
let browser: Awaited<ReturnType<TestHouse["customer"]>>;

beforeAll(async () => {
  h = await testHouse();
  world = await moneyWorld(h);
}, 60_000);
afterAll(async () => await h?.close());
beforeEach(async () => {
  Object.assign(world.sandbox.faults, { refundsEnd: "succeeded", events: "once", refund: [], lookUp: [] });
  aiko = await world.customer();
  browser = await h.customer(world.institution, aiko);
});

/** 1,000.00 list, a share of 22 % with tax in it, 100.00 discount, paid 900.00 by card. */
async function paidByCard(): Promise<PaymentId> {
  const payment = await world.payment(aiko, { list: 100_000n, discount: 10_000n, shareBps: 2_000 });
  const opened = await browser.post("/pay", { payment });
  const method = /value="(chp_[^"]+)"/.exec((await browser.get(opened.location)).text)?.[1] ?? "";
  const to = await browser.post(opened.location, { method, expected: "90000" });
  await browser.follow(await browser.post(to.location, { card: "4242424242424242" }));
  await h.drain();
  return payment;
}

async function refund(input: Omit<Refund, "reason" | "amount"> & { amount: bigint }) {
  return await h.system(world.institution, async (cx) => {
    const amount = money(input.amount, "AUD");
    return await refundPayment(cx, permit(cx.principal, "payments.refund"), { ...input, amount, reason: "test" });
  });
}

describe("refunds", () => {
  test("by the provider: pending and held until the provider has done it, then payment and share say so", async () => {
    const payment = await paidByCard();
    const asked = await refund({ payment, of: "list", amount: 50_000n, how: "provider" });
    expect(asked).toMatchObject({ state: "pending", cash: money(45_000n, "AUD") });
    expect(await paymentRow(h, payment)).toMatchObject({ state: "paid", refunded_cash_minor: 0n });
    await expectBooksInOrder(h, world.institution);
    await h.drain();
    expect(await paymentRow(h, payment)).toMatchObject({
      state: "partially_refunded",
      refunded_list_minor: 50_000n,
      refunded_cash_minor: 45_000n,
    });
    const rest = await refund({ payment, of: "list", amount: 50_000n, how: "provider" });
    expect(rest.cash).toEqual(money(45_000n, "AUD"));
    await h.drain();
    expect(await paymentRow(h, payment)).toMatchObject({ state: "refunded", refunded_cash_minor: 90_000n });
    await expectBooksInOrder(h, world.institution);
  });

  test("the provider fails: the hold is given back, nothing has moved, and it can be tried again", async () => {
    world.sandbox.faults.refundsEnd = "failed";
    const payment = await paidByCard();
    await refund({ payment, of: "list", amount: 100_000n, how: "provider" });
    await h.drain();
    const failed = await h.system(world.institution, async (cx) => await refundsOf(cx, { id: payment }));
    expect(failed).toMatchObject([{ state: "failed", failureReason: "could_not_process" }]);
    expect(await paymentRow(h, payment)).toMatchObject({ state: "paid", refunded_cash_minor: 0n });
    world.sandbox.faults.refundsEnd = "succeeded";
    await refund({ payment, of: "list", amount: 100_000n, how: "provider" });
    await h.drain();
    expect(await paymentRow(h, payment)).toMatchObject({ state: "refunded", refunded_cash_minor: 90_000n });
    await expectBooksInOrder(h, world.institution);
  });

  test("sent, and the answer lost: it is looked up by its key and never sent twice", async () => {
    Object.assign(world.sandbox.faults, { events: "never" });
    const payment = await paidByCard();
    world.sandbox.faults.refund.push("lost-after");
    await refund({ payment, of: "list", amount: 10_000n, how: "provider" });
    await h.drain();
    expect(await paymentRow(h, payment)).toMatchObject({ refunded_cash_minor: 0n });
    for (let turn = 0; turn < 3; turn++) {
      h.clock.advance({ minutes: 10 });
      await h.system(world.institution, async (cx) => wake(cx, "refunds.send", {}));
      await h.drain();
    }
    expect(await paymentRow(h, payment)).toMatchObject({ refunded_cash_minor: 9_000n });
    const { rows } = await h.admin.query(
      `select count(*) as refunds, sum(r.minor)::bigint as total from sandbox.refund r join app.money_received m
         on m.provider_ref = r.charge_ref where m.customer_id = $1`,
      [aiko],
    );
    expect(rows[0]).toEqual({ refunds: 1n, total: 9_000n });
    await expectBooksInOrder(h, world.institution);
  });

  test("409: one at a time: while one is on its way, no other begins; 20 at once make one", async () => {
    const payment = await paidByCard();
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, () => refund({ payment, of: "list", amount: 60_000n, how: "provider" })),
    );
    expect(tries.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    await h.drain();
    await expect(refund({ payment, of: "list", amount: 60_000n, how: "provider" })).rejects.toMatchObject({
      code: "amount.invalid",
    });
    await expectBooksInOrder(h, world.institution);
  });

  test("each refund of the list amount leaves a row a share: net and tax add up exactly, with words for the partner", async () => {
    const payment = await paidByCard();
    const reversals = async () =>
      (
        await h.admin.query<{ net_minor: bigint; tax_minor: bigint; reason: string; state: string }>(
          `select v.net_minor, v.tax_minor, v.reason, s.state from app.share_reversal v
             join app.share s on s.id = v.share_id where s.payment_id = $1 order by v.id`,
          [payment],
        )
      ).rows;
    const by = { payment, of: "list", how: "by_hand" } as const;
    await refund({ ...by, of: "keep", amount: 5_000n });
    expect(await reversals()).toEqual([]);
    await refund({ ...by, amount: 33_333n, partnerReason: "Left after the first term" });
    await refund({ ...by, amount: 33_333n });
    expect((await reversals()).map((row) => [row.net_minor, row.tax_minor, row.reason, row.state])).toEqual([
      [6_666n, 667n, "Left after the first term", "in_payout"],
      [6_667n, 666n, "", "in_payout"],
    ]);
    await refund({ ...by, amount: 33_334n });
    const all = await reversals();
    expect(all.reduce((sum, row) => sum + row.net_minor, 0n)).toBe(20_000n);
    expect(all.reduce((sum, row) => sum + row.tax_minor, 0n)).toBe(2_000n);
    expect(all.every((row) => row.state === "reversed")).toBe(true);
    await expectBooksInOrder(h, world.institution);
  });

  test("422: words for the partner that say what the customer got back, what was paid, or the discount", async () => {
    const payment = await paidByCard();
    const by = { payment, of: "list", how: "by_hand", amount: 50_000n } as const;
    for (const partnerReason of [
      "We sent 450.00 back",
      "of 900 paid",
      "AUD 1 0 0 , 0 0 off",
      "half of 900,00",
      "دُفع ٩٠٠",
      "۴۵۰٫۰۰",
      "９００．００",
      "Term 9 / 0 / 0",
      "10% off",
    ]) {
      await expect(refund({ ...by, partnerReason })).rejects.toMatchObject({
        fields: { partner_reason: expect.stringMatching(/leave out/) },
      });
    }
    await refund({ ...by, partnerReason: "Left in week 3" });
  });

  test("by hand out of the keep: no share moves, and never more than the keep", async () => {
    const payment = await paidByCard();
    const limits = await h.system(
      world.institution,
      async (cx) => await refundLimits(cx, await readPayment(cx, payment)),
    );
    expect(limits.keep).toEqual(money(68_000n, "AUD"));
    expect(limits.byProvider).toEqual(money(90_000n, "AUD"));
    await refund({ payment, of: "keep", amount: 5_000n, how: "by_hand" });
    expect(await paymentRow(h, payment)).toMatchObject({ refunded_list_minor: 0n, refunded_cash_minor: 5_000n });
    await expect(refund({ payment, of: "keep", amount: 63_001n, how: "by_hand" })).rejects.toThrow(
      /at most AUD 630.00/,
    );
    await refund({ payment, of: "list", amount: 100_000n, how: "by_hand" });
    expect(await paymentRow(h, payment)).toMatchObject({ state: "refunded", refunded_cash_minor: 90_000n });
    await expectBooksInOrder(h, world.institution);
  });

  test("what was paid by hand can't go back to a card; the preview changes nothing", async () => {
    const payment = await world.payment(aiko, { list: 100_000n, discount: 10_000n, shareBps: 2_000 });
    await h.system(world.institution, async (cx) =>
      recordByHand(cx, permit(cx.principal, "payments.record"), {
        payments: [{ id: payment, amount: money(95_000n, "AUD") }],
        receivedOn: Temporal.PlainDate.from("2026-11-20"),
        methodLabel: "Cash",
        note: "",
      }),
    );
    await expect(refund({ payment, of: "list", amount: 1n, how: "provider" })).rejects.toThrow(/No card paid this/);
    const preview = await h.system(world.institution, async (cx) =>
      previewRefund(cx, permit(cx.principal, "payments.refund"), {
        payment,
        of: "list",
        amount: money(50_000n, "AUD"),
        how: "by_hand",
        reason: "",
      }),
    );
    expect(preview).toEqual({
      cash: money(45_000n, "AUD"),
      fromPartners: money(11_000n, "AUD"),
      fromKeep: money(34_000n, "AUD"),
      listAfter: money(50_000n, "AUD"),
    });
    expect(await paymentRow(h, payment)).toMatchObject({ refunded_list_minor: 0n });
    await expectBooksInOrder(h, world.institution);
  });

  test("409 and 422: nothing paid, an amount of nothing, and another currency are refused", async () => {
    const unpaid = await world.payment(aiko, { list: 1_000n });
    await expect(refund({ payment: unpaid, of: "list", amount: 1n, how: "by_hand" })).rejects.toMatchObject({
      code: "payment.not-refundable",
    });
    const payment = await paidByCard();
    for (const amount of [0n, -1n, 100_001n]) {
      await expect(refund({ payment, of: "list", amount, how: "by_hand" })).rejects.toMatchObject({
        code: "amount.invalid",
      });
    }
  });
});
