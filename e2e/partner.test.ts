import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CustomerId } from "#access/principal.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import { type MoneyWorld, moneyWorld } from "../test/support/money.ts";
import { activeAccount, payoutRow, payoutShareLine } from "../test/support/payout-rows.ts";
import { expectAccessible, expectNoSidewaysScroll, type Look, type Portal, startPortal } from "./support/portal.ts";

let portal: Portal;
let world: MoneyWorld;
let aiko: CustomerId;
let payment: PaymentId;
let ref = "";

beforeAll(async () => {
  portal = await startPortal();
  const { h } = portal;
  world = await moneyWorld(h);
  const account = await activeAccount(h, world);
  const today = Temporal.Now.plainDateISO();
  aiko = await world.customer("Aiko");
  payment = await world.payment(aiko, { list: 1_850_000n, shareBps: 1_000, item: "Tuition, semester 2" });
  for (let number = 1; number <= 30; number++) {
    const day = today.subtract({ weeks: 31 - number });
    const paidAt = `${day}T03:00:00Z`;
    const facts = { number, state: "paid", scheduledFor: day.toString(), paidAt, sentAt: paidAt, account };
    const payout = await payoutRow(h, world, facts);
    const earlier = await world.payment(aiko, {
      list: BigInt(100_000 + number * 9_137),
      shareBps: 1_000,
      due: day.toString(),
    });
    await payoutShareLine(h, world, payout, earlier, "paid_out");
  }
  const failed = { state: "failed", failure: "account_closed", failedAt: `${today}T01:00:00Z`, net: 264_000n };
  await payoutRow(h, world, { number: 31, currency: "USD", scheduledFor: today.toString(), ...failed });
  const held = { state: "on_hold", hold: "no_bank_details", net: 99_000n, currency: "JPY" };
  await payoutRow(h, world, { number: 32, scheduledFor: today.toString(), ...held });
  const { rows } = await h.admin.query<{ ref: string }>("select ref from app.shared_customer where customer_id = $1", [
    aiko,
  ]);
  ref = rows[0]?.ref ?? "";
});
afterAll(() => portal?.close());

type Signed = { readonly cookies: ReadonlyMap<string, string> };

async function openAs(who: Signed, look: Look): Promise<{ context: BrowserContext; page: Page }> {
  const context = await portal.context(look);
  const cookies = [...who.cookies];
  if (look.locale === "ar") cookies.push(["portico-language", "ar"]);
  await context.addCookies(cookies.map(([name, value]) => ({ name, value, url: portal.origin })));
  return { context, page: await context.newPage() };
}

const contact = () => portal.h.partner(world.institution, world.partner);
const pages = () => [
  "/partner",
  "/partner/payouts",
  "/partner/payouts?status=paid&q=aiko",
  "/partner/payouts?q=nobody",
  "/partner/payouts/30",
  "/partner/payouts/31",
  "/partner/payouts/32",
  "/partner/payouts/30/lines/1",
  "/partner/customers",
  `/partner/customers/${ref}`,
];

