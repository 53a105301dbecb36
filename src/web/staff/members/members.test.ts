import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import type { Id } from "#kernel/ids.ts";
import type { Browser } from "../../../../test/support/browser.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { contactsOf } from "../../../../test/support/sign-in.ts";

// Partner accounts (W1): staff provision them, invite, and decide who is what; nobody registers one.
let h: TestHouse;
let institution: InstitutionId;
let owner: Browser;
let partner: Id<"prt">;
let home: string;
let way: ReturnType<typeof contactsOf>;

beforeAll(async () => {
  h = await testHouse();
  institution = await h.institution({ host: "127.0.0.1:8080" });
  way = contactsOf(h, institution);
});
afterAll(() => h.close());
beforeEach(async () => {
  h.clock.advance({ hours: 25 });
  owner = await h.staff(institution);
  partner = await way.partnership();
  home = `/staff/members/${partner}`;
});

const rosa = { account: "Meridian treasury", name: "Rosa Weber", email: "rosa@meridian.example", language: "" };
const provision = (more: Readonly<Record<string, string>> = {}) => owner.post(home, { ...rosa, ...more });

/** The link of the newest invitation to an address. */
async function linkTo(email: string): Promise<string> {
  await h.drain();
  const mail = (await h.mails()).findLast((one) => one.to_email === email);
  return /\/partner\/invitations\/[\w-]{43}(?![\w-])/.exec(mail?.text_body ?? "")?.[0] ?? "";
}

/** Somebody who was invited with a role and accepted. */
async function joined(name: string, role: string): Promise<{ browser: Browser; id: string; email: string }> {
  const email = `${name.toLowerCase()}@${partner.slice(-6)}.example`;
  await owner.post(`${home}/invite`, { name, email, role, language: "" });
  const browser = h.browser();
  expect((await browser.post(`${await linkTo(email)}/accept`)).location).toBe("/partner?done=joined");
  const { rows } = await h.admin.query("select id from app.member where partnership_id = $1 and email = $2", [
    partner,
    email,
  ]);
  return { browser, id: rows[0].id, email };
}

/** A provisioned account whose owner has accepted. */
async function account(): Promise<{ browser: Browser; id: string; email: string }> {
  const email = `rosa@${partner.slice(-6)}.example`;
  await provision({ email });
  const browser = h.browser();
  await browser.post(`${await linkTo(email)}/accept`);
  const { rows } = await h.admin.query("select id from app.member where partnership_id = $1", [partner]);
  return { browser, id: rows[0].id, email };
}

const isIn = async (browser: Browser) => (await browser.get("/partner")).status === 200;

async function events(): Promise<readonly string[]> {
  const { rows } = await h.admin.query<{ event: string }>(
    "select event from app.audit_entry where subject = $1 and event ~ '^(member|account)' order by seq",
    [partner],
  );
  return rows.map(({ event }) => event);
}

describe("provisioning", () => {
  test("W1: the card of the partner leads to the form; the account is made once, and its first owner is invited", async () => {
    expect((await owner.get(`/staff/partnerships/${partner}`)).text).toContain(`href="${home}"`);
    const form = await owner.get(home);
    expect(form.text).toContain("Provision a partner account");
    expect(form.text).toContain('value="Meridian"');
    const key = /name="key" value="([^"]+)"/.exec(form.text)?.[1] ?? "";
    const [first, second] = [await provision({ key }), await provision({ key })];
    expect([first.location, second.location]).toEqual([`${home}?done=provisioned`, `${home}?done=provisioned`]);
    const shown = await owner.get(home);
    expect(shown.text).toContain("Meridian treasury");
    expect(shown.text).toContain("rosa@meridian.example");
    expect(shown.text).toContain("Pending");
    const again = await provision({ email: "second@meridian.example" });
    expect([again.status, again.text.includes("has an account already")]).toEqual([409, true]);
    expect(await events()).toEqual(["account.provisioned", "member.invited"]);
    expect((await owner.get(`/staff/partnerships/${partner}`)).text).toContain("Invitations that wait");
  });

  test("what is missing is said beside each field, with what was typed, and nothing is made", async () => {
    const shown = await owner.post(home, { account: "", name: "Rosa", email: "not an address", language: "xx" });
    expect(shown.status).toBe(422);
    expect(shown.text).toContain("Write a name for the account.");
    expect(shown.text).toContain("Write a whole e-mail address");
    expect(shown.text).toContain("Choose a language from the list.");
    expect(shown.text).toContain('value="Rosa"');
    expect((await owner.get(home)).text).toContain("Provision a partner account");
  });

  test("403: an operator and a viewer look, and provision, invite and change nothing", async () => {
    for (const role of ["OPERATOR", "VIEWER"] as const) {
      const staff = await h.staff(institution, role);
      expect((await staff.get(home)).text).toContain("This partner has no account");
      expect((await staff.post(home, rosa)).status).toBe(403);
      expect((await staff.get(`${home}/invite`)).status).toBe(403);
    }
  });

  test("nobody registers a partner account: no address of the portal makes one for a stranger", async () => {
    for (const path of ["/partner/register", "/partner/sign-up", "/partner/members", "/partner/workspace"]) {
      expect([404, 303], path).toContain((await h.browser().post(path, rosa)).status);
    }
    const { rows } = await h.admin.query("select count(*)::int as n from app.workspace where partnership_id = $1", [
      partner,
    ]);
    expect(rows[0].n).toBe(0);
  });
});

