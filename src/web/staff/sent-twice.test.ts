import { afterAll, beforeAll, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import type { Browser } from "../../../test/support/browser.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";

let h: TestHouse;
let mine: InstitutionId;
let owner: Browser;
const ids = { customer: "", partner: "" };

const partner = {
  ...{ name: "Meridian", kind: "agent", tax_id: "51 824", tax_registered: "yes", from_date: "2026-07-01" },
  ...{ currency: "AUD", share_kind: "percent", share_percent: "12.5", commission_tax: "exclusive" },
  payout_schedule: "weekly",
};

beforeAll(async () => {
  h = await testHouse();
  mine = await h.institution({ host: "mine.example" });
  owner = await h.staff(mine);
  const made = async (path: string, sent: Record<string, string>) =>
    (await owner.post(path, sent)).location.split("?")[0]?.split("/").at(-1) ?? "";
  ids.customer = await made("/staff/customers/new", { given_name: "Aiko", family_name: "Tanaka" });
  ids.partner = await made("/staff/partnerships/new", partner);
});
afterAll(() => h.close());

const hidden = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? "";

async function count(table: string): Promise<number> {
  const { rows } = await h.admin.query(`select count(*)::int as n from app.${table} where institution_id = $1`, [mine]);
  return Number(rows[0].n);
}

type Case = {
  readonly what: string;
  readonly table: string;
  readonly form: () => string;
  readonly first: () => Record<string, string>;
  readonly second: Record<string, string>;
  /** What of the second must still stand in its form. */
  readonly kept: string;
};

const payment = (over: Record<string, string> = {}) => ({
  ...{ customer: ids.customer, kind: "single", item: "Dup first", amount: "11.00", currency: "AUD" },
  ...{ due_date: "2026-12-05", partner_1: ids.partner, kind_1: "percent", value_1: "10", step: "create" },
  ...over,
});
const toPay = () => `/staff/payments/new?customer=${ids.customer}`;
const plan = { kind: "plan", count: "3", every: "month", amount: "900.00" };

const invoice = () => ({
  ...{ rows: "1", partner: ids.partner, currency: "AUD", due_date: "2026-12-20", step: "draft" },
  ...{ description_1: "Portal fee", quantity_1: "3", unit_1: "100.10", tax_1: "10" },
});
const tariff = {
  ...{ route: "wallet", purpose: "any", currency: "AUD", from: "2026-11-21", minimum: "0.50", rows: "1" },
  ...{ fixed_1: "0.20", percent_1: "0.5", step: "create" },
};

test.each<Case>([
  {
    ...{ what: "payment", table: "payment", form: toPay, first: payment },
    ...{ second: { item: "Dup second", amount: "22.00" }, kept: 'value="Dup second"' },
  },
  {
    ...{ what: "payment with another share alone", table: "payment", form: toPay, first: payment },
    ...{ second: { value_1: "11" }, kept: 'value="11"' },
  },
  {
    ...{ what: "plan", table: "payment_plan", form: toPay, first: () => payment(plan) },
    ...{ second: { count: "4" }, kept: 'value="4"' },
  },
  {
    ...{ what: "customer", table: "customer", form: () => "/staff/customers/new" },
    ...{ first: () => ({ given_name: "Once", family_name: "Only" }), second: { given_name: "Twice" } },
    kept: 'value="Twice"',
  },
  {
    ...{ what: "partner", table: "partnership", form: () => "/staff/partnerships/new" },
    ...{ first: () => partner, second: { share_percent: "13" }, kept: 'value="13"' },
  },
  {
    ...{ what: "partner's tax status", table: "partnership", form: () => "/staff/partnerships/new" },
    ...{ first: () => partner, second: { from_date: "2026-08-01" }, kept: 'value="2026-08-01"' },
  },
  {
    ...{ what: "contact", table: "contact", form: () => `/staff/partnerships/${ids.partner}/contacts/new` },
    first: () => ({ name: "Ahmed", email: "ahmed@p.example" }),
    second: { name: "Bea", email: "bea@p.example" },
    kept: 'value="bea@p.example"',
  },
  {
    ...{ what: "invoice", table: "invoice", form: () => "/staff/invoices/new", first: invoice },
    ...{ second: { unit_1: "200.00" }, kept: 'value="200.00"' },
  },
  {
    ...{ what: "tariff", table: "tariff", form: () => "/staff/tariffs/new", first: () => tariff },
    ...{ second: { minimum: "0.75" }, kept: 'value="0.75"' },
  },
])(
  "409: a form of a $what sent again with other content creates it under a fresh key, and never shows the first",
  async (one) => {
    const path = one.form().split("?")[0] ?? "";
    const first = { ...one.first(), key: hidden((await owner.get(one.form())).text, "key") };
    const before = await count(one.table);
    const sent = await owner.post(path, first);
    expect(sent.status).toBe(303);
    expect((await owner.post(path, first)).location).toBe(sent.location);
    const other = { ...first, ...one.second };
    const refused = await owner.post(path, other);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain("This form was sent before with other content");
    expect(refused.text).toContain(one.kept);
    expect(await count(one.table)).toBe(before + 1);
    const key = hidden(refused.text, "key");
    expect(key).not.toBe(first.key);
    const created = await owner.post(path, { ...other, key });
    expect(created.status).toBe(303);
    expect(await count(one.table)).toBe(before + 2);
  },
);

test("an invoice kept as a draft and then issued by its first form is issued, as the page says", async () => {
  const form = { ...invoice(), key: hidden((await owner.get("/staff/invoices/new")).text, "key") };
  await owner.post("/staff/invoices/new", form);
  const issued = await owner.post("/staff/invoices/new", { ...form, step: "issue" });
  const { rows } = await h.admin.query("select state from app.invoice where id = $1", [form.key]);
  expect([issued.status, rows[0].state]).toEqual([303, "issued"]);
});
