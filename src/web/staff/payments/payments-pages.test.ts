import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import type { CustomerId, InstitutionId } from "#access/principal.ts";
import { createCustomer } from "#features/customers/create-customer.ts";
import { upsertPartnerships } from "#features/partnerships/upsert-partnerships.ts";
import { createPayment } from "#features/payments/create-payment.ts";
import type { Payment } from "#features/payments/payment.ts";
import { paymentsOfCustomer, readPayment } from "#features/payments/payment-views.ts";
import { money } from "#kernel/money.ts";
import type { Browser } from "../../../../test/support/browser.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";

let h: TestHouse;
let institution: InstitutionId;
let owner: Browser;
let operator: Browser;
let viewer: Browser;
let customer: CustomerId;
let partner: string;

beforeAll(async () => {
  h = await testHouse();
  institution = await h.institution();
  owner = await h.staff(institution, "OWNER");
  operator = await h.staff(institution, "OPERATOR");
  viewer = await h.staff(institution, "VIEWER");
  await h.system(institution, async (cx) => {
    const [made] = await upsertPartnerships(cx, permit(cx.principal, "partnerships.write"), [
      {
        external_id: "P1",
        name: "Meridian",
        kind: "agent",
        currency: "AUD",
        commission_percent: "70",
        commission_tax: "exclusive",
      },
    ]);
    partner = made && "id" in made ? made.id : "";
    const may = permit(cx.principal, "customers.write");
    customer = (
      await createCustomer(cx, may, {
        given_name: "Aiko",
        family_name: "Tanaka",
        email: "aiko@s.example",
        partnership: partner,
      })
    ).id;
  });
});
afterAll(() => h.close());

async function made(over: Partial<Parameters<typeof createPayment>[2]> = {}): Promise<Payment> {
  return await h.system(institution, (cx) =>
    createPayment(cx, permit(cx.principal, "payments.write"), {
      customer,
      item: "Tuition",
      list: money(100_000n, "AUD"),
      dueDate: Temporal.PlainDate.from("2026-12-05"),
      ...over,
    }),
  );
}

/** A hidden field of the page, by name. */
function hidden(text: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1]?.replaceAll("&amp;", "&") ?? "";
}

const typed = (over: Record<string, string> = {}) => ({
  customer,
  kind: "single",
  item: "Course fee",
  amount: "1000.00",
  currency: "AUD",
  due_date: "2026-12-05",
  partner_1: partner,
  value_1: "70",
  discount: "100",
  discount_reason: "Early bird",
  ...over,
});

