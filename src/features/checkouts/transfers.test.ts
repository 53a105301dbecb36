import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import type { CustomerId } from "#access/principal.ts";
import { spacedReference } from "#features/checkouts/reference.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import { upsertPayments } from "#features/payments/upsert-payments.ts";
import { present } from "#kernel/assert.ts";
import { money } from "#kernel/money.ts";
import { wake } from "#platform/jobs.ts";
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
let browser: Awaited<ReturnType<TestHouse["customer"]>>;

beforeAll(async () => {
  h = await testHouse();
  world = await moneyWorld(h);
}, 60_000);
afterAll(async () => await h?.close());
beforeEach(async () => {
  world.sandbox.faults.events = "once";
  aiko = await world.customer();
  browser = await h.customer(world.institution, aiko);
});

/** Chooses bank transfer; answers the checkout's path and the reference on the page. */
async function announce(payments: readonly PaymentId[]) {
  const opened = await browser.post("/pay", { payment: payments });
  const review = await browser.get(opened.location);
  const expected = /name="expected" value="(\d+)"/.exec(review.text)?.[1] ?? "";
  const methods = [...review.text.matchAll(/value="(chp_[^"]+)"/g)].map((found) => found[1] ?? "");
  const paid = await browser.post(opened.location, { method: methods[1] ?? "", expected });
  const path = opened.location.replace("/review", "");
  expect(paid.location).toBe(`${path}/method`);
  const { rows } = await h.admin.query<{ reference: string }>(
    "select reference from app.payment_attempt where checkout_id = $1 order by id desc limit 1",
    [path.split("/").at(-1)],
  );
  return { path, reference: present(rows[0], "an attempt").reference };
}

async function arrives(minor: bigint, reference: string, currency: "AUD" | "USD" = "AUD"): Promise<void> {
  await sendTransfer(world.sandbox, world.institution, {
    amount: money(minor, currency),
    reference,
    payerName: "Aiko Tanaka",
  });
  await h.drain();
}

