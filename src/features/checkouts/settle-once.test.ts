import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CustomerId } from "#access/principal.ts";
import { applyCharge } from "#features/checkouts/apply-charge.ts";
import type { AttemptId } from "#features/checkouts/checkout.ts";
import { lookNow } from "#features/checkouts/pay-checkout.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import { present } from "#kernel/assert.ts";
import { wake } from "#platform/jobs.ts";
import { testCard } from "#providers/sandbox/cards.ts";
import { payByCard } from "#providers/sandbox/payer.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import {
  count,
  expectBooksInOrder,
  freeCredit,
  type MoneyWorld,
  moneyWorld,
  paymentRow,
} from "../../../test/support/money.ts";

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
  const { faults } = world.sandbox;
  for (const calls of [faults.startCharge, faults.lookUp, faults.cancel, faults.refund]) calls.length = 0;
  Object.assign(faults, { events: "once", eventsLateSeconds: 0, refundsEnd: "succeeded" });
  aiko = await world.customer();
  browser = await h.customer(world.institution, aiko);
});

const approved = present(testCard("4242 4242 4242 4242"), "an approved test card");

/** From the list of payments to the hosted page: answers the checkout's path and where the payer was sent. */
async function toProvider(payments: readonly PaymentId[], kind: "card" | "bank_transfer" = "card") {
  const opened = await browser.post("/pay", { payment: payments });
  expect(opened.status).toBe(303);
  const path = opened.location.replace("/review", "");
  const review = await browser.get(opened.location);
  const expected = /name="expected" value="(\d+)"/.exec(review.text)?.[1] ?? "";
  const { rows } = await h.admin.query<{ id: string }>(
    "select id from app.channel_product where institution_id = $1 and kind = $2",
    [world.institution, kind],
  );
  const paid = await browser.post(opened.location, { method: rows[0]?.id ?? "", expected });
  return { path, to: paid.location, status: paid.status };
}

/** What the clock of the queue does once a minute. */
async function look(task: "provider.look-up" | "sandbox.deliver"): Promise<void> {
  await h.system(world.institution, async (cx) => wake(cx, task, {}));
  await h.drain();
}

async function latestAttempt(path: string) {
  const { rows } = await h.admin.query<{
    id: AttemptId;
    state: string;
    provider_ref: string;
    failure_reason: string;
    reference: string;
  }>("select * from app.payment_attempt where checkout_id = $1 order by id desc limit 1", [path.split("/").at(-1)]);
  return present(rows[0], "an attempt");
}

