import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TransferId } from "#features/transfers/transfer.ts";
import { type Clock, systemClock } from "#kernel/time.ts";
import { wake } from "#platform/jobs.ts";
import { type TransferWorld, transferWorld } from "../test/support/transfer-world.ts";
import { judge, type Look, type Portal, startPortal } from "./support/portal.ts";

let portal: Portal;
let world: TransferWorld;
let ahead = 0;
const clock: Clock = { now: () => systemClock.now().add({ seconds: ahead }) };

beforeAll(async () => {
  portal = await startPortal(clock);
  world = await transferWorld(portal.h);
});
afterAll(() => portal?.close());

/** The transfer that was made last. */
async function newest(): Promise<TransferId> {
  const { rows } = await portal.h.admin.query<{ id: TransferId }>(
    "select id from app.transfer order by id desc limit 1",
  );
  return rows[0]?.id as TransferId;
}

/** Lets time pass, and the job look, until the transfer is where it should be. */
async function until(id: TransferId, attempt: string, seconds: number): Promise<void> {
  ahead += seconds;
  // The sandbox has a clock of its own, which moves along.
  portal.h.clock.advance({ seconds });
  for (let tries = 0; tries < 150; tries++) {
    await portal.h.system(world.institution, (cx) => wake(cx, "transfers.send", {}));
    if ((await world.read(id)).attemptState === attempt) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`It never was ${attempt}: ${JSON.stringify((await world.read(id)).attemptState)}`);
}

type Cookies = { readonly cookies: ReadonlyMap<string, string> };

async function signIn(context: BrowserContext, { cookies }: Cookies): Promise<void> {
  await context.addCookies([...cookies].map(([name, value]) => ({ name, value, url: portal.origin })));
}

const staff = () => portal.h.staff(world.institution, "ADMIN");
const sender = () => portal.h.member(world.institution, world.partner);

const main = (page: Page) => page.locator("main");
const words = async (page: Page) => await main(page).innerText();
async function press(page: Page, name: string | RegExp): Promise<void> {
  await main(page).getByRole("button", { name }).click();
}

/** As a member does: writes it, checks it, sends it. */
async function send(page: Page, amount: string, to: string | "bank"): Promise<string> {
  await page.goto("/partner/transfers/new");
  if (to === "bank") await page.locator("[name=route][value=bank]").check();
  else await page.locator("[name=to]").fill(to);
  await page.locator("[name=amount]").fill(amount);
  await main(page).locator("form button").first().click();
  const checked = await words(page);
  await press(page, /^Send/);
  return checked;
}

type Eyes = Awaited<ReturnType<typeof judge>>;

/** Staff set a tariff of 1.50 and 0.1 %, at most 5. */
async function setTariff(page: Page, eyes: Eyes): Promise<void> {
  await page.goto("/staff/tariffs");
  await eyes.see(page, "tariffs");
  await main(page).getByRole("link", { name: "Set a tariff" }).click();
  await main(page).getByLabel("Fixed").fill("1.50");
  await main(page).getByLabel("Percent").fill("0.1");
  await main(page).getByLabel("Maximum").fill("5");
  await eyes.see(page, "a new tariff");
  await press(page, "Add another tier");
  expect(await main(page).getByLabel("Fixed").first().inputValue()).toBe("1.50");
  await press(page, "Try it out");
  expect(await words(page)).toMatch(/AUD\s100\.00\s+AUD\s1\.60/);
  await eyes.see(page, "the tariff tried out");
  await press(page, "Set this tariff");
  expect(await words(page)).toContain("The tariff was set.");
  await eyes.see(page, "the tariff");
}

/** A member sends more than the limit; staff find it on the overview and approve it. */
async function approveOne(page: Page, member: Page, eyes: Eyes): Promise<void> {
  expect(await send(member, "9000", world.to.number)).toMatch(/Fee\s+5\.00/);
  expect(await words(member)).toContain("approv");
  const above = await newest();
  await page.goto("/staff");
  await page.getByRole("link", { name: /transfers? waits? for approval/ }).click();
  await eyes.see(page, "those that wait");
  await page.locator(`a[href="/staff/transfers/${above}"]`).click();
  await eyes.see(page, "one that waits");
  await page.getByRole("link", { name: "Approve", exact: true }).click();
  expect(await words(page)).toContain("Kestrel Schools");
  await eyes.see(page, "approving");
  await press(page, /Approve AUD\s9,000\.00/);
  expect(await words(page)).toMatch(/The transfer was approved[\s\S]*Your income from fees/);
  await eyes.see(page, "approved");
}

/** Another one is rejected, and the member reads why. */
async function rejectOne(page: Page, member: Page, eyes: Eyes): Promise<void> {
  await send(member, "8000", world.to.number);
  const above = await newest();
  await page.goto(`/staff/transfers/${above}`);
  await press(page, "Reject the transfer");
  await eyes.see(page, "a reason is asked for");
  await main(page).getByLabel("Why").fill("Please send it in two parts");
  await press(page, "Reject the transfer");
  expect(await words(page)).toContain("It was rejected");
  await member.goto(`/partner/transfers/${(await world.read(above)).ref}`);
  expect(await words(member)).toContain("Please send it in two parts");
}

/** The bank refuses one. */
async function failOne(page: Page, member: Page, eyes: Eyes): Promise<void> {
  await world.account("9201");
  await send(member, "100", "bank");
  const refused = await newest();
  await until(refused, "sent", 0);
  await until(refused, "failed", 60);
  await page.goto(`/staff/transfers/${refused}`);
  expect(await words(page)).toContain("It did not reach the bank: the bank account is closed");
  await eyes.see(page, "failed");
}

/** The bank takes one, and sends it back days later, when nobody is signed in any more. */
async function returnOne(page: Page, member: Page, eyes: Eyes): Promise<void> {
  await world.account("9304");
  await send(member, "200", "bank");
  const back = await newest();
  await until(back, "sent", 0);
  await until(back, "succeeded", 60);
  await until(back, "returned", 4 * 24 * 3_600);
  await signIn(page.context(), await staff());
  await signIn(member.context(), await sender());
  await page.goto(`/staff/transfers/${back}`);
  expect(await words(page)).toMatch(/The bank sent it back: the account is held under another name/i);
  expect(await words(page)).toMatch(/Bank account → Wallet/);
  await eyes.see(page, "returned");
  await member.goto(`/partner/transfers/${(await world.read(back)).ref}`);
  await eyes.see(member, "the member's page of it");
}

const looks: readonly Look[] = [
  { width: 1280, script: true },
  { width: 390, script: false, dark: true },
];

describe("tariffs and transfers of staff", () => {
  test.each(looks)(
    "S4 S5: a tariff; one above the limit is approved, one rejected; to the bank one fails, one comes back (%o)",
    async (look) => {
      const eyes = await judge(portal, look);
      const context = await portal.context(look);
      await signIn(context, await staff());
      const page = await context.newPage();
      const partner = await portal.context(look);
      await signIn(partner, await sender());
      const member = await partner.newPage();

      await setTariff(page, eyes);
      await approveOne(page, member, eyes);
      await rejectOne(page, member, eyes);
      const before = await world.balance();
      await failOne(page, member, eyes);
      await returnOne(page, member, eyes);
      expect(await world.balance()).toEqual(before);
      await page.goto("/staff/transfers?status=failed");
      await eyes.see(page, "those that failed");
      await world.prove();
      await context.close();
      await partner.close();
      await eyes.close();
    },
  );
});
