import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import type { CustomerId } from "#access/principal.ts";
import { recordByHand } from "#features/money-in/record-by-hand.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import { present } from "#kernel/assert.ts";
import { money } from "#kernel/money.ts";
import { todayOf } from "#platform/institution.ts";
import { sendTransfer } from "#providers/sandbox/payer.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import {
  expectBooksInOrder,
  freeCredit,
  type MoneyWorld,
  moneyWorld,
  paymentRow,
} from "../../../../test/support/money.ts";

let h: TestHouse;
let world: MoneyWorld;
let aiko: CustomerId;
let browser: Awaited<ReturnType<TestHouse["customer"]>>;
let staff: Awaited<ReturnType<TestHouse["staff"]>>;

beforeAll(async () => {
  h = await testHouse();
  world = await moneyWorld(h);
  staff = await h.staff(world.institution);
}, 60_000);
afterAll(async () => await h?.close());
beforeEach(async () => {
  aiko = await world.customer();
  browser = await h.customer(world.institution, aiko);
});

/** What a page says, without its markup. */
async function words(path: string): Promise<string> {
  return (await browser.get(path)).text.replaceAll(/<[^>]+>/g, "");
}

/** Chooses payments and looks at the check page; answers where it is, its methods and the amount on its button. */
async function choose(payments: readonly PaymentId[]) {
  const opened = await browser.post("/pay", { payment: payments });
  const review = (await browser.get(opened.location)).text;
  const [card = "", transfer = ""] = [...review.matchAll(/value="(chp_[^"]+)"/g)].map((found) => found[1]);
  return { path: opened.location.replace("/review", ""), card, transfer };
}

/** Announces a bank transfer for payments; answers the checkout's path and the reference to send it with. */
async function announce(payments: readonly PaymentId[], expected: bigint, credit?: "on") {
  const { path, transfer } = await choose(payments);
  const form = { method: transfer, expected: expected.toString(), ...(credit && { credit }) };
  await browser.post(`${path}/method`, form);
  const { rows } = await h.admin.query<{ reference: string }>(
    "select reference from app.payment_attempt where checkout_id = $1 and state = 'requires_action'",
    [path.split("/").at(-1)],
  );
  return { path, reference: present(rows[0], "an attempt that waits for the transfer").reference };
}

async function byHand(id: PaymentId, minor: bigint): Promise<void> {
  await h.system(world.institution, async (cx) => {
    const payments = [{ id, amount: money(minor, "AUD") }];
    const receivedOn = todayOf(cx.institution, cx.now);
    const input = { payments, receivedOn, methodLabel: "Cash", note: "", quiet: true };
    await recordByHand(cx, permit(cx.principal, "payments.record"), input);
  });
}

async function cancel(id: PaymentId): Promise<void> {
  expect((await staff.post(`/staff/payments/${id}/cancel`, { reason: "" })).status).toBe(303);
}

async function discount(id: PaymentId, minor: bigint): Promise<void> {
  await h.admin.query(
    `insert into app.discount (institution_id, payment_id, minor, given_by, created_at)
     values ($1, $2, $3, 'x', now())`,
    [world.institution, id, minor],
  );
}

async function arrives(minor: bigint, reference: string): Promise<void> {
  const transfer = { amount: money(minor, "AUD"), reference, payerName: "Aiko Tanaka" };
  await sendTransfer(world.sandbox, world.institution, transfer);
  await h.drain();
}

const waiting = "We are waiting for your transfer";

