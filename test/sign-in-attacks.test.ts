import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CustomerId, InstitutionId } from "#access/principal.ts";
import { sessionCookie } from "#http/cookies.ts";
import { newId } from "#kernel/ids.ts";
import { tokenHash } from "#platform/tx.ts";
import { Browser, type Shown } from "./support/browser.ts";
import { type TestHouse, testHouse } from "./support/house.ts";

// The attacks of access.md 6 to 9 on the customer's way in: mailed link and six-digit code. Staff: staff-sign-in-attacks.test.ts.
let h: TestHouse;
let institution: InstitutionId;
let count = 0;

beforeAll(async () => {
  h = await testHouse();
  institution = await h.institution({ host: "127.0.0.1:8080" });
});
afterAll(() => h.close());
// A new day for each test: limits of one are no limits of the next.
beforeEach(() => h.clock.advance({ hours: 25 }));

async function customer(email?: string, at: InstitutionId = institution): Promise<{ id: CustomerId; email: string }> {
  count += 1;
  const id: CustomerId = newId("cus", h.clock.now(), h.random);
  const address = email ?? `student${count}@students.example`;
  await h.admin.query(
    `insert into app.customer (institution_id, id, given_name, family_name, email, created_at, updated_at)
     values ($1, $2, $3, 'Tanaka', $4, $5, $5)`,
    [at, id, `Aiko ${count}`, address, h.clock.now().toString()],
  );
  return { id, email: address };
}

/** Asks for a link and reads the mail. */
async function asked(browser: Browser, email: string): Promise<{ path: string; code: string; link: string }> {
  // Mails of one instant have no order, so each gets an instant of its own.
  h.clock.advance({ seconds: 1 });
  const before = (await h.mails()).length;
  const shown = await browser.post("/sign-in", { email });
  expect([shown.status, shown.location]).toEqual([303, "/sign-in/sent"]);
  await h.drain();
  const mails = (await h.mails()).slice(before);
  expect(mails).toHaveLength(1);
  const text = mails[0]?.text_body ?? "";
  const link = /https?:\/\/\S+\/sign-in\/link\/\S+/.exec(text)?.[0] ?? "";
  const code = /(?<!\d)\d{6}(?!\d)/.exec(text.replaceAll(link, ""))?.[0] ?? "";
  return { path: new URL(link).pathname, code, link };
}

const session = (browser: Browser) => browser.cookies.get(sessionCookie.customer);
async function sessionsOf(id: CustomerId): Promise<number> {
  const { rows } = await h.admin.query("select count(*)::int as n from app.session where customer_id = $1", [id]);
  return rows[0].n;
}
/** What a page says, without what differs on every page: nonce, typed address. */
function bare(shown: Shown, ...words: string[]): string {
  let text = shown.text.replaceAll(/nonce="[^"]*"/g, "");
  for (const word of words) text = text.replaceAll(word, "*").replaceAll(encodeURIComponent(word), "*");
  return text;
}

