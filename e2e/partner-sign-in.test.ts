import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { sessionCookie } from "#http/cookies.ts";
import { type Id, newId } from "#kernel/ids.ts";
import { systemClock } from "#kernel/time.ts";
import { judge, linkIn, looksRight, mailTo, type Portal, startPortal } from "./support/portal.ts";

// P2 to P5: staff give a person access to the partner portal, the person gets in by link or code, proves itself anew,
// and is out when the access is taken away.
let portal: Portal;
let institution: InstitutionId;

beforeAll(async () => {
  portal = await startPortal();
  institution = await portal.h.institution();
});
afterAll(() => portal?.close());

async function partnership(name: string): Promise<Id<"prt">> {
  const id = newId("prt", systemClock.now(), portal.h.random);
  await portal.h.admin.query(
    `insert into app.partnership (institution_id, id, name, kind, legal_name, currency, commission_bps, commission_tax,
       created_at, updated_at) values ($1, $2, $3, 'agent', $3, 'AUD', 1000, 'exclusive', now(), now())`,
    [institution, id, name],
  );
  return id;
}

const codeIn = (text: string) => /(?<!\d)\d{6}(?!\d)/.exec(text.replaceAll(/https?:\S+/g, ""))?.[0] ?? "";
const send = (page: Page) => page.locator("main button[type=submit]").click();

test("P2: a partner without a contact gets one, who signs in by the link of the mail and is out when removed", async () => {
  const partner = await partnership("Meridian Education");
  const context = await portal.context();
  const member = await portal.h.staff(institution);
  await context.addCookies([{ name: sessionCookie.staff, value: member.token, url: portal.origin }]);
  const staff = await context.newPage();
  await staff.goto(`/staff/partnerships/${partner}`);
  await looksRight(staff, "a partner without a contact");
  await staff.getByRole("link", { name: "Add a contact" }).click();
  await looksRight(staff, "a new contact");
  await staff.getByLabel("Name", { exact: true }).fill("Ahmed Sharma");
  await staff.getByLabel("E-mail").fill("not an address");
  await staff.getByRole("button", { name: "Add the contact" }).click();
  await expect(staff.title()).resolves.toMatch(/^Error: /);
  await looksRight(staff, "a new contact with a slip");
  await staff.getByLabel("E-mail").fill("ahmed@meridian.example");
  await staff.getByRole("button", { name: "Add the contact" }).click();
  await staff.getByText("Customers & portal access").waitFor();
  await looksRight(staff, "a partner with a contact");

  const invited = await mailTo(portal, "ahmed@meridian.example");
  const page = await (await portal.context()).newPage();
  await page.goto(/https?:\S+\/partner\/sign-in\?email=\S+/.exec(invited.text)?.[0] ?? "");
  expect(await page.getByLabel("E-mail address").inputValue()).toBe("ahmed@meridian.example");
  await looksRight(page, "partner sign-in");
  await page.getByRole("button", { name: "Send me a sign-in link" }).click();
  await page.waitForURL("**/partner/sign-in/sent");
  await looksRight(page, "partner sign-in, sent");
  await page.goto(linkIn((await mailTo(portal, "ahmed@meridian.example", 1)).text));
  await looksRight(page, "partner link");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL("**/partner");
  await page.goto("/partner/security");
  await page.getByText("Meridian Education").first().waitFor();
  await looksRight(page, "partner security");

  await staff.getByRole("link", { name: "Ahmed Sharma" }).click();
  await looksRight(staff, "a contact");
  await staff.getByRole("link", { name: "Remove this contact" }).click();
  await staff.getByText("This is the last contact with access").waitFor();
  await looksRight(staff, "removing a contact");
  await staff.getByRole("button", { name: "Remove the contact" }).click();
  await staff.getByText("This partner has no contact yet").waitFor();
  await page.reload();
  await page.waitForURL("**/partner/sign-in?return_to=**");
  await page.context().close();
  await context.close();
});

