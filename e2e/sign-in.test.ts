import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { codeAt } from "#features/security/totp.ts";
import { newId } from "#kernel/ids.ts";
import { systemClock } from "#kernel/time.ts";
import { judge, linkIn, looksRight, mailTo, type Portal, startPortal } from "./support/portal.ts";

// S1 and the staff's way in from an empty database, then C5 where one address has two customers. In this order: each
// goes on where the one before it stopped.
let portal: Portal;
let secret: Uint8Array;
const owner = { email: "mere.walker@southgate.example", password: "seven wet umbrellas" };

beforeAll(async () => {
  portal = await startPortal();
});
afterAll(() => portal?.close());

async function secretOn(page: Page): Promise<Uint8Array> {
  const key = (await page.locator("#key").textContent())?.replaceAll(/\s/g, "") ?? "";
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...key].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Uint8Array.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** A code that was not used yet: waits for the app to show the next one, as a person would. */
async function nextCode(used: string): Promise<string> {
  for (;;) {
    const code = codeAt(secret, systemClock.now());
    if (code !== used) return code;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

let lastCode = "";

test("the first run on a phone without script: set-up, two-step, codes, checklist, live", async () => {
  const look = { width: 390, script: false } as const;
  const context = await portal.context(look);
  const { see, close } = await judge(portal, look);
  const page = await context.newPage();
  await page.goto("/");
  await page.goto("/sign-in");
  await page.waitForURL("**/setup");
  await see(page, "set-up");
  await page.getByLabel("Name", { exact: true }).fill("Southgate Language School");
  await page.getByLabel("Country").selectOption("NZ");
  await page.getByLabel("Time zone").selectOption("Pacific/Auckland");
  await page.getByLabel("Main currency").selectOption("NZD");
  await page.getByLabel("Your name").fill("Mere Walker");
  await page.getByLabel("Work e-mail address").fill(owner.email);
  await page.getByLabel("New password").fill(owner.password);
  await page.getByLabel("The same once more").fill("something else");
  await page.getByRole("button", { name: /Continue/ }).click();
  await expect(page.title()).resolves.toMatch(/^Error: /);
  await see(page, "set-up with a slip");
  expect(await page.getByLabel("Your name").inputValue()).toBe("Mere Walker");
  await page.getByLabel("New password").fill(owner.password);
  await page.getByLabel("The same once more").fill(owner.password);
  await page.getByRole("button", { name: /Continue/ }).click();
  await page.waitForURL("**/staff/two-step/new**");
  await see(page, "two-step");
  secret = await secretOn(page);
  lastCode = codeAt(secret, systemClock.now());
  await page.getByLabel("Code that the app shows").fill(lastCode);
  await page.getByRole("button", { name: "Turn on two-step sign-in" }).click();
  await page.locator(".codes li").first().waitFor();
  await see(page, "recovery codes");
  const codes = await page.locator(".codes li").allTextContents();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByText("Download as text").click()]);
  const text = await readFile((await download.path()) ?? "", "utf8");
  for (const code of codes) expect(text).toContain(code.trim());
  await page.getByText("I saved them").click();
  await page.waitForURL("**/staff/setup");
  await see(page, "checklist");
  await page.getByRole("link", { name: "Fill in the details" }).click();
  await page.getByLabel(/^Registration number/).fill("9429 0000 0001");
  await page.getByLabel(/^Postal address/).fill("1 Quay Street\nAuckland 1010");
  await page.getByRole("button", { name: "Save the details" }).click();
  await page.waitForURL("**/institution?done=saved");
  await see(page, "institution");
  await page.goto("/staff/setup");
  await page.getByRole("button", { name: "Go live" }).click();
  await page.waitForURL("**/setup?done=live");
  await see(page, "live");
  await close();
  await context.close();
});

