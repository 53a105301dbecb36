import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { sessionCookie } from "#http/cookies.ts";
import { tokenHash } from "#platform/tx.ts";
import type { Browser } from "./support/browser.ts";
import { type TestHouse, testHouse } from "./support/house.ts";
import { bare, customersOf } from "./support/sign-in.ts";

// Sessions of customers (access.md 9), and families that share one address.
let h: TestHouse;
let institution: InstitutionId;
let way: ReturnType<typeof customersOf>;

beforeAll(async () => {
  h = await testHouse();
  institution = await h.institution({ host: "127.0.0.1:8080" });
  way = customersOf(h, institution);
});
afterAll(() => h.close());
// A new day for each test: limits of one are no limits of the next.
beforeEach(() => h.clock.advance({ hours: 25 }));

describe("the session", () => {
  test("is a new one at each sign-in: a planted cookie never becomes good, and the old session ends", async () => {
    const { id, email } = await way.customer();
    const planted = "P".repeat(43);
    const browser = h.browser().with(sessionCookie.customer, planted);
    await browser.post((await way.asked(browser, email)).path);
    const first = way.session(browser) ?? "";
    expect(first).not.toBe(planted);
    expect((await h.browser().with(sessionCookie.customer, planted).get("/profile/sessions")).status).toBe(303);
    await browser.post((await way.asked(browser, email)).path);
    const second = way.session(browser) ?? "";
    expect(second).not.toBe(first);
    expect((await h.browser().with(sessionCookie.customer, first).get("/profile/sessions")).status).toBe(303);
    expect(await way.sessionsOf(id)).toBe(2);
  });

  test("opens its own face only: a link never opens the staff dashboard", async () => {
    const { email } = await way.customer();
    const browser = h.browser();
    await browser.post((await way.asked(browser, email)).path);
    browser.with(sessionCookie.staff, way.session(browser) ?? "");
    expect((await browser.get("/staff/security")).location).toBe("/staff/sign-in?return_to=%2Fstaff%2Fsecurity");
  });

  test("ends unused after a week, and in any case after thirty days", async () => {
    const { email } = await way.customer();
    const unused = h.browser();
    await unused.post((await way.asked(unused, email)).path);
    h.clock.advance({ hours: 24 * 6 });
    expect((await unused.get("/profile/sessions")).status).toBe(200);
    h.clock.advance({ hours: 24 * 7 + 1 });
    expect((await unused.get("/profile/sessions")).status).toBe(303);
    const busy = h.browser();
    await busy.post((await way.asked(busy, email)).path);
    for (let day = 0; day < 29; day++) {
      h.clock.advance({ hours: 24 });
      expect((await busy.get("/profile/sessions")).status).toBe(200);
    }
    h.clock.advance({ hours: 25 });
    expect((await busy.get("/profile/sessions")).status).toBe(303);
  });

  test("signing out ends it on the server, not only in the browser", async () => {
    const { email } = await way.customer();
    const browser = h.browser();
    await browser.post((await way.asked(browser, email)).path);
    const token = way.session(browser) ?? "";
    const out = await browser.post("/sign-out");
    expect([out.status, out.location]).toEqual([303, "/sign-in?done=signed-out"]);
    expect(way.session(browser)).toBeUndefined();
    expect((await h.browser().with(sessionCookie.customer, token).get("/profile/sessions")).status).toBe(303);
  });

  test("one's other sessions can be ended; those of others can't", async () => {
    const [mine, other] = [await way.customer(), await way.customer()];
    const [here, there, stranger] = [h.browser(), h.browser(), h.browser()];
    await here.post((await way.asked(here, mine.email)).path);
    await there.post((await way.asked(there, mine.email)).path);
    await stranger.post((await way.asked(stranger, other.email)).path);
    const idOf = async (browser: Browser) => {
      const hash = tokenHash(way.session(browser) ?? "");
      return (await h.admin.query("select id from app.session where token_hash = $1", [hash])).rows[0].id as string;
    };
    expect((await here.post(`/profile/sessions/${await idOf(stranger)}/end`)).status).toBe(404);
    expect((await stranger.get("/profile/sessions")).status).toBe(200);
    expect((await here.post(`/profile/sessions/${await idOf(there)}/end`)).status).toBe(303);
    expect((await there.get("/profile/sessions")).status).toBe(303);
    await there.post((await way.asked(there, mine.email)).path);
    expect((await here.post("/profile/sessions/end-others")).status).toBe(303);
    expect((await there.get("/profile/sessions")).status).toBe(303);
    expect((await here.get("/profile/sessions")).status).toBe(200);
  });
});

describe("siblings with one address", () => {
  test("choose whose pages to see, and can't choose anybody else", async () => {
    const family = "family@families.example";
    // Made one after another, so the first is the one whose pages open first.
    const first = await way.customer(family);
    h.clock.advance({ seconds: 1 });
    const second = await way.customer(family);
    const stranger = await way.customer();
    const browser = h.browser();
    const done = await browser.post((await way.asked(browser, family)).path);
    expect(done.location).toBe("/choose");
    const choice = await browser.get("/choose");
    expect(choice.text).toContain(first.id);
    expect(choice.text).toContain(second.id);
    expect(choice.text).not.toContain(stranger.id);
    const before = await browser.get("/profile");
    expect((await browser.post("/choose", { customer: second.id, return_to: "//evil.example" })).location).toBe(
      "/overview",
    );
    const after = await browser.get("/profile");
    expect(bare(after)).not.toBe(bare(before));
    expect((await browser.post("/choose", { customer: stranger.id })).status).toBe(404);
    expect(bare(await browser.get("/profile"))).toBe(bare(after));
    // An address that one of them gave up is no way to that one any more.
    await h.admin.query("update app.customer set email = 'gone@families.example' where id = $1", [first.id]);
    expect((await browser.post("/choose", { customer: first.id })).status).toBe(404);
  });
});
