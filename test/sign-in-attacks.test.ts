import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { sessionCookie } from "#http/cookies.ts";
import { newId } from "#kernel/ids.ts";
import { Browser } from "./support/browser.ts";
import { type TestHouse, testHouse } from "./support/house.ts";
import { customersOf } from "./support/sign-in.ts";

// The attacks of access.md 6 to 9 on the customers' way in: the link. Beside it: sign-in-code-*, sign-in-sessions.
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

describe("the link", () => {
  test("signs in the browser that asked, and leads to the overview", async () => {
    const { id, email } = await way.customer();
    const browser = h.browser();
    const { path } = await way.asked(browser, email.toUpperCase());
    const opened = await browser.get(path);
    expect(opened.status).toBe(200);
    expect(opened.text).toContain("Continue");
    expect(opened.headers.get("referrer-policy")).toBe("same-origin");
    expect(opened.headers.get("cache-control")).toBe("no-store");
    const done = await browser.post(path);
    expect([done.status, done.location]).toEqual([303, "/overview"]);
    expect(way.session(browser)).toMatch(/^[\w-]{43}$/);
    expect((await browser.get("/profile/sessions")).status).toBe(200);
    expect(await way.sessionsOf(id)).toBe(1);
  });

  test("C3: the page opens with an address filled in, says how long a link lives, and knows no password", async () => {
    const shown = await h.browser().get("/sign-in?email=aiko%40students.example");
    expect(shown.text).toContain('value="aiko@students.example"');
    expect(shown.text).toContain("sign-in link");
    expect(shown.text).toContain("10 minutes");
    expect(shown.text).not.toContain('type="password"');
  });

  test("a mail scanner that fetches it a hundred times, with HEAD too, spends nothing and gets no cookie", async () => {
    const { id, email } = await way.customer();
    const { path } = await way.asked(h.browser(), email);
    const bot = h.browser();
    for (let time = 0; time < 100; time++) {
      const shown = await bot.get(path, { "user-agent": "SafeLinks" });
      expect(shown.status).toBe(200);
    }
    expect((await h.app.request(path, { method: "HEAD" })).status).toBe(200);
    expect(bot.cookies.size).toBe(0);
    expect(await way.sessionsOf(id)).toBe(0);
    const { rows } = await h.admin.query("select used_at from app.sign_in_link where email = $1", [email]);
    expect(rows).toEqual([{ used_at: null }]);
  });

  test("a bot that runs scripts finds none that would send the form", async () => {
    const { email } = await way.customer();
    const { path } = await way.asked(h.browser(), email);
    const { text } = await h.browser().get(path);
    const inline = [...text.matchAll(/<script(?![^>]*src=)[^>]*>([\s\S]*?)<\/script>/g)];
    expect(inline).toEqual([]);
    expect(text).not.toContain("speculationrules");
    expect(text).not.toMatch(/http-equiv="?refresh/i);
    const script = /<script src="(\/assets\/customer[^"]+)"/.exec(text)?.[1] ?? "";
    expect((await h.browser().get(script)).text).not.toMatch(/\.(submit|requestSubmit)\(/);
  });

  test("100 redemptions at once make one session", async () => {
    const { id, email } = await way.customer();
    const { path } = await way.asked(h.browser(), email);
    const browsers = Array.from({ length: 100 }, () => h.browser());
    // With all connections open beforehand several redemptions are really under way at the same moment.
    await Promise.all(browsers.slice(0, 12).map((browser) => browser.get(path)));
    const shown = await Promise.all(browsers.map((browser) => browser.post(path, { account: "mine" })));
    expect(shown.filter((one) => one.status === 303)).toHaveLength(1);
    expect(shown.filter((one) => one.status === 410)).toHaveLength(99);
    expect(browsers.filter((browser) => way.session(browser) !== undefined)).toHaveLength(1);
    expect(await way.sessionsOf(id)).toBe(1);
  });

  test("used, expired, unknown and foreign links open nothing, and say how to get another", async () => {
    const { email } = await way.customer();
    const browser = h.browser();
    const used = await way.asked(browser, email);
    await browser.post(used.path);
    const expired = await way.asked(h.browser(), email);
    h.clock.advance({ minutes: 10, seconds: 1 });
    const other = await h.institution({ name: "Other College", host: "other.example" });
    const foreigner = await way.customer("foreign@students.example", other);
    const visitor = () => new Browser(h.app, h.house.origin, "other.example");
    await visitor().post("/sign-in", { email: foreigner.email });
    await h.drain();
    const foreign = /\/sign-in\/link\/[\w-]+/.exec((await h.mails()).at(-1)?.text_body ?? "")?.[0] ?? "";
    for (const path of [used.path, expired.path, `/sign-in/link/${"A".repeat(43)}`, "/sign-in/link/x", foreign]) {
      for (const shown of [await browser.get(path), await h.browser().post(path, { account: "mine" })]) {
        expect([404, 410], path).toContain(shown.status);
        expect(shown.text).toContain("Get another sign-in link");
        expect(shown.headers.getSetCookie().filter((line) => line.startsWith(sessionCookie.customer))).toEqual([]);
      }
    }
    // The foreign one was good all the time, at its own institution.
    expect((await visitor().get(foreign)).status).toBe(200);
  });

  test("in another browser it names the account, masked, and signs in only after a yes", async () => {
    const { id, email } = await way.customer("kenji.sato@students.example");
    const { path } = await way.asked(h.browser(), email);
    const other = h.browser();
    const opened = await other.get(path);
    expect(opened.text).toContain("k•••@students.example");
    expect(opened.text).not.toContain("kenji.sato");
    const unsure = await other.post(path);
    expect(unsure.status).toBe(200);
    expect(way.session(other)).toBeUndefined();
    expect(await way.sessionsOf(id)).toBe(0);
    expect((await other.post(path, { account: "mine" })).status).toBe(303);
    expect(way.session(other)).toBeDefined();
  });

  test("a form on another site can't press the button", async () => {
    const { id, email } = await way.customer();
    const { path } = await way.asked(h.browser(), email);
    for (const site of ["cross-site", "same-site", "none"]) {
      const shown = await h.browser().post(path, { account: "mine" }, { "sec-fetch-site": site });
      expect(shown.status).toBe(403);
    }
    expect(await way.sessionsOf(id)).toBe(0);
  });

  test("host and forwarding headers never get into the link (CVE-2025-31137)", async () => {
    const { email } = await way.customer();
    // With one institution any host serves it, so the name of the host is whatever the sender likes.
    const alone = await testHouse();
    const own = await alone.institution();
    await alone.admin.query(
      `insert into app.customer (institution_id, id, given_name, email, created_at, updated_at)
       values ($1, $2, 'Aiko', $3, $4, $4)`,
      [own, newId("cus", alone.clock.now(), alone.random), email, alone.clock.now().toString()],
    );
    const lies = { "x-forwarded-host": "evil.example", forwarded: "host=evil.example", origin: "http://evil.example" };
    const shown = await new Browser(alone.app, alone.house.origin, "evil.example").post("/sign-in", { email }, lies);
    expect(shown.status).toBe(303);
    await alone.drain();
    const mail = (await alone.mails()).at(-1);
    await alone.close();
    expect(mail?.to_email).toBe(email);
    expect(mail?.text_body).toContain("http://127.0.0.1:8080/sign-in/link/");
    expect(`${mail?.text_body}${mail?.html_body}`).not.toContain("evil.example");
  });

  test("return_to leads to pages of the portal and nowhere else", async () => {
    const { email } = await way.customer();
    const cases = {
      "/payments?status=due": "/payments?status=due",
      "@evil.example": "/overview",
      "//evil.example/x": "/overview",
      "/\\evil.example": "/overview",
      "https://evil.example": "/overview",
      "javascript:alert(1)": "/overview",
      "/\t/evil.example": "/overview",
      "/..//evil.example": "/overview",
      "/%2e//evil.example": "/overview",
      "/staff": "/overview",
      "/sign-in/link/x": "/overview",
    };
    for (const [asking, expected] of Object.entries(cases)) {
      h.clock.advance({ hours: 25 });
      const browser = h.browser();
      await browser.post("/sign-in", { email, return_to: asking });
      await h.drain();
      const path = /\/sign-in\/link\/[\w-]+/.exec((await h.mails()).at(-1)?.text_body ?? "")?.[0] ?? "";
      expect((await browser.post(path)).location, asking).toBe(expected);
    }
  });

  test("markup in an address or a name is text: in the interstitial, the form shown again and the mail", async () => {
    const evil = "<img src=x onerror=alert(1)>";
    await h.admin.query("update app.institution set name = $2 where id = $1", [institution, `College ${evil}`]);
    const { email } = await way.customer(`"x@students.example`.replace('"', "b'<b>x".replaceAll(/[<>]/g, "")));
    const browser = h.browser();
    const { path } = await way.asked(browser, email);
    const pages = [
      await browser.get(path),
      await h.browser().get(path),
      await browser.get("/sign-in/sent"),
      await browser.get(`/sign-in?email=${encodeURIComponent(evil)}&return_to=${encodeURIComponent(`/${evil}`)}`),
      await browser.post("/sign-in", { email: evil, return_to: `/${evil}` }),
      await browser.get(`/sign-in/link/${encodeURIComponent(evil)}`),
    ];
    for (const shown of pages) expect(shown.text).not.toContain("<img");
    expect((await h.mails()).at(-1)?.html_body).not.toContain("<img src=x");
    await h.admin.query("update app.institution set name = 'Northbridge College' where id = $1", [institution]);
  });

  test("an address that was changed after asking opens nothing, by old link or by old session", async () => {
    const { id, email } = await way.customer();
    const browser = h.browser();
    await browser.post((await way.asked(browser, email)).path);
    expect((await browser.get("/profile/sessions")).status).toBe(200);
    const waiting = await way.asked(browser, email);
    await h.admin.query("update app.customer set email = 'new@students.example' where id = $1", [id]);
    const refused = await browser.get("/profile/sessions");
    expect([refused.status, refused.location]).toEqual([303, "/sign-in?return_to=%2Fprofile%2Fsessions"]);
    const shown = await h.browser().post(waiting.path, { account: "mine" });
    expect(shown.status).toBe(404);
    expect(await way.sessionsOf(id)).toBe(1);
  });
});
