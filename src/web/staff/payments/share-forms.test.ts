import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import type { CustomerId } from "#access/principal.ts";
import { createCustomer } from "#features/customers/create-customer.ts";
import { upsertPartnerships } from "#features/partnerships/upsert-partnerships.ts";
import type { Browser } from "../../../../test/support/browser.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";

let h: TestHouse;
let owner: Browser;
let customer: CustomerId;
let partner: string;
let second: string;
let third: string;

const row = (external_id: string, name: string, over: Record<string, string> = {}) => ({
  ...{ external_id, name, kind: "agent", currency: "AUD", commission_percent: "10", commission_tax: "inclusive" },
  ...over,
});

beforeAll(async () => {
  h = await testHouse();
  const institution = await h.institution();
  owner = await h.staff(institution, "OWNER");
  await h.system(institution, async (cx) => {
    const made = await upsertPartnerships(cx, permit(cx.principal, "partnerships.write"), [
      row("P1", "Meridian"),
      row("P2", "Ridge", { commission_tax: "exclusive", tax_registered: "yes" }),
      row("P3", "Vale"),
    ]);
    [partner = "", second = "", third = ""] = made.map((one) => ("id" in one ? one.id : ""));
    const may = permit(cx.principal, "customers.write");
    customer = (await createCustomer(cx, may, { given_name: "Aiko", family_name: "Tanaka", partnership: partner })).id;
  });
});
afterAll(() => h.close());

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

describe("shares of several partners", () => {
  const plain = (text: string) => text.replaceAll(/<[^>]+>/g, "").replaceAll(/\s+/g, " ");

  test("another row is asked for without losing what was typed; the tax of each partner is shown", async () => {
    const first = await owner.get(`/staff/payments/new?customer=${customer}`);
    expect(first.text).toContain('name="partner_2"');
    expect(first.text).not.toContain('name="partner_3"');
    const sent = { ...typed({ partner_2: second, kind_2: "flat", value_2: "12.50", item: "Kept" }), rows: "2" };
    const more = await owner.post("/staff/payments/new", { ...sent, step: "row" });
    expect(more.status).toBe(200);
    for (const kept of ['value="Kept"', 'value="12.50"', 'name="partner_3"', 'name="rows" value="3"']) {
      expect(more.text).toContain(kept);
    }
    expect(more.text).not.toContain('name="partner_4"');
    expect(plain(more.text)).toContain("Tax: 10% on top.");
  });

  test("write, check, done: every kind of share with net and tax, the keep, the discount and what is left", async () => {
    const key = hidden((await owner.get(`/staff/payments/new?customer=${customer}`)).text, "key");
    const sent = {
      ...typed({ key, partner_1: second, value_1: "20", discount: "50", discount_reason: "Sibling" }),
      ...{ partner_2: partner, kind_2: "percent_of_share", value_2: "25", of_2: second },
      ...{ partner_3: third, kind_3: "flat", value_3: "30" },
    };
    const check = plain((await owner.post("/staff/payments/new", { ...sent, step: "check" })).text);
    for (const words of ["20%, tax on top", "25% of the share of Ridge", "Fixed, AUD 30.00", "Your part", "950.00"]) {
      expect(check.replaceAll("\u00a0", " ")).toContain(words);
    }
    // 200.00 + 20.00, 50.00, 30.00: 700.00 is kept, 650.00 left.
    for (const figure of ["200.00", "20.00", "220.00", "700.00", "650.00"]) expect(check).toContain(figure);
    const done = await owner.post("/staff/payments/new", { ...sent, step: "create" });
    const shown = plain((await owner.follow(done)).text).replaceAll("\u00a0", " ");
    for (const words of ["25% of the share of Ridge", "Fixed, AUD 30.00", "Discount given by", "Sibling"]) {
      expect(shown).toContain(words);
    }
    const path = `/staff/payments/${done.location.split("/").at(-1)?.split("?")[0]}/edit`;
    const form = await owner.get(path);
    expect(form.text).toContain('value="30.00"');
    const edit = { ...sent, kind_3: "remainder", value_3: "10", version: hidden(form.text, "version") };
    const again = plain((await owner.post(path, { ...edit, step: "check" })).text).replaceAll("\u00a0", " ");
    expect(again).toContain("What is left over; you keep 10%");
    expect(again).toContain("AUD 630.00");
    h.clock.advance({ seconds: 1 });
    expect((await owner.post(path, { ...edit, step: "save" })).status).toBe(303);
  });

  test("422: circles, nobody's share, a remainder twice, and nothing left over are said in words", async () => {
    const send = async (over: Record<string, string>) =>
      (await owner.post("/staff/payments/new", { ...typed(over), step: "check" })).text;
    const of = { kind_1: "percent_of_share", of_1: second };
    expect(await send({ ...of, partner_2: second, kind_2: "percent_of_share", value_2: "5", of_2: partner })).toContain(
      "percentages of each other",
    );
    expect(await send({ ...of, of_1: "" })).toContain("Choose the partner whose share");
    expect(await send({ kind_1: "remainder", partner_2: second, kind_2: "remainder" })).toContain(
      "Only one partner can get what is left over",
    );
    expect(await send({ value_1: "99", discount: "", partner_2: second, kind_2: "remainder", value_2: "1" })).toContain(
      "leave nothing over",
    );
    expect(await send({ kind_1: "flat", value_1: "1.005" })).toContain("at most 2 decimals");
  });
});
