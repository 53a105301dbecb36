import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { proveBooks } from "#features/books/books.ts";
import { sessionCookie } from "#http/cookies.ts";
import { type Clock, systemClock } from "#kernel/time.ts";
import { wake } from "#platform/jobs.ts";
import { type PayoutWorld, payoutWorld } from "../test/support/payout-world.ts";
import { judge, type Look, mailTo, type Portal, startPortal } from "./support/portal.ts";

// S4: two people of staff and a wallet: opened, funded, frozen and unfrozen, paid into by a payout, emptied and closed.
// With script and without, in light and dark, on a phone and on a wide screen.
let portal: Portal;
let world: PayoutWorld;
let ahead = 0;
const clock: Clock = { now: () => systemClock.now().add({ seconds: ahead }) };

beforeAll(async () => {
  portal = await startPortal(clock);
  world = await payoutWorld(portal.h);
  await world.contact();
});
afterAll(() => portal?.close());

const press = (page: Page, words: string | RegExp) =>
  page.locator("main").getByRole("button", { name: words }).last().click();
const main = async (page: Page) => (await page.locator("main").innerText()).replaceAll(/\s+/g, " ");

async function staffPage(look: Look): Promise<Page> {
  const context = await portal.context(look);
  const { token, staffId } = await portal.h.staff(world.institution, "ADMIN");
  await portal.h.admin.query(
    "update app.session set last_seen_at = $2, stepped_up_at = $2, expires_at = $3 where staff_id = $1",
    [
      staffId,
      clock.now().toString(),
      clock
        .now()
        .add({ hours: 24 * 90 })
        .toString(),
    ],
  );
  await context.addCookies([{ name: sessionCookie.staff, value: token, url: portal.origin }]);
  return await context.newPage();
}

/** A payout that waits for approval: what was earned was gathered, and its cut-off has passed. */
async function payoutInReview(list: bigint): Promise<string> {
  const before = new Set((await world.payouts()).map((one) => one.id));
  await world.earn(list);
  await newPayout(before, "scheduled");
  ahead += 12 * 24 * 3_600;
  portal.h.clock.advance({ seconds: 12 * 24 * 3_600 });
  return await newPayout(before, "in_review");
}

async function newPayout(before: ReadonlySet<string>, state: string): Promise<string> {
  for (let tries = 0; tries < 150; tries++) {
    await portal.h.system(world.institution, (cx) => wake(cx, "payouts.gather", {}));
    const found = (await world.payouts()).find((one) => !before.has(one.id) && one.state === state);
    if (found) return found.id;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`No payout is ${state}: ${(await world.states()).join(", ")}`);
}

/** Proposed by one, approved by the other. */
async function adjust(proposer: Page, approver: Page, way: "Put" | "Take", amount: string, see: See): Promise<void> {
  await proposer.getByRole("link", { name: "Adjust", exact: true }).click();
  await proposer.getByLabel(`${way} money`, { exact: false }).check();
  await proposer.getByLabel("Amount").fill(amount);
  await proposer.getByLabel("Why").fill("Carried over by hand");
  await see(proposer, "an adjustment written");
  await press(proposer, "Check");
  expect(await main(proposer)).toContain("Available after it");
  await see(proposer, "an adjustment checked");
  await press(proposer, /^Propose/);
  expect(await main(proposer)).toContain("waits for another owner or administrator");
  await approver.goto("/staff/wallets/adjustments");
  await see(approver, "adjustments that wait");
  await approver.getByRole("link", { name: "Carried over by hand" }).first().click();
  await see(approver, "an adjustment to decide on");
  await press(approver, /^Approve/);
  await approver.getByText("The adjustment was approved").waitFor();
}

type See = (page: Page, where: string) => Promise<void>;

const looks: readonly (readonly [string, string, Look])[] = [
  ["with script", "General", { width: 1280, script: true }],
  ["without script, on a phone, in the dark", "Reserve", { width: 390, script: false, dark: true }],
];

