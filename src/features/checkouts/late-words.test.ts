import { afterAll, beforeAll, expect, test } from "vitest";
import type { CustomerId } from "#access/principal.ts";
import { applyCharge } from "#features/checkouts/apply-charge.ts";
import type { AttemptId } from "#features/checkouts/checkout.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import { present } from "#kernel/assert.ts";
import { money } from "#kernel/money.ts";
import { wake } from "#platform/jobs.ts";
import type { Charge } from "#providers/provider.ts";
import { sendTransfer } from "#providers/sandbox/payer.ts";
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

beforeAll(async () => {
  h = await testHouse();
  world = await moneyWorld(h);
  aiko = await world.customer();
}, 60_000);
afterAll(async () => await h?.close());

/** An attempt that waits for the payer, by card or by transfer. */
async function attemptFor(payment: PaymentId, kind: "card" | "bank_transfer", whose = aiko) {
  const browser = await h.customer(world.institution, whose);
  const opened = await browser.post("/pay", { payment });
  const review = await browser.get(opened.location);
  const methods = [...review.text.matchAll(/value="(chp_[^"]+)"/g)].map((found) => found[1] ?? "");
  const expected = /name="expected" value="(\d+)"/.exec(review.text)?.[1] ?? "";
  await browser.post(opened.location, { method: methods[kind === "card" ? 0 : 1] ?? "", expected });
  type Row = { id: AttemptId; checkout_id: string; state: string; provider_ref: string; reference: string };
  const { rows } = await h.admin.query<Row>(
    "select id, checkout_id, state, provider_ref, reference from app.payment_attempt where checkout_id = $1",
    [opened.location.split("/")[2]],
  );
  return present(rows[0], "an attempt");
}

async function stateOf(id: AttemptId) {
  const { rows } = await h.admin.query<{ state: string; failure_reason: string }>(
    "select state, failure_reason from app.payment_attempt where id = $1",
    [id],
  );
  return present(rows[0], "an attempt");
}

test("a word that comes late takes nothing back, in whatever order words come", async () => {
  const payment = await world.payment(aiko, { list: 50_000n });
  const attempt = await attemptFor(payment, "card");
  const shared = { ref: attempt.provider_ref, amount: money(50_000n, "AUD"), reference: attempt.reference };
  const says = async (charge: Charge) =>
    void (await h.system(world.institution, async (cx) => await applyCharge(cx, attempt.id, charge)));
  const waits: Charge = { ...shared, state: "requires_action", actionUrl: "/x", instructions: undefined };
  await says({ ...shared, state: "processing" });
  await says(waits);
  expect(await stateOf(attempt.id)).toMatchObject({ state: "processing" });
  await says({ ...shared, state: "failed", reason: "declined" });
  await says({ ...shared, state: "processing" });
  expect(await stateOf(attempt.id)).toMatchObject({ state: "failed", failure_reason: "declined" });
  const paid: Charge = { ...shared, state: "succeeded", methodLabel: "Visa", receivedAt: h.clock.now() };
  // Money is the last word: a provider that first said no and then took the money is believed.
  await says(paid);
  await says({ ...shared, state: "failed", reason: "declined" });
  await says(waits);
  await says(paid);
  expect(await stateOf(attempt.id)).toMatchObject({ state: "succeeded", failure_reason: "" });
  expect(await paymentRow(h, payment)).toMatchObject({ state: "paid" });
  expect(await count(h, "app.money_received", "attempt_id = $1", [attempt.id])).toBe(1);
  await expectBooksInOrder(h, world.institution);
});

test("a card that took less than was asked for: the page says what arrived, and what is still to pay", async () => {
  const payment = await world.payment(aiko, { list: 50_000n });
  const attempt = await attemptFor(payment, "card");
  await says(attempt, { amount: money(30_000n, "AUD") });
  expect(await paymentRow(h, payment)).toMatchObject({ state: "partially_paid", paid_minor: 30_000n });
  const page = (await (await h.customer(world.institution, aiko)).get(`/pay/${attempt.checkout_id}/done`)).text;
  expect(page).toContain("A$300.00 is paid");
  expect(page).toContain("A$200.00 still to pay");
  await expectBooksInOrder(h, world.institution);
});