describe("a bank transfer", () => {
  test("the page shows amount, reference and account; the whole amount arriving pays it", async () => {
    const payment = await world.payment(aiko, { list: 185_000n, shareBps: 1_000 });
    const { path, reference } = await announce([payment]);
    const shown = await browser.get(`${path}/method`);
    expect(shown.text).toContain(spacedReference(reference));
    expect(shown.text).toContain("1,850");
    await arrives(185_000n, `Tuition ${spacedReference(reference).toLowerCase()}`);
    expect(await paymentRow(h, payment)).toMatchObject({ state: "paid" });
    expect((await browser.follow(await browser.get(`${path}/method`))).text).toContain("is paid");
    await expectBooksInOrder(h, world.institution);
  });

  test("short: part paid and held, oldest first; the rest pays it; each arrival has its receipt", async () => {
    const later = await world.payment(aiko, { list: 50_000n, due: "2026-12-20" });
    const older = await world.payment(aiko, { list: 100_000n, due: "2026-11-01", shareBps: 1_000, discount: 10_000n });
    const { path, reference } = await announce([later, older]);
    await arrives(60_000n, reference);
    expect(await paymentRow(h, older)).toMatchObject({ state: "partially_paid", paid_minor: 60_000n });
    expect(await paymentRow(h, later)).toMatchObject({ state: "open", paid_minor: 0n });
    expect(await freeCredit(h, aiko)).toBe(0n);
    const shown = await browser.get(`${path}/method`);
    expect(shown.text).toContain("has arrived");
    await expectBooksInOrder(h, world.institution);
    await arrives(80_000n, reference);
    expect(await paymentRow(h, older)).toMatchObject({ state: "paid", paid_minor: 90_000n });
    expect(await paymentRow(h, later)).toMatchObject({ state: "paid", paid_minor: 50_000n });
    expect(await count(h, "app.receipt", "customer_id = $1", [aiko])).toBe(2);
    await expectBooksInOrder(h, world.institution);
  });

  test("over, and twice: what is too much stays as credit and is offered against the next payment", async () => {
    const payment = await world.payment(aiko, { list: 50_000n });
    const { reference } = await announce([payment]);
    await arrives(55_000n, reference);
    expect(await freeCredit(h, aiko)).toBe(5_000n);
    await arrives(50_000n, reference);
    expect(await freeCredit(h, aiko)).toBe(55_000n);
    await expectBooksInOrder(h, world.institution);
    const next = await world.payment(aiko, { list: 70_000n, item: "Exam fee" });
    const opened = await browser.post("/pay", { payment: next });
    const review = await browser.get(opened.location);
    expect(review.text).toContain("Use my credit of A$550.00");
    const method = /value="(chp_[^"]+)"/.exec(review.text)?.[1] ?? "";
    const confirm = await browser.follow(await browser.post(opened.location, { method, credit: "on" }));
    expect(confirm.text).toContain("Pay A$150.00");
    const to = await browser.post(opened.location.replace("/review", "/method"), {
      method,
      credit: "on",
      expected: "15000",
    });
    await browser.follow(await browser.post(to.location, { card: "4242424242424242" }));
    expect(await paymentRow(h, next)).toMatchObject({ state: "paid", paid_minor: 70_000n });
    expect(await freeCredit(h, aiko)).toBe(0n);
    await expectBooksInOrder(h, world.institution);
  });

  test("credit that covers all of it pays without a provider, and only once", async () => {
    const payment = await world.payment(aiko, { list: 50_000n });
    const { reference } = await announce([payment]);
    await arrives(90_000n, reference);
    const next = await world.payment(aiko, { list: 40_000n });
    const opened = await browser.post("/pay", { payment: next });
    const method = /value="(chp_[^"]+)"/.exec((await browser.get(opened.location)).text)?.[1] ?? "";
    const form = { method, credit: "on", expected: "0" };
    const path = opened.location.replace("/review", "/method");
    const answers = await Promise.all(Array.from({ length: 8 }, () => browser.post(path, form)));
    expect(answers.every((answer) => answer.status === 303)).toBe(true);
    expect(await paymentRow(h, next)).toMatchObject({ state: "paid" });
    expect(await freeCredit(h, aiko)).toBe(0n);
    expect((await browser.get(path.replace("/method", "/done"))).text).toContain("paid with your credit");
    expect((await browser.get("/payments")).text).toContain("21 Nov 2026");
    await expectBooksInOrder(h, world.institution);
  });

  test("given up and paid by card; the transfer that comes after all becomes credit", async () => {
    const payment = await world.payment(aiko, { list: 50_000n });
    const { path, reference } = await announce([payment]);
    const review = await browser.get(`${path}/review`);
    const method = /value="(chp_[^"]+)"/.exec(review.text)?.[1] ?? "";
    const to = await browser.post(`${path}/review`, { method, expected: "50000" });
    expect(to.location).toMatch(/^\/sandbox\/pay\//);
    await browser.follow(await browser.post(to.location, { card: "4242424242424242" }));
    expect(await paymentRow(h, payment)).toMatchObject({ state: "paid" });
    await arrives(50_000n, reference);
    expect(await freeCredit(h, aiko)).toBe(50_000n);
    await expectBooksInOrder(h, world.institution);
  });

  test("no event ever: the look-up job compares what landed with what we know", async () => {
    world.sandbox.faults.events = "never";
    const payment = await world.payment(aiko, { list: 50_000n });
    const { reference } = await announce([payment]);
    await arrives(50_000n, reference);
    await h.system(world.institution, async (cx) => wake(cx, "provider.look-up", {}));
    await h.drain();
    await h.system(world.institution, async (cx) => wake(cx, "provider.look-up", {}));
    await h.drain();
    expect(await paymentRow(h, payment)).toMatchObject({ state: "paid" });
    expect(await count(h, "app.money_received", "customer_id = $1", [aiko])).toBe(1);
  });
});

test("a payment whose currency an import changed: the money arrives all the same, and stays as credit", async () => {
  const payment = await world.payment(aiko, { list: 50_000n, item: "Moved to USD" });
  const other = await world.payment(aiko, { list: 20_000n, due: "2026-12-20" });
  const { reference } = await announce([payment, other]);
  await h.admin.query("update app.customer set external_id = 'C-moved' where id = $1", [aiko]);
  await h.admin.query("update app.payment set external_id = 'P-moved' where id = $1", [payment]);
  const row = {
    customer_external_id: "C-moved",
    external_id: "P-moved",
    item: "Moved to USD",
    amount: "500.00",
    currency: "USD",
    due_date: "2026-12-05",
  };
  const imported = await h.system(
    world.institution,
    async (cx) => await upsertPayments(cx, permit(cx.principal, "payments.write"), [row]),
  );
  expect(imported).toMatchObject([{ outcome: "updated" }]);
  await arrives(70_000n, reference);
  expect(await paymentRow(h, payment)).toMatchObject({ state: "open", paid_minor: 0n });
  expect(await paymentRow(h, other)).toMatchObject({ state: "paid", paid_minor: 20_000n });
  expect(await freeCredit(h, aiko)).toBe(50_000n);
  expect(await freeCredit(h, aiko, "USD")).toBe(0n);
  await expectBooksInOrder(h, world.institution);
});

test("a checkout whose payment has another currency now is refused, with card and with credit alone", async () => {
  const earlier = await world.payment(aiko, { list: 1_000n });
  const { reference } = await announce([earlier]);
  await arrives(91_000n, reference);
  const payment = await world.payment(aiko, { list: 50_000n });
  const opened = await browser.post("/pay", { payment });
  await h.admin.query("update app.payment set currency = 'USD' where id = $1", [payment]);
  const methods = [...(await browser.get(opened.location)).text.matchAll(/value="(chp_[^"]+)"/g)];
  for (const form of [{ expected: "50000" }, { credit: "on", expected: "0" }]) {
    const answer = await browser.post(opened.location.replace("/review", "/method"), {
      method: methods[0]?.[1] ?? "",
      ...form,
    });
    expect(answer.location).toContain("why=changed");
  }
  expect(await freeCredit(h, aiko)).toBe(90_000n);
  await expectBooksInOrder(h, world.institution);
});

