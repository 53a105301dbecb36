import { readFile } from "node:fs/promises";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import type { Browser } from "../test/support/browser.ts";
import { raise } from "../test/support/invoices.ts";
import { moneyWorld } from "../test/support/money.ts";
import { type PayoutWorld, payoutWorld } from "../test/support/payout-world.ts";
import { readPdf } from "../test/support/pdf.ts";
import { type Look, looksRight, mailTo, type Portal, startPortal } from "./support/portal.ts";

let portal: Portal;
let institution: InstitutionId;

beforeAll(async () => {
  portal = await startPortal();
  institution = await portal.h.institution({ isDemo: true });
});
afterAll(() => portal?.close());

/** A partner of its own, registered for tax, with a contact. */
async function partner() {
  const world = await payoutWorld(portal.h, await moneyWorld(portal.h, institution));
  await portal.h.admin.query(
    "update app.partnership set tax_registered = true, tax_id = '98 765 432 109' where id = $1",
    [world.partner],
  );
  const contact = await portal.h.partner(institution, world.partner);
  return { world, contact };
}

async function signedIn(look: Look, who: Browser): Promise<{ context: BrowserContext; page: Page }> {
  const context = await portal.context(look);
  await context.addCookies([...who.cookies].map(([name, value]) => ({ name, value, url: portal.origin })));
  return { context, page: await context.newPage() };
}

/** Sends a form to the running program, as the page would. */
async function send(who: Browser, path: string, form: Readonly<Record<string, string>>): Promise<void> {
  const cookie = [...who.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const headers = { cookie, "sec-fetch-site": "same-origin" };
  const init = { method: "POST", body: new URLSearchParams(form), headers, redirect: "manual" } as const;
  expect((await fetch(portal.origin + path, init)).status, path).toBe(303);
}

/** What the words stand for that a contact is shown to accept. */
async function versionShown(who: Browser): Promise<string> {
  const cookie = [...who.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const shown = await fetch(`${portal.origin}/partner/self-billing`, { headers: { cookie } });
  return /name="version" value="([\w-]+)"/.exec(await shown.text())?.[1] ?? "";
}

async function downloaded(page: Page, name: string | RegExp): Promise<Buffer> {
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name }).first().click();
  return await readFile(await (await download).path());
}

/** Waits until the jobs have issued so many documents. */
async function issued(world: PayoutWorld, kind: string, count: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const { rows } = await portal.h.admin.query<{ count: string }>(
      "select count(*) from app.invoice where partnership_id = $1 and kind = $2",
      [world.partner, kind],
    );
    if (Number(rows[0]?.count) >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`No ${count} documents of kind ${kind}`);
}

const looks: readonly Look[] = [
  { width: 390, script: false },
  { width: 1280, script: true },
];