test("a card that took another currency: the money waits for a person, once, and the payment can be paid", async () => {
  const payment = await world.payment(aiko, { list: 50_000n });
  const attempt = await attemptFor(payment, "card");
  await says(attempt, { amount: money(50_000n, "USD") });
  await says(attempt, { amount: money(50_000n, "USD") });
  expect(await stateOf(attempt.id)).toMatchObject({ state: "failed", failure_reason: "could_not_process" });
  expect(await count(h, "app.money_received", "state = 'unmatched' and reference = $1", [attempt.reference])).toBe(1);
  expect(await paymentRow(h, payment)).toMatchObject({ state: "open", paid_minor: 0n });
  await attemptFor(payment, "card");
  await expectBooksInOrder(h, world.institution);
});

test("a payment that was cancelled meanwhile is not called paid: its money is credit, and the page says so", async () => {
  const ben = await world.customer("Ben");
  const payment = await world.payment(ben, { list: 50_000n, item: "Not wanted" });
  const attempt = await attemptFor(payment, "card", ben);
  const staff = await h.staff(world.institution);
  expect((await staff.post(`/staff/payments/${payment}/cancel`, { reason: "" })).status).toBe(303);
  await says(attempt, { amount: money(50_000n, "AUD") });
  expect(await paymentRow(h, payment)).toMatchObject({ state: "cancelled", paid_minor: 0n });
  expect(await freeCredit(h, ben)).toBe(50_000n);
  const page = (await (await h.customer(world.institution, ben)).get(`/pay/${attempt.checkout_id}/done`)).text;
  expect(page).toContain("A$500.00 was more than needed");
  expect(page).toContain("Cancelled");
  await expectBooksInOrder(h, world.institution);
});

async function says(attempt: Awaited<ReturnType<typeof attemptFor>>, took: Pick<Charge, "amount">): Promise<void> {
  const shared = { ref: attempt.provider_ref, reference: attempt.reference };
  const charge: Charge = { ...shared, ...took, state: "succeeded", methodLabel: "Visa", receivedAt: h.clock.now() };
  await h.system(world.institution, async (cx) => await applyCharge(cx, attempt.id, charge));
}

test("a hosted page that nobody finished runs out, and that is no failure beside the payment", async () => {
  const payment = await world.payment(aiko, { list: 50_000n });
  const attempt = await attemptFor(payment, "card");
  h.clock.advance({ hours: 2 });
  await look();
  expect(await stateOf(attempt.id)).toMatchObject({ state: "failed", failure_reason: "expired" });
  const browser = await h.customer(world.institution, aiko);
  expect((await browser.get(`/payments/${payment}`)).text).not.toContain("declined");
});

test("a transfer is waited for 14 days; money that comes even later still finds its payment", async () => {
  const payment = await world.payment(aiko, { list: 50_000n, due: "2026-11-25" });
  const attempt = await attemptFor(payment, "bank_transfer");
  h.clock.advance({ hours: 24 * 13 });
  await look();
  expect(await stateOf(attempt.id)).toMatchObject({ state: "requires_action" });
  h.clock.advance({ hours: 24 * 2 });
  await look();
  expect(await stateOf(attempt.id)).toMatchObject({ state: "failed", failure_reason: "expired" });
  const transfer = { amount: money(50_000n, "AUD"), reference: attempt.reference, payerName: "" };
  await sendTransfer(world.sandbox, world.institution, transfer);
  await h.drain();
  expect(await paymentRow(h, payment)).toMatchObject({ state: "paid" });
  await expectBooksInOrder(h, world.institution);
});

async function look(): Promise<void> {
  await h.system(world.institution, async (cx) => wake(cx, "provider.look-up", {}));
  await h.drain();
}
