import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { sessionCookie } from "#http/cookies.ts";
import { type Id, newId } from "#kernel/ids.ts";
import { systemClock } from "#kernel/time.ts";
import { judge, type Look, linkIn, mailTo, type Portal, startPortal } from "./support/portal.ts";

// W1: staff provision a partner account, the invited owner accepts in a browser of their own and sees the portal, and
// is out when staff suspend them. Every page with script and without, in light and dark, left to right and right to
// left.
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

async function staffPage(look: Look): Promise<Page> {
  const context = await portal.context(look);
  const { token } = await portal.h.staff(institution);
  await context.addCookies([{ name: sessionCookie.staff, value: token, url: portal.origin }]);
  return await context.newPage();
}

const invitationIn = (text: string) => /https?:\S+\/partner\/invitations\/[\w-]+/.exec(text)?.[0] ?? "";

const looks: readonly (readonly [string, string, Look])[] = [
  ["with script", "script.example", { width: 1280, script: true }],
  ["without script, on a phone", "noscript.example", { width: 390, script: false, dark: true }],
];

test.each(looks)("W1: from provisioning to signing in and being suspended, %s", async (_name, domain, look) => {
  const eyes = await judge(portal, look);
  const partner = await partnership(`Meridian ${domain}`);
  const owner = `rosa@${domain}`;
  const staff = await staffPage(look);

  await staff.goto(`/staff/partnerships/${partner}`);
  await eyes.see(staff, "a partner without an account");
  await staff.getByRole("link", { name: "Provision an account" }).click();
  await staff.getByLabel("First owner’s name").fill("Rosa Weber");
  await staff.getByLabel("E-mail").fill("not an address");
  await staff.getByRole("button", { name: "Provision and invite the owner" }).click();
  await staff.getByText("Write a whole e-mail address").first().waitFor();
  await eyes.see(staff, "provisioning with a slip");
  expect(await staff.getByLabel("First owner’s name").inputValue()).toBe("Rosa Weber");
  await staff.getByLabel("E-mail").fill(owner);
  await staff.getByRole("button", { name: "Provision and invite the owner" }).click();
  await staff.getByText("The account is there.").waitFor();
  await eyes.see(staff, "an account whose owner is invited");
  await staff.getByRole("link", { name: "Rosa Weber" }).click();
  await staff.getByRole("button", { name: "Send again" }).waitFor();
  await eyes.see(staff, "an invitation that waits");
  await staff.getByRole("link", { name: "Partner account" }).click();

  const member = await (await portal.context(look)).newPage();
  await member.goto(invitationIn((await mailTo(portal, owner)).text));
  await member.getByText(`invites you to the account of Meridian ${domain}`).waitFor();
  await eyes.see(member, "an invitation");
  await member.getByRole("button", { name: "Accept and sign in" }).click();
  await member.getByText("You’re a member now.").waitFor();
  await eyes.see(member, "the first page of a member");
  expect(await member.getByRole("link", { name: "Payouts" }).count()).toBe(0);

  const later = await (await portal.context(look)).newPage();
  await later.goto(`/partner/sign-in?email=${encodeURIComponent(owner)}`);
  await later.getByRole("button", { name: "Send me a sign-in link" }).click();
  await later.waitForURL("**/partner/sign-in/sent");
  await later.goto(linkIn((await mailTo(portal, owner, 1)).text));
  await later.getByRole("button", { name: "Continue" }).click();
  await later.waitForURL("**/partner");

  await staff.reload();
  const people = staff.getByRole("region", { name: "Members" });
  await people.getByRole("link", { name: "Rosa Weber" }).click();
  await staff.getByText("is the only owner who can sign in").waitFor();
  await eyes.see(staff, "the only owner");
  await staff.getByRole("button", { name: "Suspend" }).click();
  await staff.getByText("The member is suspended.").waitFor();
  await member.reload();
  await member.waitForURL("**/partner/sign-in?return_to=**");

  for (const page of [staff, member, later]) await page.context().close();
  await eyes.close();
});

test("W1: an invitation in Arabic, declined: the page reads from right to left and says what to do", async () => {
  const look: Look = { width: 390, locale: "ar" };
  const eyes = await judge(portal, look);
  const partner = await partnership("Gulf Study");
  const staff = await staffPage({});
  await staff.goto(`/staff/members/${partner}`);
  await staff.getByLabel("First owner’s name").fill("ليلى حداد");
  await staff.getByLabel("E-mail").fill("layla@gulf.example");
  await staff.getByLabel("Language").selectOption("ar");
  await staff.getByRole("button", { name: "Provision and invite the owner" }).click();
  const mail = await mailTo(portal, "layla@gulf.example");
  expect(mail.subject).toMatch(/[\u0600-\u06ff]/);
  const page = await (await portal.context(look)).newPage();
  await page.goto(invitationIn(mail.text));
  expect(await page.locator("html").getAttribute("dir")).toBe("rtl");
  await eyes.see(page, "an invitation in Arabic");
  await page.getByRole("button", { name: "رفض" }).click();
  await page.getByText("رُفضت هذه الدعوة").first().waitFor();
  await eyes.see(page, "a declined invitation in Arabic");
  await staff.reload();
  await staff.getByText("Declined").waitFor();
  await page.context().close();
  await staff.context().close();
  await eyes.close();
});
