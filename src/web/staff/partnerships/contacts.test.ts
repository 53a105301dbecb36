import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import type { Id } from "#kernel/ids.ts";
import type { Browser, Shown } from "../../../../test/support/browser.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { contactsOf, customersOf } from "../../../../test/support/sign-in.ts";

// Customers & portal access of a partner (P2): who gets in, with what rights, and how access ends.
let h: TestHouse;
let institution: InstitutionId;
let owner: Browser;
let way: ReturnType<typeof contactsOf>;
let partner: Id<"prt">;
let home: string;

beforeAll(async () => {
  h = await testHouse();
  institution = await h.institution({ host: "127.0.0.1:8080" });
  way = contactsOf(h, institution);
});
afterAll(() => h.close());
beforeEach(async () => {
  // A new day for each test: limits of one are no limits of the next.
  h.clock.advance({ hours: 25 });
  owner = await h.staff(institution);
  partner = await way.partnership();
  home = `/staff/partnerships/${partner}`;
});

const typed = { name: "Ahmed Sharma", phone: "+61 2 5550 0101", language: "" };
const add = (email: string, more: Readonly<Record<string, string | readonly string[]>> = {}): Promise<Shown> =>
  owner.post(`${home}/contacts/new`, { ...typed, email, rights: ["pay"], ...more });

async function stored(email: string) {
  const { rows } = await h.admin.query<{ id: string; rights: string[]; access_on: boolean; removed: boolean }>(
    `select id, rights, access_on, removed_at is not null as removed from app.contact
      where partnership_id = $1 and email = $2`,
    [partner, email],
  );
  return rows[0];
}

async function news(): Promise<readonly (readonly [string, number])[]> {
  const { rows } = await h.admin.query<{ event: string; data: { left: number } }>(
    "select event, data from app.audit_entry where subject = $1 and event like 'contact.%' order by seq",
    [partner],
  );
  return rows.map(({ event, data }) => [event, data.left]);
}

/** Somebody who was added and is signed in. */
async function signedIn(email: string): Promise<Browser> {
  await add(email);
  await h.drain();
  const browser = h.browser();
  await browser.post((await way.asked(browser, email)).path);
  expect((await browser.get("/partner/security")).status).toBe(200);
  return browser;
}

const isOut = async (browser: Browser) =>
  (await browser.get("/partner/security")).location.startsWith("/partner/sign-in");