describe("creating a payment", () => {
  test("the form starts with the customer's partner and its usual share", async () => {
    const page = await owner.get(`/staff/payments/new?customer=${customer}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain('value="70"');
  });

  test("write, check, done: list, shares, discount and keep stand side by side before anything is created", async () => {
    const key = hidden((await owner.get(`/staff/payments/new?customer=${customer}`)).text, "key");
    const check = await owner.post("/staff/payments/new", { ...typed({ key }), step: "check" });
    expect(check.status).toBe(200);
    const figures = check.text.replaceAll(/<[^>]+>/g, "");
    for (const figure of ["1,000.00", "700.00", "−AUD\u00a0100.00", "900.00", "200.00"])
      expect(figures).toContain(figure);
    expect(await h.system(institution, (cx) => paymentsOfCustomer(cx, customer))).toHaveLength(0);
    const done = await owner.post("/staff/payments/new", { ...typed({ key }), step: "create" });
    expect(done.status).toBe(303);
    const again = await owner.post("/staff/payments/new", { ...typed({ key }), step: "create" });
    expect(again.location).toBe(done.location);
    const shown = await owner.follow(done);
    expect(shown.text).toContain("The payment was created.");
    expect(shown.text).toContain("Early bird");
  });

  test("a plan makes a payment for each instalment, once", async () => {
    const plan = {
      ...typed({ kind: "plan", count: "3", every: "month", value_1: "10", discount: "" }),
      key: "pay_01kb5f4dmaf0kas8ryj6xgt2t9",
    };
    const check = await owner.post("/staff/payments/new", { ...plan, step: "check" });
    expect(check.text).toContain("Course fee, instalment 3 of 3");
    for (let twice = 0; twice < 2; twice++) await owner.post("/staff/payments/new", { ...plan, step: "create" });
    const stored = await h.system(institution, (cx) => paymentsOfCustomer(cx, customer));
    expect(stored.filter((one) => one.planId !== undefined).map((one) => one.list.minor)).toEqual([
      33_334n,
      33_333n,
      33_333n,
    ]);
  });

  test.each([
    ["0", "above zero"],
    ["-5", "negative"],
    ["9007199254740992", "too large"],
    ["1.005", "at most 2 decimals"],
    ["1,000.00", "no thousands separators"],
    ["1e3", "digits"],
    ["NaN", "digits"],
    ["", "digits"],
    ["9".repeat(100_000), "digits"],
  ])("422: an amount of %.12s is said to be wrong, and what was typed is kept", async (amount, words) => {
    const page = await owner.post("/staff/payments/new", { ...typed({ amount, item: "<b>Kept</b>" }), step: "check" });
    expect(page.status).toBe(422);
    expect(page.text).toContain(words);
    expect(page.text).toContain("<title>Error: ");
    expect(page.text).toContain('value="&lt;b&gt;Kept&lt;/b&gt;"');
    expect(page.text).not.toContain("<b>Kept</b>");
  });

  test("422: JPY has no decimals, an unknown currency, a date that is none, a discount above the keep, too much text", async () => {
    const send = async (over: Record<string, string>) =>
      (await owner.post("/staff/payments/new", { ...typed(over), step: "check" })).text;
    expect(await send({ currency: "JPY", amount: "1000.50" })).toContain("JPY has no decimals");
    expect(await send({ currency: "XXX" })).toContain("currency code");
    expect(await send({ due_date: "2026-02-31" })).toContain("not in the calendar");
    expect(await send({ discount: "300.01" })).toContain("at most AUD 300.00");
    expect(await send({ item: "x".repeat(100_000) })).toContain("at most 200 characters");
    expect(await send({ item: "" })).toContain("what it is for");
    expect(await send({ item: "\u202e\u200b" })).not.toContain("Check the payment");
  });

  test("403: who may not discount can't, and has no field for it", async () => {
    const form = await operator.get(`/staff/payments/new?customer=${customer}`);
    expect(form.text).not.toContain('name="discount"');
    expect((await operator.post("/staff/payments/new", { ...typed(), step: "create" })).status).toBe(403);
    expect((await viewer.get(`/staff/payments/new?customer=${customer}`)).status).toBe(403);
  });
});

describe("changing, cancelling", () => {
  test("an edit is saved and shown; the same form again is a conflict", async () => {
    const payment = await made();
    const path = `/staff/payments/${payment.id}`;
    const version = hidden((await owner.get(`${path}/edit`)).text, "version");
    const edit = { item: "Tuition, changed", amount: "900.00", due_date: "2026-12-06", version };
    h.clock.advance({ seconds: 1 });
    const saved = await owner.follow(await owner.post(`${path}/edit`, edit));
    expect(saved.text).toContain("The changes were saved.");
    expect(saved.text).toContain("Tuition, changed");
    expect((await owner.post(`${path}/edit`, { ...edit, item: "Late" })).status).toBe(409);
  });

  test("cancelled: asked first, then nothing is owed and the page says so", async () => {
    const payment = await made();
    const path = `/staff/payments/${payment.id}`;
    expect((await owner.get(`${path}/cancel`)).text).toContain("Cancel the payment");
    const shown = await owner.follow(await owner.post(`${path}/cancel`, { reason: "Left" }));
    expect(shown.text).toContain("Nothing is owed on it any more");
    expect((await owner.get(`${path}/cancel`)).status).toBe(409);
    expect((await owner.get(`${path}/edit`)).status).toBe(409);
  });

  test("404: a payment of another institution", async () => {
    const other = await h.staff(await h.institution({ host: "other.example", name: "Other" }), "OWNER");
    const payment = await made();
    for (const page of ["", "/edit", "/cancel", "/record", "/refund"]) {
      expect((await other.get(`/staff/payments/${payment.id}${page}`)).status).toBe(404);
    }
  });
});

describe("money taken by hand", () => {
  test("form, check page, done: a part and then the rest; the same form twice records once", async () => {
    const payment = await made();
    const path = `/staff/payments/${payment.id}/record`;
    const form = await operator.get(path);
    expect(form.text).toContain('value="1000.00"');
    const sent = {
      [`amount_${payment.id}`]: "400.00",
      received_on: "2026-11-20",
      method: "Cash",
      note: "Till 3",
      version: hidden(form.text, "version"),
    };
    const check = await operator.post(path, { ...sent, step: "check" });
    expect(check.text).toContain("Record AUD\u00a0400.00");
    expect((await h.system(institution, (cx) => readPayment(cx, payment.id))).paid.minor).toBe(0n);
    h.clock.advance({ seconds: 1 });
    expect((await operator.post(path, { ...sent, step: "record" })).status).toBe(303);
    expect((await operator.post(path, { ...sent, step: "record" })).status).toBe(409);
    const read = await h.system(institution, (cx) => readPayment(cx, payment.id));
    expect([read.state, read.paid.minor]).toEqual(["partially_paid", 40_000n]);
    const page = await viewer.get(`/staff/payments/${payment.id}`);
    expect(page.text).toContain("Receipt R-");
    expect(page.text).toContain("In the books");
  });

  test("several of a customer at once; more than is owed is said to stay as credit", async () => {
    const [a, b] = [await made({ item: "A" }), await made({ item: "B" })];
    const path = `/staff/customers/${customer}/record`;
    const version = hidden((await owner.get(path)).text, "version");
    const sent = {
      [`amount_${a.id}`]: "1000",
      [`amount_${b.id}`]: "1200",
      received_on: "2026-11-21",
      method: "Cheque",
      currency: "AUD",
      version,
    };
    expect((await owner.post(path, { ...sent, step: "check" })).text).toContain("Stays as credit");
    const done = await owner.follow(await owner.post(path, { ...sent, step: "record" }));
    expect(done.text).toContain("The money was recorded.");
    expect(done.text).toContain("Credit");
  });

  test("422: nothing written, a day to come, an amount of nothing; the form is kept", async () => {
    const payment = await made();
    const path = `/staff/payments/${payment.id}/record`;
    const send = (over: Record<string, string>) =>
      owner.post(path, {
        [`amount_${payment.id}`]: "1",
        received_on: "2026-11-21",
        method: "Cash",
        note: "kept note",
        step: "check",
        ...over,
      });
    for (const [over, words] of [
      [{ [`amount_${payment.id}`]: "" }, "at least one payment"],
      [{ [`amount_${payment.id}`]: "0" }, "above zero"],
      [{ received_on: "2026-11-23" }, "today or earlier"],
      [{ received_on: "yesterday" }, "year-month-day"],
      [{ method: "Barter" }, "Write one of"],
    ] as const) {
      const page = await send(over);
      expect(page.status).toBe(422);
      expect(page.text).toContain(words);
      expect(page.text).toContain("kept note");
    }
  });
});

describe("refunds", () => {
  test("half the list amount: shares and keep give back their part, the books show it, twice is refused", async () => {
    const payment = await made({
      discount: money(10_000n, "AUD"),
      shares: [{ partnershipId: partner, rateBps: 7_000 }],
    });
    const record = `/staff/payments/${payment.id}/record`;
    const version = hidden((await owner.get(record)).text, "version");
    const sent = { [`amount_${payment.id}`]: "900", received_on: "2026-11-21", method: "Cash", version };
    expect((await owner.post(record, { ...sent, step: "record" })).status).toBe(303);
    const path = `/staff/payments/${payment.id}/refund`;
    const form = {
      of: "list",
      amount: "500",
      how: "by_hand",
      reason: "Left early",
      version: hidden((await owner.get(path)).text, "version"),
    };
    const check = await owner.post(path, { ...form, step: "check" });
    expect(check.text).toContain("Refund AUD\u00a0450.00");
    expect(check.text.replaceAll(/<[^>]+>/g, "")).toContain("350.00");
    h.clock.advance({ seconds: 1 });
    const done = await owner.follow(await owner.post(path, { ...form, step: "refund" }));
    expect(done.text).toContain("The refund is done.");
    expect(done.text).toContain("Part refunded");
    expect((await owner.post(path, { ...form, step: "refund" })).status).toBe(409);
    expect((await owner.post(path, { ...form, amount: "500.01", step: "check" })).status).toBe(422);
  });

  test("403 for an operator, 409 for what is not paid", async () => {
    const payment = await made();
    expect((await operator.get(`/staff/payments/${payment.id}/refund`)).status).toBe(403);
    expect((await owner.get(`/staff/payments/${payment.id}/refund`)).status).toBe(409);
  });
});
