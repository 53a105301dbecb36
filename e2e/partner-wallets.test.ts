import { readFile } from "node:fs/promises";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Browser } from "../test/support/browser.ts";
import { readPdf } from "../test/support/pdf.ts";
import { type TransferWorld, transferWorld } from "../test/support/transfer-world.ts";
import { judge, type Look, looksRight, type Portal, startPortal } from "./support/portal.ts";

let portal: Portal;
let world: TransferWorld;
let home: string;

beforeAll(async () => {
  portal = await startPortal();
  world = await transferWorld(portal.h);
  home = `/partner/wallets/${world.from.number}`;
  for (let index = 0; index < 55; index++) await world.fund(world.from, BigInt(1_000 + index));
  await world.ask({ route: "wallet", minor: 900_000n, waits: true });
});
afterAll(() => portal?.close());

async function signedIn(look: Look, who: Browser): Promise<{ context: BrowserContext; page: Page }> {
  const context = await portal.context(look);
  await context.addCookies([...who.cookies].map(([name, value]) => ({ name, value, url: portal.origin })));
  return { context, page: await context.newPage() };
}

async function downloaded(page: Page, name: string): Promise<Buffer> {
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name }).first().click();
  return await readFile(await (await download).path());
}

/** Sends money to the other partner's wallet through the pages, as a member does. */
async function send(page: Page, amount: string): Promise<void> {
  await page.goto(home);
  await page.getByRole("link", { name: "Make a transfer" }).click();
  await page.locator('input[name="to"]').fill(world.to.number);
  await page.locator('input[name="amount"]').fill(amount);
  await page.locator("main form button.primary").click();
  await page.waitForURL("**/partner/transfers/check/**");
  await page.getByRole("button", { name: /^Send / }).click();
  await page.waitForURL("**/partner/transfers/TR*");
}

const looks: readonly Look[] = [
  { width: 390, script: false },
  { width: 1280, script: true },
];

describe("a partner's wallets", () => {
  test.each(looks)("W2 W3 W4 X2: from the wallets to what is behind one flow, and its files (%o)", async (look) => {
    const { context, page } = await signedIn(look, world.member);
    const judged = await judge(portal, look);
    await page.goto("/partner/wallets");
    await judged.see(page, "wallets");
    await page.locator(`main a[href="${home}"]`).click();
    expect(await page.locator("main").textContent()).toContain("Waits for approval by");
    await page.getByText("Show the figures as a table").first().click();
    await judged.see(page, "a wallet");

    await page.getByRole("link", { name: "All flows" }).first().click();
    await page.waitForURL("**/flows");
    await judged.see(page, "flows");
    await page.getByRole("link", { name: "Older" }).click();
    await page.waitForURL("**before=**");
    await page.getByRole("link", { name: "Newer" }).click();
    await page.waitForURL("**after=**");
    await page.getByLabel("Amount", { exact: true }).fill("10.07");
    await page.getByRole("button", { name: "Apply" }).click();
    await page.waitForURL("**amount=10.07**");
    expect(await page.locator("tbody tr").count()).toBe(1);

    const csv = (await downloaded(page, "Download CSV")).toString();
    expect(csv.trim().split("\r\n")).toHaveLength(2);
    expect(csv).toContain("10.07");
    const pdf = await readPdf(await downloaded(page, "Download PDF"));
    expect(JSON.stringify(pdf)).toContain("10.07");
    expect(JSON.stringify(pdf)).not.toContain("10.08");

    await page.locator("tbody tr a").first().click();
    await page.waitForURL("**/flows/*");
    expect(await page.locator("main").textContent()).toContain("put this in by hand");
    await judged.see(page, "why this amount");
    await judged.close();
    await context.close();
  });

  test("W3: both sides see a transfer at once on pages that are open", async () => {
    const sender = await signedIn({ width: 1280 }, world.member);
    const watcher = await signedIn({ width: 1280 }, world.member);
    const receiver = await signedIn({ width: 390 }, world.receiver);
    await receiver.page.goto(`/partner/wallets/${world.to.number}`);
    await watcher.page.goto("/partner/wallets");
    const before = await watcher.page.locator("#live-wallets").textContent();
    await send(sender.page, "77.31");
    await receiver.page.locator("#live-newest", { hasText: "77.31" }).waitFor();
    await receiver.page.locator("#live-state", { hasText: "77" }).waitFor();
    await watcher.page.waitForFunction((old) => document.querySelector("#live-wallets")?.textContent !== old, before);
    await Promise.all([sender, watcher, receiver].map(({ context }) => context.close()));
  });

  test.each([
    { width: 390, locale: "ar" },
    { width: 1280, locale: "ar", dark: true },
    { width: 390, dark: true },
  ] as const)("W2 W4: every page of wallets has no axe violation and nothing scrolls sideways (%o)", async (look) => {
    const who = await portal.h.member(world.institution, world.partner, "ADMIN");
    const language = "locale" in look ? look.locale : "en";
    await portal.h.admin.query("update app.member set language = $2 where id = $1", [who.memberId, language]);
    const { context, page } = await signedIn(look, who);
    const flows = `${home}/flows`;
    for (const path of ["/partner/wallets", home, `${home}?span=months`, flows, `${flows}?amount=x`, `${flows}/1`]) {
      await page.goto(path);
      expect(await page.locator("html").getAttribute("lang")).toMatch(language);
      await looksRight(page, path);
    }
    await context.close();
  });
});