test.each([
  { width: 390, dark: true, locale: "ar", script: false },
  { width: 1280, dark: false, locale: "ar", script: true },
] as const)(
  "P4: in Arabic ($width px, script $script): a code from another device, two partners, a fresh proof",
  async (look) => {
    const email = `layla${look.width}@partners.example`;
    const names = [`Delta Agents ${look.width}`, `Nile Agents ${look.width}`] as const;
    for (const name of names) {
      await portal.h.admin.query(
        `insert into app.contact (institution_id, id, partnership_id, name, email, language, created_at, updated_at)
       values ($1, $2, $3, 'Layla Haddad', $4, 'ar', now(), now())`,
        [institution, newId("con", systemClock.now(), portal.h.random), await partnership(name), email],
      );
    }
    const context = await portal.context(look);
    const judged = await judge(portal, look);
    const page = await context.newPage();
    const see = (where: string) => judged.see(page, where);
    await page.goto("/partner/security");
    await page.waitForURL("**/partner/sign-in?return_to=**");
    expect(await page.locator("html").getAttribute("dir")).toBe("rtl");
    await see("sign-in");
    await page.locator("[name=email]").fill(email);
    await send(page);
    await page.waitForURL("**/partner/sign-in/sent");
    await see("sent");
    const { text } = await mailTo(portal, email);
    const other = await (await portal.context({ ...look, script: true })).newPage();
    await other.goto(linkIn(text));
    await looksRight(other, "link in another browser");
    await page.locator("[name=code]").fill(codeIn(text));
    await send(page);
    await page.waitForURL("**/partner/choose?return_to=**");
    await see("choose");
    await page.getByRole("button", { name: names[1] }).click();
    await page.waitForURL("**/partner/security");
    expect(await page.locator(".ws").textContent()).toContain(names[1]);
    await see("security");

    await portal.h.admin.query("update app.session set stepped_up_at = now() - interval '11 minutes'");
    await page.goto("/partner/step-up?return_to=%2Fpartner%2Fsecurity");
    await see("step-up");
    await send(page);
    await page.waitForURL("**/partner/step-up/sent");
    await see("step-up, sent");
    const proof = await mailTo(portal, email, 1);
    if (look.script) {
      await page.goto(linkIn(proof.text));
      await see("step-up, link");
    } else {
      await page.locator("[name=code]").fill("000000");
      await send(page);
      await see("step-up, wrong code");
      await page.locator("[name=code]").fill(codeIn(proof.text));
    }
    await send(page);
    await page.waitForURL("**/partner/security");
    await page.locator("main form[action='/partner/sign-out'] button").click();
    await page.waitForURL("**/partner/sign-in?done=signed-out");
    await judged.close();
    await other.context().close();
    await context.close();
  },
);

test("a partner's card, a contact and its removal on a phone in the dark, without script", async () => {
  const look = { width: 390, dark: true, script: false } as const;
  const partner = await partnership("Pocket Agents");
  await portal.h.admin.query(
    `insert into app.contact (institution_id, id, partnership_id, name, email, created_at, updated_at)
     values ($1, $2, $3, 'Chidi Müller', 'chidi@pocket.example', now(), now())`,
    [institution, newId("con", systemClock.now(), portal.h.random), partner],
  );
  const context = await portal.context(look);
  const { see, close } = await judge(portal, look);
  const member = await portal.h.staff(institution);
  await context.addCookies([{ name: sessionCookie.staff, value: member.token, url: portal.origin }]);
  const page = await context.newPage();
  await page.goto(`/staff/partnerships/${partner}`);
  await see(page, "a partner");
  await page.getByRole("link", { name: "Chidi Müller" }).click();
  await see(page, "a contact");
  await page.getByLabel(/^Bank details/).check();
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.waitForURL("**?done=saved");
  await page.getByRole("button", { name: "Switch access off" }).click();
  await page.waitForURL("**?done=off");
  await see(page, "access off");
  await page.getByRole("link", { name: "Remove this contact" }).click();
  await see(page, "removing");
  await close();
  await context.close();
});
