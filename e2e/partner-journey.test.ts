import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { sessionCookie } from "#http/cookies.ts";
import { systemClock } from "#kernel/time.ts";
import { wake } from "#platform/jobs.ts";
import { readPdf } from "../test/support/pdf.ts";
import { linkIn, mailTo, type Portal, startPortal } from "./support/portal.ts";

// A partner from nothing to its money, as the institution, a customer and a contact live through it. Days pass by
// moving the clock ahead.
let portal: Portal;
let institution: InstitutionId;
let hours = 0;
const clock = { now: () => systemClock.now().add({ hours }) };
const contact = "layla.haddad@partners.example";
let mails = 0;

beforeAll(async () => {
  portal = await startPortal(clock);
  institution = await portal.h.institution();
});
afterAll(() => portal?.close());

// The last: a form may begin with a hidden button for the Enter key.
const press = (page: Page, words: string | RegExp) =>
  page.locator("main").getByRole("button", { name: words }).last().click();
const main = async (page: Page) => (await page.locator("main").innerText()).replaceAll(/\s+/g, " ");

/** A member of staff whose proof is fresh. */
async function staffPage(): Promise<Page> {
  const context = await portal.context();
  const { token } = await portal.h.staff(institution);
  await context.addCookies([{ name: sessionCookie.staff, value: token, url: portal.origin }]);
  return await context.newPage();
}

