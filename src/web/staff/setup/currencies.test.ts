import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import { createCustomer } from "#features/customers/create-customer.ts";
import { newId } from "#kernel/ids.ts";
import type { Browser } from "../../../../test/support/browser.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { badCellsOf, countsOf, importFile, type StaffBrowser } from "../../../../test/support/imports.ts";

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

  test("is a bad row of an import, by line, column and reason; once it is added the same file goes in", async () => {
    const partners = `external_id,name,kind,currency,commission_percent,commission_tax
P1,Meridian,agent,AUD,10,exclusive
P2,Ridge,agent,KWD,10,exclusive
`;
    const payments = `customer_external_id,external_id,item,amount,currency,due_date
C1,C1-1,Fee,100.000,KWD,2026-12-05
C1,C1-2,Fee,100.00,AUD,2026-12-05
`;
    const sent = async (kind: string, file: string) => {
      const location = await importFile(h, owner, kind, file);
      return [await countsOf(h, location), await badCellsOf(h, location)] as const;
    };
    expect(await sent("partnerships", partners)).toMatchObject([{ created: 1, bad: 1 }, [[3, "currency", words]]]);
    expect(await sent("payments", payments)).toMatchObject([{ created: 1, bad: 1 }, [[2, "currency", words]]]);

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
    const { rows } = await h.admin.query(`select currencies from app.institution
      union all select currencies from app.channel_product`);
    expect(rows.map((row) => row.currencies)).toEqual(rows.map(() => ["AUD", "JPY", "KWD"]));
    const log = await h.admin.query("select data from app.audit_entry where event = 'institution.edited'");
    expect(log.rows[0]?.data).toMatchObject({ currencies: "AUD, JPY, KWD" });

    expect(await sent("partnerships", partners)).toMatchObject([{ created: 1, unchanged: 1, bad: 0 }, []]);
    expect(await sent("payments", payments)).toMatchObject([{ created: 1, unchanged: 1, bad: 0 }, []]);
    expect((await owner.post("/staff/payments/new", { ...payment("KWD"), step: "create" })).status).toBe(303);
  });

  test("what stands in it already may stay: the same rows change nothing", async () => {
    await h.admin.query("update app.institution set currencies = '{AUD,JPY}'");
    const partners = `external_id,name,kind,currency,commission_percent,commission_tax
P2,Ridge,agent,KWD,10,exclusive
`;
    const payments = `customer_external_id,external_id,item,amount,currency,due_date
C1,C1-1,Fee,100.000,KWD,2026-12-05
C1,C1-2,Fee,100.000,KWD,2026-12-05
`;
    expect(await countsOf(h, await importFile(h, owner, "partnerships", partners))).toMatchObject({ unchanged: 1 });
    const again = await importFile(h, owner, "payments", payments);
    expect(await countsOf(h, again)).toMatchObject({ unchanged: 1, bad: 1 });
    expect(await badCellsOf(h, again)).toEqual([[3, "currency", words]]);
  });
});
