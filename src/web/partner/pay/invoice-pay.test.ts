import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import type { InstitutionId } from "#access/principal.ts";
import { applyCharge } from "#features/checkouts/apply-charge.ts";
import type { AttemptId } from "#features/checkouts/checkout.ts";
import { lookNow } from "#features/checkouts/pay-checkout.ts";
import { creditInvoice } from "#features/invoices/credit-invoice.ts";
import type { InvoiceId } from "#features/invoices/invoice.ts";
import { voidInvoice } from "#features/invoices/void-invoice.ts";
import { present } from "#kernel/assert.ts";
import { newId } from "#kernel/ids.ts";
import { money } from "#kernel/money.ts";
import { wake } from "#platform/jobs.ts";
import { testCard } from "#providers/sandbox/cards.ts";
import { payByCard, sendTransfer } from "#providers/sandbox/payer.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import {
  chooseInvoices,
  expectBooksProved,
  invoiceRow,
  raise,
  standsOn,
  startPaying,
} from "../../../../test/support/invoices.ts";
import { count, type MoneyWorld, moneyWorld } from "../../../../test/support/money.ts";

let h: TestHouse;
let world: MoneyWorld;
let institution: InstitutionId;
let browser: Awaited<ReturnType<TestHouse["partner"]>>;

beforeAll(async () => {
  h = await testHouse();
  institution = await h.institution();
}, 60_000);
afterAll(async () => await h?.close());
beforeEach(async () => {
  world = await moneyWorld(h, institution);
  await h.admin.query("update app.channel_product set surcharge_bps = 0");
  const { faults } = world.sandbox;
  for (const calls of [faults.startCharge, faults.lookUp, faults.cancel]) calls.length = 0;
  Object.assign(faults, { events: "once", eventsLateSeconds: 0 });
  browser = await h.partner(world.institution, world.partner);
});

const approved = present(testCard("4242 4242 4242 4242"), "an approved test card");

async function latestAttempt(path: string) {
  const { rows } = await h.admin.query<{ id: AttemptId; state: string; provider_ref: string; reference: string }>(
    "select * from app.payment_attempt where checkout_id = $1 order by id desc limit 1",
    [path.split("/").at(-1)],
  );
  return present(rows[0], "an attempt");
}

async function arrives(minor: bigint, reference: string): Promise<void> {
  await sendTransfer(world.sandbox, world.institution, {
    amount: money(minor, "AUD"),
    reference,
    payerName: "Meridian Pty Ltd",
  });
  await h.drain();
}

const ours = "partnership_id = $1";