describe("a card payment settles once", () => {
  test("two payments at once: from the list to the receipt, without script", async () => {
    const first = await world.payment(aiko, { list: 185_000n, shareBps: 1_000, due: "2026-11-15" });
    const second = await world.payment(aiko, { list: 65_000n, discount: 5_000n, item: "Health cover" });
    const { path, to } = await toProvider([first, second]);
    expect(to).toMatch(/^\/sandbox\/pay\/ch_/);
    const hosted = await browser.get(to);
    expect(hosted.text).toContain("This is a test");
    expect(hosted.text).toContain("2,450");
    const back = await browser.post(to, { card: "4242 4242 4242 4242" });
    expect(back.location).toBe(`${h.house.origin}${path}/done`);
    const done = await browser.follow(back);
    expect(done.text).toContain("is paid");
    expect(done.text).toMatch(/\/receipts\/rcp_/);
    expect(await paymentRow(h, first)).toMatchObject({ state: "paid", paid_minor: 185_000n });
    expect(await paymentRow(h, second)).toMatchObject({ state: "paid", paid_minor: 60_000n });
    await h.drain();
    expect(await count(h, "app.money_received", "customer_id = $1", [aiko])).toBe(1);
    await expectBooksInOrder(h, world.institution);
  });

  test("20 racing redirects, look-ups and events settle it exactly once", async () => {
    const payment = await world.payment(aiko, { list: 100_000n, discount: 10_000n, shareBps: 2_000 });
    const { path } = await toProvider([payment]);
    const attempt = await latestAttempt(path);
    await payByCard(world.sandbox, world.institution, attempt.provider_ref, approved);
    const charge = present(
      await world.sandbox.lookUpCharge(world.institution, { ref: attempt.provider_ref }),
      "the charge",
    );
    const checkout = path.split("/").at(-1) ?? "";
    const racers = Array.from({ length: 20 }, (_, turn) =>
      turn % 3 === 0
        ? browser.get(`${path}/done`)
        : turn % 3 === 1
          ? h.system(world.institution, async (cx) => await applyCharge(cx, attempt.id, charge))
          : lookNow(h.house, world.institution, checkout),
    );
    await Promise.all([...racers, h.drain()]);
    expect(await paymentRow(h, payment)).toMatchObject({ state: "paid", paid_minor: 90_000n });
    expect(await count(h, "app.money_received", "attempt_id = $1", [attempt.id])).toBe(1);
    expect(await count(h, "app.allocation", "payment_id = $1", [payment])).toBe(1);
    expect(await count(h, "app.receipt", "customer_id = $1", [aiko])).toBe(1);
    await expectBooksInOrder(h, world.institution);
  });

  test.each(["once", "twice", "backwards"] as const)(
    "events %s, and nobody comes back: the event settles it",
    async (events) => {
      world.sandbox.faults.events = events;
      const payment = await world.payment(aiko, { list: 40_000n });
      const { path } = await toProvider([payment]);
      const attempt = await latestAttempt(path);
      await payByCard(world.sandbox, world.institution, attempt.provider_ref, approved);
      await h.drain();
      expect(await paymentRow(h, payment)).toMatchObject({ state: "paid" });
      expect(await count(h, "app.money_received", "attempt_id = $1", [attempt.id])).toBe(1);
    },
  );

  test("no event ever, and nobody comes back: the look-up job settles it", async () => {
    world.sandbox.faults.events = "never";
    const payment = await world.payment(aiko, { list: 40_000n });
    const { path } = await toProvider([payment]);
    const attempt = await latestAttempt(path);
    await payByCard(world.sandbox, world.institution, attempt.provider_ref, approved);
    h.clock.advance({ minutes: 1 });
    await look("provider.look-up");
    expect(await paymentRow(h, payment)).toMatchObject({ state: "paid" });
  });

  test("an outcome that arrives later shows as processing, is never paid before, and settles then", async () => {
    const payment = await world.payment(aiko, { list: 40_000n });
    const { path, to } = await toProvider([payment]);
    const back = await browser.post(to, { card: "4000 0000 0000 0077" });
    const waiting = await browser.follow(back);
    expect(waiting.text).toContain("being processed");
    expect(waiting.headers.get("refresh")).toContain("looks=1");
    expect(await paymentRow(h, payment)).toMatchObject({ state: "open", paid_minor: 0n });
    await h.drain();
    expect(await paymentRow(h, payment)).toMatchObject({ state: "open" });
    const again = await toProvider([payment]);
    expect(again.to).toContain("why=in-process");
    h.clock.advance({ seconds: 21 });
    await look("sandbox.deliver");
    expect(await paymentRow(h, payment)).toMatchObject({ state: "paid" });
    expect((await browser.get(`${path}/done`)).text).toContain("is paid");
  });

  test("declined: the reason in plain words, nothing charged, and trying again works", async () => {
    const payment = await world.payment(aiko, { list: 40_000n });
    const { path, to } = await toProvider([payment]);
    const failed = await browser.follow(await browser.post(to, { card: "4000000000009995" }));
    expect(failed.text).toContain("not enough money");
    expect(failed.text).toContain("Nothing was charged");
    expect(await latestAttempt(path)).toMatchObject({ state: "failed", failure_reason: "insufficient_funds" });
    expect(await count(h, "app.money_received", "customer_id = $1", [aiko])).toBe(0);
    const again = await toProvider([payment]);
    const paid = await browser.follow(await browser.post(again.to, { card: "4242424242424242" }));
    expect(paid.text).toContain("is paid");
  });

  test("a card that asks for confirmation: confirmed is paid, refused is not", async () => {
    const payment = await world.payment(aiko, { list: 40_000n });
    const refused = await toProvider([payment]);
    const step = await browser.follow(await browser.post(refused.to, { card: "4000000000003155" }));
    expect(step.text).toContain("Confirm it is you");
    const no = await browser.follow(await browser.post(`${refused.to}/confirm`, { answer: "no" }));
    expect(no.text).toContain("not confirmed");
    const agreed = await toProvider([payment]);
    await browser.post(agreed.to, { card: "4000000000003155" });
    const yes = await browser.follow(await browser.post(`${agreed.to}/confirm`, { answer: "yes" }));
    expect(yes.text).toContain("is paid");
  });
});

