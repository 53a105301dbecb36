import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { sessionCookie } from "#http/cookies.ts";
import { type Id, newId } from "#kernel/ids.ts";
import { systemClock } from "#kernel/time.ts";
import { judge, looksRight, mailTo, type Portal, startPortal } from "./support/portal.ts";

// P1, P11: a partner is created from nothing; a contact gives its bank details, staff review them, both see where they
// stand.
let portal: Portal;
let institution: InstitutionId;
let partner: Id<"prt">;

beforeAll(async () => {
  portal = await startPortal();
  institution = await portal.h.institution();
});
afterAll(() => portal?.close());
beforeEach(async () => {
  partner = newId("prt", systemClock.now(), portal.h.random);
  await portal.h.admin.query(
    `insert into app.partnership (institution_id, id, name, kind, legal_name, currency, commission_bps, commission_tax,
       created_at, updated_at) values ($1, $2, 'Meridian Education', 'agent', 'Meridian', 'AUD', 1000, 'exclusive',
       now(), now())`,
    [institution, partner],
  );
});

const press = (page: Page, words: string) => page.locator("main").getByRole("button", { name: words }).click();

async function staffPage(script: boolean): Promise<Page> {
  const context = await portal.context({ width: 1280, script });
  const { token } = await portal.h.staff(institution);
  await context.addCookies([{ name: sessionCookie.staff, value: token, url: portal.origin }]);
  return await context.newPage();
}

test.each([
  { width: 1280, script: true, dark: false },
  { width: 390, script: false, dark: true },
] as const)(
  "P11: $width px, script $script: details are given, reviewed and rest before they are used",
  async (look) => {
    const contact = await portal.h.partner(institution, partner);
    const context = await portal.context(look);
    await context.addCookies([{ name: sessionCookie.partner, value: contact.token, url: portal.origin }]);
    const judged = await judge(portal, look);
    const page = await context.newPage();
    const see = (where: string) => judged.see(page, where);
    await page.goto("/partner/bank-details?currency=USD");
    await see("no account yet");
    await page.locator("#usd").getByRole("link", { name: "Add an account" }).click();
    await see("an account in the United States");
    await page.getByRole("link", { name: "The account is in another country" }).click();
    await see("where is the account");
    await page.getByLabel("Country").selectOption("DE");
    await press(page, "Go on");
    await page.getByLabel("Account holder").fill("Meridian GmbH");
    await page.getByLabel("IBAN").fill("DE89 3704 0044 0532 0130 01");
    await press(page, "Send for review");
    await expect(page.title()).resolves.toMatch(/^Error: /);
    expect(await page.locator("main").innerText()).toContain("The check digits of this IBAN do not fit");
    expect(await page.getByLabel("Account holder").inputValue()).toBe("Meridian GmbH");
    await see("a slip");
    await page.getByLabel("IBAN").fill("DE89 3704 0044 0532 0130 00");
    await press(page, "Send for review");
    await page.waitForURL("**/partner/bank-details?done=proposed");
    expect(await page.content()).not.toContain("0532013000");
    await page.getByText("•••• 3000").waitFor();
    await see("waiting");
    expect((await mailTo(portal, contact.email)).text).toContain("ending in 3000");

    const staff = await staffPage(look.script);
    await staff.goto("/staff/bank-details");
    await staff.getByRole("link", { name: "Meridian Education" }).last().click();
    expect(await staff.locator("main").innerText()).toContain("Ask the partner before you approve");
    if (look.script) await looksRight(staff, "bank details to review");
    await press(staff, "Approve the details");
    await staff.waitForURL("**/staff/bank-details?done=approved");
    await page.reload();
    expect(await page.locator("#usd").innerText()).toContain("Payouts go to this account from");
    await see("cooling off");
    expect((await mailTo(portal, contact.email, 1)).subject).toContain("have changed");
    await staff.context().close();
    await judged.close();
    await context.close();
  },
);

test("P11: in Arabic the page reads from right to left, and numbers stay whole", async () => {
  const contact = await portal.h.partner(institution, partner);
  await portal.h.admin.query("update app.contact set language = 'ar' where id = $1", [contact.contactId]);
  const look = { width: 390, script: true, locale: "ar" } as const;
  const context = await portal.context(look);
  await context.addCookies([{ name: sessionCookie.partner, value: contact.token, url: portal.origin }]);
  const page = await context.newPage();
  await page.goto("/partner/bank-details/change?currency=AUD");
  expect(await page.locator("html").getAttribute("dir")).toBe("rtl");
  await looksRight(page, "the form in Arabic");
  await page.locator("[name=holder_name]").fill("Meridian");
  await page.locator("[name=bsb]").fill("062-000");
  await page.locator("[name=account]").fill("12345678");
  await page.locator("main form button.primary").click();
  await page.waitForURL("**/partner/bank-details?done=proposed");
  await page.getByText("•••• 5678").waitFor();
  await looksRight(page, "waiting, in Arabic");
  await context.close();
});

test.each([{ script: true }, { script: false }])(
  "P1: staff create a partner from nothing, give it an account and a tax status (script $script)",
  async ({ script }) => {
    const staff = await staffPage(script);
    const see = async (where: string) => (script ? await looksRight(staff, where) : undefined);
    await staff.goto("/staff/partnerships");
    await staff.getByRole("link", { name: "Add a partner" }).click();
    await see("a new partner");
    await staff.getByLabel("Name", { exact: true }).fill(`Nile Agents ${script}`);
    await staff.locator("[name=share_percent]").fill("12.5");
    await press(staff, "Add the partner");
    await expect(staff.title()).resolves.toMatch(/^Error: /);
    await see("a new partner with a slip");
    await staff.getByLabel("No", { exact: true }).check();
    expect(await staff.getByLabel("Name", { exact: true }).inputValue()).toBe(`Nile Agents ${script}`);
    await press(staff, "Add the partner");
    await staff.waitForURL("**?done=created");
    expect(await staff.locator("main").innerText()).toContain("12.5% of the list amount");
    await see("the new partner");
    await staff.getByRole("link", { name: "Change the GST status" }).click();
    await staff.getByLabel("Yes", { exact: true }).check();
    await staff.getByLabel("Tax number").fill("51 824 753 556");
    await press(staff, "Save the status");
    await staff.waitForURL("**?done=tax-status");
    await staff.getByRole("link", { name: "Add or replace" }).click();
    await see("where the account is");
    await press(staff, "Go on");
    await staff.getByLabel("Account holder").fill("Nile Agents Pty Ltd");
    await staff.getByLabel("BSB").fill("062-000");
    await staff.getByLabel("Account number").fill("12345678");
    await press(staff, "Save the account");
    await staff.waitForURL("**?done=bank-*");
    expect(await staff.locator("main").innerText()).toContain("•••• 5678");
    await see("the partner with an account");
    await staff.context().close();
  },
);
