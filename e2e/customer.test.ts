import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import type { CustomerId, InstitutionId } from "#access/principal.ts";
import { createCustomer } from "#features/customers/create-customer.ts";
import { createPayment } from "#features/payments/create-payment.ts";
import { money } from "#kernel/money.ts";
import { readPdf } from "../test/support/pdf.ts";
import {
  expectAccessible,
  expectNoSidewaysScroll,
  type Look,
  linkIn,
  mailTo,
  type Portal,
  startPortal,
} from "./support/portal.ts";

let portal: Portal;
let institution: InstitutionId;
let made = 0;

beforeAll(async () => {
  portal = await startPortal();
  institution = await portal.h.institution({ isDemo: true });
});
afterAll(() => portal?.close());

/** A student with three payments: one overdue, two due soon. */
async function student(language = "en-AU"): Promise<{ id: CustomerId; email: string }> {
  const email = `student${++made}@students.example`;
  const id = await portal.h.system(institution, async (cx) => {
    const customer = await createCustomer(cx, permit(cx.principal, "customers.write"), {
      external_id: `E2E-${made}`,
      given_name: "Aiko",
      family_name: "Tanaka",
      email,
      phone: "",
      language,
      time_zone: "Asia/Tokyo",
    });
    const today = cx.now.toZonedDateTimeISO(cx.institution.timeZone).toPlainDate();
    const items = [
      ["Tuition, instalment 3 of 6", 185_000n, -6],
      ["Tuition, instalment 4 of 6", 185_000n, 14],
      ["Health cover", 65_000n, 20],
    ] as const;
    for (const [item, minor, days] of items) {
      await createPayment(cx, permit(cx.principal, "payments.write"), {
        customer: customer.id,
        item,
        list: money(minor, "AUD"),
        dueDate: today.add({ days }),
      });
    }
    return customer.id;
  });
  return { id, email };
}

async function signIn(page: Page, email: string): Promise<void> {
  await page.goto("/overview");
  await page.getByLabel("E-mail").fill(email);
  await page.locator("main button[type=submit]").first().click();
  const mail = await mailTo(portal, email);
  expect(mail.subject).toContain("Northbridge College");
  await page.goto(linkIn(mail.text));
  await page.locator("main button[type=submit]").first().click();
  await page.waitForURL("**/overview");
}

async function payTwo(page: Page): Promise<void> {
  await page.goto("/pay");
  const boxes = page.locator("main input[type=checkbox]");
  for (let index = 0; index < (await boxes.count()); index++) await boxes.nth(index).setChecked(index < 2);
  await page.locator("main button[type=submit]").last().click();
  await page.waitForURL("**/review**");
  await page.getByLabel(/card/i).first().check();
  await page.getByRole("button", { name: /Pay A\$3,700\.00/ }).click();
  await page.waitForURL("**/sandbox/**");
  await page.getByLabel(/card number/i).fill("4242 4242 4242 4242");
  await page.getByRole("button", { name: /pay/i }).first().click();
  await page.waitForURL("**/done**");
}

const looks: readonly Look[] = [
  { width: 390, script: false },
  { width: 1280, script: false },
  { width: 390, script: true },
  { width: 1280, script: true },
];

describe("a customer", () => {
  test.each(looks)(
    "C5 C7 C9: signs in by mailed link, pays two at once by card, sees them paid, reads the receipt (%o)",
    async (look) => {
      const { email } = await student();
      const context = await portal.context(look);
      const page = await context.newPage();
      await signIn(page, email);
      expect(await page.locator("main").textContent()).toContain("4,350.00");
      await payTwo(page);
      await page.goto("/payments?show=paid");
      const shown = (await page.locator("main").textContent()) ?? "";
      expect(shown.match(/Tuition, instalment/g)?.length).toBeGreaterThanOrEqual(2);
      expect(shown).toContain("Paid");
      const download = page.waitForEvent("download");
      await page
        .getByRole("link", { name: /Receipt/ })
        .first()
        .click();
      const text = (await readPdf(await readFile(await (await download).path()))).pages.join("\n");
      for (const expected of [
        "Northbridge College",
        "Aiko Tanaka",
        "Tuition, instalment 3 of 6",
        "Tuition, instalment 4 of 6",
        "3,700.00",
      ]) {
        expect(text.replace(/\s+/g, " ")).toContain(expected);
      }
      await page.goto("/overview");
      expect(await page.locator("main").textContent()).toContain("650.00");
      await context.close();
    },
  );

  test("C5: signs in with the six digits on the page that asked", async () => {
    const { email } = await student();
    const page = await (await portal.context({ width: 390, script: false })).newPage();
    await page.goto("/sign-in");
    await page.getByLabel("E-mail").fill(email);
    await page.locator("main button[type=submit]").first().click();
    const code = /\b(\d{3}\s?\d{3})\b/.exec((await mailTo(portal, email)).text)?.[1] ?? "";
    await page.getByLabel(/code/i).fill(code);
    await page.locator("main button[type=submit]").first().click();
    await page.waitForURL("**/overview");
    expect(await page.locator("main").textContent()).toContain("4,350.00");
    await page.context().close();
  });

  test("C6 X3: every page of the portal has no axe violation and does not scroll sideways, light, dark and right to left", async () => {
    const { id } = await student();
    const arabic = await student("ar");
    const payment = await portal.h.admin.query<{ id: string }>(
      "select id from app.payment where customer_id = $1 limit 1",
      [id],
    );
    const pages = [
      "/overview",
      "/payments",
      `/payments/${payment.rows[0]?.id}`,
      "/pay",
      "/profile/sessions",
      "/help",
      "/language",
    ];
    const looksOf = [
      { who: id, look: { width: 390 }, only: pages },
      { who: id, look: { width: 1280 }, only: pages },
      { who: id, look: { width: 390, dark: true }, only: ["/overview", "/pay"] },
      { who: arabic.id, look: { width: 390, locale: "ar" }, only: ["/overview", "/payments", "/pay"] },
      { who: arabic.id, look: { width: 1280, dark: true, locale: "ar" }, only: ["/overview"] },
    ] as const;
    for (const { who, look, only } of looksOf) {
      const context = await portal.context(look);
      const { cookies } = await portal.h.customer(institution, who);
      await context.addCookies([...cookies].map(([name, value]) => ({ name, value, url: portal.origin })));
      const page = await context.newPage();
      for (const path of only) {
        const answer = await page.goto(path);
        expect(answer?.status(), path).toBe(200);
        if (who === arabic.id) expect(await page.locator("html").getAttribute("dir")).toBe("rtl");
        await expectAccessible(page, `${path} ${JSON.stringify(look)}`);
        await expectNoSidewaysScroll(page, `${path} ${JSON.stringify(look)}`);
      }
      await context.close();
    }
  });
});