describe("a partner and its documents", () => {
  test.each(looks)(
    "P8: staff propose self-billing, the contact accepts, an invoice is issued, disputed and credited (%o)",
    async (look) => {
      const { world, contact } = await partner();
      const staff = await signedIn(look, await portal.h.staff(institution, "ADMIN"));
      const own = await signedIn(look, contact);

      await staff.page.goto(`/staff/partnerships/${world.partner}/self-billing`);
      await staff.page.getByRole("button", { name: "Propose it to the partner" }).click();
      await staff.page.waitForURL("**done=proposed");
      expect((await mailTo(portal, contact.email)).text).toContain("/partner/self-billing");

      await own.page.goto("/partner/self-billing");
      expect(await own.page.locator("main").textContent()).toContain("The supplier does not issue tax invoices");
      await own.page.getByRole("button", { name: "Accept the agreement" }).click();
      await own.page.waitForURL("**done=accepted");
      expect(await own.page.locator("main").textContent()).toContain("Accepted by Ahmed Sharma");

      await world.earn(100_000n);
      await issued(world, "self_billed", 1);
      await own.page.goto("/partner/self-billing");
      await own.page.getByRole("link", { name: "RCTI-000001" }).click();
      const { pages } = await readPdf(await downloaded(own.page, /Download PDF/));
      expect(pages.join("\n")).toContain("The GST shown is payable by the supplier.");

      // An empty dispute is shown again with what is missing; a written one is sent.
      await own.page.getByRole("button", { name: "Send the dispute" }).click();
      await own.page.getByText("There is a problem").waitFor();
      await own.page.getByLabel("What is wrong").fill("This was agreed to be 12 %.");
      await own.page.getByRole("button", { name: "Send the dispute" }).click();
      await own.page.waitForURL("**done=disputed");
      expect(await own.page.locator("main").textContent()).toContain("In dispute");

      await staff.page.goto("/staff/self-billing");
      await staff.page
        .getByRole("row", { name: /This was agreed to be 12 %\./ })
        .getByRole("link")
        .first()
        .click();
      await staff.page.getByLabel("Take it back", { exact: false }).first().check();
      await staff.page.getByLabel("Words for the partner").fill("You are right. We correct the share.");
      await staff.page.getByRole("button", { name: "Send the answer" }).click();
      await staff.page.waitForURL("**done=answered");

      await own.page.reload();
      const after = await own.page.locator("main").textContent();
      expect(after).toContain("You are right. We correct the share.");
      expect(after).toContain("CN-000001");
      await staff.context.close();
      await own.context.close();
    },
  );

  test.each(looks)("P6: the statement of any period: page, CSV and PDF say the same balances (%o)", async (look) => {
    const { world, contact } = await partner();
    const payment = await world.earn(500_000n);
    await world.refund(payment, 100_000n);
    await raise(portal.h, world, { net: 20_000n });
    const { context, page } = await signedIn(look, contact);
    await page.goto("/partner/statement");
    await page.getByLabel("Period").selectOption("financial-year");
    await page.getByRole("button", { name: "Show statement" }).click();
    await page.waitForURL("**period=financial-year**");
    const shown = (await page.locator("main").textContent()) ?? "";
    // 10 % of 5,000.00 with tax, less a fifth of it; the invoice with its tax.
    for (const expected of ["550.00", "−110.00", "440.00", "220.00", "INV-000001"]) expect(shown).toContain(expected);
    const csv = (await downloaded(page, /Download CSV/)).toString("utf8");
    expect(csv).toMatch(/earnings,\d{4}-\d\d-\d\d,,closing,+440\.00,AUD/);
    expect(csv).toMatch(/invoices,\d{4}-\d\d-\d\d,,closing,+220\.00,AUD/);
    const { pages } = await readPdf(await downloaded(page, /Download PDF/));
    const text = pages.join("\n");
    for (const expected of ["Meridian Pty Ltd", "Aiko Tanaka", "440.00", "220.00", "Closing balance"]) {
      expect(text).toContain(expected);
    }
    await context.close();
  });

  test("P6 P8: every page has no axe violation and does not scroll sideways, light, dark and right to left", async () => {
    const { world, contact } = await partner();
    const staff = await portal.h.staff(institution, "ADMIN");
    await send(staff, `/staff/partnerships/${world.partner}/self-billing/propose`, { country: "AU" });
    await send(contact, "/partner/self-billing/accept", { version: await versionShown(contact) });
    await world.earn(200_000n);
    await issued(world, "self_billed", 1);
    await send(contact, "/partner/self-billing/1/dispute", { reason: "Something is wrong" });
    await raise(portal.h, world, { net: 30_000n });
    const fresh = await partner();
    await send(staff, `/staff/partnerships/${fresh.world.partner}/self-billing/propose`, { country: "GB" });
    await portal.h.admin.query("update app.contact set language = 'ar' where id = $1", [fresh.contact.contactId]);
    const own = ["/partner/statement", "/partner/self-billing", "/partner/self-billing/1"];
    const { rows } = await portal.h.admin.query<{ id: string }>(
      "select id from app.invoice where partnership_id = $1 and kind = 'self_billed'",
      [world.partner],
    );
    const theirs = [
      `/staff/partnerships/${world.partner}/statement`,
      `/staff/partnerships/${world.partner}/self-billing`,
      `/staff/partnerships/${world.partner}`,
      "/staff/self-billing",
      `/staff/self-billing/${rows[0]?.id}`,
    ];
    const rounds = [
      { who: contact, look: { width: 390 }, paths: own },
      { who: contact, look: { width: 1280, dark: true }, paths: own },
      { who: fresh.contact, look: { width: 390, locale: "ar" }, paths: own.slice(0, 2) },
      { who: fresh.contact, look: { width: 1280, locale: "ar", dark: true }, paths: own.slice(0, 2) },
      { who: staff, look: { width: 390 }, paths: theirs },
      { who: staff, look: { width: 1280, dark: true }, paths: theirs },
    ] as const;
    for (const { who, look, paths } of rounds) {
      const { context, page } = await signedIn(look, who);
      for (const path of paths) {
        expect((await page.goto(path))?.status(), path).toBe(200);
        if (who === fresh.contact) expect(await page.locator("html").getAttribute("dir")).toBe("rtl");
        await looksRight(page, `${path} ${JSON.stringify(look)}`);
      }
      await context.close();
    }
  });
});