describe("money that nobody can match", () => {
  test("no reference, a mistyped one, or another currency: it waits for a person", async () => {
    const payment = await world.payment(aiko, { list: 50_000n });
    const { reference } = await announce([payment]);
    const before = await count(h, "app.money_received", "state = 'unmatched'");
    await arrives(50_000n, "");
    await arrives(50_000n, `${reference.slice(0, 7)}${reference.endsWith("A") ? "B" : "A"}`);
    await arrives(50_000n, reference, "USD");
    expect(await count(h, "app.money_received", "state = 'unmatched'")).toBe(before + 3);
    expect(await paymentRow(h, payment)).toMatchObject({ state: "open" });
    await expectBooksInOrder(h, world.institution);
  });

  test("staff see it with who it may be, match it to a customer, and it pays what is due; once", async () => {
    const older = await world.payment(aiko, { list: 30_000n, due: "2026-11-01", item: "Older" });
    const later = await world.payment(aiko, { list: 30_000n, due: "2027-06-01", item: "Far away" });
    const { reference } = await announce([older]);
    const mistyped = `${reference.slice(0, 7)}${reference.endsWith("A") ? "B" : "A"}`;
    await arrives(45_000n, mistyped);
    const { rows } = await h.admin.query<{ id: string }>(
      "select id from app.money_received where reference = $1 and state = 'unmatched'",
      [mistyped],
    );
    const path = `/staff/unmatched/${rows[0]?.id}`;
    const staff = await h.staff(world.institution, "OPERATOR");
    expect((await staff.get("/staff/unmatched")).text).toContain(mistyped);
    expect((await staff.get(path)).text).toContain("The reference is nearly the same");
    const chosen = await staff.get(`${path}?customer=${aiko}`);
    expect(chosen.text).toContain("Match AUD");
    const form = { customer: aiko, payment: [older] };
    const answers = await Promise.all([staff.post(path, form), staff.post(path, form), staff.post(path, form)]);
    expect(answers.filter((answer) => answer.status === 303)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 409)).toHaveLength(2);
    expect(await paymentRow(h, older)).toMatchObject({ state: "paid" });
    expect(await paymentRow(h, later)).toMatchObject({ state: "open" });
    expect(await freeCredit(h, aiko)).toBe(15_000n);
    await expectBooksInOrder(h, world.institution);
  });

  test("409: a choice that owes nothing any more; the page says so and keeps the others. 404: a foreign one", async () => {
    const gone = await world.payment(aiko, { list: 30_000n, item: "Gone" });
    const kept = await world.payment(aiko, { list: 20_000n, item: "Kept" });
    const foreign = await world.payment(await world.customer("Ken"), { list: 20_000n });
    await arrives(50_000n, "no reference, for two");
    const { rows } = await h.admin.query<{ id: string }>(
      "select id from app.money_received where reference = 'no reference, for two'",
    );
    const path = `/staff/unmatched/${rows[0]?.id}`;
    const staff = await h.staff(world.institution);
    await staff.post(`/staff/payments/${gone}/cancel`, { reason: "" });
    const answer = await staff.post(path, { customer: aiko, payment: [gone, kept] });
    expect(answer.status).toBe(409);
    expect(answer.text).toContain("Nothing is owed on Gone in AUD any more");
    expect(answer.text).toContain(`value="${kept}" checked`);
    expect((await staff.post(path, { customer: aiko, payment: [kept, foreign] })).status).toBe(404);
    expect(await paymentRow(h, kept)).toMatchObject({ state: "open", paid_minor: 0n });
    expect((await staff.post(path, { customer: aiko, payment: [kept] })).status).toBe(303);
    expect(await paymentRow(h, kept)).toMatchObject({ state: "paid" });
  });

  test("404 and 403: a viewer can't match, and nobody matches to a foreign customer", async () => {
    await arrives(1_000n, "nothing we know");
    const { rows } = await h.admin.query<{ id: string }>("select id from app.money_received where state = 'unmatched'");
    const path = `/staff/unmatched/${rows[0]?.id}`;
    const viewer = await h.staff(world.institution, "VIEWER");
    expect((await viewer.get(path)).status).toBe(403);
    expect((await viewer.post(path, { customer: aiko })).status).toBe(403);
    const owner = await h.staff(world.institution, "OWNER");
    const foreign = "cus_00000000000000000000000009";
    expect((await owner.post(path, { customer: foreign })).status).toBe(404);
  });
});
