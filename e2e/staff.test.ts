import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { loadDemo } from "#features/demo/load-demo.ts";
import { registry } from "#registry.ts";
import { expectAccessible, expectNoSidewaysScroll, type Look, type Portal, startPortal } from "./support/portal.ts";

let portal: Portal;
let institution: InstitutionId;
const ids: Record<string, string> = {};

beforeAll(async () => {
  portal = await startPortal();
  await loadDemo(portal.h.house);
  const found = await portal.h.admin.query<{
    institution: InstitutionId;
    customer: string;
    paid: string;
    open: string;
    partner: string;
  }>(
    `select i.id as institution, c.id as customer, p.id as paid, o.id as open, t.id as partner
       from app.institution i join app.customer c on c.institution_id = i.id and c.external_id = 'DEMO'
       join app.payment p on p.external_id = 'DEMO-1' join app.payment o on o.external_id = 'DEMO-4'
       join app.partnership t on t.external_id = 'P001'`,
  );
  const row = found.rows[0];
  if (!row) throw new Error("The demo is not there");
  institution = row.institution;
  Object.assign(ids, row);
});
afterAll(() => portal?.close());

async function signedIn(look: Look): Promise<{ context: BrowserContext; page: Page }> {
  const context = await portal.context(look);
  const { cookies } = await portal.h.staff(institution, "OWNER");
  await context.addCookies([...cookies].map(([name, value]) => ({ name, value, url: portal.origin })));
  return { context, page: await context.newPage() };
}

describe("staff", () => {
  test.each([{ width: 1280 }, { width: 390, dark: true }] as const)(
    "every page is free of axe violations and fits (%o)",
    async (look) => {
      const { context, page } = await signedIn(look);
      const lists = registry
        .filter((route) => route.opens === "staff" && route.method === "GET" && !/[:.]/.test(route.path))
        .map((route) => route.path);
      const details = [
        `/staff/customers/${ids.customer}`,
        `/staff/customers/${ids.customer}/edit`,
        `/staff/payments/${ids.paid}`,
        `/staff/payments/${ids.paid}/refund`,
        `/staff/payments/${ids.open}`,
        `/staff/payments/${ids.open}/edit`,
        `/staff/payments/${ids.open}/record`,
        `/staff/payments/${ids.open}/cancel`,
        `/staff/partnerships/${ids.partner}`,
        `/staff/partnerships/${ids.partner}/edit`,
        `/staff/partnerships/${ids.partner}/tax-status`,
        `/staff/partnerships/${ids.partner}/bank-accounts/new`,
        `/staff/partnerships/${ids.partner}/bank-accounts/new?currency=AUD`,
      ];
      expect(lists.length).toBeGreaterThan(12);
      for (const path of [...lists, ...details]) {
        const answer = await page.goto(path);
        expect(answer?.status(), path).toBe(200);
        await expectAccessible(page, `${path} ${JSON.stringify(look)}`);
        await expectNoSidewaysScroll(page, `${path} ${JSON.stringify(look)}`);
      }
      await context.close();
    },
  );

  test("S2: without script: a customer, a payment, money by hand, half of it refunded", async () => {
    const { context, page } = await signedIn({ width: 1280, script: false });
    await page.goto("/staff/customers/new");
    await page.getByLabel("Given name").fill("Mei");
    await page.getByLabel("Family name").fill("Souza");
    await page.getByLabel("E-mail").fill("mei.souza@students.example");
    await page.getByRole("button", { name: "Add the customer" }).click();
    expect(await page.locator("h1").innerText()).toBe("Mei Souza");

    await page.getByRole("link", { name: "Add a payment" }).click();
    await page.locator("[name=item]").fill("Course materials");
    await page.locator("[name=amount]").fill("120.00");
    await page.locator("[name=due_date]").fill("2027-02-01");
    await step(page, "Check");
    expect(await page.locator("main").innerText()).toContain("120.00");
    await lastButton(page);
    expect(await page.locator("h1").innerText()).toBe("Course materials");

    await page.getByRole("link", { name: "Record money" }).click();
    await step(page, "Check");
    await lastButton(page);
    expect(await page.locator("main").innerText()).toContain("Paid");

    if ((await page.locator("h1").innerText()) !== "Course materials") {
      await page.getByRole("link", { name: "Course materials" }).first().click();
    }
    await page.getByRole("link", { name: /Refund/ }).click();
    await page.locator("[name=amount]").fill("60.00");
    await page.locator("[name=reason]").fill("Half of the course was not held");
    await step(page, "Check");
    await lastButton(page);
    const shown = await page.locator("main").innerText();
    expect(shown).toContain("60.00");
    expect(shown).toMatch(/part refunded/i);
    await context.close();
  });
});

async function step(page: Page, words: string): Promise<void> {
  await page.locator("main").getByRole("button", { name: words, exact: true }).click();
}

/** The button that does it, on the check page. */
async function lastButton(page: Page): Promise<void> {
  await page.locator("main form button.primary").last().click();
}