describe("inviting", () => {
  test("with any role, in a language; an address that waits or is a member is not invited twice", async () => {
    await account();
    const typed = { name: "Omar Haddad", email: "omar@meridian.example", role: "VIEWER", language: "ar" };
    expect((await owner.post(`${home}/invite`, typed)).location).toBe(`${home}?done=invited`);
    await h.drain();
    const mail = (await h.mails()).findLast((one) => one.to_email === typed.email);
    expect(mail?.subject).toMatch(/[\u0600-\u06ff]/);
    expect((await owner.post(`${home}/invite`, typed)).text).toContain("has an invitation that waits");
    const member = await owner.post(`${home}/invite`, { ...typed, email: `rosa@${partner.slice(-6)}.example` });
    expect([member.status, member.text.includes("is a member of this account already")]).toEqual([422, true]);
    expect((await owner.post(`${home}/invite`, { ...typed, email: "x@y.example", role: "KING" })).text).toContain(
      "Choose what the person may do.",
    );
  });

  test("sent again: a new link and a new week; the link of the mail before opens nothing", async () => {
    await account();
    await owner.post(`${home}/invite`, { name: "Omar", email: "omar2@meridian.example", role: "VIEWER", language: "" });
    const before = await linkTo("omar2@meridian.example");
    const at = /\/staff\/members\/[^"]+\/invitations\/[^/"]+/.exec((await owner.get(home)).text)?.[0] ?? "";
    h.clock.advance({ hours: 24 * 8 });
    owner = await h.staff(institution);
    expect((await owner.get(home)).text).toContain("Expired");
    expect((await owner.post(`${at}/resend`)).location).toBe(`${at}?done=resent`);
    const after = await linkTo("omar2@meridian.example");
    expect((await h.browser().post(`${before}/accept`)).status).toBe(404);
    expect((await h.browser().get(after)).status).toBe(200);
    for (let time = 0; time < 4; time++) await owner.post(`${at}/resend`);
    expect((await owner.post(`${at}/resend`)).status).toBe(429);
  });

  test("withdrawn: the link opens nothing, and says so; it can't be sent or withdrawn again", async () => {
    await account();
    await owner.post(`${home}/invite`, { name: "Omar", email: "omar3@meridian.example", role: "VIEWER", language: "" });
    const link = await linkTo("omar3@meridian.example");
    const at = /\/staff\/members\/[^"]+\/invitations\/[^/"]+/.exec((await owner.get(home)).text)?.[0] ?? "";
    expect((await owner.post(`${at}/withdraw`)).location).toBe(`${at}?done=withdrawn`);
    expect((await h.browser().get(link)).text).toContain("was withdrawn");
    expect((await h.browser().post(`${link}/accept`)).status).toBe(410);
    const late = await owner.post(`${at}/resend`);
    expect([late.status, late.text.includes("was withdrawn meanwhile")]).toEqual([409, true]);
    expect(await events()).toContain("member.invitation-withdrawn");
  });
});

