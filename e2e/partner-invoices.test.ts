import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { sessionCookie } from "#http/cookies.ts";
import { newId } from "#kernel/ids.ts";
import { systemClock } from "#kernel/time.ts";
import { readPdf } from "../test/support/pdf.ts";
import {
  expectNoSidewaysScroll,
  judge,
  type Look,
  linkIn,
  mailTo,
  type Portal,
  startPortal,
} from "./support/portal.ts";

// P7: staff raise an invoice on a partner; its contact hears of it by mail, signs in, pays by card, and it is paid.
let portal: Portal;
let institution: InstitutionId;
let made = 0;

beforeAll(async () => {
  portal = await startPortal();
  institution = await portal.h.institution({ isDemo: true });
});
afterAll(() => portal?.close());

/** A partner with one contact, who reads `language`. */
async function partner(language: string): Promise<{ id: string; name: string; email: string }> {
  const now = systemClock.now();
  const id = newId("prt", now, portal.h.random);
  const name = `Meridian ${++made}`;
  const email = `ahmed${made}@partners.example`;
  await portal.h.admin.query(
    `insert into app.partnership (institution_id, id, name, kind, legal_name, currency, commission_bps, commission_tax,
       created_at, updated_at) values ($1, $2, $3, 'agent', $3, 'AUD', 1000, 'exclusive', now(), now())`,
    [institution, id, name],
  );
  await portal.h.admin.query(
    `insert into app.contact (institution_id, id, partnership_id, name, email, rights, language, created_at, updated_at)
     values ($1, $2, $3, 'Ahmed Sharma', $4, '{view,pay}', $5, now(), now())`,
    [institution, newId("con", now, portal.h.random), id, email, language],
  );
  return { id, name, email };
}

type See = (page: Page, where: string) => Promise<void>;

/** Staff write an invoice of two lines, check it and issue it. */
async function raiseInvoice(page: Page, to: string, see: See): Promise<void> {
  await page.goto("/staff/invoices/new");
  await see(page, "a new invoice");
  await page.getByLabel("Partner").selectOption({ label: to });
  await page.getByLabel("What it is for, line 1").fill("Portal fee");
  await page.getByLabel("Price of one").first().fill("-5");
  await page.getByLabel("Notes").fill("For 2027\n<b>plain</b>");
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByRole("heading", { name: "New invoice" }).waitFor();
  expect(await page.title()).toMatch(/^Error: /);
  await see(page, "a new invoice with a slip");
  await page.getByLabel("Price of one").first().fill("1000");
  await page.getByRole("button", { name: "Add a line" }).click();
  await page.getByLabel("What it is for, line 4").fill("Stand at the fair");
  await page.getByLabel("Price of one").nth(3).fill("250.50");
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByRole("heading", { name: "Check the invoice" }).waitFor();
  await see(page, "the check page of an invoice");
  await page.getByRole("button", { name: /^Issue it for AUD\s1,375\.55$/ }).click();
  await page.getByRole("heading", { name: "INV-000001" }).waitFor();
  await see(page, "an issued invoice");
}

/** From the mail of the invoice through signing in to the provider's page and back. */
async function payInvoice(page: Page, email: string, look: Look, see: See): Promise<void> {
  const told = await mailTo(portal, email);
  expect(told.subject).toContain("INV-000001");
  await page.goto(/https?:\S+\/partner\/invoices\/1/.exec(told.text)?.[0] ?? "");
  await page.locator("input[type=email]").fill(email);
  await page.locator("main button[type=submit]").click();
  await page.goto(linkIn((await mailTo(portal, email, 1)).text));
  await page.locator("main button[type=submit]").first().click();
  await page.waitForURL(/\/partner(\/|$)(?!sign-in)/);
  await page.goto("/partner/invoices");
  await see(page, "the partner's invoices");
  await page.getByRole("link", { name: "INV-000001" }).click();
  await page.getByRole("heading", { name: "INV-000001" }).waitFor();
  await see(page, "an invoice to pay");
  await page.locator("main .hero a").click();
  await page.waitForURL("**/partner/pay?**");
  await see(page, "choosing invoices");
  await page.locator("main button[type=submit]").last().click();
  await page.waitForURL("**/review**");
  await see(page, "checking what is paid");
  await page.locator("main input[type=radio]").first().check();
  await page.locator("main button[type=submit]").last().click();
  await page.waitForURL("**/sandbox/pay/**");
  await page.getByLabel(/card number/i).fill("4242 4242 4242 4242");
  await page.locator("main button[type=submit]").first().click();
  await page.waitForURL("**/done**");
  if (look.script === false) await page.reload();
  await see(page, "a paid invoice");
  await page.goto("/partner/invoices/1");
  await see(page, "the page of a paid invoice");
}

const looks: readonly (readonly [string, string, Look])[] = [
  ["at 1280, light, with script", "en", { width: 1280 }],
  ["on a phone, dark, without script", "en", { width: 390, dark: true, script: false }],
  ["in Arabic, on a phone, with script", "ar", { width: 390, locale: "ar" }],
  ["in Arabic, dark, at 1280, without script", "ar", { width: 1280, dark: true, script: false, locale: "ar" }],
];

describe("an invoice from the form to paid", () => {
  for (const [name, language, look] of looks) {
    test(name, async () => {
      const { name: to, email } = await partner(language);
      const eyes = await judge(portal, look);
      const see: See = (page, where) => eyes.see(page, `${where} (${name})`);
      const member = await portal.h.staff(institution);
      const office = await portal.context({ ...look, locale: "en-AU" });
      await office.addCookies([{ name: sessionCookie.staff, value: member.token, url: portal.origin }]);
      const staff = await office.newPage();
      await raiseInvoice(staff, to, see);
      const abroad = await portal.context(look);
      const page = await abroad.newPage();
      await payInvoice(page, email, look, see);
      expect(await page.locator("html").getAttribute("dir")).toBe(language === "ar" ? "rtl" : "ltr");
      await expectNoSidewaysScroll(page, "the page of a paid invoice");
      const download = page.waitForEvent("download");
      await page.locator("a[download]").first().click();
      const stream = await (await download).createReadStream();
      const parts: Buffer[] = [];
      for await (const part of stream) parts.push(Buffer.from(part as Uint8Array));
      expect((await readPdf(Buffer.concat(parts))).pages.join("\n")).toContain("INV-000001");
      await staff.reload();
      expect(await staff.locator("main").textContent()).toContain("Visa");
      await Promise.all([office.close(), abroad.close(), eyes.close()]);
    });
  }
});