describe("adding a contact", () => {
  test("P2: gives access at once, with view and pay, and a mail says so in the contact's language", async () => {
    const empty = await owner.get(home);
    expect(empty.text).toContain("This partner has no contact yet");
    expect(empty.text).toContain(`href="${home}/contacts/new"`);
    const form = await owner.get(`${home}/contacts/new`);
    expect(form.text).toMatch(/value="pay" checked/);
    const done = await add("ahmed@meridian.example", { language: "ar" });
    expect([done.status, done.location]).toEqual([303, `${home}?done=contact-added`]);
    expect(await stored("ahmed@meridian.example")).toMatchObject({ rights: ["view", "pay"], access_on: true });
    await h.drain();
    const mail = (await h.mails()).at(-1);
    expect(mail?.to_email).toBe("ahmed@meridian.example");
    expect(mail?.subject).toMatch(/[\u0600-\u06ff]/);
    expect(mail?.text_body).toContain("http://127.0.0.1:8080/partner/sign-in?email=ahmed%40meridian.example");
    const shown = await owner.get(home);
    expect(shown.text).not.toContain("has no contact");
    expect(shown.text).toContain("Customers &amp; portal access");
    expect(shown.text).toContain("http://127.0.0.1:8080/partner/sign-in");
    expect(await news()).toEqual([["contact.added", 1]]);
    const browser = h.browser();
    expect((await browser.post((await way.asked(browser, "ahmed@meridian.example")).path)).location).toBe("/partner");
  });

  test("twice by one form, or twice by one address, adds one", async () => {
    const { text } = await owner.get(`${home}/contacts/new`);
    const key = /name="key" value="([^"]+)"/.exec(text)?.[1] ?? "";
    expect(key).toMatch(/^con_/);
    await add("once@meridian.example", { key });
    expect((await add("once@meridian.example", { key })).status).toBe(303);
    const again = await add(" ONCE@meridian.example ");
    expect(again.status).toBe(422);
    expect(again.text).toContain("is a contact of this partner already");
    expect(again.text).toContain('value="Ahmed Sharma"');
    expect(await news()).toEqual([["contact.added", 1]]);
  });

  test("at once from two windows adds one", async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => add("race@meridian.example")));
    expect(all.map((one) => one.status).sort()).toEqual([303, 422, 422, 422]);
    expect(await news()).toHaveLength(1);
  });

  test("that is no address, or says no name, is said beside the field, and nothing that was typed is lost", async () => {
    const shown = await add("nowhere", { name: "", rights: ["bank_details"] });
    expect(shown.status).toBe(422);
    expect(shown.text).toContain("Write a whole e-mail address");
    expect(shown.text).toContain("Write the person’s name");
    expect(shown.text).toContain('value="nowhere"');
    expect(shown.text).toMatch(/value="bank_details" checked/);
    expect(shown.text).not.toMatch(/value="pay" checked/);
    expect((await add("x@meridian.example", { language: "xx" })).status).toBe(422);
  });

  test("with a customer's address warns that one inbox then opens both portals", async () => {
    const { email } = await customersOf(h, institution).customer("both@families.example");
    const done = await add(email);
    const shown = await owner.follow(done);
    expect(shown.text).toContain("This address is a customer’s, too");
    expect((await owner.get(home)).text).toContain("The same address as customer");
  });

  test("that was removed before revives it, under its own id", async () => {
    await add("back@meridian.example");
    const before = await stored("back@meridian.example");
    await owner.post(`${home}/contacts/${before?.id}/remove`);
    expect((await stored("back@meridian.example"))?.removed).toBe(true);
    expect((await add("back@meridian.example", { rights: ["pay", "bank_details"] })).status).toBe(303);
    expect(await stored("back@meridian.example")).toMatchObject({
      id: before?.id,
      removed: false,
      rights: ["view", "pay", "bank_details"],
    });
    expect(await news()).toEqual([
      ["contact.added", 1],
      ["contact.removed", 0],
      ["contact.added", 1],
    ]);
  });
});

describe("access ends at the next request", () => {
  test("P2: a removed contact is out, with what it had open elsewhere, and its partner has no contact", async () => {
    const email = "gone@meridian.example";
    const browser = await signedIn(email);
    const contact = `${home}/contacts/${(await stored(email))?.id}`;
    const asked = await owner.get(`${contact}/remove`);
    expect(asked.text).toContain("This is the last contact with access");
    expect((await owner.post(`${contact}/remove`)).location).toBe(`${home}?done=contact-removed`);
    expect(await isOut(browser)).toBe(true);
    expect((await owner.get(home)).text).toContain("This partner has no contact yet");
    expect((await owner.get(contact)).status).toBe(404);
    expect((await owner.post(`${contact}/remove`)).status).toBe(404);
    // Coming back opens nothing that was open before.
    await add(email);
    expect(await isOut(browser)).toBe(true);
  });

  test("switched off it is out and stays out when switched on again, until it signs in anew", async () => {
    const email = "pause@meridian.example";
    const browser = await signedIn(email);
    const contact = `${home}/contacts/${(await stored(email))?.id}`;
    expect((await owner.post(`${contact}/access`, { access: "off" })).location).toBe(`${contact}?done=off`);
    expect(await isOut(browser)).toBe(true);
    expect((await owner.get(home)).text).toContain("No contact of this partner has access");
    await owner.post(`${contact}/access`, { access: "on" });
    expect(await isOut(browser)).toBe(true);
    await browser.post((await way.asked(browser, email)).path);
    expect(await isOut(browser)).toBe(false);
    expect(await news()).toEqual([
      ["contact.added", 1],
      ["contact.changed", 0],
      ["contact.changed", 1],
    ]);
  });

  test("another address is another way in: the old one is out, and both are told", async () => {
    const email = "old@meridian.example";
    const browser = await signedIn(email);
    const contact = `${home}/contacts/${(await stored(email))?.id}`;
    const change = (to: string) => owner.post(contact, { ...typed, email: to, rights: ["pay"] });
    expect((await change("new@meridian.example")).location).toBe(`${contact}?done=saved`);
    expect(await isOut(browser)).toBe(true);
    await h.drain();
    const mails = (await h.mails()).slice(-2);
    expect(mails.map((mail) => mail.to_email).sort()).toEqual(["new@meridian.example", email]);
    const toOld = mails.find((mail) => mail.to_email === email)?.text_body ?? "";
    expect(toOld).toContain("n•••@meridian.example");
    expect(toOld).not.toContain("new@meridian.example");
    await change(email);
    expect(await isOut(browser)).toBe(true);
  });

  test("what an address has open for another partner stays open", async () => {
    const email = "two@meridian.example";
    const other = await way.partnership("Other Agents");
    await way.contact({ email, partnership: other });
    await add(email);
    await h.drain();
    const browser = h.browser();
    await browser.post((await way.asked(browser, email)).path);
    await browser.post("/partner/choose", { partnership: other });
    await owner.post(`${home}/contacts/${(await stored(email))?.id}/remove`);
    expect((await browser.get("/partner/security")).text).toContain("Other Agents");
  });
});

