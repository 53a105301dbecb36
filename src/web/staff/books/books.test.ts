import { afterAll, beforeAll, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { proveBooksNightly } from "#features/books/prove-books.ts";
import { money } from "#kernel/money.ts";
import { account } from "#ledger/chart.ts";
import { post } from "#ledger/post.ts";
import { silentLog } from "#platform/log.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";

let h: TestHouse;
let institution: InstitutionId;

beforeAll(async () => {
  h = await testHouse();
  institution = await h.institution();
});
afterAll(() => h.close());

const aud = (minor: bigint) => money(minor, "AUD");

async function shown(): Promise<string> {
  const { status, text } = await (await h.staff(institution, "VIEWER")).get("/staff/books");
  expect(status).toBe(200);
  // Words as they are read: without tags, any run of spaces as one, amounts in one piece.
  return text
    .replace(/<[^>]+>/g, " ")
    .replace(/[\s\u00a0]+/g, " ")
    .replaceAll(" .", ".")
    .replaceAll("− ", "−");
}

async function night(): Promise<void> {
  const signal = new AbortController().signal;
  await proveBooksNightly({ ground: h.ground, institution, payload: {}, signal, log: silentLog });
}

test("the books say where the money is and whose it is, and when they were proved", async () => {
  expect(await shown()).toContain("No money has moved yet");
  await h.system(institution, (cx) =>
    post(cx, {
      key: "first",
      kind: "moved",
      transfers: [
        { debit: account.bank, credit: account.customer("cus_1"), amount: aud(900_00n) },
        { debit: account.customer("cus_1"), credit: account.income, amount: aud(650_00n) },
        { debit: account.discountsGiven, credit: account.income, amount: aud(50_00n) },
      ],
    }),
  );
  const now = await shown();
  expect(now).toMatch(/In the bank AUD 900\.00 Held in all AUD 900\.00/);
  expect(now).toMatch(/Customers.{1,6} credit and part payments AUD 250\.00/);
  expect(now).toContain("Your income AUD 700.00 Discounts you gave −AUD 50.00 The same in all AUD 900.00");
  expect(now).toContain("Not checked yet");
});

test("a row that does not fit is named on the page", async () => {
  // Money of a customer with no row in money received: right in the ledger, wrong in the books.
  await night();
  const broken = await shown();
  expect(broken).toContain("The books did not hold when they were last checked");
  expect(broken).toMatch(/ledger\.account \d+ \(customer:cus_1 AUD\) : 25000 in the ledger, but 0 by the rows/);
});

test("when everything fits the page says so", async () => {
  institution = await h.institution({ host: "second.example" });
  await night();
  expect(await shown()).toContain("The books are right");
});