describe("C7: a transfer that is waited for", () => {
  test("stands on the overview and its page until the payment is cancelled; what comes all the same is credit", async () => {
    const payment = await world.payment(aiko, { list: 70_400n });
    const { path, reference } = await announce([payment], 70_400n);
    expect(await words("/overview")).toContain(waiting);
    await cancel(payment);
    expect(await words("/overview")).not.toContain(waiting);
    const page = await words(`${path}/method`);
    expect(page).toContain("Nothing is left to pay");
    expect(page).not.toContain("Where to send it");
    await arrives(70_400n, reference);
    expect(await freeCredit(h, aiko)).toBe(70_400n);
    expect(await words(`${path}/done`)).toContain("A$704.00 was more than needed");
    await expectBooksInOrder(h, world.institution);
  });

  test("asks for no amount that a discount has lowered; the old amount still settles, the rest is credit", async () => {
    const payment = await world.payment(aiko, { list: 50_000n });
    const { path, reference } = await announce([payment], 50_000n);
    await discount(payment, 20_000n);
    const overview = await words("/overview");
    expect(overview).not.toContain(waiting);
    expect(overview).toContain("Less is owed now");
    const page = await words(`${path}/method`);
    expect(page).toContain("What you owe has changed");
    expect(page).toContain("A$300.00");
    expect(page).not.toContain("A$500.00");
    expect((await browser.get(`${path}/method`)).text).toContain(`href="/pay?payment=${payment}"`);
    await arrives(50_000n, reference);
    expect(await paymentRow(h, payment)).toMatchObject({ state: "paid", paid_minor: 30_000n });
    expect(await freeCredit(h, aiko)).toBe(20_000n);
  });

  test("asks for no amount that money by hand has lowered, and for nothing once that paid it", async () => {
    const payment = await world.payment(aiko, { list: 60_000n });
    const { path } = await announce([payment], 60_000n);
    await byHand(payment, 35_000n);
    expect(await words("/overview")).toContain("Less is owed now");
    const page = await words(`${path}/method`);
    expect(page).toContain("A$250.00");
    expect(page).not.toContain("A$600.00");
    await byHand(payment, 25_000n);
    const overview = await words("/overview");
    expect(overview).not.toContain(waiting);
    expect(overview).not.toContain("Less is owed now");
    expect((await browser.get(`${path}/method`)).location).toBe(`${path}/done`);
  });

  test("goes on as before when a part of it has come, until money by hand takes the room of the rest", async () => {
    const payment = await world.payment(aiko, { list: 60_000n });
    const { path, reference } = await announce([payment], 60_000n);
    await arrives(20_000n, reference);
    expect(await words("/overview")).toContain(waiting);
    expect(await words(`${path}/method`)).toContain("A$400.00 is still to come");
    await byHand(payment, 10_000n);
    expect(await words(`${path}/method`)).toContain("What you owe has changed");
  });
});

describe("C7: a choice that stands no more has no button to pay, and one way on", () => {
  test("the price was raised, or one of two payments was cancelled: choose again", async () => {
    const raised = await world.payment(aiko, { list: 6_000n });
    const other = await world.payment(aiko, { list: 4_000n });
    const one = await choose([raised]);
    await h.admin.query("update app.payment set list_minor = 7000 where id = $1", [raised]);
    const refused = await browser.post(`${one.path}/review`, { method: one.card, expected: "6000" });
    const page = (await browser.follow(refused)).text;
    expect(page).toContain("What you owe has changed");
    expect(page).not.toContain("Pay A$60.00");
    expect(page).toContain(`href="/pay?payment=${raised}"`);
    const two = await choose([raised, other]);
    await cancel(raised);
    const left = (await browser.get(`${two.path}/method?with=${two.card}`)).text;
    expect(left).not.toContain("Pay A$");
    expect(left).toContain(`href="/pay?payment=${other}"`);
  });

  test("the payment was cancelled: the page says that nothing is left to pay", async () => {
    const payment = await world.payment(aiko, { list: 5_000n });
    const { path } = await choose([payment]);
    await cancel(payment);
    const page = await words(`${path}/review`);
    expect(page).toContain("Nothing is left to pay");
    expect(page).not.toContain("Pay A$50.00");
    expect(page).not.toContain("Choose what to pay");
  });
});