/** In AUD, for the partner, by a member of staff who enables the currency first. Answers where the wallet is. */
async function open(page: Page, purpose: string, see: See): Promise<string> {
  await page.goto("/staff/wallets/currencies?currency=AUD");
  await page.getByLabel("A transfer waits for approval above").fill("5000");
  await page.getByLabel("Wallets can be opened in it").check();
  await press(page, "Save AUD");
  await page.getByText("The currency was saved.").waitFor();
  await see(page, "currencies");
  await page.goto(`/staff/partnerships/${world.partner}`);
  await page.getByRole("link", { name: "Open a wallet" }).click();
  await page.getByLabel(purpose).check();
  await see(page, "opening a wallet");
  await press(page, "Open the wallet");
  await page.getByText("The wallet is open.").waitFor();
  await see(page, "a new wallet");
  return new URL(page.url()).pathname;
}

/** Payouts are turned to the wallet, and one is approved: it is there at once. */
async function payInto(one: Page, two: Page, see: See): Promise<void> {
  await one.getByRole("link", { name: "Turn them here" }).click();
  await see(one, "turning payouts");
  await press(one, /^Turn AUD payouts/);
  const payout = await payoutInReview(100_000n);
  await portal.h.admin.query("update app.session set last_seen_at = $1, stepped_up_at = $1 where face = 'staff'", [
    clock.now().toString(),
  ]);
  await two.goto(`/staff/payouts/approvals?payout=${payout}&currency=AUD`);
  await press(two, "Check those chosen");
  await press(two, /Approve 1 payout/);
  for (let tries = 0; tries < 100; tries++) {
    await two.goto(`/staff/payouts/${payout}`);
    if ((await main(two)).includes("Paid")) break;
    await two.waitForTimeout(200);
  }
  await see(two, "a payout that went to a wallet");
}

test.each(looks)("S4 W2 P6: a wallet from opening to closing, %s", async (_name, purpose, look) => {
  const eyes = await judge(portal, look);
  const see: See = (page, where) => eyes.see(page, where);
  const { h } = portal;
  const owner = await h.member(world.institution, world.partner);
  const [one, two] = [await staffPage(look), await staffPage(look)];

  const wallet = await open(one, purpose, see);
  expect((await mailTo(portal, owner.email)).subject).toContain("opened a wallet for Meridian");

  await adjust(one, two, "Put", "250.00", see);
  await one.goto(wallet);
  expect(await main(one)).toMatch(/Available AUD 250\.00/);
  await see(one, "a wallet with money in it");

  await one.getByRole("link", { name: "Freeze" }).click();
  await see(one, "freezing");
  await one.getByLabel("Why").fill("We look into a report");
  await press(one, "Freeze the wallet");
  await one.getByText("We look into a report").first().waitFor();
  await see(one, "a frozen wallet");

  // It takes payouts all the same: a frozen wallet receives.
  await payInto(one, two, see);
  await two
    .locator("main")
    .getByRole("link", { name: /^\d{4} \d{4} \d{4}$/ })
    .click();
  expect(await main(two)).toMatch(/Available AUD 360\.00/);

  await two.getByRole("link", { name: "Unfreeze" }).click();
  await press(two, "Unfreeze the wallet");
  await two.getByText("The wallet can send again.").waitFor();
  await two.getByRole("link", { name: "Close", exact: true }).click();
  expect(await main(two)).toContain("There is money in it");
  await see(two, "a wallet that can't be closed yet");
  await one.goto(wallet);
  await adjust(one, two, "Take", "360.00", see);
  await two.goto(`${wallet}/flows`);
  await see(two, "flows");
  await two.goto(`${wallet}/close`);
  await two.getByLabel("Why").fill("No longer needed");
  await see(two, "closing");
  await press(two, "Close the wallet for ever");
  await two.getByText("It is closed for ever").waitFor();
  await see(two, "a closed wallet");
  await two.goto("/staff/wallets");
  await see(two, "the list");

  expect((await h.system(world.institution, proveBooks)).broken).toEqual([]);
  for (const page of [one, two]) await page.context().close();
  await eyes.close();
});
