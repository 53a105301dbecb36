import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PayoutId } from "#features/payouts/payout.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { type PayoutWorld, payoutWorld } from "../../../../test/support/payout-world.ts";

let h: TestHouse;
let world: PayoutWorld;
let id: PayoutId;
let other: PayoutId;

beforeAll(async () => {
  h = await testHouse();
  world = await payoutWorld(h);
  await world.contact();
  await world.account();
  await world.account("9201", "USD");
  await world.earn(100_000n);
  await world.earn(200_000n, "USD");
  await world.look();
  await world.pass({ hours: 24 * 5 + 4 });
  const payouts = await world.payouts();
  id = payouts.find((one) => one.total.currency === "AUD")?.id as PayoutId;
  other = payouts.find((one) => one.total.currency === "USD")?.id as PayoutId;
}, 60_000);
afterAll(async () => await h?.close());

/** What a reader sees of a page, without its tags. */
const plain = (text: string) => text.replaceAll(/<[^>]+>/g, "");

describe("payouts on staff pages", () => {
  test("the list narrows by status, partner, currency, day and words, and the file holds exactly those rows", async () => {
    const staff = await h.staff(world.institution);
    const rows = (text: string) => [...text.matchAll(/aria-label="(PO-\d+), Meridian"/g)].map((one) => one[1]);
    expect(rows((await staff.get("/staff/payouts")).text)).toHaveLength(2);
    for (const query of [
      "currency=USD",
      "q=po-000002",
      "q=PO-000002+meri",
      "status=in_review&currency=USD&from=2026-11-26",
    ]) {
      expect(rows((await staff.get(`/staff/payouts?${query}`)).text), query).toEqual(["PO-000002"]);
      const file = (await staff.get(`/staff/payouts/export.csv?${query}`)).text.trim().split("\r\n");
      expect(file, query).toHaveLength(2);
      expect(file[1]).toContain("PO-000002,Meridian,in_review,2026-11-26,USD,1,200.00,20.00,0.00,0.00,220.00");
    }
    expect(rows((await staff.get("/staff/payouts?to=2026-11-25")).text)).toEqual([]);
    expect(rows((await staff.get(`/staff/payouts?partner=${world.partner}`)).text)).toHaveLength(2);
  });

  test("a line opens down to its payment, share, tax and the entries in the books", async () => {
    const staff = await h.staff(world.institution, "VIEWER");
    const page = await staff.get(`/staff/payouts/${id}`);
    expect(page.text).toContain(`/staff/payouts/${id}/lines/1`);
    const line = await staff.get(`/staff/payouts/${id}/lines/1`);
    expect(line.text).toMatch(/Share of a payment|share of a payment/);
    expect(line.text).toContain("/staff/payments/pay_");
    expect(line.text).toContain("Meridian");
    expect(line.text).toMatch(/In the books[\s\S]*Customer&#39;s account|Customer's account/);
    expect((await staff.get(`/staff/payouts/${id}/lines/2`)).status).toBe(404);
  });

  test("held and released with a reason; without one it is asked for, and what was typed stays", async () => {
    const staff = await h.staff(world.institution, "OPERATOR");
    const asked = await staff.post(`/staff/payouts/${id}/hold`, { why: "" });
    expect(asked.status).toBe(422);
    expect(asked.text).toContain("Say why, in a few words.");
    const held = await staff.follow(await staff.post(`/staff/payouts/${id}/hold`, { why: "Asked by phone" }));
    expect(held.text).toContain("Asked by phone");
    expect((await staff.post(`/staff/payouts/${id}/hold`, { why: "again" })).status).toBe(409);
    await staff.post(`/staff/payouts/${id}/release`, { why: "" });
    expect(await world.states()).toContain("PO-000001 in_review 11000");
    expect(
      (await (await h.staff(world.institution, "VIEWER")).post(`/staff/payouts/${id}/hold`, { why: "x" })).status,
    ).toBe(403);
  });

  test("the overview says what is due and what needs somebody; every figure leads to its payouts", async () => {
    const staff = await h.staff(world.institution, "VIEWER");
    const overview = await staff.get("/staff");
    expect(plain(overview.text)).toContain("2 payouts wait for approval");
    expect(plain(overview.text)).toMatch(/Payouts due[\s\S]*AUD\s110\.00[\s\S]*USD\s220\.00/);
    const href = /href="([^"]*status=due&amp;currency=USD)"/.exec(overview.text)?.[1]?.replace("&amp;", "&") ?? "";
    const rows = (await staff.get(href)).text;
    expect(rows).toContain("PO-000002");
    expect(rows).not.toContain("PO-000001");
  });

  test("approving: choose, check the totals of each currency, done; what changed meanwhile is left out and says so", async () => {
    const staff = await h.staff(world.institution, "ADMIN");
    expect((await staff.post("/staff/payouts/approvals", { step: "check" })).status).toBe(422);
    const choose = await staff.get(`/staff/payouts/approvals?payout=${id}`);
    expect(choose.text).toMatch(new RegExp(`value="${id}"[^>]*checked|checked[^>]*value="${id}"`));
    const check = await staff.post("/staff/payouts/approvals", { step: "all", shown: [id, other] });
    expect(check.text).toContain("Approve 2 payouts");
    expect(plain(check.text)).toMatch(/AUD[\s\S]*110\.00[\s\S]*USD[\s\S]*220\.00/);
    const chosen = [...check.text.matchAll(/name="chosen" value="([^"]+)"/g)].map((one) => one[1] ?? "");
    // Somebody approves one of them between the check page and the button.
    await world.approve([other]);
    // A double click: both answers say what this person did, and what somebody else did.
    const press = async () => await staff.post("/staff/payouts/approvals", { step: "approve", chosen });
    for (const done of [...(await Promise.all([press(), press()])), await press()]) {
      expect(done.text).toContain("1 payout approved");
      expect(done.text).toContain("1 payout not approved");
      expect(done.text.split("It changed since you chose it.")).toHaveLength(2);
    }
    const { rows } = await h.admin.query("select count(*) from app.audit_entry where event = 'payout.approved'");
    expect(rows).toEqual([{ count: 2n }]);
  });

  test("what failed says why in plain words, and one click sends it again when the details have changed", async () => {
    await world.look();
    await world.pass({ minutes: 1 });
    const staff = await h.staff(world.institution, "OPERATOR");
    const failed = await staff.get(`/staff/payouts/${other}`);
    expect(failed.text).toContain("It could not be paid: the bank account is closed");
    expect(failed.text).not.toContain(`/staff/payouts/${other}/again`);
    const refused = await staff.post(`/staff/payouts/${other}/again`);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain("once the bank details have changed");
    await world.account("1111", "USD");
    await world.look();
    expect((await staff.get(`/staff/payouts/${other}`)).text).toContain(`/staff/payouts/${other}/again`);
    await staff.post(`/staff/payouts/${other}/again`);
    await world.look();
    await world.pass({ minutes: 1 });
    expect((await staff.get(`/staff/payouts/${other}`)).text).toMatch(/Paid/);
    expect(await world.states()).toContain("PO-000002 paid 22000");
  });

  test("settings: what is wrong is said beside the field, what is saved shows its effect", async () => {
    const staff = await h.staff(world.institution, "ADMIN");
    const fields = { holding_days: "3", weekday: "5", cut_off: "25:00", cooling_off_days: "2", review_all: "on" };
    const wrong = await staff.post("/staff/settings/payouts", fields);
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain("like 16:00");
    const saved = await staff.follow(await staff.post("/staff/settings/payouts", { ...fields, cut_off: "12:00" }));
    expect(saved.text).toContain("The settings were saved.");
    // Thursday 26 November and three holding days: Sunday; the Friday behind it is 4 December.
    expect(saved.text).toContain("Friday 4 December");
    expect(
      (await staff.post("/staff/settings/payouts/limits", { currency: "AUD", minimum: "1.234", second: "" })).status,
    ).toBe(422);
    await staff.post("/staff/settings/payouts/limits", { currency: "AUD", minimum: "50", second: "10000" });
    expect(plain((await staff.get("/staff/settings/payouts")).text)).toContain("10,000.00");
    expect((await (await h.staff(world.institution, "OPERATOR")).get("/staff/settings/payouts")).status).toBe(403);
  });

  test("a partner is paused with a reason and resumed on its own page", async () => {
    const staff = await h.staff(world.institution, "OPERATOR");
    const home = `/staff/partnerships/${world.partner}/payouts`;
    expect((await staff.post(`${home}/pause`, { why: "" })).status).toBe(422);
    const paused = await staff.follow(await staff.post(`${home}/pause`, { why: "Contract ended" }));
    expect(paused.text).toContain("Contract ended");
    expect((await staff.post(`${home}/pause`, { why: "twice" })).status).toBe(409);
    expect((await staff.follow(await staff.post(`${home}/resume`))).text).toContain("Payouts of this partner go on.");
  });
});