describe("the partner portal", () => {
  test("P6 P10: staff give a discount, the customer pays it, and the open page shows the full agreed share by itself", async () => {
    const partner = await openAs(await contact(), { width: 1280 });
    await partner.page.goto("/partner/payouts");
    const customer = await openAs(await contact(), { width: 390 });
    await customer.page.goto(`/partner/customers/${ref}`);
    expect(await customer.page.locator("main").innerText()).toContain("2,035.00");

    const staff = await openAs(await portal.h.staff(world.institution, "OWNER"), { width: 1280, script: false });
    await staff.page.goto(`/staff/payments/${payment}/edit`);
    await staff.page.locator("[name=discount]").fill("1850.00");
    await staff.page.locator("[name=discount_reason]").fill("Early bird");
    await staff.page.locator("main form button.primary").last().click();
    await staff.page.locator("main form button.primary").last().click();
    expect(await staff.page.locator("main").innerText()).toContain("16,650.00");

    const payer = await openAs(await portal.h.customer(world.institution, aiko), { width: 390, script: false });
    await payer.page.goto(`/pay?payment=${payment}`);
    await payer.page.locator("main button[type=submit]").last().click();
    await payer.page.waitForURL("**/review**");
    await payer.page.getByLabel(/card/i).first().check();
    await payer.page.getByRole("button", { name: /Pay A\$16,650\.00/ }).click();
    await payer.page.waitForURL("**/sandbox/**");
    await payer.page.getByLabel(/card number/i).fill("4242 4242 4242 4242");
    await payer.page.getByRole("button", { name: /pay/i }).first().click();
    await payer.page.waitForURL("**/done**");

    // Ten percent of the agreed 18,500.00, and tax on it. Nobody reloads: the page hears of it.
    await partner.page.locator("#live-rows").getByText("PO-000033").waitFor({ timeout: 60_000 });
    const rows = await partner.page.locator("#live-rows tbody tr").first().innerText();
    expect(rows.replaceAll(/\s+/g, " ")).toMatch(/PO-000033 .* Scheduled .* 1 1,850\.00 185\.00 AUD 2,035\.00/);
    expect(await partner.page.locator("#live-figures").innerText()).toContain("2,035.00");
    expect(await partner.page.locator("[role=status]#live-said").innerText()).toContain("PO-000033");
    expect(await partner.page.content()).not.toMatch(/16,650|Early bird/);

    // The way from the row to the entries of its own account.
    await partner.page.getByRole("link", { name: "PO-000033" }).click();
    await partner.page.getByRole("link", { name: /Why this amount/ }).click();
    const why = (await partner.page.locator("main").innerText()).replaceAll(/\s+/g, " ");
    expect(why).toContain("10% of AUD 18,500.00 is AUD 1,850.00");
    expect(why).toMatch(/Share earned .* 2,035\.00 AUD 2,035\.00/);
    for (const one of [partner, customer, staff, payer]) await one.context.close();
  });

  test("what is typed into the filters stays while the rows around them change", async () => {
    const { context, page } = await openAs(await contact(), { width: 1280 });
    // A page that was left lets its stream go: there would be no room for this one else.
    for (let index = 0; index < 8; index++) {
      const live = page.waitForResponse(/\/partner\/live/);
      await page.goto("/partner/payouts");
      expect((await live).status()).toBe(200);
    }
    await page.goto("/partner/payouts?status=failed");
    await page.getByPlaceholder("Payout or customer").fill("half a na");
    await portal.h.admin.query(
      "update app.payout set failure_reason = 'declined', state = 'returned' where partnership_id = $1 and number = 31",
      [world.partner],
    );
    await page.locator("#live-rows").getByText("Returned").waitFor();
    expect(await page.getByPlaceholder("Payout or customer").inputValue()).toBe("half a na");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("placeholder"))).toBe("Payout or customer");
    await context.close();
  });

  test("a contact who is removed sees the page emptied, with the way to sign in", async () => {
    const removed = await contact();
    const { context, page } = await openAs(removed, { width: 1280 });
    await page.goto("/partner/payouts");
    await page.locator("#live-rows").getByText("PO-000030").waitFor();
    await portal.h.admin.query("update app.contact set removed_at = now() where id = $1", [removed.contactId]);
    await page.getByText("This page is no longer updated").waitFor();
    expect(await page.locator("main").innerText()).not.toContain("PO-0000");
    expect(await page.getByRole("link", { name: "Sign in" }).getAttribute("href")).toBe("/partner/sign-in");
    await context.close();
  });

  test("without script every page is whole, and filters, paging and files work", async () => {
    const { context, page } = await openAs(await contact(), { width: 390, script: false });
    for (const path of pages()) expect((await page.goto(path))?.status(), path).toBe(200);
    await page.goto("/partner/payouts");
    await page.getByRole("link", { name: "Paid 30" }).click();
    await page.getByPlaceholder("Payout or customer").fill("PO-000007");
    await page.getByRole("button", { name: "Apply" }).click();
    expect(await page.locator("#live-rows tbody tr").count()).toBe(1);
    await page.getByRole("link", { name: "Clear filters" }).click();
    await page.getByRole("link", { name: "Older" }).click();
    expect(await page.locator("#live-rows tbody tr").count()).toBeLessThanOrEqual(25);
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Export CSV" }).click();
    expect((await download).suggestedFilename()).toBe("payouts.csv");
    await context.close();
  });

  test.each([
    { width: 1280 },
    { width: 1280, dark: true, locale: "ar" },
    { width: 390, dark: true },
    { width: 390, locale: "ar" },
  ] as const)("every page is free of axe violations and fits (%o)", async (look) => {
    const { context, page } = await openAs(await contact(), look);
    for (const path of pages()) {
      expect((await page.goto(path))?.status(), path).toBe(200);
      await expectAccessible(page, `${path} ${JSON.stringify(look)}`);
      await expectNoSidewaysScroll(page, `${path} ${JSON.stringify(look)}`);
      // A column that is cut off at the edge of its card is as bad as a page that scrolls.
      const cut = await page.evaluate(
        () =>
          [...document.querySelectorAll<HTMLElement>(".card")].filter((one) => one.scrollWidth > one.clientWidth + 1)
            .length,
      );
      expect(cut, `${path} ${JSON.stringify(look)}`).toBe(0);
    }
    await context.close();
  });
});
