import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Clock, systemClock } from "#kernel/time.ts";
import { wake } from "#platform/jobs.ts";
import { type PayoutWorld, payoutWorld } from "../test/support/payout-world.ts";
import { judge, type Look, type Portal, startPortal } from "./support/portal.ts";

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

/** Lets time pass, and the jobs look, until the payout with that number is where it should be. */
async function until(number: bigint, state: string, seconds = 0): Promise<string> {
  ahead += seconds;
  // The sandbox has a clock of its own, which moves along.
  portal.h.clock.advance({ seconds });
  for (let tries = 0; tries < 150; tries++) {
    await portal.h.system(world.institution, async (cx) => {
      wake(cx, "payouts.gather", {});
      wake(cx, "payouts.send", {});
    });
    const found = (await world.payouts()).find((one) => one.number === number);
    if (found?.state === state) return found.id;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`It never was ${state}: ${(await world.states()).join(", ")}`);
}

async function press(page: Page, words: string | RegExp): Promise<void> {
  await page.locator("main").getByRole("button", { name: words }).click();
}

const looks: readonly (readonly [bigint, Look])[] = [
  [1n, { width: 1280, script: true }],
  [2n, { width: 390, script: false, dark: true }],
];

describe("payouts", () => {
  test.each(looks)(
    "S3 P11: from the cut-off to the bank, refused there, and sent again (payout %s, %o)",
    async (number, look) => {
      await world.account("9201");
      await world.earn(100_000n);
      await until(number, "scheduled");
      const id = await until(number, "in_review", 12 * 24 * 3_600);
      const context = await portal.context(look);
      const { cookies } = await portal.h.staff(world.institution, "ADMIN");
      await context.addCookies([...cookies].map(([name, value]) => ({ name, value, url: portal.origin })));
      const page = await context.newPage();
      const eyes = await judge(portal, look);

      await page.goto("/staff/payouts");
      await eyes.see(page, "the list");
      await page.getByRole("link", { name: "Approve payouts" }).click();
      await eyes.see(page, "choosing");
      await page.locator(`[name=payout][value=${id}]`).check();
      await press(page, "Check those chosen");
      expect(await page.locator("main").innerText()).toContain("110.00");
      await eyes.see(page, "checking");
      await press(page, /Approve 1 payout/);
      expect(await page.locator("main").innerText()).toContain("1 payout approved");
      await eyes.see(page, "approved");

      await until(number, "sent");
      await until(number, "failed", 60);
      await page.goto(`/staff/payouts/${id}`);
      expect(await page.locator("main").innerText()).toContain("It could not be paid: the bank account is closed");
      await eyes.see(page, "failed");
      await world.account("1111");
      await page.goto(`/staff/payouts/${id}`);
      await press(page, /Send .*110\.00 again/);
      expect(await page.locator("main").innerText()).toContain("The payout is sent again.");
      // On its way before time passes: the bank counts from then on.
      await until(number, "sent");
      await until(number, "paid", 60);
      await page.goto(`/staff/payouts/${id}`);
      await eyes.see(page, "paid");

      await page.getByRole("link", { name: /why this amount/ }).click();
      expect(await page.locator("main").innerText()).toContain("In the books");
      await eyes.see(page, "why this amount");
      await page.goto("/staff/settings/payouts");
      await eyes.see(page, "settings");
      await page.goto(`/staff/partnerships/${world.partner}/payouts`);
      await page.getByLabel("Why").fill("Under review");
      await press(page, "Pause payouts");
      expect(await page.locator("main").innerText()).toContain("Under review");
      await eyes.see(page, "paused");
      await press(page, "Resume payouts");
      await page.goto("/staff");
      await eyes.see(page, "overview");
      await context.close();
      await eyes.close();
    },
  );
});
