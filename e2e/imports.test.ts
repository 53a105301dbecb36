import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sessionCookie } from "#http/cookies.ts";
import { expectAccessible, expectNoSidewaysScroll, type Look, type Portal, startPortal } from "./support/portal.ts";

let portal: Portal;
beforeAll(async () => {
  portal = await startPortal();
});
afterAll(() => portal?.close());

const fixture = (name: string) => fileURLToPath(new URL(`../test/fixtures/${name}`, import.meta.url));

/** A page of an owner of a new institution. */
async function ownerPage(look: Look): Promise<Page> {
  const institution = await portal.h.institution({ host: `i${look.width}${look.script}${look.dark}.example` });
  const staff = await portal.h.staff(institution);
  const context = await portal.context(look);
  await context.addCookies([{ name: sessionCookie.staff, value: staff.token, url: portal.origin }]);
  return await context.newPage();
}

/**
 * Uploads, accepts the columns as they were found, and waits for the result. Answers the places of the bar that were
 * seen.
 */
async function importFile(page: Page, kind: string, file: string, look: Look): Promise<number[]> {
  await page.goto("/staff/imports");
  await page.getByRole("link", { name: "Upload a file" }).click();
  await page.locator(`input[type=radio][value=${kind}]`).check();
  await page.locator("input[type=file]").setInputFiles(fixture(file));
  await check(page, "the upload", look);
  await page.getByRole("button", { name: "Upload and check" }).click();
  await page.waitForURL("**/staff/imports/imp_*");
  await check(page, "the columns", look);
  await page.getByRole("button", { name: /^Import [\d,]+ rows$/ }).click();
  const places: number[] = [];
  const result = page.getByRole("heading", { name: "About this import" });
  while ((await result.count().catch(() => 0)) === 0) {
    const place = await page
      .locator("progress")
      .getAttribute("value", { timeout: 200 })
      .catch(() => null);
    if (place !== null) places.push(Number(place));
    await page.waitForTimeout(100);
  }
  await check(page, "the result", look);
  return places;
}

const checked = new Set<string>();

/** Looks at each kind of page once in each look: no sideways scrolling, no axe violation. */
async function check(page: Page, where: string, look: Look): Promise<void> {
  const name = `${where} ${JSON.stringify(look)}`;
  if (look.script === false || checked.has(name)) return;
  checked.add(name);
  await expectNoSidewaysScroll(page, name);
  await expectAccessible(page, name);
}

async function figure(page: Page, label: string): Promise<string> {
  return await page.locator(".fig", { hasText: label }).locator("dd").first().innerText();
}

test.each<Look>([
  { width: 1280, script: false, dark: false },
  { width: 390, script: true, dark: true },
  { width: 1280, script: true, dark: false },
])(
  "files go in by hand, progress shows, twice changes nothing, bad rows are listed and downloaded (%o)",
  async (look) => {
    const page = await ownerPage(look);
    await importFile(page, "partnerships", "northbridge/partnerships.csv", look);
    const places = await importFile(page, "customers", "northbridge/customers.csv", look);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(await figure(page, "Created")).toBe("2,000");
    await importFile(page, "customers", "northbridge/customers.csv", look);
    expect([await figure(page, "Created"), await figure(page, "Unchanged")]).toEqual(["0", "2,000"]);
    await importFile(page, "customers", "dirty/customers.csv", look);
    await check(page, "a result with bad rows", look);
    expect(await figure(page, "Bad rows")).toBe("8");
    expect(await page.locator("#bad-rows tbody tr").count()).toBe(9);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download as CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("customers-bad-rows.csv");
    await page.goto("/staff/imports");
    await check(page, "the list", look);
    expect(await page.locator("tbody tr").count()).toBe(4);
  },
);
