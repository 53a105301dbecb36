import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sessionCookie } from "#http/cookies.ts";
import { tokenHash } from "#platform/tx.ts";
import { registry } from "#registry.ts";
import { places } from "#web/partner/partner-page.tsx";
import type { Browser } from "./support/browser.ts";
import { type TestHouse, testHouse } from "./support/house.ts";
import { type MoneyWorld, moneyWorld } from "./support/money.ts";
import { contactsOf } from "./support/sign-in.ts";

// The frame of the partner portal, and the sessions of those who open it.

let h: TestHouse;
let world: MoneyWorld;
let way: ReturnType<typeof contactsOf>;

beforeAll(async () => {
  h = await testHouse();
  world = await moneyWorld(h);
  way = contactsOf(h, world.institution);
});
afterAll(() => h.close());
// A new day for each test: limits of one are no limits of the next.
beforeEach(() => h.clock.advance({ hours: 25 }));

/** A contact of its own partnership, signed in by link. */
async function signedIn(): Promise<Browser> {
  const { email } = await way.contact();
  const browser = h.browser();
  await browser.post((await way.asked(browser, email)).path);
  return browser;
}

test("200: a contact's page names the partnership, the institution and only places that exist", async () => {
  const contact = await h.partner(world.institution, world.partner);
  const page = await contact.get("/partner/security");
  expect(page.status).toBe(200);
  expect(page.text).toContain("Partner of Northbridge College");
});

async function idOf(token: string | undefined): Promise<string> {
  const { rows } = await h.admin.query<{ id: string }>("select id from app.session where token_hash = $1", [
    tokenHash(token ?? ""),
  ]);
  return rows[0]?.id ?? "";
}

test("every place of the navigation is a page of the portal", () => {
  const pages = new Set(
    registry.filter(({ method, opens }) => method === "GET" && opens === "partner").map((r) => r.path),
  );
  const missing = places.flatMap((group) => group.places.map(({ href }) => href)).filter((href) => !pages.has(href));
  expect(missing).toEqual([]);
});

describe("sessions of a contact", () => {
  test("are listed, and one's others can be ended; those of others can't", async () => {
    const { email } = await way.contact();
    const [here, there, stranger] = [h.browser(), h.browser(), h.browser()];
    await here.post((await way.asked(here, email)).path);
    await there.post((await way.asked(there, email)).path);
    await stranger.post((await way.asked(stranger, (await way.contact()).email)).path);
    const sessions = "/partner/security/sessions";
    expect((await here.get("/partner/security")).text).toContain(await idOf(way.session(there)));
    expect((await here.get("/partner/security")).text).not.toContain(await idOf(way.session(stranger)));
    expect((await here.post(`${sessions}/${await idOf(way.session(stranger))}/end`)).status).toBe(404);
    expect((await stranger.get("/partner/security")).status).toBe(200);
    expect((await here.post(`${sessions}/${await idOf(way.session(there))}/end`)).status).toBe(303);
    expect((await there.get("/partner/security")).status).toBe(303);
    await there.post((await way.asked(there, email)).path);
    expect((await here.post(`${sessions}/end-others`)).status).toBe(303);
    expect((await there.get("/partner/security")).status).toBe(303);
    expect((await here.get("/partner/security")).status).toBe(200);
  });

  test("signing out ends one on the server, not only in the browser", async () => {
    const { email } = await way.contact();
    const browser = h.browser();
    await browser.post((await way.asked(browser, email)).path);
    const token = way.session(browser) ?? "";
    expect((await browser.post("/partner/sign-out")).location).toBe("/partner/sign-in?done=signed-out");
    expect(way.session(browser)).toBeUndefined();
    expect((await h.browser().with(sessionCookie.partner, token).get("/partner/security")).status).toBe(303);
  });

  test("end unused after eight hours, and in any case after a week", async () => {
    const unused = await signedIn();
    h.clock.advance({ hours: 7 });
    expect((await unused.get("/partner/security")).status).toBe(200);
    h.clock.advance({ hours: 9 });
    expect((await unused.get("/partner/security")).status).toBe(303);
    const busy = await signedIn();
    for (let time = 0; time < 23; time++) {
      h.clock.advance({ hours: 7 });
      expect((await busy.get("/partner/security")).status).toBe(200);
    }
    h.clock.advance({ hours: 7, minutes: 1 });
    expect((await busy.get("/partner/security")).status).toBe(303);
  });
});

