import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { proveBooks } from "#features/books/books.ts";
import { sessionCookie } from "#http/cookies.ts";
import { systemClock } from "#kernel/time.ts";
import { wake } from "#platform/jobs.ts";
import { mailTo, type Portal, startPortal } from "./support/portal.ts";
import { bookedOf, shownOf } from "./support/wallet-figures.ts";

// Two partners from nothing to money that moves between their wallets, as the institution, a customer and two members
// live through it. Days pass by moving the clock ahead.
let portal: Portal;
let institution: InstitutionId;
let hours = 0;
const clock = { now: () => systemClock.now().add({ hours }) };
const rosa = "rosa.weber@nile.example";
const finn = "finn.olsen@coral.example";

beforeAll(async () => {
  portal = await startPortal(clock);
  institution = await portal.h.institution({ currencies: ["AUD"] });
});
afterAll(() => portal?.close());

// The last: a form may begin with a hidden button for the Enter key.
const press = (page: Page, words: string | RegExp) =>
  page.locator("main").getByRole("button", { name: words }).last().click();
const main = async (page: Page) => (await page.locator("main").innerText()).replaceAll(/\s+/g, " ");
const idOf = (page: Page) => new URL(page.url()).pathname.split("/").at(-1) ?? "";

/** A member of staff whose proof is fresh; another one each time. */
async function staffPage(): Promise<Page> {
  const context = await portal.context();
  const { token } = await portal.h.staff(institution);
  await context.addCookies([{ name: sessionCookie.staff, value: token, url: portal.origin }]);
  return await context.newPage();
}

const mails = new Map<string, number>();
/** The next mail to an address that says such a thing. */
async function newMail(address: string, words: RegExp): Promise<{ readonly text: string }> {
  for (;;) {
    const place = mails.get(address) ?? 0;
    mails.set(address, place + 1);
    const mail = await mailTo(portal, address, place);
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
    await page.waitForTimeout(300);
    await page.reload();
  }
  expect(await main(page)).toMatch(words);
}

/** Hours pass, and the bank is asked after each, until the open page says what it answered, without a reload. */
async function bankAnswers(page: Page, words: RegExp): Promise<void> {
  for (let tries = 0; tries < 60 && !words.test(await main(page)); tries++) {
    if (tries % 5 === 0) hours += 1;
    await portal.h.system(institution, (cx) => wake(cx, "transfers.send", {}));
    await page.waitForTimeout(300);
  }
  expect(await main(page)).toMatch(words);
}

/** Answers the id of a new partner. */
async function makePartner(staff: Page, name: string): Promise<string> {
  await staff.goto("/staff/partnerships/new");
  await staff.getByLabel("Name", { exact: true }).fill(name);
  await staff.locator("[name=share_percent]").fill("50");
  await staff.getByLabel("No", { exact: true }).check();
  await press(staff, "Add the partner");
  await staff.waitForURL("**?done=created");
  return idOf(staff);
}

async function giveBankAccount(staff: Page, partner: string, account: string): Promise<void> {
  await staff.goto(`/staff/partnerships/${partner}`);
  await staff.getByRole("link", { name: "Add or replace" }).click();
  await press(staff, "Go on");
  await staff.getByLabel("Account holder").fill("Nile Agents");
  await staff.getByLabel("BSB").fill("062-000");
  await staff.getByLabel("Account number").fill(account);
  await press(staff, "Save the account");
  await staff.waitForURL("**?done=bank-*");
}