describe("C7: credit that was promised to a payment on its way", () => {
  const offered = async (payment: PaymentId) => await words(`${(await choose([payment])).path}/review`);

  beforeEach(async () => {
    await byHand(await world.payment(aiko, { list: 1_000n }), 31_000n);
    expect(await freeCredit(h, aiko)).toBe(30_000n);
  });

  test("is offered to no other, until what it was for is paid by hand; then once, and nothing is lost", async () => {
    const big = await world.payment(aiko, { list: 80_000n });
    const small = await world.payment(aiko, { list: 25_000n });
    const { reference } = await announce([big], 50_000n, "on");
    expect(await offered(small)).not.toContain("Use my credit");
    expect(await words("/overview")).not.toContain("You have credit");
    expect(await words("/pay")).not.toContain("A$300.00 credit");
    await byHand(big, 80_000n);
    expect(await words("/overview")).toContain("A$300.00 is kept for you");
    expect(await offered(small)).toContain("Use my credit of A$300.00");
    const { path, card } = await choose([small]);
    await browser.post(`${path}/method`, { method: card, credit: "on", expected: "0" });
    expect(await paymentRow(h, small)).toMatchObject({ state: "paid" });
    await arrives(50_000n, reference);
    expect(await freeCredit(h, aiko)).toBe(55_000n);
    await expectBooksInOrder(h, world.institution);
  });

  test("is free again when the payment behind a card page that nobody finished is cancelled", async () => {
    const big = await world.payment(aiko, { list: 80_000n });
    const small = await world.payment(aiko, { list: 25_000n });
    const { path, card } = await choose([big]);
    const form = { method: card, credit: "on", expected: "50000" };
    expect((await browser.post(`${path}/method`, form)).location).toMatch(/^\/sandbox\/pay\//);
    expect(await offered(small)).not.toContain("Use my credit");
    await cancel(big);
    expect(await offered(small)).toContain("Use my credit of A$300.00");
  });

  test("went along with the first part of a transfer: what is credited later is on offer", async () => {
    const big = await world.payment(aiko, { list: 80_000n });
    const { reference } = await announce([big], 50_000n, "on");
    await arrives(20_000n, reference);
    expect(await paymentRow(h, big)).toMatchObject({ paid_minor: 50_000n });
    await byHand(await world.payment(aiko, { list: 1_000n }), 11_000n);
    expect(await words("/overview")).toContain("A$100.00 is kept for you");
    expect(await offered(await world.payment(aiko, { list: 25_000n }))).toContain("Use my credit of A$100.00");
    await arrives(30_000n, reference);
    expect(await paymentRow(h, big)).toMatchObject({ state: "paid" });
    await expectBooksInOrder(h, world.institution);
  });
});

describe("C7: the page after paying says what went where", () => {
  const finish = async (payments: readonly PaymentId[], expected: string, meanwhile: () => Promise<void>) => {
    const { path, card } = await choose(payments);
    const to = await browser.post(`${path}/method`, { method: card, credit: "on", expected });
    await meanwhile();
    await browser.follow(await browser.post(to.location, { card: "4242424242424242" }));
    const page = await words(`${path}/done`);
    return page.slice(page.indexOf("Paid for"));
  };

  test("less than was chosen after a discount, the rest is credit; with credit, all that it took", async () => {
    const payment = await world.payment(aiko, { list: 30_000n, item: "Tuition" });
    const first = await finish([payment], "30000", async () => await discount(payment, 10_000n));
    expect(first).toContain("PaidA$200.00");
    expect(first).not.toContain("A$300.00");
    const next = await world.payment(aiko, { list: 70_000n });
    expect(await finish([next], "60000", async () => {})).toContain("PaidA$700.00");
  });

  test("nothing for a payment that was cancelled meanwhile", async () => {
    const kept = await world.payment(aiko, { list: 5_000n });
    const gone = await world.payment(aiko, { list: 20_000n, due: "2026-12-06" });
    const page = await finish([kept, gone], "25000", async () => await cancel(gone));
    expect(page).toContain("PaidA$50.00");
    expect(page).toContain("CancelledA$0.00");
    expect(await freeCredit(h, aiko)).toBe(20_000n);
  });
});
