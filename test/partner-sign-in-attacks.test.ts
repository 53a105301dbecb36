import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { sessionCookie } from "#http/cookies.ts";
import { type TestHouse, testHouse } from "./support/house.ts";
import { bare, contactsOf, customersOf, statementsOf } from "./support/sign-in.ts";

// The attacks of access.md 6 to 9 on the partners' way in. It shares its program with the customers' way.
let h: TestHouse;
let institution: InstitutionId;
let way: ReturnType<typeof contactsOf>;

beforeAll(async () => {
  h = await testHouse();
  institution = await h.institution({ host: "127.0.0.1:8080" });
  way = contactsOf(h, institution);
});
afterAll(() => h.close());
// A new day for each test: limits of one are no limits of the next.
beforeEach(() => h.clock.advance({ hours: 25 }));

describe("the link of a contact", () => {
  test("P4: signs in the browser that asked, and leads to the overview", async () => {
    const { email } = await way.contact();
    const browser = h.browser();
    const { path } = await way.asked(browser, email.toUpperCase());
    const opened = await browser.get(path);
    expect([opened.status, opened.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(opened.headers.get("referrer-policy")).toBe("same-origin");
    const done = await browser.post(path);
    expect([done.status, done.location]).toEqual([303, "/partner"]);
    expect((await browser.get("/partner/security")).text).toContain(email);
    expect((await h.mails()).at(-1)?.subject).toContain("partner portal");
  });

  test("a mail scanner that fetches it spends nothing and gets no cookie", async () => {
    const { email } = await way.contact();
    const { path } = await way.asked(h.browser(), email);
    const bot = h.browser();
    for (let time = 0; time < 20; time++) expect((await bot.get(path)).status).toBe(200);
    expect(bot.cookies.size).toBe(0);
    expect(await way.sessionsOf(email)).toBe(0);
  });

  test("100 redemptions at once make one session", async () => {
    const { email } = await way.contact();
    const { path } = await way.asked(h.browser(), email);
    const browsers = Array.from({ length: 100 }, () => h.browser());
    await Promise.all(browsers.slice(0, 12).map((browser) => browser.get(path)));
    const shown = await Promise.all(browsers.map((browser) => browser.post(path, { account: "mine" })));
    expect(shown.filter((one) => one.status === 303)).toHaveLength(1);
    expect(shown.filter((one) => one.status === 410)).toHaveLength(99);
    expect(await way.sessionsOf(email)).toBe(1);
  });

  test("in another browser it names the account, masked, and signs in only after a yes", async () => {
    const { email } = await way.contact({ email: "kenji.sato@partners.example" });
    const { path } = await way.asked(h.browser(), email);
    const other = h.browser();
    expect((await other.get(path)).text).toContain("k•••@partners.example");
    expect((await other.post(path)).status).toBe(200);
    expect(way.session(other)).toBeUndefined();
    expect((await other.post(path, { account: "mine" })).status).toBe(303);
  });

  test("expired, used and made-up ones open nothing, and lead to the partners' sign-in page", async () => {
    const { email } = await way.contact();
    const browser = h.browser();
    const used = await way.asked(browser, email);
    await browser.post(used.path);
    const expired = await way.asked(h.browser(), email);
    h.clock.advance({ minutes: 10, seconds: 1 });
    for (const path of [used.path, expired.path, `/partner/sign-in/link/${"A".repeat(43)}`]) {
      const shown = await h.browser().post(path, { account: "mine" });
      expect([404, 410], path).toContain(shown.status);
      expect(shown.text).toContain('href="/partner/sign-in"');
      expect(shown.headers.getSetCookie()).toEqual([]);
    }
  });

  test("return_to leads to pages of the partner portal and nowhere else", async () => {
    const { email } = await way.contact();
    const cases = {
      "/partner/security?x=1": "/partner/security?x=1",
      "/partner/sign-in/link/x": "/partner",
      "/partnership": "/partner",
      "/overview": "/partner",
      "/staff": "/partner",
      "//evil.example/x": "/partner",
      "@evil.example": "/partner",
      "/partner/..//evil.example": "/partner",
      "/partner/../staff": "/partner",
    };
    for (const [asking, expected] of Object.entries(cases)) {
      h.clock.advance({ hours: 25 });
      const browser = h.browser();
      await browser.post("/partner/sign-in", { email, return_to: asking });
      await h.drain();
      const path = /\/partner\/sign-in\/link\/[\w-]+/.exec((await h.mails()).at(-1)?.text_body ?? "")?.[0] ?? "";
      expect((await browser.post(path)).location, asking).toBe(expected);
    }
  });

  test("is written in the contact's language, or the institution's where it chose none", async () => {
    await h.admin.query("update app.institution set locale = 'ar' where id = $1", [institution]);
    try {
      const english = await way.contact({ language: "en" });
      const silent = await way.contact();
      await way.asked(h.browser(), english.email);
      expect((await h.mails()).at(-1)?.text_body).toContain("sign-in link");
      await way.asked(h.browser(), silent.email);
      expect((await h.mails()).at(-1)?.subject).toMatch(/[\u0600-\u06ff]/);
    } finally {
      await h.admin.query("update app.institution set locale = 'en-AU' where id = $1", [institution]);
    }
  });
});

describe("a link opens one face only", () => {
  test("a customer's link opens no partner portal, and a contact's no customer portal, at either address", async () => {
    const both = "both@families.example";
    const customers = customersOf(h, institution);
    const { id } = await customers.customer(both);
    await way.contact({ email: both });
    const [asCustomer, asContact] = [h.browser(), h.browser()];
    const own = await customers.asked(asCustomer, both);
    const partners = await way.asked(asContact, both);
    const swapped = (path: string, to: string) => `${to}/link/${path.split("/").at(-1)}`;
    for (const [browser, path] of [
      [asCustomer, swapped(own.path, "/partner/sign-in")],
      [asContact, swapped(partners.path, "/sign-in")],
    ] as const) {
      expect((await browser.get(path)).status).toBe(404);
      expect((await browser.post(path, { account: "mine" })).status).toBe(404);
    }
    // Nor does a code, with the nonce moved over to the other door's cookie.
    const nonce = asCustomer.cookies.get("portico-asked") ?? "";
    const thief = h.browser().with("portico-asked-partner", nonce);
    expect((await thief.post("/partner/sign-in/sent", { code: own.code })).status).toBe(422);
    expect(await way.sessionsOf(both)).toBe(0);
    // Each is good where it belongs, and its session opens no other face.
    expect((await asCustomer.post(own.path)).location).toBe("/overview");
    expect((await asContact.post(partners.path)).location).toBe("/partner");
    expect(await customers.sessionsOf(id)).toBe(1);
    const contact = way.session(asContact) ?? "";
    const moved = h.browser().with(sessionCookie.customer, contact).with(sessionCookie.staff, contact);
    expect((await moved.get("/overview")).location).toBe("/sign-in?return_to=%2Foverview");
    expect((await moved.get("/staff/security")).location).toContain("/staff/sign-in");
    const customer = h.browser().with(sessionCookie.partner, customers.session(asCustomer) ?? "");
    expect((await customer.get("/partner/security")).location).toBe("/partner/sign-in?return_to=%2Fpartner%2Fsecurity");
  });

  test("a link that proves a session signs nobody in, and one that signs in proves nothing", async () => {
    const { email } = await way.contact();
    const browser = h.browser();
    await browser.post((await way.asked(browser, email)).path);
    const proof = await way.askedProof(browser, "/partner/security");
    const token = proof.path.split("/").at(-1) ?? "";
    expect((await h.browser().post(`/partner/sign-in/link/${token}`, { account: "mine" })).status).toBe(404);
    const signIn = await way.asked(h.browser(), email);
    const other = signIn.path.split("/").at(-1) ?? "";
    expect((await browser.post(`/partner/step-up/link/${other}`)).status).toBe(404);
    expect(await way.sessionsOf(email)).toBe(1);
  });
});

describe("the code of a contact", () => {
  test("signs in the browser that asked, and no other", async () => {
    const { email } = await way.contact();
    const browser = h.browser();
    const { code } = await way.asked(browser, email);
    expect((await h.browser().post("/partner/sign-in/sent", { code })).status).toBe(422);
    expect((await browser.post("/partner/sign-in/sent", { code })).location).toBe("/partner");
  });

  test("after five wrong tries the right one opens nothing either; the link still does", async () => {
    const { email } = await way.contact();
    const browser = h.browser();
    const { code, path } = await way.asked(browser, email);
    const wrong = code === "000000" ? "000001" : "000000";
    for (let time = 0; time < 5; time++) {
      expect((await browser.post("/partner/sign-in/sent", { code: wrong })).status).toBe(422);
    }
    expect((await browser.post("/partner/sign-in/sent", { code })).text).toContain("can’t be used any more");
    expect(await way.sessionsOf(email)).toBe(0);
    expect((await browser.post(path)).status).toBe(303);
  });
});

describe("known and unknown addresses of partners", () => {
  test("get the same answers and cost the same statements, and only the known one gets mail", async () => {
    const known = (await way.contact()).email;
    const unknown = "nobody@partners.example";
    const ask = async (email: string) => {
      const browser = h.browser();
      const answer = await browser.post("/partner/sign-in", { email });
      const sent = await browser.get("/partner/sign-in/sent");
      const wrong = await browser.post("/partner/sign-in/sent", { code: "123456" });
      return [answer.status, answer.location, bare(sent, email), wrong.status, bare(wrong, email)];
    };
    const before = (await h.mails()).length;
    expect(await ask(known)).toEqual(await ask(unknown));
    const [first, second] = [await statementsOf(h, () => ask(known)), await statementsOf(h, () => ask(unknown))];
    expect(first.length).toBeGreaterThan(10);
    expect(second).toEqual(first);
    await h.drain();
    expect(new Set((await h.mails()).slice(before).map((mail) => mail.to_email))).toEqual(new Set([known]));
  });

  test("are limited alike, together with the customers' door", async () => {
    const { email } = await way.contact();
    for (let time = 0; time < 3; time++) await h.browser().post("/partner/sign-in", { email });
    for (let time = 0; time < 2; time++) await h.browser().post("/sign-in", { email });
    const shown = await h.browser().post("/partner/sign-in", { email });
    expect(shown.status).toBe(429);
    expect(Number(shown.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});

describe("a contact who is one no more", () => {
  test.each([
    ["removed", "removed_at = now()"],
    ["switched off", "access_on = false"],
    ["of another address", "email = 'new' || email"],
  ])("%s: refused at the next request, by old session, waiting link and new link alike", async (_name, change) => {
    const { id, email } = await way.contact();
    const browser = h.browser();
    await browser.post((await way.asked(browser, email)).path);
    expect((await browser.get("/partner/security")).status).toBe(200);
    const waiting = await way.asked(browser, email);
    await h.admin.query(`update app.contact set ${change} where id = $1`, [id]);
    expect((await browser.get("/partner/security")).location).toContain("/partner/sign-in");
    expect((await browser.post("/partner/security/sessions/end-others")).location).toBe("/partner/sign-in");
    expect((await browser.post(waiting.path)).status).toBe(404);
    const before = (await h.mails()).length;
    expect((await h.browser().post("/partner/sign-in", { email })).location).toBe("/partner/sign-in/sent");
    await h.drain();
    expect(await h.mails()).toHaveLength(before);
  });
});