describe("answers that get lost", () => {
  test("the charge was made and its answer lost: it is looked up by its key, and there is one charge", async () => {
    world.sandbox.faults.startCharge.push("lost-after");
    const payment = await world.payment(aiko, { list: 40_700n });
    const { to } = await toProvider([payment]);
    expect(to).toMatch(/^\/sandbox\/pay\//);
    expect(await count(h, "sandbox.charge", "minor = 40700")).toBe(1);
    await browser.post(to, { card: "4242424242424242" });
    await h.drain();
    expect(await paymentRow(h, payment)).toMatchObject({ state: "paid" });
  });

  test("nothing answers at all: the page says so, a second try is refused, and the job finds out", async () => {
    world.sandbox.faults.startCharge.push("lost-after");
    world.sandbox.faults.lookUp.push("lost-before", "lost-before");
    const payment = await world.payment(aiko, { list: 40_000n });
    const { path, to } = await toProvider([payment]);
    expect(to).toBe(`${path}/done`);
    const waiting = await browser.get(to);
    expect(waiting.text).toContain("Please do not pay again");
    expect((await toProvider([payment])).to).toContain("why=in-process");
    h.clock.advance({ minutes: 1 });
    await h.drain();
    expect(await latestAttempt(path)).toMatchObject({ state: "requires_action" });
  });

  test("it never arrived there: after a while the attempt fails, and paying is free again", async () => {
    world.sandbox.faults.startCharge.push("lost-before", "lost-before");
    const payment = await world.payment(aiko, { list: 40_000n });
    const { path } = await toProvider([payment]);
    expect(await latestAttempt(path)).toMatchObject({ state: "pending" });
    for (let turn = 0; turn < 8; turn++) {
      h.clock.advance({ minutes: 3 });
      await look("provider.look-up");
    }
    expect(await latestAttempt(path)).toMatchObject({ state: "failed", failure_reason: "could_not_process" });
    expect((await toProvider([payment])).to).toMatch(/^\/sandbox\/pay\//);
  });
});

describe("another tab", () => {
  test("paid there meanwhile: this one says so, and nothing is charged twice", async () => {
    const payment = await world.payment(aiko, { list: 40_000n });
    const opened = await browser.post("/pay", { payment });
    const review = await browser.get(opened.location);
    const expected = /name="expected" value="(\d+)"/.exec(review.text)?.[1] ?? "";
    const method = /name="method"[^>]*value="(chp_[^"]+)"/.exec(review.text)?.[1] ?? "";
    const other = await toProvider([payment]);
    await browser.follow(await browser.post(other.to, { card: "4242424242424242" }));
    const refused = await browser.follow(await browser.post(opened.location, { method, expected }));
    expect(refused.text).toContain("This was paid meanwhile");
    expect(await count(h, "app.money_received", "customer_id = $1", [aiko])).toBe(1);
  });

  test("a hosted page left open is closed when another attempt starts: it can't be paid twice", async () => {
    const payment = await world.payment(aiko, { list: 40_000n });
    const first = await toProvider([payment]);
    const second = await toProvider([payment]);
    expect(second.to).not.toBe(first.to);
    expect((await browser.get(first.to)).text).toContain("This payment page is closed");
    await browser.post(first.to, { card: "4242424242424242" });
    await browser.follow(await browser.post(second.to, { card: "4242424242424242" }));
    await h.drain();
    expect(await count(h, "app.money_received", "customer_id = $1", [aiko])).toBe(1);
    expect(await freeCredit(h, aiko)).toBe(0n);
  });

  test("20 presses of the button at once make one charge that can be paid", async () => {
    const payment = await world.payment(aiko, { list: 41_100n });
    const opened = await browser.post("/pay", { payment });
    const review = await browser.get(opened.location);
    const method = /name="method"[^>]*value="(chp_[^"]+)"/.exec(review.text)?.[1] ?? "";
    await Promise.all(Array.from({ length: 20 }, () => browser.post(opened.location, { method, expected: "41100" })));
    expect(await count(h, "sandbox.charge", "minor = 41100 and state = 'open'")).toBeLessThanOrEqual(1);
    const attempts = await count(h, "app.payment_attempt", "customer_id = $1 and state = 'requires_action'", [aiko]);
    expect(attempts).toBeLessThanOrEqual(1);
  });
});