/** A share of a half of 4,000.00 is earned: the customer pays by card. */
async function customerPays(staff: Page, partner: string): Promise<void> {
  await staff.goto(`/staff/partnerships/${partner}/contacts/new`);
  await staff.getByLabel("Name", { exact: true }).fill("Layla Haddad");
  await staff.getByLabel("E-mail").fill("layla.haddad@nile.example");
  await press(staff, "Add the contact");
  await staff.getByText("Layla Haddad").first().waitFor();
  await staff.goto("/staff/customers/new");
  await staff.getByLabel("Given name").fill("Mei");
  await staff.getByLabel("Family name").fill("Souza");
  await staff.getByLabel("E-mail").fill("mei.souza@students.example");
  await press(staff, "Add the customer");
  await staff.locator("h1", { hasText: "Mei Souza" }).waitFor();
  const customer = idOf(staff) as `cus_${string}`;
  await staff.goto(`/staff/payments/new?customer=${customer}`);
  await staff.locator("[name=item]").fill("Tuition");
  await staff.locator("[name=amount]").fill("4000.00");
  await staff.locator("[name=due_date]").fill(clock.now().toString().slice(0, 10));
  await staff.locator("[name=partner_1]").selectOption(partner);
  await staff.locator("[name=value_1]").fill("50");
  await press(staff, "Check");
  await staff.locator("main form button.primary").last().click();
  await staff.locator("h1", { hasText: "Tuition" }).waitFor();
  const payer = await (await portal.context()).newPage();
  const { token } = await portal.h.customer(institution, customer);
  await payer.context().addCookies([{ name: sessionCookie.customer, value: token, url: portal.origin }]);
  await payer.goto(`/pay?payment=${idOf(staff)}`);
  await payer.locator("main button[type=submit]").last().click();
  await payer.waitForURL("**/review**");
  await payer.getByLabel(/card/i).first().check();
  await press(payer, /Pay A\$4,000\.00/);
  await payer.waitForURL("**/sandbox/**");
  await payer.getByLabel(/card number/i).fill("4242 4242 4242 4242");
  await payer.getByRole("button", { name: /pay/i }).first().click();
  await payer.waitForURL("**/done**");
  await payer.context().close();
}

/** Wallets in AUD, above 500.00 with approval; 0.50 to a wallet, one percent and at least 2.00 to the bank. */
async function rulesAreSet(staff: Page): Promise<void> {
  await staff.goto("/staff/wallets/currencies?currency=AUD");
  await staff.locator("[name=above]").fill("500");
  await staff.getByLabel("Wallets can be opened in it").check();
  await press(staff, "Save AUD");
  await staff.getByText("The currency was saved.").waitFor();
  for (const [route, terms] of [
    ["wallet", { fixed_1: "0.50" }],
    ["bank", { percent_1: "1", minimum: "2" }],
  ] as const) {
    await staff.goto("/staff/tariffs/new");
    await staff.locator("[name=route]").selectOption(route);
    for (const [name, value] of Object.entries(terms)) await staff.locator(`[name=${name}]`).fill(value);
    await press(staff, "Try it out");
    await press(staff, "Set this tariff");
    await staff.waitForURL("**/staff/tariffs/tar_*");
  }
}