test("staff in the dark, with script: sign in, security, step-up, new codes, sign out, forgotten password", async () => {
  const context = await portal.context({ dark: true });
  const page = await context.newPage();
  await page.goto("/staff/security");
  await page.waitForURL("**/staff/sign-in?return_to=**");
  await looksRight(page, "staff sign-in");
  await page.getByLabel("Work e-mail address").fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL("**/staff/two-step?**");
  await looksRight(page, "two-step code");
  await page.getByLabel("Six-digit code").fill(lastCode);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("doesn’t fit").first().waitFor();
  lastCode = await nextCode(lastCode);
  await page.getByLabel("Six-digit code").fill(lastCode);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/staff/security");
  await looksRight(page, "security");
  await page.getByRole("button", { name: "End all others" }).click();
  await page.getByText("Every other session has ended").waitFor();
  await page.getByRole("link", { name: "Make new ones" }).click();
  await looksRight(page, "new recovery codes");
  await page.getByRole("button", { name: "Make ten new codes" }).click();
  const recovery = (await page.locator(".codes li").first().textContent())?.trim() ?? "";
  await portal.h.admin.query("update app.session set stepped_up_at = stepped_up_at - interval '11 minutes'");
  await page.goto("/staff/security/two-step");
  await page.waitForURL("**/staff/step-up?return_to=**");
  await looksRight(page, "step-up");
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByLabel(/^Code from your app/).fill(recovery);
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.waitForURL("**/staff/security/two-step");
  await looksRight(page, "replace the app");
  await page.goto("/staff/security/password");
  await looksRight(page, "change password");
  await page.locator(".topbar .menu > summary").click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL("**/staff/sign-in?done=signed-out");
  await page.getByRole("link", { name: "I forgot my password" }).click();
  await page.getByLabel("Work e-mail address").fill(owner.email);
  await page.getByRole("button", { name: "Mail me a link" }).click();
  await page.waitForURL("**/staff/forgot/sent");
  await looksRight(page, "forgot, sent");
  await page.goto(linkIn((await mailTo(portal, owner.email)).text));
  await looksRight(page, "new password");
  await page.getByLabel("New password").fill("nine green bicycles");
  await page.getByLabel("The same once more").fill("nine green bicycles");
  await page.getByRole("button", { name: "Set the new password" }).click();
  await page.waitForURL("**/staff/sign-in?done=password-set");
  await context.close();
});

test("a family in Arabic on a phone: a code from another device, choosing, sessions, signing out", async () => {
  const email = "family@families.example";
  const { rows } = await portal.h.admin.query("select id from app.institution");
  for (const name of ["Layla", "Omar"]) {
    await portal.h.admin.query(
      `insert into app.customer (institution_id, id, given_name, family_name, email, language, created_at, updated_at)
       values ($1, $2, $3, 'Haddad', $4, 'ar', now(), now())`,
      [rows[0].id, newId("cus", systemClock.now(), portal.h.random), name, email],
    );
  }
  const look = { width: 390, dark: true, locale: "ar", script: false } as const;
  const context = await portal.context(look);
  const { see, close } = await judge(portal, look);
  const page = await context.newPage();
  await page.goto("/sign-in");
  expect(await page.locator("html").getAttribute("dir")).toBe("rtl");
  await see(page, "sign-in");
  await page.locator("[name=email]").fill(email);
  await page.locator("main button[type=submit]").click();
  await page.waitForURL("**/sign-in/sent");
  await see(page, "sent");
  const mail = await mailTo(portal, email);
  // Somebody else opens the link: it asks first, and signs nobody in by being opened.
  const other = await (await portal.context({ locale: "ar" })).newPage();
  await other.goto(linkIn(mail.text));
  await looksRight(other, "link in another browser");
  expect(await other.content()).toContain("f•••@families.example");
  const code = /(?<!\d)\d{6}(?!\d)/.exec(mail.text.replaceAll(/https?:\S+/g, ""))?.[0] ?? "";
  await page.locator("[name=code]").fill(code);
  await page.locator("main button[type=submit]").click();
  await page.waitForURL("**/choose");
  await see(page, "choose");
  await page.getByRole("button", { name: /Omar/ }).click();
  await page.goto("/profile");
  expect(await page.content()).toContain("Omar Haddad");
  await see(page, "profile");
  await page.goto("/profile/sessions");
  await see(page, "sessions");
  await other.locator("main button[type=submit]").click();
  await other.locator("main h1").waitFor();
  await looksRight(other, "used link");
  await page.locator("main form[action='/sign-out'] button").click();
  await page.waitForURL("**/sign-in?done=signed-out");
  await page.goto("/profile");
  await page.waitForURL("**/sign-in?return_to=**");
  await close();
  await other.context().close();
  await context.close();
});