describe("a partner pays its invoices by card", () => {
  test("two at once, from the list to paid, without script: income and tax apart, and no receipt", async () => {
    const first = await raise(h, world, { net: 100_001n, due: "2026-11-01" });
    const second = await raise(h, world, { net: 20_000n, taxBps: 0 });
    const list = await browser.get("/partner/invoices");
    expect(list.text).toContain("INV-000001");
    expect(list.text).toContain("overdue");
    const { path, started } = await startPaying(browser, { invoice: ["1", "2"] });
    expect(path).toMatch(/^\/partner\/pay\/chk_/);
    expect(started.location).toMatch(/^\/sandbox\/pay\/ch_/);
    const back = await browser.post(started.location, { card: "4242 4242 4242 4242" });
    expect(back.location).toBe(`${h.house.origin}${path}/done`);
    const done = await browser.follow(back);
    expect(done.text).toContain("is paid");
    expect(done.text).not.toMatch(/receipts\/rcp_/);
    expect(await invoiceRow(h, first.id)).toMatchObject({ state: "paid", paid_minor: 110_001n });
    expect(await invoiceRow(h, second.id)).toMatchObject({ state: "paid", paid_minor: 20_000n });
    expect(await count(h, "app.receipt", "true")).toBe(0);
    expect(await standsOn(h, "partner", world.partner)).toBe(0n);
    await h.drain();
    expect(await count(h, "app.money_received", ours, [world.partner])).toBe(1);
    await expectBooksProved(h, world);
    const page = await browser.get("/partner/invoices/1");
    expect(page.text).toContain("Visa");
  });

  test("20 racing redirects, look-ups and events settle it exactly once", async () => {
    const invoice = await raise(h, world);
    const { path } = await startPaying(browser, { invoice: "1" });
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
    await Promise.all(racers);
    await h.drain();
    expect(await invoiceRow(h, invoice.id)).toMatchObject({ state: "paid", paid_minor: 110_000n });
    expect(await count(h, "app.money_received", ours, [world.partner])).toBe(1);
    expect(await count(h, "app.invoice_allocation", ours, [world.partner])).toBe(1);
    expect(await count(h, "app.audit_entry", "subject = $1 and event = 'invoice.paid'", [invoice.id])).toBe(1);
    await expectBooksProved(h, world);
  });

  test("nobody comes back, and the event never comes: the look-up job settles it", async () => {
    world.sandbox.faults.events = "never";
    const invoice = await raise(h, world);
    const { path } = await startPaying(browser, { invoice: "1" });
    const attempt = await latestAttempt(path);
    await payByCard(world.sandbox, world.institution, attempt.provider_ref, approved);
    h.clock.advance({ minutes: 5 });
    await h.system(world.institution, async (cx) => wake(cx, "provider.look-up", {}));
    await h.drain();
    expect(await invoiceRow(h, invoice.id)).toMatchObject({ state: "paid" });
    await expectBooksProved(h, world);
  });

  test("declined: why, and the way to try again; then a card that needs confirmation pays it", async () => {
    const invoice = await raise(h, world);
    const { path, started } = await startPaying(browser, { invoice: "1" });
    const declined = await browser.follow(await browser.post(started.location, { card: "4000 0000 0000 0002" }));
    expect(declined.text).toContain("did not go through");
    expect(declined.text).toContain(`${path}/review`);
    const again = await browser.get(`${path}/review`);
    const method = /value="(chp_[^"]+)"/.exec(again.text)?.[1] ?? "";
    const to = await browser.post(`${path}/review`, { method, expected: "110000" });
    const confirm = await browser.follow(await browser.post(to.location, { card: "4000 0000 0000 3155" }));
    expect(confirm.text).toContain("onfirm");
    const done = await browser.follow(await browser.post(`${to.location}/confirm`, { answer: "yes" }));
    expect(done.text).toContain("is paid");
    expect(await invoiceRow(h, invoice.id)).toMatchObject({ state: "paid" });
    await expectBooksProved(h, world);
  });

  test("a part, and then the rest: the tax of both parts is the tax of the invoice", async () => {
    const invoice = await raise(h, world, { net: 33_333n });
    for (const part of ["100.01", "200.02"]) {
      const { started } = await startPaying(browser, { invoice: "1", "part.1": part });
      await browser.follow(await browser.post(started.location, { card: "4242 4242 4242 4242" }));
      expect(await invoiceRow(h, invoice.id)).toMatchObject({ state: "partially_paid" });
      await expectBooksProved(h, world);
    }
    const { started } = await startPaying(browser, { invoice: "1" });
    await browser.follow(await browser.post(started.location, { card: "4242 4242 4242 4242" }));
    expect(await invoiceRow(h, invoice.id)).toMatchObject({ state: "paid", paid_minor: 36_666n });
    await expectBooksProved(h, world);
  });

  test("a surcharge is shown before paying, charged on top, and is no part of the invoice", async () => {
    await h.admin.query(`update app.channel_product set surcharge_bps = 150 where kind = 'card'`);
    const invoice = await raise(h, world);
    const { path, review, methods } = await chooseInvoices(browser, { invoice: "1" });
    expect(review.text).toContain("1.5% surcharge: A$16.50");
    const method = methods[0] ?? "";
    const confirm = await browser.follow(await browser.post(`${path}/review`, { method }));
    expect(confirm.text).toContain("Pay A$1,116.50");
    const to = await browser.post(`${path}/method`, { method, expected: "111650" });
    await browser.follow(await browser.post(to.location, { card: "4242 4242 4242 4242" }));
    expect(await invoiceRow(h, invoice.id)).toMatchObject({ state: "paid", paid_minor: 110_000n });
    await expectBooksProved(h, world);
  });
});

describe("a partner's bank transfer", () => {
  test("short is a part payment, the rest pays it; over and twice are owed to the partner, and paid out", async () => {
    const invoice = await raise(h, world);
    const { path, started } = await startPaying(browser, { invoice: "1" }, "bank_transfer");
    expect(started.location).toBe(`${path}/method`);
    const { reference } = await latestAttempt(path);
    await arrives(60_000n, `INV ${reference.toLowerCase()}`);
    expect(await invoiceRow(h, invoice.id)).toMatchObject({ state: "partially_paid", paid_minor: 60_000n });
    expect((await browser.get(`${path}/method`)).text).toContain("has arrived");
    await arrives(55_000n, reference);
    expect(await invoiceRow(h, invoice.id)).toMatchObject({ state: "paid", paid_minor: 110_000n });
    expect(await standsOn(h, "partner", world.partner)).toBe(5_000n);
    await arrives(110_000n, reference);
    expect(await standsOn(h, "partner", world.partner)).toBe(115_000n);
    await h.drain();
    expect(await count(h, "app.payout_line", `${ours} and kind = 'credit'`, [world.partner])).toBe(2);
    expect((await browser.get(`${path}/done`)).text).toContain("was more than needed");
    await expectBooksProved(h, world);
  });

  test("without a known reference it waits for a person, who puts it on the partner's invoices; once", async () => {
    const invoice = await raise(h, world);
    const { path } = await startPaying(browser, { invoice: "1" }, "bank_transfer");
    const { reference } = await latestAttempt(path);
    const mistyped = `${reference.slice(0, 7)}${reference.endsWith("A") ? "B" : "A"}`;
    await arrives(110_000n, mistyped);
    const { rows } = await h.admin.query<{ id: string }>("select id from app.money_received where reference = $1", [
      mistyped,
    ]);
    const at = `/staff/unmatched/${rows[0]?.id}`;
    const staff = await h.staff(world.institution, "OPERATOR");
    const shown = await staff.get(at);
    expect(shown.text).toContain(`${at}?partner=${world.partner}`);
    expect((await staff.get(`${at}?partner=${world.partner}`)).text).toContain("INV-000001");
    const form = { partner: world.partner, invoice: invoice.id };
    const answers = await Promise.all([staff.post(at, form), staff.post(at, form), staff.post(at, form)]);
    expect(answers.filter((answer) => answer.status === 303)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 409)).toHaveLength(2);
    expect(await invoiceRow(h, invoice.id)).toMatchObject({ state: "paid" });
    await arrives(1_000n, "once more, for the same");
    const more = await h.admin.query<{ id: string }>(
      "select id from app.money_received where reference = 'once more, for the same'",
    );
    const stale = await staff.post(`/staff/unmatched/${more.rows[0]?.id}`, form);
    expect(stale.status).toBe(409);
    expect(stale.text).toContain("An invoice that you chose is not owed any more");
    await expectBooksProved(h, world);
  });
});