/** The account and the wallet of a partner, and its owner, who was invited and accepts. */
async function accountIsProvisioned(staff: Page, partner: string, name: string, address: string) {
  await staff.goto(`/staff/partnerships/${partner}`);
  await staff.getByRole("link", { name: "Provision an account" }).click();
  await staff.getByLabel("First owner’s name").fill(name);
  await staff.getByLabel("E-mail").fill(address);
  await press(staff, "Provision and invite the owner");
  await staff.getByText("The account is there.").waitFor();
  const mail = await newMail(address, /partner\/invitations\//);
  const member = await (await portal.context()).newPage();
  await member.goto(/https?:\S+\/partner\/invitations\/[\w-]+/.exec(mail.text)?.[0] ?? "");
  await member.getByRole("button", { name: "Accept and sign in" }).click();
  await member.waitForURL("**/partner**");
  await staff.goto(`/staff/wallets/new?partnership=${partner}`);
  await staff.locator("[name=partnership]").selectOption(partner);
  await press(staff, "Open the wallet");
  await staff.waitForURL("**/staff/wallets/wal_*");
  const number = /Wallet (\d{4} \d{4} \d{4})/.exec(await staff.locator("h1").innerText())?.[1] ?? "";
  return { member, wallet: idOf(staff), number };
}

/** The payout that waited goes to the wallet instead of the bank, once it is approved. */
async function payoutFundsTheWallet(staff: Page, wallet: string, member: Page): Promise<void> {
  await staff.goto(`/staff/wallets/${wallet}/payouts`);
  await press(staff, "Turn AUD payouts to this wallet");
  await staff.getByText("Payouts in this currency come to this wallet from now on.").waitFor();
  await member.goto("/partner/wallets");
  await staff.goto("/staff/payouts/approvals");
  await until(staff, /PO-000001/);
  await press(staff, /^Check all/);
  await press(staff, /^Approve/);
  await member.locator("#live-wallets").getByText("2,000.00").first().waitFor();
}

type Asked = { readonly to?: string; readonly amount: string; readonly words: RegExp };

/** The member prepares, checks and confirms a transfer; to the bank where no number is given. */
async function transfer(member: Page, { to, amount, words }: Asked): Promise<void> {
  await member.goto("/partner/transfers/new");
  if (to === undefined) await member.getByLabel("Our own bank account").check();
  else await member.getByLabel("Number of the wallet").fill(to);
  await member.getByLabel("Amount").fill(amount);
  await press(member, "Check the transfer");
  await member.waitForURL("**/partner/transfers/check/**");
  if (to !== undefined) expect(await main(member)).toContain("C•••• S••••");
  await press(member, words);
  await member.waitForURL("**/partner/transfers/TR*");
}

/** Above the limit: it waits, its money pending, until staff approve; both open pages hear of it by themselves. */
async function staffApprove(member: Page, other: Page): Promise<void> {
  expect(await main(member)).toMatch(/600\.50 is set aside/);
  const staff = await staffPage();
  await staff.goto("/staff/transfers?status=pending_approval");
  await staff.getByRole("link", { name: /^TR/ }).first().click();
  await staff.getByRole("link", { name: "Approve", exact: true }).click();
  await press(staff, /^Approve .*600\.00/);
  await staff.waitForURL("**?done=approved");
  await member.locator("#live-state").getByText("Completed").waitFor();
  await other.locator("#live-wallets").getByText("900.00").first().waitFor();
}

/** Two of staff exchange the bank account for one that its bank does not know; so a transfer to it comes back. */
async function bankRefuses(partner: string, member: Page): Promise<void> {
  await giveBankAccount(await staffPage(), partner, "12349203");
  const reviewer = await staffPage();
  await reviewer.goto("/staff/bank-details");
  await reviewer.getByRole("link", { name: "Nile Agents" }).last().click();
  await press(reviewer, "Approve the details");
  await reviewer.waitForURL("**/staff/bank-details?done=approved");
  await transfer(member, { amount: "250", words: /Send .*252\.50/ });
  await bankAnswers(member, /Failed/);
  expect(await main(member)).toMatch(/account number is not right/i);
  expect((await newMail(rosa, /250\.00/)).text).toContain("250.00");
}

test("W1 W2 W3 W4 W5 W6 S4 S5: from a partner account to transfers that arrive, wait, go to the bank and come back", async () => {
  let staff = await staffPage();
  const nile = await makePartner(staff, "Nile Agents");
  await giveBankAccount(staff, nile, "12345678");
  const coral = await makePartner(staff, "Coral Study");
  await customerPays(staff, nile);
  await staff.context().close();
  await later(12);

  staff = await staffPage();
  await rulesAreSet(staff);
  const sender = await accountIsProvisioned(staff, nile, "Rosa Weber", rosa);
  const receiver = await accountIsProvisioned(staff, coral, "Finn Olsen", finn);
  await payoutFundsTheWallet(staff, sender.wallet, sender.member);

  const other = receiver.member;
  await other.goto("/partner/wallets");
  await transfer(sender.member, { to: receiver.number, amount: "300", words: /Send .*300\.50/ });
  await other.locator("#live-wallets").getByText("300.00").first().waitFor();
  await transfer(sender.member, { amount: "200", words: /Send .*202\.00/ });
  await bankAnswers(sender.member, /Completed/);
  await transfer(sender.member, { to: receiver.number, amount: "600", words: /Send .*600\.50 for approval/ });
  await staffApprove(sender.member, other);
  await bankRefuses(nile, sender.member);

  for (const { member, wallet, number } of [sender, receiver]) {
    const booked = await bookedOf(portal.h, wallet);
    expect(await shownOf(member, number)).toEqual(booked);
  }
  expect((await bookedOf(portal.h, sender.wallet)).balances).toBe("897.00 0.00 897.00");
  expect((await bookedOf(portal.h, receiver.wallet)).balances).toBe("900.00 0.00 900.00");
  const { broken } = await portal.h.system(institution, proveBooks);
  expect(broken).toEqual([]);
}, 300_000);
