import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { newId } from "#kernel/ids.ts";
import { type TestHouse, testHouse } from "./support/house.ts";
import { bare, customersOf, statementsOf } from "./support/sign-in.ts";

// The attacks of access.md 6 and 7 on the six-digit code, and on what answers and clocks tell of addresses.
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

describe("the code", () => {
  test("signs in the browser that asked", async () => {
    const { id, email } = await way.customer();
    const browser = h.browser();
    const { code, path } = await way.asked(browser, email);
    const done = await browser.post("/sign-in/sent", { code: `${code.slice(0, 3)} ${code.slice(3)}` });
    expect([done.status, done.location]).toEqual([303, "/overview"]);
    expect(await way.sessionsOf(id)).toBe(1);
    // Link and code are one: the code has spent the link.
    expect((await h.browser().post(path, { account: "mine" })).status).toBe(410);
  });

  test("is worth nothing in another browser", async () => {
    const { id, email } = await way.customer();
    const { code } = await way.asked(h.browser(), email);
    const thief = h.browser();
    expect((await thief.post("/sign-in/sent", { code })).status).toBe(422);
    const own = h.browser();
    await own.post("/sign-in", { email: "somebody.else@students.example" });
    expect((await own.post("/sign-in/sent", { code })).status).toBe(422);
    expect(await way.sessionsOf(id)).toBe(0);
  });

  test("after five wrong tries the right one opens nothing either; the link still does", async () => {
    const { id, email } = await way.customer();
    const browser = h.browser();
    const { code, path } = await way.asked(browser, email);
    const wrong = code === "000000" ? "000001" : "000000";
    for (let time = 0; time < 5; time++) {
      expect((await browser.post("/sign-in/sent", { code: wrong })).status).toBe(422);
    }
    const late = await browser.post("/sign-in/sent", { code });
    expect(late.status).toBe(422);
    expect(late.text).toContain("can’t be used any more");
    expect(await way.sessionsOf(id)).toBe(0);
    expect((await browser.post(path)).status).toBe(303);
  });

  test("a hundred guesses at once count as a hundred: five are compared", async () => {
    const { id, email } = await way.customer();
    const browser = h.browser();
    const { code } = await way.asked(browser, email);
    const wrong = code === "000000" ? "000001" : "000000";
    await Promise.all(Array.from({ length: 30 }, () => browser.post("/sign-in/sent", { code: wrong })));
    const { rows } = await h.admin.query("select code_tries from app.sign_in_link where email = $1", [email]);
    expect(rows).toEqual([{ code_tries: 5 }]);
    expect((await browser.post("/sign-in/sent", { code })).status).not.toBe(303);
    expect(await way.sessionsOf(id)).toBe(0);
  });

  test("guessing over many links ends at a daily limit an address", async () => {
    const { id, email } = await way.customer();
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
    expect(await way.sessionsOf(id)).toBe(0);
    await h.drain();
  });

  test("the database keeps neither link, code, nonce nor session token", async () => {
    const { email } = await way.customer();
    const browser = h.browser();
    const { path, code } = await way.asked(browser, email);
    const nonce = browser.cookies.get("portico-asked") ?? "none";
    await browser.post(path);
    const token = way.session(browser) ?? "none";
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
    const known = (await way.customer()).email;
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
    const known = (await way.customer()).email;
    const statements = (email: string) =>
      statementsOf(h, async () => {
        const browser = h.browser();
        await browser.post("/sign-in", { email });
        await browser.get("/sign-in/sent");
        await browser.post("/sign-in/sent", { code: "123456" });
      });
    const [first, second] = [await statements(known), await statements("nobody@students.example")];
    expect(first.length).toBeGreaterThan(10);
    expect(second).toEqual(first);
  });

  test("are limited alike: the sixth link in a quarter of an hour is refused with Retry-After", async () => {
    const known = (await way.customer()).email;
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
    const { email } = await way.customer("victim@students.example");
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
      `insert into app.customer (institution_id, id, given_name, created_at, updated_at)
       values ($1, $2, 'No Mail', $3, $3)`,
      [institution, id, h.clock.now().toString()],
    );
    for (const email of ["", " ", "null", "undefined"]) {
      expect((await h.browser().post("/sign-in", { email })).status).toBe(422);
    }
  });
});
