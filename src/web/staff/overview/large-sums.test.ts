import { afterAll, beforeAll, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import type { CustomerId, InstitutionId } from "#access/principal.ts";
import { upsertCustomers } from "#features/customers/upsert-customers.ts";
import { upsertPartnerships } from "#features/partnerships/upsert-partnerships.ts";
import { paymentsOfCustomer } from "#features/payments/payment-views.ts";
import { upsertPayments } from "#features/payments/upsert-payments.ts";
import { readRecord } from "#web/staff/payments/record-text.ts";
import type { Browser } from "../../../../test/support/browser.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { partnerRow } from "../../../../test/support/payments.ts";

let h: TestHouse;
let institution: InstitutionId;
let customer: CustomerId;
let partner: string;
const browsers: Record<string, Browser> = {};

const today = Temporal.PlainDate.from("2026-11-21");
const idIn = (results: readonly object[]) => String((results[0] as { id?: string }).id ?? "");

beforeAll(async () => {
  h = await testHouse();
  institution = await h.institution();
  await h.system(institution, async (cx) => {
    const partners = [partnerRow("P1", { commission_percent: "99" })];
    partner = idIn(await upsertPartnerships(cx, permit(cx.principal, "partnerships.write"), partners));
    const who = { external_id: "C1", family_name: "Huge", email: "c1@s.example", partnership_external_id: "P1" };
    customer = idIn(await upsertCustomers(cx, permit(cx.principal, "customers.write"), [who])) as CustomerId;
    // Each within the bound of one amount; 1,100 of them are beyond what one amount may be.
    const rows = Array.from({ length: 1_100 }, (_, n) => ({
      ...{ customer_external_id: "C1", external_id: `H${n}`, item: "Huge", amount: "90071992547.40", currency: "AUD" },
      ...{ due_date: "2026-11-01", partnership_external_id: "P1", share_percent: "99" },
    }));
    const results = await upsertPayments(cx, permit(cx.principal, "payments.write"), rows);
    expect(results.filter((one) => one.outcome === "created")).toHaveLength(1_100);
  });
  browsers.staff = await h.staff(institution, "OWNER");
  browsers.customer = await h.customer(institution, customer);
  browsers.partner = await h.partner(institution, partner);
});
afterAll(() => h.close());

test.each([
  ["staff", "/staff", "99,079,191,802,140"],
  ["staff", "/staff/customers", "99,079,191,802,140"],
  ["staff", "/staff/customers/:customer", "99,079,191,802,140"],
  ["staff", "/staff/payments", ""],
  ["staff", "/staff/partnerships", ""],
  ["staff", "/staff/partnerships/:partner", "98,088,399,884,123"],
  ["staff", "/staff/partnerships/:partner/statement", ""],
  ["staff", "/staff/books", ""],
  ["customer", "/overview", "99,079,191,802,140"],
  ["customer", "/payments", ""],
  ["customer", "/pay", ""],
  ["partner", "/partner", ""],
  ["partner", "/partner/customers", ""],
  ["partner", "/partner/customers/export.csv", ""],
  ["partner", "/partner/statement", ""],
])("S13: sums beyond what one amount may be are shown, and fail no page: %s %s", async (who, path, words) => {
  const place = path.replace(":customer", customer).replace(":partner", partner);
  const page = await browsers[who]?.get(place);
  expect([place, page?.status]).toEqual([place, 200]);
  expect(page?.text.replaceAll(/<[^>]*>/g, "")).toContain(words);
});

test("money recorded by hand for many payments at once has the bound of one amount, and says so in words", async () => {
  const payments = await h.system(institution, (cx) => paymentsOfCustomer(cx, customer));
  const amounts = Object.fromEntries(payments.map(({ id }) => [`amount_${id}`, "90071992547.40"]));
  const read = () => readRecord({ ...amounts, received_on: "2026-11-20", method: "Cash" }, payments, today);
  expect(read).toThrow(expect.objectContaining({ fields: { "": expect.stringContaining("record it in parts") } }));
});
