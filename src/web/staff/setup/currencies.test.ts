import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import { createCustomer } from "#features/customers/create-customer.ts";
import { newId } from "#kernel/ids.ts";
import type { Browser } from "../../../../test/support/browser.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { countsOf, importFile, type StaffBrowser } from "../../../../test/support/imports.ts";

let h: TestHouse;
let owner: Browser & StaffBrowser;
let customer: string;
beforeAll(async () => {
  h = await testHouse();
  const institution = await h.institution({ currencies: ["AUD", "JPY"] });
  owner = await h.staff(institution, "OWNER");
  customer = await h.system(institution, async (cx) => {
    const may = permit(cx.principal, "customers.write");
    return (await createCustomer(cx, may, { given_name: "Aiko", family_name: "Tanaka", external_id: "C1" })).id;
  });
}, 60_000);
afterAll(() => h.close());

const words = "KWD is not among your currencies (AUD, JPY). Add it under Institution first.";

const payment = (currency: string) => ({
  ...{ customer, kind: "single", item: "Fee", amount: "100", currency, due_date: "2026-12-05", discount: "0" },
  key: newId("pay", h.clock.now(), h.random),
});
const partner = (currency: string) => ({
  ...{ name: "Meridian", kind: "agent", currency, share_kind: "percent", share_percent: "10" },
  ...{ commission_tax: "exclusive", payout_schedule: "weekly", key: newId("prt", h.clock.now(), h.random) },
});

describe("a currency that the institution does not use", () => {
  test.each([
    ["/staff/payments/new", () => ({ ...payment("KWD"), step: "check" })],
    ["/staff/payments/new", () => ({ ...payment("KWD"), step: "create" })],
    ["/staff/payments/new", () => ({ ...payment("KWD"), kind: "plan", count: "2", every: "month", step: "create" })],
    ["/staff/partnerships/new", () => partner("KWD")],
    ["/staff/settings/payouts/limits", () => ({ currency: "KWD", minimum: "1", second: "" })],
  ])("422: a forged form to %s says so, and where to add it", async (path, fields) => {
    const page = await owner.post(path, fields());
    expect(page.status).toBe(422);
    expect(page.text).toContain(words);
  });

  test("more are added under Institution, none goes, and the methods of the sandbox take them too", async () => {
    const form = await owner.get("/staff/settings/institution");
    expect(form.text).toContain("You take AUD, JPY.");
    const kept = { name: "Northbridge College", legal_name: "Northbridge College", registration_label: "ABN" };
    const details = {
      ...{ ...kept, registration_number: "1", address: "", contact_email: "", contact_phone: "" },
      ...{ time_zone: "Australia/Sydney", due_window_days: "30", brand_colour: "#0d5c4b" },
    };
    const path = "/staff/settings/institution";
    expect((await owner.post(path, { ...details, more: ["BTC"] })).status).toBe(422);
    expect((await owner.post(path, { ...details, more: ["KWD", "KWD", "AUD"] })).status).toBe(303);
    expect(await taken()).toEqual(["AUD", "JPY", "KWD"]);
    const log = await h.admin.query("select data from app.audit_entry where event = 'institution.edited'");
    expect(log.rows[0]?.data).toMatchObject({ currencies: "AUD, JPY, KWD" });
    expect((await owner.post("/staff/payments/new", { ...payment("KWD"), step: "create" })).status).toBe(303);
  });

  test("what a file brings in is used from then on: it shows, is paid and paid out like all else", async () => {
    const partners = `external_id,name,kind,currency,commission_percent,commission_tax
P1,Meridian,agent,AUD,10,exclusive
P2,Ridge,agent,USD,10,exclusive
`;
    const payments = `customer_external_id,external_id,item,amount,currency,due_date
C1,C1-1,Fee,100.000,KWD,2026-12-05
C1,C1-2,Fee,100.00,EUR,2026-12-05
C1,C1-3,Fee,abc,GBP,2026-12-05
`;
    const sent = async (kind: string, file: string) => await countsOf(h, await importFile(h, owner, kind, file));
    expect(await sent("partnerships", partners)).toMatchObject({ created: 2, bad: 0 });
    expect(await sent("payments", payments)).toMatchObject({ created: 2, bad: 1 });
    expect(await taken()).toEqual(["AUD", "JPY", "KWD", "USD", "EUR"]);
    const log = await h.admin.query("select data from app.audit_entry where event = 'institution.edited' order by id");
    expect(log.rows.at(-1)?.data).toMatchObject({ currencies: "AUD, JPY, KWD, USD, EUR", imported: true });
    expect(await sent("payments", payments)).toMatchObject({ unchanged: 2, bad: 1 });
  });
});

/** The currencies of the institution, which each method of the sandbox takes. */
async function taken(): Promise<unknown> {
  const { rows } = await h.admin.query(`select currencies from app.institution
    union select currencies from app.channel_product`);
  expect(rows).toHaveLength(1);
  return rows[0]?.currencies;
}