describe("what staff decide about a member", () => {
  test.each([
    ["suspended", "access", { access: "off" }],
    ["removed", "remove", {}],
    ["given another role", "role", { role: "VIEWER" }],
  ])("%s: what was open is refused at the next request, and it stands in the log", async (_name, what, fields) => {
    await account();
    const { browser, id } = await joined("Omar", "OPERATOR");
    expect(await isIn(browser)).toBe(true);
    expect((await owner.post(`${home}/members/${id}/${what}`, fields)).status).toBe(303);
    expect((await browser.get("/partner")).location).toContain("/partner/sign-in");
    expect((await browser.post("/partner/security/sessions/end-others")).location).toBe("/partner/sign-in");
    expect((await events()).at(-1)).toMatch(/^member\.(suspended|removed|role-changed)$/);
  });

  test("suspended: gets no link; let in again, the old session stays closed and a new link opens", async () => {
    await account();
    const { browser, id, email } = await joined("Omar", "OPERATOR");
    await owner.post(`${home}/members/${id}/access`, { access: "off" });
    await h.drain();
    const before = (await h.mails()).length;
    await h.browser().post("/partner/sign-in", { email });
    await h.drain();
    expect(await h.mails()).toHaveLength(before);
    await owner.post(`${home}/members/${id}/access`, { access: "on" });
    expect(await isIn(browser)).toBe(false);
    h.clock.advance({ minutes: 20 });
    const fresh = h.browser();
    await fresh.post((await way.asked(fresh, email)).path);
    expect(await isIn(fresh)).toBe(true);
  });

  test("there remains an owner: the only one is not removed or made less, and the page says what to do", async () => {
    const { id } = await account();
    const page = await owner.get(`${home}/members/${id}/remove`);
    expect(page.text).toContain("Invite another owner");
    for (const [what, fields] of [
      ["remove", {}],
      ["role", { role: "ADMIN" }],
    ] as const) {
      const shown = await owner.post(`${home}/members/${id}/${what}`, fields);
      expect([shown.status, shown.text.includes("Make another member an owner first")]).toEqual([409, true]);
    }
    // A second owner who is suspended answers for nothing.
    const second = await joined("Lena", "OWNER");
    await owner.post(`${home}/members/${second.id}/access`, { access: "off" });
    expect((await owner.post(`${home}/members/${id}/remove`)).status).toBe(409);
    await owner.post(`${home}/members/${second.id}/access`, { access: "on" });
    expect((await owner.post(`${home}/members/${id}/remove`)).location).toBe(`${home}?done=removed`);
    expect((await owner.post(`${home}/members/${second.id}/remove`)).status).toBe(409);
  });

  test("two owners removed at once: one remains", async () => {
    const { id } = await account();
    const second = await joined("Lena", "OWNER");
    const shown = await Promise.all([id, second.id].map((one) => owner.post(`${home}/members/${one}/remove`)));
    expect(shown.map((one) => one.status).sort()).toEqual([303, 409]);
  });

  test("a role that somebody changed meanwhile is not overwritten", async () => {
    await account();
    const { id } = await joined("Omar", "OPERATOR");
    const version = /name="version" value="([^"]+)"/.exec((await owner.get(`${home}/members/${id}`)).text)?.[1] ?? "";
    h.clock.advance({ seconds: 1 });
    await owner.post(`${home}/members/${id}/role`, { role: "ADMIN", version });
    h.clock.advance({ seconds: 1 });
    expect((await owner.post(`${home}/members/${id}/role`, { role: "VIEWER", version })).status).toBe(409);
  });

  test("404: a member or an invitation is reached by its own partner's address alone", async () => {
    await account();
    const { id } = await joined("Omar", "OPERATOR");
    const other = await way.partnership("Other");
    expect((await owner.get(`/staff/members/${other}/members/${id}`)).status).toBe(404);
    expect((await owner.post(`/staff/members/${other}/members/${id}/remove`)).status).toBe(404);
    const { rows } = await h.admin.query("select id from app.invitation where partnership_id = $1", [partner]);
    expect((await owner.post(`/staff/members/${other}/invitations/${rows[0].id}/withdraw`)).status).toBe(404);
  });

  test("the owners of an account hear of whoever joins it, by mail", async () => {
    const { email } = await account();
    await joined("Omar", "OPERATOR");
    await h.drain();
    const mail = (await h.mails()).findLast((one) => one.to_email === email);
    expect(mail?.subject).toContain("Omar joined the account of Meridian");
  });
});
