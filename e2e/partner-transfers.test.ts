import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import { approveTransfer } from "#features/transfers/decide-transfer.ts";
import { type Clock, systemClock } from "#kernel/time.ts";
import { type TransferWorld, transferWorld } from "../test/support/transfer-world.ts";
import { judge, type Look, looksRight, type Portal, startPortal } from "./support/portal.ts";

// W5, W6: a member prepares, checks, sends, follows, finds and takes back transfers; with script and without.
let portal: Portal;
let world: TransferWorld;
let ahead = 0;
const clock: Clock = { now: () => systemClock.now().add({ seconds: ahead }) };

beforeAll(async () => {
  portal = await startPortal(clock);
  world = await transferWorld(portal.h);
  await world.account();
  const id = "tar_e2e";
  await portal.h.admin.query(
    `insert into app.tariff (institution_id, id, purpose, currency, route, from_date, set_by, set_by_name, created_at)
     values ($1, $2, '', 'AUD', 'wallet', '2026-01-01', 'test', 'Test', now())`,
    [world.institution, id],
  );
  await portal.h.admin.query(
    `insert into app.tariff_tier (institution_id, tariff_id, from_minor, fixed_minor, rate_bps)
     values ($1, $2, 0, 50, 10)`,
    [world.institution, id],
  );
});
afterAll(() => portal?.close());

const main = (page: Page) => page.locator("main");
const words = async (page: Page) => (await main(page).innerText()).replaceAll("\u00a0", " ");
async function press(page: Page, name: string | RegExp): Promise<void> {
  await main(page).getByRole("button", { name }).click();
}

type Cookies = { readonly cookies: ReadonlyMap<string, string> };
async function signIn(context: BrowserContext, { cookies }: Cookies): Promise<void> {
  await context.addCookies([...cookies].map(([name, value]) => ({ name, value, url: portal.origin })));
}

const member = () => portal.h.member(world.institution, world.partner);

const looks = [
  { width: 1280, script: true, dark: false },
  { width: 390, script: false, dark: true },
] as const satisfies readonly Look[];

