import { afterAll, beforeAll, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import type { CustomerId, InstitutionId } from "#access/principal.ts";
import { recordByHand } from "#features/money-in/record-by-hand.ts";
import { newId } from "#kernel/ids.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { readPdf } from "../../../test/support/pdf.ts";

let h: TestHouse;
let institution: InstitutionId;
beforeAll(async () => {
  h = await testHouse();
  institution = await h.institution();
});
afterAll(() => h.close());

async function customerWithReceipt(given: string, language: string) {
  const now = h.clock.now().toString();
  const customer = newId("cus", h.clock.now(), h.random) as CustomerId;
  const payment = newId("pay", h.clock.now(), h.random);
  await h.admin.query(
    `insert into app.customer (institution_id, id, given_name, family_name, email, language, created_at, updated_at)
     values ($1, $2, $3, 'Tanaka', $4, $5, $6, $6)`,
    [institution, customer, given, `${customer.slice(-8)}@students.example`, language, now],
  );
  await h.admin.query(
    `insert into app.payment (institution_id, id, customer_id, item, list_minor, currency, due_date, created_at,
      updated_at)
     values ($1, $2, $3, 'Tuition, Term 1', 435000, 'AUD', '2026-12-05', $4, $4)`,
    [institution, payment, customer, now],
  );
  const { receipt } = await h.system(institution, (cx) =>
    recordByHand(cx, permit(cx.principal, "payments.record"), {
      payments: [{ id: payment, amount: { minor: 435_000n, currency: "AUD" } }],
      receivedOn: Temporal.PlainDate.from("2026-11-20"),
      methodLabel: "Cash",
      note: "",
    }),
  );
  return { customer, path: `/receipts/${receipt}` };
}

test("C9: the customer downloads the receipt as PDF in their language, and reads in it what was paid", async () => {
  const { customer, path } = await customerWithReceipt("Aiko", "en-AU");
  const answer = await (await h.customer(institution, customer)).get(path);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("application/pdf");
  expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="?receipt-R-\d{6}\.pdf/);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const { pages } = await readPdf(answer.bytes);
  for (const words of ["Aiko Tanaka", "Tuition, Term 1", "A$4,350.00", "Cash", "Paid in full"]) {
    expect(pages[0]).toContain(words);
  }
});

test("404: another customer's receipt, one that does not exist, and what is no receipt's id", async () => {
  const theirs = await customerWithReceipt("Ken", "en-AU");
  const mine = await customerWithReceipt("Mina", "ar");
  const browser = await h.customer(institution, mine.customer);
  for (const path of [theirs.path, `/receipts/${newId("rcp", h.clock.now(), h.random)}`, "/receipts/..%2f..%2fetc"]) {
    expect((await browser.get(path)).status, path).toBe(404);
  }
  expect((await browser.get(mine.path)).status).toBe(200);
});

test("staff download any receipt of their institution, and none of another", async () => {
  const { path } = await customerWithReceipt("Aiko", "en-AU");
  const owner = await h.staff(institution, "VIEWER");
  expect((await owner.get(`/staff${path}`)).status).toBe(200);
  const elsewhere = await h.institution({ name: "Southbridge", host: "south.example" });
  expect((await (await h.staff(elsewhere)).get(`/staff${path}`)).status).toBe(404);
});