describe("rights", () => {
  test("P5: hold from the next request on; view can't be taken away", async () => {
    const email = "rights@meridian.example";
    await add(email);
    const contact = `${home}/contacts/${(await stored(email))?.id}`;
    await owner.post(contact, { ...typed, email, rights: ["bank_details"] });
    expect((await stored(email))?.rights).toEqual(["view", "bank_details"]);
    await owner.post(contact, { ...typed, email });
    expect((await stored(email))?.rights).toEqual(["view"]);
    await owner.post(contact, { ...typed, email, rights: ["everything", "__proto__"] });
    expect((await stored(email))?.rights).toEqual(["view"]);
    const { rows } = await h.admin.query<{ data: { changes: unknown } }>(
      "select data from app.audit_entry where subject = $1 and event = 'contact.changed' order by seq limit 1",
      [partner],
    );
    expect(rows[0]?.data.changes).toEqual({ rights: { from: "View, Pay", to: "View, Bank details" } });
  });

  test("a form that is older than what is stored changes nothing", async () => {
    const email = "version@meridian.example";
    await add(email);
    const contact = `${home}/contacts/${(await stored(email))?.id}`;
    const version = /name="version" value="([^"]+)"/.exec((await owner.get(contact)).text)?.[1] ?? "";
    h.clock.advance({ seconds: 1 });
    await owner.post(contact, { ...typed, email, rights: ["pay", "bank_details"] });
    const late = await owner.post(contact, { ...typed, email, name: "Somebody Else", version });
    expect(late.status).toBe(409);
    expect(late.text).toContain('value="Somebody Else"');
    expect((await stored(email))?.rights).toEqual(["view", "pay", "bank_details"]);
  });
});

test("the page of a contact says when it was last seen, and has its sign-in page to copy and to open", async () => {
  const email = "seen@meridian.example";
  await signedIn(email);
  const shown = await owner.get(`${home}/contacts/${(await stored(email))?.id}`);
  expect(shown.text).toContain("http://127.0.0.1:8080/partner/sign-in?email=seen%40meridian.example");
  expect(shown.text).not.toContain("Never");
  const opened = await h.browser().get("/partner/sign-in?email=seen%40meridian.example");
  expect(opened.text).toContain('value="seen@meridian.example"');
});

test("staff who may only look see contacts, and no way to change them", async () => {
  await add("look@meridian.example");
  const viewer = await h.staff(institution, "VIEWER");
  const shown = await viewer.get(home);
  expect(shown.text).toContain("look@meridian.example");
  expect(shown.text).not.toContain("/contacts/");
  expect((await viewer.post(`${home}/contacts/new`, { ...typed, email: "x@meridian.example" })).status).toBe(403);
});

test("404: a contact is not reached through another partner, nor one of another institution through this one", async () => {
  await add("mine@meridian.example");
  const id = (await stored("mine@meridian.example"))?.id;
  const other = await way.partnership("Other Agents");
  for (const path of [
    `/staff/partnerships/${other}/contacts/${id}`,
    `/staff/partnerships/${other}/contacts/${id}/remove`,
  ]) {
    expect((await owner.get(path)).status, path).toBe(404);
    expect((await owner.post(path, { ...typed, email: "x@x.example" })).status, path).toBe(404);
  }
  const stranger = await h.staff(await h.institution({ host: "other.example" }));
  expect((await stranger.get(`${home}/contacts/${id}`)).status).toBe(404);
});