describe.each(looks)("W5 W6: $width px, script $script", (look) => {
  async function open(locale = "en-AU"): Promise<{ page: Page; see: (where: string) => Promise<void> }> {
    const context = await portal.context({ ...look, locale });
    await signIn(context, await member());
    const page = await context.newPage();
    if (look.script) return { page, see: (where) => looksRight(page, where) };
    const judged = await judge(portal, look);
    return { page, see: (where) => judged.see(page, where) };
  }

  test("money goes to another partner's wallet, with the fee and the holder shown before", async () => {
    const { page, see } = await open();
    await page.goto("/partner/transfers");
    await main(page).getByRole("link", { name: "New transfer" }).click();
    await see("the form");
    await page.getByLabel("Amount").fill("50,00");
    await page.locator("[name=to]").fill("1234 5678 9012");
    await page.getByLabel("Reference").fill("Rent May");
    await press(page, "Check the transfer");
    await expect(page.title()).resolves.toMatch(/^Error: /);
    expect(await words(page)).toContain("No wallet has this number");
    expect(await words(page)).toContain("Write the amount as digits");
    expect(await page.getByLabel("Reference").inputValue()).toBe("Rent May");
    await see("the form with errors");
    await page.getByLabel("Amount").fill("50.00");
    await page.locator("[name=to]").fill(world.to.number);
    await press(page, "Check the transfer");
    await page.waitForURL("**/partner/transfers/check/*");
    for (const said of ["K•••••• S••••••", "0.55", "AUD 50.55", "arrives at once"]) {
      expect(await words(page)).toContain(said);
    }
    await see("the check page");
    await press(page, "Send AUD 50.55");
    await page.waitForURL("**/partner/transfers/TR*");
    for (const said of ["The money has arrived", "Arrived in the wallet", "Confirmed by Rosa Weber", "−50.00"]) {
      expect(await words(page)).toContain(said);
    }
    await see("the transfer");
    const ref = page.url().split("/").pop()?.split("?")[0] ?? "";
    await page.goto(`/partner/transfers?q=${ref}`);
    expect(await main(page).locator("tbody tr").count()).toBe(1);
    await see("the list, searched");
    await main(page).locator("tbody a").first().click();
    await main(page).getByRole("link", { name: "Transfer again" }).click();
    expect(await page.locator("[name=to]").inputValue()).toBe(world.to.number);
    expect(await page.getByLabel("Amount").inputValue()).toBe("50.00");
    await page.context().close();
  });

  test("above the limit it waits; the member takes it back", async () => {
    const { page, see } = await open();
    await page.goto("/partner/transfers/new");
    await page.locator("[name=to]").fill(world.to.number);
    await page.getByLabel("Amount").fill("6000.00");
    await press(page, "Check the transfer");
    expect(await words(page)).toContain("It waits for approval");
    await see("the check page of one that waits");
    await press(page, /for approval/);
    await page.waitForURL("**/partner/transfers/TR*");
    expect(await words(page)).toContain("AUD 6,006.50 is set aside in your wallet");
    await see("a transfer that waits");
    await press(page, "Cancel the transfer");
    await page.waitForURL("**?done=cancelled");
    expect(await words(page)).toContain("Nothing left your wallet");
    await see("a transfer that was cancelled");
    await page.context().close();
  });

  test("a quote that is over is asked for again with one press", async () => {
    const { page, see } = await open();
    await page.goto("/partner/transfers/new");
    await page.locator("[name=route][value=bank]").check();
    await page.getByLabel("Amount").fill("25.00");
    await press(page, "Check the transfer");
    expect(await words(page)).toContain("Sample Bank •••• 4321");
    ahead += 601;
    await press(page, "Send AUD 25.00");
    expect(await words(page)).toContain("This quote is over");
    await see("a quote that is over");
    await press(page, "Ask for the fee again");
    await page.waitForURL("**/partner/transfers/check/*");
    await press(page, "Send AUD 25.00");
    await page.waitForURL("**/partner/transfers/TR*");
    expect(await words(page)).toContain("On its way to your bank");
    await see("a transfer to the bank");
    await page.context().close();
  });

  test("in Arabic, from right to left", async () => {
    const context = await portal.context(look);
    const who = await member();
    await portal.h.admin.query("update app.member set language = 'ar' where id = $1", [who.memberId]);
    await signIn(context, who);
    const page = await context.newPage();
    const judged = await judge(portal, look);
    for (const path of ["/partner/transfers", "/partner/transfers/new"]) {
      await page.goto(path);
      expect(await page.locator("html").getAttribute("dir")).toBe("rtl");
      await judged.see(page, `${path} in Arabic`);
    }
    await page.locator("[name=to]").fill(world.to.number);
    await page.locator("[name=amount]").fill("12.50");
    await main(page).locator("button[type=submit]").last().click();
    await page.waitForURL("**/partner/transfers/check/*");
    await judged.see(page, "the check page in Arabic");
    await main(page).locator("button[type=submit]").last().click();
    await page.waitForURL("**/partner/transfers/TR*");
    await judged.see(page, "a transfer in Arabic");
    await judged.close();
    await context.close();
  });
});

test("W6: the page of a transfer that waits hears what staff decided, by itself", async () => {
  const context = await portal.context({ width: 1280, script: true });
  await signIn(context, await member());
  const page = await context.newPage();
  const id = await world.ask({ route: "wallet", minor: 600_000n, waits: true });
  const { ref } = await world.read(id);
  await page.goto(`/partner/transfers/${ref}`);
  expect(await words(page)).toContain("Needs approval");
  await portal.h.system(world.institution, (cx) => approveTransfer(cx, permit(cx.principal, "transfers.approve"), id));
  await main(page).getByText("Arrived in the wallet.").waitFor();
  expect(await words(page)).toContain("Approved by");
  await context.close();
});