const makeVoid = async (id: InvoiceId) =>
  await h.system(world.institution, (cx) => voidInvoice(cx, permit(cx.principal, "invoices.write"), id));
const lookAgain = async () => {
  await h.system(world.institution, (cx) => wake(cx, "provider.look-up", {}));
  await h.drain();
};

describe("meanwhile, elsewhere", () => {
  test("an invoice voided in another tab is refused in clear words; money that comes all the same is the partner's", async () => {
    const invoice = await raise(h, world);
    const { path, methods, expected } = await chooseInvoices(browser, { invoice: "1" });
    // Bank details that were shown may never be used: they keep nobody from voiding.
    const { path: second } = await startPaying(browser, { invoice: "1" }, "bank_transfer");
    expect(second).not.toBe(path);
    await makeVoid(invoice.id);
    const refused = await browser.follow(await browser.post(`${path}/review`, { method: methods[0] ?? "", expected }));
    expect(refused.text).toContain("Nothing is left to pay");
    await arrives(110_000n, (await latestAttempt(second)).reference);
    expect(await invoiceRow(h, invoice.id)).toMatchObject({ state: "void", paid_minor: 0n });
    expect(await standsOn(h, "partner", world.partner)).toBe(110_000n);
    await expectBooksProved(h, world);
  });

  test("P7: no invoice is made void while its card page is open; one left open for ever closes, and then it is", async () => {
    const [paid, left] = [await raise(h, world), await raise(h, world)];
    const { started } = await startPaying(browser, { invoice: "1" });
    await expect(makeVoid(paid.id)).rejects.toThrow("is paying this invoice now");
    await browser.follow(await browser.post(started.location, { card: "4242 4242 4242 4242" }));
    expect(await invoiceRow(h, paid.id)).toMatchObject({ state: "paid", paid_minor: 110_000n });
    expect(await standsOn(h, "partner", world.partner)).toBe(0n);
    const { path } = await startPaying(browser, { invoice: "2" });
    h.clock.advance({ minutes: 59 });
    await lookAgain();
    await expect(makeVoid(left.id)).rejects.toThrow("is paying this invoice now");
    h.clock.advance({ minutes: 17 });
    await lookAgain();
    expect((await latestAttempt(path)).state).toBe("failed");
    await makeVoid(left.id);
    expect(await invoiceRow(h, left.id)).toMatchObject({ state: "void", paid_minor: 0n });
    await expectBooksProved(h, world);
  });

  test("an invoice paid or credited meanwhile: the old page says so, and nothing is charged", async () => {
    const invoice = await raise(h, world);
    const old = await chooseInvoices(browser, { invoice: "1" });
    const form = { method: old.methods[0] ?? "", expected: old.expected };
    await h.system(world.institution, (cx) =>
      creditInvoice(cx, permit(cx.principal, "invoices.write"), {
        key: newId("inv", cx.now, cx.random),
        invoice: invoice.id,
        wish: new Map([[1, 50_000n]]),
        reason: "Too much",
      }),
    );
    expect((await browser.follow(await browser.post(`${old.path}/review`, form))).text).toContain("has changed");
    const { started } = await startPaying(browser, { invoice: "1" });
    await browser.follow(await browser.post(started.location, { card: "4242 4242 4242 4242" }));
    expect(await invoiceRow(h, invoice.id)).toMatchObject({ state: "paid", paid_minor: 55_000n });
    const late = await browser.follow(await browser.post(`${old.path}/review`, form));
    expect(late.text).toContain("This was paid meanwhile");
    expect(await count(h, "app.money_received", ours, [world.partner])).toBe(1);
    await expectBooksProved(h, world);
  });

  test("20 presses of the button at once make one charge", async () => {
    await raise(h, world, { net: 41_100n, taxBps: 0 });
    const { path, methods } = await chooseInvoices(browser, { invoice: "1" });
    const press = () => browser.post(`${path}/review`, { method: methods[0] ?? "", expected: "41100" });
    await Promise.all(Array.from({ length: 20 }, press));
    const open = await count(h, "app.payment_attempt", `${ours} and state = 'requires_action'`, [world.partner]);
    expect(open).toBeLessThanOrEqual(1);
  });
});