describe("one address for several partnerships", () => {
  test("P4: chooses which to open, changes at any time, and can't choose another's", async () => {
    const email = "both@partners.example";
    const [first, second] = [await way.partnership("First Agents"), await way.partnership("Second Agents")];
    for (const partnership of [first, second]) await way.contact({ email, partnership });
    const stranger = await way.contact();
    const browser = h.browser();
    expect((await browser.post((await way.asked(browser, email)).path)).location).toBe("/partner/choose");
    const choice = await browser.get("/partner/choose");
    expect(choice.text).toContain("First Agents");
    expect(choice.text).toContain("Second Agents");
    expect(choice.text).not.toContain(stranger.partnership);
    expect((await browser.get("/partner/security")).text).toContain('href="/partner/choose"');
    const go = (partnership: string) => browser.post("/partner/choose", { partnership, return_to: "//evil.example" });
    for (const [to, name, other] of [
      [first, "First Agents", "Second Agents"],
      [second, "Second Agents", "First Agents"],
    ] as const) {
      expect((await go(to)).location).toBe("/partner");
      const shown = (await browser.get("/partner/security")).text;
      expect(shown).toContain(name);
      expect(shown).not.toContain(other);
    }
    expect((await go(stranger.partnership)).status).toBe(404);
    expect((await browser.get("/partner/security")).text).toContain("Second Agents");
    // Removed from the one it is open for, it opens nothing; the other is a new sign-in away.
    await h.admin.query("update app.contact set removed_at = now() where partnership_id = $1", [second]);
    expect((await browser.get("/partner/security")).status).toBe(303);
    expect((await go(second)).status).toBe(303);
    const again = h.browser();
    expect((await again.post((await way.asked(again, email)).path)).location).toBe("/partner");
    expect((await again.get("/partner/security")).text).toContain("First Agents");
    expect((await again.get("/partner/security")).text).not.toContain("/partner/choose");
    expect((await again.post("/partner/choose", { partnership: second })).status).toBe(404);
  });
});

describe("a fresh proof", () => {
  test("is a link to one's own address, pressed in the session that asked; it leads back and counts ten minutes", async () => {
    const browser = await signedIn();
    const since = async () => {
      const { rows } = await h.admin.query<{ at: string }>(
        "select stepped_up_at::text as at from app.session where id = $1",
        [await idOf(way.session(browser))],
      );
      return rows[0]?.at;
    };
    h.clock.advance({ minutes: 11 });
    expect((await browser.get("/partner/step-up?return_to=%2Fpartner%2Fsecurity")).status).toBe(200);
    const before = await since();
    const { path } = await way.askedProof(browser, "/partner/security?x=1");
    expect((await browser.get(path)).status).toBe(200);
    expect(await since()).toBe(before);
    expect((await browser.post(path)).location).toBe("/partner/security?x=1");
    expect(await since()).not.toBe(before);
    expect((await browser.post(path)).status).toBe(410);
    expect((await browser.get("/partner/step-up?return_to=%2Fpartner%2Fsecurity")).location).toBe("/partner/security");
    h.clock.advance({ minutes: 10, seconds: 1 });
    expect((await browser.get("/partner/step-up?return_to=%2Fpartner%2Fsecurity")).status).toBe(200);
  });

  test("is worth nothing in another session of the same address, nor in one of another address", async () => {
    const { email } = await way.contact();
    const browsers = [h.browser(), h.browser()] as const;
    for (const browser of browsers) await browser.post((await way.asked(browser, email)).path);
    const stranger = await signedIn();
    h.clock.advance({ minutes: 11 });
    const { path, code } = await way.askedProof(browsers[0], "/partner/security");
    expect((await browsers[1].post(path)).status).toBe(409);
    expect((await browsers[1].post("/partner/step-up/sent", { code })).status).toBe(422);
    expect((await stranger.post(path)).status).toBe(404);
    expect((await h.browser().post(path)).location).toBe("/partner/sign-in");
    const { rows } = await h.admin.query("select count(*)::int as n from app.session where stepped_up_at > $1", [
      h.clock.now().subtract({ minutes: 10 }).toString(),
    ]);
    expect(rows[0].n).toBe(0);
    expect((await browsers[0].post("/partner/step-up/sent", { code })).location).toBe("/partner/security");
  });

  test("is not kept from anybody by strangers who ask for links to the address; asked too often it waits", async () => {
    const { email } = await way.contact();
    const browser = h.browser();
    await browser.post((await way.asked(browser, email)).path);
    for (let time = 0; time < 8; time++) await h.browser().post("/partner/sign-in", { email });
    expect((await h.browser().post("/partner/sign-in", { email })).status).toBe(429);
    for (let time = 0; time < 5; time++) expect((await browser.post("/partner/step-up")).status).toBe(303);
    const late = await browser.post("/partner/step-up", { return_to: "/partner/security" });
    expect(late.status).toBe(429);
    expect(late.text).toContain("Please wait");
    expect(late.text).toContain('value="/partner/security"');
  });

  test("by code counts its tries: five, then the link only", async () => {
    const browser = await signedIn();
    const { code, path } = await way.askedProof(browser, "/partner/security");
    const wrong = code === "000000" ? "000001" : "000000";
    for (let time = 0; time < 5; time++) {
      expect((await browser.post("/partner/step-up/sent", { code: wrong })).status).toBe(422);
    }
    expect((await browser.post("/partner/step-up/sent", { code })).status).toBe(422);
    expect((await browser.post(path)).status).toBe(303);
  });
});