/** The contact, signed in by the link of a mail that was just sent. */
async function contactPage(): Promise<Page> {
  const page = await (await portal.context()).newPage();
  await page.goto("/partner/sign-in");
  await page.getByLabel("E-mail address").fill(contact);
  await press(page, "Send me a sign-in link");
  await page.waitForURL("**/partner/sign-in/sent");
  await page.goto(linkIn((await newMail(/sign-in\/link\//)).text));
  await press(page, "Continue");
  await page.waitForURL("**/partner");
  return page;
}

/** The next mail to the contact that says such a thing. */
async function newMail(words: RegExp) {
  for (;;) {
    const mail = await mailTo(portal, contact, mails++);
    if (words.test(mail.text)) return mail;
  }
}

async function later(days: number): Promise<void> {
  hours += 24 * days;
  await portal.h.system(institution, (cx) => wake(cx, "payouts.gather", {}));
}

/** Reloads until the page says it: what the queue does takes a moment. */
async function until(page: Page, words: string | RegExp): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    if ((await main(page)).match(words)) return;
    await page.waitForTimeout(500);
    await page.reload();
  }
  expect(await main(page)).toMatch(words);
}

/** Hours pass, and the bank is asked after each, until the page says what it answered. */
async function bankAnswers(page: Page, words: RegExp): Promise<void> {
  for (let tries = 0; tries < 60 && !words.test(await main(page)); tries++) {
    if (tries % 5 === 0) hours += 1;
    await portal.h.system(institution, (cx) => wake(cx, "payouts.send", {}));
    await page.waitForTimeout(500);
    await page.reload();
  }
}

async function payByCard(page: Page, amount: RegExp): Promise<void> {
  await page.waitForURL("**/review**");
  await page.getByLabel(/card/i).first().check();
  await press(page, amount);
  await page.waitForURL("**/sandbox/**");
  await page.getByLabel(/card number/i).fill("4242 4242 4242 4242");
  await page.getByRole("button", { name: /pay/i }).first().click();
  await page.waitForURL("**/done**");
}

/** A payment of the customer with a share of ten percent. Answers its address. */
async function addPayment(page: Page, customer: string, item: string, amount: string, partner: string) {
  await page.goto(`/staff/payments/new?customer=${customer}`);
  await page.locator("[name=item]").fill(item);
  await page.locator("[name=amount]").fill(amount);
  await page.locator("[name=due_date]").fill(clock.now().toString().slice(0, 10));
  await page.locator("[name=partner_1]").selectOption(partner);
  await page.locator("[name=value_1]").fill("10");
  await press(page, "Check");
  await page.locator("main form button.primary").last().click();
  await page.locator("h1", { hasText: item }).waitFor();
  return new URL(page.url()).pathname;
}

/** A partner with an account that the sandbox's bank does not know. Answers its address. */
async function makePartner(): Promise<string> {
  const staff = await staffPage();
  await staff.goto("/staff/partnerships/new");
  await staff.getByLabel("Name", { exact: true }).fill("Nile Agents");
  await staff.locator("[name=share_percent]").fill("10");
  await staff.getByLabel("No", { exact: true }).check();
  await press(staff, "Add the partner");
  await staff.waitForURL("**?done=created");
  const partnership = new URL(staff.url()).pathname;
  await staff.getByRole("link", { name: "Add or replace" }).click();
  await press(staff, "Go on");
  await staff.getByLabel("Account holder").fill("Nile Agents");
  await staff.getByLabel("BSB").fill("062-000");
  // The sandbox's bank knows no such account.
  await staff.getByLabel("Account number").fill("12349203");
  await press(staff, "Save the account");
  await staff.waitForURL("**?done=bank-*");
  await staff.context().close();
  return partnership;
}

/** A customer who pays a fee of 400.00 at the desk. Answers its id. */
async function makeCustomer(partner: string): Promise<`cus_${string}`> {
  const staff = await staffPage();
  await staff.goto("/staff/customers/new");
  await staff.getByLabel("Given name").fill("Mei");
  await staff.getByLabel("Family name").fill("Souza");
  await staff.getByLabel("E-mail").fill("mei.souza@students.example");
  await press(staff, "Add the customer");
  await staff.locator("h1", { hasText: "Mei Souza" }).waitFor();
  const customer = new URL(staff.url()).pathname.split("/").at(-1) ?? "";
  const fee = await addPayment(staff, customer, "Enrolment fee", "400.00", partner);
  await staff.goto(`${fee}/record`);
  await press(staff, "Check");
  await staff.locator("main form button.primary").last().click();
  await staff.getByText("Paid").first().waitFor();
  await staff.context().close();
  return customer as `cus_${string}`;
}

/** The day of a payout passes; nobody at the partner could be told, so nothing is sent until there is a contact. */
async function heldForWantOfAContact(partnership: string): Promise<void> {
  await later(12);
  const staff = await staffPage();
  await staff.goto("/staff/payouts");
  await until(staff, /On hold The partner has no contact/);
  await staff.getByRole("link", { name: "PO-000001" }).click();
  expect(await main(staff)).toContain("The partner has no contact");
  await staff.goto(partnership);
  await staff.getByRole("link", { name: "Add a contact" }).first().click();
  await staff.getByLabel("Name", { exact: true }).fill("Layla Haddad");
  await staff.getByLabel("E-mail").fill(contact);
  await staff.getByLabel("Bank details").check();
  await press(staff, "Add the contact");
  await staff.getByText("Layla Haddad").first().waitFor();
  await staff.goto("/staff/payouts");
  await until(staff, "In review");
}

/** Ten percent off for the customer; the partner's page stands open and shows its whole share, by itself. */
async function discountNeverSeen(customer: `cus_${string}`, partner: string): Promise<Page> {
  const staff = await staffPage();
  const tuition = await addPayment(staff, customer, "Tuition", "8000.00", partner);
  await staff.goto(`${tuition}/edit`);
  await staff.locator("[name=discount]").fill("800.00");
  await staff.locator("[name=discount_reason]").fill("Early bird");
  await staff.locator("main form button.primary").last().click();
  expect(await main(staff)).toContain("7,200.00");
  await staff.locator("main form button.primary").last().click();
  await staff.locator("h1", { hasText: "Tuition" }).waitFor();
  const open = await contactPage();
  await open.goto("/partner/payouts");
  const payer = await (await portal.context()).newPage();
  const mei = await portal.h.customer(institution, customer);
  await payer.context().addCookies([{ name: sessionCookie.customer, value: mei.token, url: portal.origin }]);
  await payer.goto(`/pay?payment=${tuition.split("/").at(-1)}`);
  await payer.locator("main button[type=submit]").last().click();
  await payByCard(payer, /Pay A\$7,200\.00/);
  await open.locator("#live-rows").getByText("PO-000002").waitFor({ timeout: 60_000 });
  expect(await main(open)).toMatch(/PO-000002 .* 800\.00/);
  expect(await open.content()).not.toMatch(/7,200|Early bird/);
  return open;
}

async function statementSaysTheShare(open: Page): Promise<void> {
  await open.goto("/partner/statement");
  const downloading = open.waitForEvent("download");
  await open.getByRole("link", { name: "Download PDF" }).click();
  const words = (await readPdf(await readFile(await (await downloading).path()))).pages.join("\n");
  expect(words).toContain("800.00");
  expect(words).not.toMatch(/7,200|Early bird/);
}

async function invoiceIsPaid(open: Page, partner: string): Promise<void> {
  const staff = await staffPage();
  await staff.goto("/staff/invoices/new");
  await staff.locator("[name=partner]").selectOption(partner);
  await staff.locator("[name=due_date]").fill(clock.now().add({ hours: 240 }).toString().slice(0, 10));
  await staff.getByLabel("What it is for, line 1").fill("Stand at the fair");
  await staff.getByLabel("Price of one").first().fill("150.00");
  await press(staff, "Check");
  await press(staff, /^Issue/);
  await staff.getByText("INV-000001").first().waitFor();
  const told = await newMail(/INV-000001/);
  await open.goto(/https?:\S+\/partner\/invoices\/1\b/.exec(told.text)?.[0] ?? "");
  await open.locator("main").getByRole("link", { name: /^Pay/ }).first().click();
  await open.locator("main button[type=submit]").last().click();
  await payByCard(open, /^Pay /);
  await open.goto("/partner/invoices");
  await until(open, /INV-000001 .* Paid/);
}

/** Both payouts are approved at once; the bank refuses the first, which stops the second. */
async function bankRefuses(): Promise<void> {
  await later(12);
  const staff = await staffPage();
  await staff.goto("/staff/payouts/approvals");
  await until(staff, /PO-000002/);
  await press(staff, /^Check all/);
  await press(staff, /^Approve/);
  hours += 1;
  await portal.h.system(institution, (cx) => wake(cx, "payouts.send", {}));
  const partnerPage = await contactPage();
  await partnerPage.goto("/partner/payouts/1");
  await bankAnswers(partnerPage, /Failed/);
  expect(await main(partnerPage)).toMatch(/Failed.*account number is not right/i);
}

async function detailsAreMendedAndItIsSentAgain(): Promise<void> {
  let partnerPage = await contactPage();
  await partnerPage.goto("/partner/bank-details/change?currency=AUD");
  await partnerPage.getByLabel("Account holder").fill("Nile Agents");
  await partnerPage.getByLabel("BSB").fill("062-000");
  await partnerPage.getByLabel("Account number").fill("12345678");
  await press(partnerPage, "Send for review");
  await partnerPage.waitForURL("**/partner/bank-details?done=proposed");
  let staff = await staffPage();
  await staff.goto("/staff/bank-details");
  await staff.getByRole("link", { name: "Nile Agents" }).last().click();
  await press(staff, "Approve the details");
  await staff.waitForURL("**/staff/bank-details?done=approved");
  await later(3);
  staff = await staffPage();
  await staff.goto("/staff/payouts?status=failed");
  await staff.getByRole("link", { name: "PO-000001" }).click();
  await press(staff, /^Send .* again/);
  partnerPage = await contactPage();
  await partnerPage.goto("/partner/payouts/1");
  await bankAnswers(partnerPage, /Paid/);
  expect(await main(partnerPage)).toMatch(/AUD 40\.00.*Paid/);
}

test("P1 P3 P6 P7 P10 P11: a partner from nothing: no contact, a discount it never sees, an invoice, a failed payout sent again", async () => {
  const partnership = await makePartner();
  const partner = partnership.split("/").at(-1) ?? "";
  const customer = await makeCustomer(partner);
  await heldForWantOfAContact(partnership);
  const open = await discountNeverSeen(customer, partner);
  await statementSaysTheShare(open);
  await invoiceIsPaid(open, partner);
  await bankRefuses();
  await detailsAreMendedAndItIsSentAgain();
}, 300_000);