describe("the link", () => {
  test("signs in the browser that asked, and leads to the overview", async () => {
    const { id, email } = await customer();
    const browser = h.browser();
    const { path } = await asked(browser, email.toUpperCase());
    const opened = await browser.get(path);
    expect(opened.status).toBe(200);
    expect(opened.text).toContain("Continue");
    expect(opened.headers.get("referrer-policy")).toBe("same-origin");
    expect(opened.headers.get("cache-control")).toBe("no-store");
    const done = await browser.post(path);
    expect([done.status, done.location]).toEqual([303, "/overview"]);
    expect(session(browser)).toMatch(/^[\w-]{43}$/);
    expect((await browser.get("/profile/sessions")).status).toBe(200);
    expect(await sessionsOf(id)).toBe(1);
  });

  test("a mail scanner that fetches it a hundred times, with HEAD too, spends nothing and gets no cookie", async () => {
    const { id, email } = await customer();
    const { path } = await asked(h.browser(), email);
    const bot = h.browser();
    for (let time = 0; time < 100; time++) {
      const shown = await bot.get(path, { "user-agent": "SafeLinks" });
      expect(shown.status).toBe(200);
    }
    expect((await h.app.request(path, { method: "HEAD" })).status).toBe(200);
    expect(bot.cookies.size).toBe(0);
    expect(await sessionsOf(id)).toBe(0);
    const { rows } = await h.admin.query("select used_at from app.sign_in_link where email = $1", [email]);
    expect(rows).toEqual([{ used_at: null }]);
  });

  test("a bot that runs scripts finds none that would send the form", async () => {
    const { email } = await customer();
    const { path } = await asked(h.browser(), email);
    const { text } = await h.browser().get(path);
    const inline = [...text.matchAll(/<script(?![^>]*src=)[^>]*>([\s\S]*?)<\/script>/g)];
    expect(inline).toEqual([]);
    expect(text).not.toContain("speculationrules");
    expect(text).not.toMatch(/http-equiv="?refresh/i);
    const script = /<script src="(\/assets\/customer[^"]+)"/.exec(text)?.[1] ?? "";
    expect((await h.browser().get(script)).text).not.toMatch(/\.(submit|requestSubmit)\(/);
  });

  test("100 redemptions at once make one session", async () => {
    const { id, email } = await customer();
    const { path } = await asked(h.browser(), email);
    const browsers = Array.from({ length: 100 }, () => h.browser());
    // With all connections open beforehand several redemptions are really under way at the same moment.
    await Promise.all(browsers.slice(0, 12).map((browser) => browser.get(path)));
    const shown = await Promise.all(browsers.map((browser) => browser.post(path, { account: "mine" })));
    expect(shown.filter((one) => one.status === 303)).toHaveLength(1);
    expect(shown.filter((one) => one.status === 410)).toHaveLength(99);
    expect(browsers.filter((browser) => session(browser) !== undefined)).toHaveLength(1);
    expect(await sessionsOf(id)).toBe(1);
  });

  test("used, expired, unknown and foreign links open nothing, and say how to get another", async () => {
    const { email } = await customer();
    const browser = h.browser();
    const used = await asked(browser, email);
    await browser.post(used.path);
    const expired = await asked(h.browser(), email);
    h.clock.advance({ minutes: 10, seconds: 1 });
    const other = await h.institution({ name: "Other College", host: "other.example" });
    const foreigner = await customer("foreign@students.example", other);
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
    const { id, email } = await customer("kenji.sato@students.example");
    const { path } = await asked(h.browser(), email);
    const other = h.browser();
    const opened = await other.get(path);
    expect(opened.text).toContain("k•••@students.example");
    expect(opened.text).not.toContain("kenji.sato");
    const unsure = await other.post(path);
    expect(unsure.status).toBe(200);
    expect(session(other)).toBeUndefined();
    expect(await sessionsOf(id)).toBe(0);
    expect((await other.post(path, { account: "mine" })).status).toBe(303);
    expect(session(other)).toBeDefined();
  });

  test("a form on another site can't press the button", async () => {
    const { id, email } = await customer();
    const { path } = await asked(h.browser(), email);
    for (const site of ["cross-site", "same-site", "none"]) {
      const shown = await h.browser().post(path, { account: "mine" }, { "sec-fetch-site": site });
      expect(shown.status).toBe(403);
    }
    expect(await sessionsOf(id)).toBe(0);
  });

  test("host and forwarding headers never get into the link (CVE-2025-31137)", async () => {
    const { email } = await customer();
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
    const { email } = await customer();
    const cases = {
      "/payments?status=due": "/payments?status=due",
      "@evil.example": "/overview",
      "//evil.example/x": "/overview",
      "/\\evil.example": "/overview",
      "https://evil.example": "/overview",
      "javascript:alert(1)": "/overview",
      "/\t/evil.example": "/overview",
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

  test("markup in an address or a name is text in the interstitial, in the form shown again and in the mail", async () => {
    const evil = "<img src=x onerror=alert(1)>";
    await h.admin.query("update app.institution set name = $2 where id = $1", [institution, `College ${evil}`]);
    const { email } = await customer(`"x@students.example`.replace('"', "b'<b>x".replaceAll(/[<>]/g, "")));
    const browser = h.browser();
    const { path } = await asked(browser, email);
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

  test("an address that was changed after asking opens nothing, neither by the old link nor by an old session", async () => {
    const { id, email } = await customer();
    const browser = h.browser();
    await browser.post((await asked(browser, email)).path);
    expect((await browser.get("/profile/sessions")).status).toBe(200);
    const waiting = await asked(browser, email);
    await h.admin.query("update app.customer set email = 'new@students.example' where id = $1", [id]);
    const refused = await browser.get("/profile/sessions");
    expect([refused.status, refused.location]).toEqual([303, "/sign-in?return_to=%2Fprofile%2Fsessions"]);
    const shown = await h.browser().post(waiting.path, { account: "mine" });
    expect(shown.status).toBe(404);
    expect(await sessionsOf(id)).toBe(1);
  });
});

describe("the code", () => {
  test("signs in the browser that asked", async () => {
    const { id, email } = await customer();
    const browser = h.browser();
    const { code, path } = await asked(browser, email);
    const done = await browser.post("/sign-in/sent", { code: `${code.slice(0, 3)} ${code.slice(3)}` });
    expect([done.status, done.location]).toEqual([303, "/overview"]);
    expect(await sessionsOf(id)).toBe(1);
    // Link and code are one: the code has spent the link.
    expect((await h.browser().post(path, { account: "mine" })).status).toBe(410);
  });

  test("is worth nothing in another browser", async () => {
    const { id, email } = await customer();
    const { code } = await asked(h.browser(), email);
    const thief = h.browser();
    expect((await thief.post("/sign-in/sent", { code })).status).toBe(422);
    const own = h.browser();
    await own.post("/sign-in", { email: "somebody.else@students.example" });
    expect((await own.post("/sign-in/sent", { code })).status).toBe(422);
    expect(await sessionsOf(id)).toBe(0);
  });

  test("after five wrong tries the right one opens nothing either; the link still does", async () => {
    const { id, email } = await customer();
    const browser = h.browser();
    const { code, path } = await asked(browser, email);
    const wrong = code === "000000" ? "000001" : "000000";
    for (let time = 0; time < 5; time++) {
      expect((await browser.post("/sign-in/sent", { code: wrong })).status).toBe(422);
    }
    const late = await browser.post("/sign-in/sent", { code });
    expect(late.status).toBe(422);
    expect(late.text).toContain("can’t be used any more");
    expect(await sessionsOf(id)).toBe(0);
    expect((await browser.post(path)).status).toBe(303);
  });

  test("a hundred guesses at once count as a hundred: five are compared", async () => {
    const { id, email } = await customer();
    const browser = h.browser();
    const { code } = await asked(browser, email);
    const wrong = code === "000000" ? "000001" : "000000";
    await Promise.all(Array.from({ length: 30 }, () => browser.post("/sign-in/sent", { code: wrong })));
    const { rows } = await h.admin.query("select code_tries from app.sign_in_link where email = $1", [email]);
    expect(rows).toEqual([{ code_tries: 5 }]);
    expect((await browser.post("/sign-in/sent", { code })).status).not.toBe(303);
    expect(await sessionsOf(id)).toBe(0);
  });

  test("guessing over many links ends at a daily limit an address", async () => {
    const { id, email } = await customer();
    let limited = 0;
    for (let round = 0; round < 7; round++) {
      const browser = h.browser();
      await browser.post("/sign-in", { email });
      for (let time = 0; time < 5; time++) {
        const shown = await browser.post("/sign-in/sent", { code: "123456" });
        if (shown.status === 429) limited++;
      }
      h.clock.advance({ minutes: 16 });
    }
    expect(limited).toBe(10);
    expect(await sessionsOf(id)).toBe(0);
    await h.drain();
  });

  test("the database keeps neither link, code, nonce nor session token", async () => {
    const { email } = await customer();
    const browser = h.browser();
    const { path, code } = await asked(browser, email);
    const nonce = browser.cookies.get("portico-asked") ?? "none";
    await browser.post(path);
    const token = session(browser) ?? "none";
    const secrets = [path.split("/").at(-1) ?? "", nonce, token, `"${code}"`];
    for (const table of ["sign_in_link", "session", "outbox", "mail", "audit_entry", "rate_limit"]) {
      const { rows } = await h.admin.query(`select to_jsonb(t)::text as row from app.${table} t`);
      const all = rows.map((row) => row.row).join("\n");
      for (const secret of secrets) {
        expect(all.includes(secret), `${table} holds a secret`).toBe(false);
        expect(all.includes(Buffer.from(secret).toString("hex")), `${table} holds a secret`).toBe(false);
      }
    }
    // Nothing sealed is left in the outbox either, once the mail is written.
    const { rows } = await h.admin.query("select data from app.outbox where event = 'sign-in.requested'");
    for (const row of rows) expect(row.data).toEqual({});
  });
});

describe("known and unknown addresses", () => {
  test("get the same answers, and only the known one gets mail", async () => {
    const known = (await customer()).email;
    const unknown = "nobody@students.example";
    const shown = async (email: string) => {
      const browser = h.browser();
      const answer = await browser.post("/sign-in", { email });
      const sent = await browser.get("/sign-in/sent");
      const wrong = await browser.post("/sign-in/sent", { code: "123456" });
      return {
        answer: [answer.status, answer.location, [...browser.cookies.keys()]],
        sent: [sent.status, bare(sent, email)],
        wrong: [wrong.status, bare(wrong, email)],
      };
    };
    const before = (await h.mails()).length;
    expect(await shown(known)).toEqual(await shown(unknown));
    await h.drain();
    const mails = (await h.mails()).slice(before);
    expect(mails.map((mail) => mail.to_email)).toEqual([known]);
  });

  test("cost the same statements, one for one", async () => {
    const known = (await customer()).email;
    const statements = async (email: string) => {
      const seen: string[] = [];
      const pool = h.house.pools.of("visitor");
      const client = await pool.connect();
      const proto = Object.getPrototypeOf(client) as { query: (...args: unknown[]) => unknown };
      client.release();
      const original = proto.query;
      proto.query = function (this: unknown, ...args: unknown[]) {
        const [first] = args as [string | { text: string }];
        seen.push(typeof first === "string" ? first : first.text);
        return original.apply(this, args);
      };
      const browser = h.browser();
      try {
        await browser.post("/sign-in", { email });
        await browser.get("/sign-in/sent");
        await browser.post("/sign-in/sent", { code: "123456" });
      } finally {
        proto.query = original;
      }
      return seen;
    };
    const [first, second] = [await statements(known), await statements("nobody@students.example")];
    expect(first.length).toBeGreaterThan(10);
    expect(second).toEqual(first);
  });

  test("are limited alike: the sixth link in a quarter of an hour is refused with Retry-After", async () => {
    const known = (await customer()).email;
    for (const email of [known, "nobody@students.example"]) {
      for (let time = 0; time < 5; time++) expect((await h.browser().post("/sign-in", { email })).status).toBe(303);
      // The form of an address doesn't make it another one.
      const shown = await h.browser().post("/sign-in", { email: ` ${email.toUpperCase()} ` });
      expect(shown.status).toBe(429);
      expect(Number(shown.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(Number(shown.headers.get("retry-after"))).toBeLessThanOrEqual(900);
      expect(shown.text).toContain("Please wait");
    }
    h.clock.advance({ minutes: 15 });
    expect((await h.browser().post("/sign-in", { email: known })).status).toBe(303);
  });

  test("are limited per network, an IPv6 network being its /64", async () => {
    const proxied = await testHouse({ config: { trustProxy: true } });
    try {
      await proxied.institution();
      const ask = (ip: string, n: number) =>
        proxied.browser().post("/sign-in", { email: `a${n}@students.example` }, { "x-forwarded-for": ip });
      for (let n = 0; n < 60; n++) expect((await ask(`2001:db8:1:2::${n.toString(16)}`, n)).status).toBe(303);
      expect((await ask("2001:db8:1:2:ffff::1", 61)).status).toBe(429);
      expect((await ask("2001:db8:1:3::1", 62)).status).toBe(303);
      for (let n = 100; n < 160; n++) expect((await ask("192.0.2.7", n)).status).toBe(303);
      expect((await ask("192.0.2.7", 161)).status).toBe(429);
      expect((await ask("192.0.2.8", 162)).status).toBe(303);
    } finally {
      await proxied.close();
    }
  });

  test("an address is normalised before it is judged (GHSA-7rqj-j65f-68wh)", async () => {
    const { email } = await customer("victim@students.example");
    // Full-width letters and a trailing space are the same address, and the mail goes to the stored one.
    const before = (await h.mails()).length;
    await h.browser().post("/sign-in", { email: "ｖｉｃｔｉｍ@students.example " });
    await h.drain();
    expect((await h.mails()).slice(before).map((mail) => mail.to_email)).toEqual([email]);
    // What becomes something else by normalisation, or could end a header, is none.
    for (const odd of [
      "a\r\nBcc: x@evil.example",
      "victim@students.example,evil@evil.example",
      "x＠y＠z.example",
      "a b@c.example",
    ]) {
      expect((await h.browser().post("/sign-in", { email: odd })).status).toBe(422);
    }
    await h.drain();
    expect((await h.mails()).slice(before)).toHaveLength(1);
  });

  test("a customer without an address can't be signed in by an empty one", async () => {
    const id = newId("cus", h.clock.now(), h.random);
    await h.admin.query(
      `insert into app.customer (institution_id, id, given_name, created_at, updated_at) values ($1, $2, 'No Mail', $3, $3)`,
      [institution, id, h.clock.now().toString()],
    );
    for (const email of ["", " ", "null", "undefined"]) {
      expect((await h.browser().post("/sign-in", { email })).status).toBe(422);
    }
  });
});

describe("the session", () => {
  test("is a new one at each sign-in: a planted cookie never becomes good, and the old session ends", async () => {
    const { id, email } = await customer();
    const planted = "P".repeat(43);
    const browser = h.browser().with(sessionCookie.customer, planted);
    await browser.post((await asked(browser, email)).path);
    const first = session(browser) ?? "";
    expect(first).not.toBe(planted);
    expect((await h.browser().with(sessionCookie.customer, planted).get("/profile/sessions")).status).toBe(303);
    await browser.post((await asked(browser, email)).path);
    const second = session(browser) ?? "";
    expect(second).not.toBe(first);
    expect((await h.browser().with(sessionCookie.customer, first).get("/profile/sessions")).status).toBe(303);
    expect(await sessionsOf(id)).toBe(2);
  });

  test("opens its own face only: a link never opens the staff dashboard", async () => {
    const { email } = await customer();
    const browser = h.browser();
    await browser.post((await asked(browser, email)).path);
    browser.with(sessionCookie.staff, session(browser) ?? "");
    expect((await browser.get("/staff/security")).location).toBe("/staff/sign-in?return_to=%2Fstaff%2Fsecurity");
  });

  test("ends unused after a week, and in any case after thirty days", async () => {
    const { email } = await customer();
    const unused = h.browser();
    await unused.post((await asked(unused, email)).path);
    h.clock.advance({ hours: 24 * 6 });
    expect((await unused.get("/profile/sessions")).status).toBe(200);
    h.clock.advance({ hours: 24 * 7 + 1 });
    expect((await unused.get("/profile/sessions")).status).toBe(303);
    const busy = h.browser();
    await busy.post((await asked(busy, email)).path);
    for (let day = 0; day < 29; day++) {
      h.clock.advance({ hours: 24 });
      expect((await busy.get("/profile/sessions")).status).toBe(200);
    }
    h.clock.advance({ hours: 25 });
    expect((await busy.get("/profile/sessions")).status).toBe(303);
  });

  test("signing out ends it on the server, not only in the browser", async () => {
    const { email } = await customer();
    const browser = h.browser();
    await browser.post((await asked(browser, email)).path);
    const token = session(browser) ?? "";
    const out = await browser.post("/sign-out");
    expect([out.status, out.location]).toEqual([303, "/sign-in?done=signed-out"]);
    expect(session(browser)).toBeUndefined();
    expect((await h.browser().with(sessionCookie.customer, token).get("/profile/sessions")).status).toBe(303);
  });

  test("one's other sessions can be ended; those of others can't", async () => {
    const [mine, other] = [await customer(), await customer()];
    const [here, there, stranger] = [h.browser(), h.browser(), h.browser()];
    await here.post((await asked(here, mine.email)).path);
    await there.post((await asked(there, mine.email)).path);
    await stranger.post((await asked(stranger, other.email)).path);
    const idOf = async (browser: Browser) => {
      const hash = tokenHash(session(browser) ?? "");
      return (await h.admin.query("select id from app.session where token_hash = $1", [hash])).rows[0].id as string;
    };
    expect((await here.post(`/profile/sessions/${await idOf(stranger)}/end`)).status).toBe(404);
    expect((await stranger.get("/profile/sessions")).status).toBe(200);
    expect((await here.post(`/profile/sessions/${await idOf(there)}/end`)).status).toBe(303);
    expect((await there.get("/profile/sessions")).status).toBe(303);
    await there.post((await asked(there, mine.email)).path);
    expect((await here.post("/profile/sessions/end-others")).status).toBe(303);
    expect((await there.get("/profile/sessions")).status).toBe(303);
    expect((await here.get("/profile/sessions")).status).toBe(200);
  });
});

describe("siblings with one address", () => {
  test("choose whose pages to see, and can't choose anybody else", async () => {
    const family = "family@families.example";
    // Made one after another, so the first is the one whose pages open first.
    const first = await customer(family);
    h.clock.advance({ seconds: 1 });
    const second = await customer(family);
    const stranger = await customer();
    const browser = h.browser();
    const done = await browser.post((await asked(browser, family)).path);
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
