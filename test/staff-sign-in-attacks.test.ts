import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { InstitutionId, Role, StaffId } from "#access/principal.ts";
import { hashPassword } from "#features/security/password.ts";
import { replaceRecoveryCodes } from "#features/security/recovery-code-store.ts";
import { newRecoveryCodes } from "#features/security/recovery-codes.ts";
import { codeAt, newTotpSecret } from "#features/security/totp.ts";
import { sessionCookie } from "#http/cookies.ts";
import { newId } from "#kernel/ids.ts";
import type { Browser, Shown } from "./support/browser.ts";
import { type TestHouse, testHouse } from "./support/house.ts";

// The attacks of access.md 6 to 9, and of others' known failures, on the way in of staff.
let h: TestHouse;
let institution: InstitutionId;
let passwordHash: string;
const password = "seven wet umbrellas";

type Member = { readonly id: StaffId; readonly email: string; readonly secret: Uint8Array };

beforeAll(async () => {
  h = await testHouse();
  institution = await h.institution();
  passwordHash = await hashPassword(password);
});
afterAll(() => h.close());
beforeEach(() => h.clock.advance({ hours: 25 }));

async function member(role: Role = "OWNER"): Promise<Member> {
  const now = h.clock.now();
  const id: StaffId = newId("stf", now, h.random);
  const email = `${id.slice(-8)}@northbridge.example`;
  const secret = newTotpSecret(h.random);
  await h.admin.query(
    `insert into app.staff_member (institution_id, id, email, name, role, password_hash, password_changed_at, totp_sealed,
       totp_confirmed_at, created_at) values ($1, $2, $3, 'Priya Nair', $4, $5, $6, $7, $6, $6)`,
    [institution, id, email, role, passwordHash, now.toString(), h.house.keys.seal(h.random, "totp", id, secret)],
  );
  return { id, email, secret };
}

const cookie = (browser: Browser) => browser.cookies.get(sessionCookie.staff);
const code = (who: Member) => codeAt(who.secret, h.clock.now());
/** A code that is not right now, nor one step before or after. */
function wrongCode(who: Member): string {
  const near = [-30, 0, 30].map((seconds) => codeAt(who.secret, h.clock.now().add({ seconds })));
  return ["000000", "111111", "222222", "333333"].find((one) => !near.includes(one)) ?? "";
}
/** The next code: a code opens once, so a second one needs a later step. */
const nextStep = () => h.clock.advance({ seconds: 31 });

async function givePassword(browser: Browser, email: string, typed = password): Promise<Shown> {
  return await browser.post("/staff/sign-in", { email, password: typed });
}
async function signedIn(who: Member): Promise<Browser> {
  nextStep();
  const browser = h.browser();
  expect((await givePassword(browser, who.email)).location).toBe("/staff/two-step");
  expect((await browser.post("/staff/two-step", { code: code(who) })).location).toBe("/staff");
  return browser;
}
const opens = async (browser: Browser) => (await browser.get("/staff/security")).status === 200;
const mailsTo = async (email: string) => {
  await h.drain();
  return (await h.mails()).filter((mail) => mail.to_email === email);
};

describe("the password", () => {
  test("alone opens the two-step pages only; with the code it opens the dashboard, under a new token", async () => {
    const who = await member();
    const browser = h.browser();
    expect((await givePassword(browser, who.email.toUpperCase())).location).toBe("/staff/two-step");
    const pending = cookie(browser) ?? "";
    for (const path of ["/staff/security", "/staff/setup", "/staff/security/two-step", "/staff/settings/institution"]) {
      expect((await browser.get(path)).location, path).toContain("/staff/sign-in");
    }
    expect((await browser.post("/staff/security/password", {})).location).toContain("/staff/sign-in");
    const done = await browser.post("/staff/two-step", { code: code(who), return_to: "/staff/setup" });
    expect([done.status, done.location]).toEqual([303, "/staff/setup"]);
    expect(cookie(browser)).not.toBe(pending);
    expect(await opens(browser)).toBe(true);
    expect(await opens(h.browser().with(sessionCookie.staff, pending))).toBe(false);
  });

  test("no cookie of an earlier sign-in skips the code of the next (GHSA-xg6x-h9c9-2m83)", async () => {
    const who = await member();
    const browser = await signedIn(who);
    const before = [...browser.cookies];
    await browser.post("/staff/sign-out");
    for (const [name, value] of before) browser.with(name, value);
    expect(await opens(browser)).toBe(false);
    nextStep();
    await givePassword(browser, who.email);
    expect(await opens(browser)).toBe(false);
    expect((await browser.get("/staff/two-step")).status).toBe(200);
  });

  test("wrong, unknown and suspended get one answer, and the same statements before and after it", async () => {
    const who = await member();
    const gone = await member();
    await h.admin.query("update app.staff_member set suspended_at = now() where id = $1", [gone.id]);
    const answers: unknown[] = [];
    const pool = h.house.pools.of("visitor");
    const client = await pool.connect();
    const proto = Object.getPrototypeOf(client) as { query: (...args: unknown[]) => unknown };
    client.release();
    const original = proto.query;
    for (const [email, typed] of [
      [who.email, "not the password"],
      ["nobody@northbridge.example", password],
      [gone.email, password],
    ] as const) {
      const statements: string[] = [];
      proto.query = function (this: unknown, ...args: unknown[]) {
        const [first] = args as [string | { text: string }];
        statements.push(typeof first === "string" ? first : first.text);
        return original.apply(this, args);
      };
      const browser = h.browser();
      const shown = await givePassword(browser, email, typed).finally(() => {
        proto.query = original;
      });
      const text = shown.text.replaceAll(/nonce="[^"]*"/g, "").replaceAll(email, "*");
      answers.push([shown.status, text, cookie(browser), statements]);
    }
    expect((answers[0] as unknown[])[0]).toBe(422);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  test("after ten wrong ones the address is locked, known or not, and the owner hears of it once", async () => {
    const who = await member();
    for (const email of [who.email, "nobody@northbridge.example"]) {
      for (let time = 0; time < 10; time++) expect((await givePassword(h.browser(), email, "wrong")).status).toBe(422);
      const locked = await givePassword(h.browser(), email);
      expect(locked.status).toBe(429);
      expect(Number(locked.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    const mails = await mailsTo(who.email);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text_body).toContain("15 minutes");
    expect(await mailsTo("nobody@northbridge.example")).toEqual([]);
    h.clock.advance({ minutes: 15 });
    expect((await givePassword(h.browser(), who.email)).location).toBe("/staff/two-step");
  });

  test("a hundred guesses at once get no further than ten", async () => {
    const who = await member();
    const shown = await Promise.all(
      Array.from({ length: 40 }, (_, n) => givePassword(h.browser(), who.email, `guess ${n}`)),
    );
    expect(shown.filter((one) => one.status === 422)).toHaveLength(10);
    expect(shown.filter((one) => one.status === 429)).toHaveLength(30);
  });

  test("the lock holds on every path that asks for the password (CVE-2026-9798)", async () => {
    const who = await member();
    const inside = await signedIn(who);
    for (let time = 0; time < 10; time++) await givePassword(h.browser(), who.email, "wrong");
    nextStep();
    expect((await inside.post("/staff/step-up", { password, code: code(who) })).status).toBe(429);
    const fresh = { current: password, password: "eleven dry umbrellas", again: "eleven dry umbrellas" };
    expect((await inside.post("/staff/security/password", fresh)).status).toBe(429);
    // A new password by mailed link unlocks nothing either.
    await h.browser().post("/staff/forgot", { email: who.email });
    const link = await linkTo(who.email);
    const set = await h.browser().post(link, { password: "nine green bicycles", again: "nine green bicycles" });
    expect(set.location).toBe("/staff/sign-in?done=password-set");
    expect((await givePassword(h.browser(), who.email, "nine green bicycles")).status).toBe(429);
    h.clock.advance({ minutes: 15 });
    expect((await givePassword(h.browser(), who.email, "nine green bicycles")).location).toBe("/staff/two-step");
  });

  test("tries on the second paths count on the first", async () => {
    const who = await member();
    const inside = await signedIn(who);
    for (let time = 0; time < 5; time++) {
      expect((await inside.post("/staff/step-up", { password: "wrong", code: "123456" })).status).toBe(422);
      const change = { current: "wrong", password: "eleven dry umbrellas", again: "eleven dry umbrellas" };
      expect((await inside.post("/staff/security/password", change)).status).toBe(422);
    }
    expect((await givePassword(h.browser(), who.email)).status).toBe(429);
  });

  test("common, short, endless and personal ones are refused; a long plain sentence is fine", async () => {
    const who = await member();
    const inside = await signedIn(who);
    const local = who.email.split("@")[0] ?? "";
    const bad = [
      "short",
      "Password1!",
      "qwertyuiop",
      "x".repeat(257),
      "aaaaaaaaaaaa",
      `${local}1`,
      "northbridge1",
      "PriyaNair1",
    ];
    for (const next of bad) {
      const shown = await inside.post("/staff/security/password", { current: password, password: next, again: next });
      expect(shown.status, next).toBe(422);
    }
    const typo = { current: password, password: "nine green bicycles", again: "nine green bicycle" };
    expect((await inside.post("/staff/security/password", typo)).status).toBe(422);
    for (const next of ["the cat sat on a warm mat", "пароль для доски", "x y z 8".padEnd(256, "éa ü1")]) {
      const shown = await inside.post("/staff/security/password", { current: password, password: next, again: next });
      expect(shown.location, next).toBe("/staff/security?done=password");
      await inside.post("/staff/security/password", { current: next, password, again: password });
    }
  });

  test("changing it ends every other session, tells by mail, and keeps the hash argon2id", async () => {
    const who = await member();
    const [here, there] = [await signedIn(who), await signedIn(who)];
    const next = { current: password, password: "nine green bicycles", again: "nine green bicycles" };
    expect((await here.post("/staff/security/password", next)).status).toBe(303);
    expect(await opens(here)).toBe(true);
    expect(await opens(there)).toBe(false);
    expect((await mailsTo(who.email)).map((mail) => mail.subject)).toHaveLength(1);
    const { rows } = await h.admin.query("select password_hash from app.staff_member where id = $1", [who.id]);
    expect(rows[0].password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});

async function linkTo(email: string): Promise<string> {
  const mail = (await mailsTo(email)).findLast((one) => one.text_body.includes("/staff/set-password/"));
  return /\/staff\/set-password\/[\w-]+/.exec(mail?.text_body ?? "")?.[0] ?? "";
}

describe("a forgotten password", () => {
  test("is set by mailed link: all sessions end, nobody is signed in by it, and the code is still asked", async () => {
    const who = await member();
    const before = await signedIn(who);
    const browser = h.browser();
    expect((await browser.post("/staff/forgot", { email: who.email })).location).toBe("/staff/forgot/sent");
    const link = await linkTo(who.email);
    for (let time = 0; time < 5; time++) expect((await h.browser().get(link)).status).toBe(200);
    expect(await opens(before)).toBe(true);
    const next = { password: "nine green bicycles", again: "nine green bicycles" };
    expect((await browser.post(link, { password: "password1", again: "password1" })).status).toBe(422);
    expect((await browser.post(link, next)).location).toBe("/staff/sign-in?done=password-set");
    expect(cookie(browser)).toBeUndefined();
    expect(await opens(before)).toBe(false);
    expect((await givePassword(browser, who.email)).status).toBe(422);
    expect((await givePassword(browser, who.email, next.password)).location).toBe("/staff/two-step");
    expect(await opens(browser)).toBe(false);
    expect((await browser.get("/staff/two-step/new")).location).toBe("/staff/two-step");
    // The link worked once.
    expect((await h.browser().get(link)).status).toBe(410);
    expect((await h.browser().post(link, next)).status).toBe(410);
  });

  test("twenty redemptions at once set one password", async () => {
    const who = await member();
    await h.browser().post("/staff/forgot", { email: who.email });
    const link = await linkTo(who.email);
    const shown = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        h.browser().post(link, { password: `nine bicycles ${n}`, again: `nine bicycles ${n}` }),
      ),
    );
    expect(shown.filter((one) => one.status === 303)).toHaveLength(1);
    expect(shown.filter((one) => one.status === 410)).toHaveLength(19);
  });

  test("an unknown or suspended address gets the same page and no mail", async () => {
    const gone = await member();
    await h.admin.query("update app.staff_member set suspended_at = now() where id = $1", [gone.id]);
    for (const email of ["nobody@northbridge.example", gone.email]) {
      expect((await h.browser().post("/staff/forgot", { email })).location).toBe("/staff/forgot/sent");
      expect(await mailsTo(email)).toEqual([]);
    }
  });

  test("a sign-in link of a customer sets no password, and a password link signs no customer in", async () => {
    const who = await member();
    await h.admin.query(
      `insert into app.customer (institution_id, id, given_name, email, created_at, updated_at) values ($1, $2, 'Priya', $3, $4, $4)`,
      [institution, newId("cus", h.clock.now(), h.random), who.email, h.clock.now().toString()],
    );
    await h.browser().post("/staff/forgot", { email: who.email });
    const forPassword = await linkTo(who.email);
    h.clock.advance({ seconds: 1 });
    await h.browser().post("/sign-in", { email: who.email });
    const forPortal = /\/sign-in\/link\/[\w-]+/.exec((await mailsTo(who.email)).at(-1)?.text_body ?? "")?.[0] ?? "";
    const token = (path: string) => path.split("/").at(-1) ?? "";
    expect((await h.browser().get(`/staff/set-password/${token(forPortal)}`)).status).toBe(410);
    expect((await h.browser().get(`/sign-in/link/${token(forPassword)}`)).status).toBe(404);
    const crossed = await h.browser().post(`/sign-in/link/${token(forPassword)}`, { account: "mine" });
    expect(crossed.status).toBe(404);
  });
});

describe("the code", () => {
  test("opens once: not again, not an older one, and of ten at the same moment one (TOTP replay by race, Gitea)", async () => {
    const who = await member();
    const browsers = Array.from({ length: 10 }, () => h.browser());
    for (const browser of browsers.slice(0, 9)) await givePassword(browser, who.email);
    await givePassword(browsers[9] as Browser, who.email);
    const now = code(who);
    const shown = await Promise.all(
      browsers.slice(0, 4).map((browser) => browser.post("/staff/two-step", { code: now })),
    );
    expect(shown.filter((one) => one.status === 303)).toHaveLength(1);
    expect(shown.filter((one) => one.status === 422)).toHaveLength(3);
    const late = browsers[9] as Browser;
    expect((await late.post("/staff/two-step", { code: now })).status).toBe(422);
    nextStep();
    // The step before is still within the window, but it is used up.
    expect((await late.post("/staff/two-step", { code: now })).status).not.toBe(303);
  });

  test("one step early or late is taken, two are not", async () => {
    for (const [seconds, status] of [
      [-30, 303],
      [30, 303],
      [-60, 422],
      [60, 422],
    ] as const) {
      const who = await member();
      const browser = h.browser();
      await givePassword(browser, who.email);
      const other = codeAt(who.secret, h.clock.now().add({ seconds }));
      expect((await browser.post("/staff/two-step", { code: other })).status, String(seconds)).toBe(status);
    }
  });

  test("after five wrong ones it is locked: in every session, on step-up, for the right one, with a mail", async () => {
    const who = await member();
    const inside = await signedIn(who);
    nextStep();
    for (let time = 0; time < 5; time++) {
      const browser = h.browser();
      await givePassword(browser, who.email);
      expect((await browser.post("/staff/two-step", { code: wrongCode(who) })).status).toBe(422);
    }
    const fresh = h.browser();
    await givePassword(fresh, who.email);
    const locked = await fresh.post("/staff/two-step", { code: code(who) });
    expect(locked.status).toBe(429);
    expect(Number(locked.headers.get("retry-after"))).toBe(900);
    expect((await inside.post("/staff/step-up", { password, code: code(who) })).status).toBe(429);
    expect(await mailsTo(who.email)).toHaveLength(1);
    h.clock.advance({ minutes: 15, seconds: 1 });
    await givePassword(fresh, who.email);
    expect((await fresh.post("/staff/two-step", { code: code(who) })).status).toBe(303);
  });

  test("the lock grows with each burst", async () => {
    const who = await member();
    const waits: number[] = [];
    for (let burst = 0; burst < 3; burst++) {
      const browser = h.browser();
      await givePassword(browser, who.email);
      for (let time = 0; time < 5; time++) await browser.post("/staff/two-step", { code: wrongCode(who) });
      const shown = await browser.post("/staff/two-step", { code: code(who) });
      waits.push(Number(shown.headers.get("retry-after")));
      h.clock.advance({ seconds: waits.at(-1) ?? 0 });
    }
    expect(waits).toEqual([900, 1_800, 3_600]);
  });

  test("a recovery code signs in once, also when used twice at the same moment", async () => {
    const who = await member();
    const codes = await h.system(institution, (cx) => replaceRecoveryCodes(cx, who.id));
    expect(codes).toHaveLength(10);
    const browsers = Array.from({ length: 4 }, () => h.browser());
    for (const browser of browsers) await givePassword(browser, who.email);
    const [one = ""] = codes;
    const shown = await Promise.all(
      browsers.map((browser) => browser.post("/staff/two-step", { code: one.toUpperCase() })),
    );
    expect(shown.filter((answer) => answer.status === 303)).toHaveLength(1);
    expect(shown.filter((answer) => answer.status === 422)).toHaveLength(3);
    const { rows } = await h.admin.query(
      "select count(*)::int as used from app.recovery_code where staff_id = $1 and used_at is not null",
      [who.id],
    );
    expect(rows[0].used).toBe(1);
    const other = await member();
    const thief = h.browser();
    await givePassword(thief, other.email);
    expect((await thief.post("/staff/two-step", { code: codes[1] ?? "" })).status).toBe(422);
    const [made] = newRecoveryCodes(h.random);
    expect((await thief.post("/staff/two-step", { code: made ?? "" })).status).toBe(422);
  });
});

describe("two-step sign-in", () => {
  async function newcomer(): Promise<{ who: Member; browser: Browser }> {
    const who = await member();
    await h.admin.query("update app.staff_member set totp_sealed = null, totp_confirmed_at = null where id = $1", [
      who.id,
    ]);
    const browser = h.browser();
    await givePassword(browser, who.email);
    return { who, browser };
  }
  function offered(shown: Shown): { offer: string; secret: Uint8Array } {
    const offer = /name="offer" value="([^"]+)"/.exec(shown.text)?.[1] ?? "";
    const key = /id="key"[^>]*>\s*([A-Z2-7 ]+)/.exec(shown.text)?.[1]?.replaceAll(/\s/g, "") ?? "";
    const bits = [...key]
      .map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"))
      .join("");
    return { offer, secret: Uint8Array.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))) };
  }

  test("is set up at the first sign-in: QR and key, a code to confirm, ten codes shown once", async () => {
    const { who, browser } = await newcomer();
    expect((await browser.get("/staff/two-step")).location).toBe("/staff/two-step/new");
    const shown = await browser.get("/staff/two-step/new");
    expect(shown.text).toContain("<svg");
    const { offer, secret } = offered(shown);
    expect(secret).toHaveLength(20);
    const wrong = await browser.post("/staff/two-step/new", { offer, code: "000000" });
    expect(wrong.status).toBe(422);
    expect(offered(wrong).offer).toBe(offer);
    const done = await browser.post("/staff/two-step/new", { offer, code: codeAt(secret, h.clock.now()) });
    expect(done.status).toBe(200);
    const codes = [...done.text.matchAll(/<li>([0-9a-z-]{19})<\/li>/g)].map((found) => found[1]);
    expect(codes).toHaveLength(10);
    expect(await opens(browser)).toBe(true);
    const { rows } = await h.admin.query(
      "select encode(totp_sealed, 'hex') as sealed from app.staff_member where id = $1",
      [who.id],
    );
    expect(rows[0].sealed).not.toContain(Buffer.from(secret).toString("hex"));
    expect(rows[0].sealed.length).toBeGreaterThan(80);
    // Its code is used up by confirming it.
    const again = h.browser();
    await givePassword(again, who.email);
    expect((await again.post("/staff/two-step", { code: codeAt(secret, h.clock.now()) })).status).toBe(422);
  });

  test("can't be set up again by the password alone, once it is on", async () => {
    const who = await member();
    const browser = h.browser();
    await givePassword(browser, who.email);
    expect((await browser.get("/staff/two-step/new")).location).toBe("/staff/two-step");
    const { browser: other } = await newcomer();
    const { offer, secret } = offered(await other.get("/staff/two-step/new"));
    const shown = await browser.post("/staff/two-step/new", { offer, code: codeAt(secret, h.clock.now()) });
    expect(shown.status).toBe(404);
    expect(await opens(browser)).toBe(false);
  });

  test("of two that set it up at the same moment one does, whatever both were offered", async () => {
    const { who, browser } = await newcomer();
    const browsers = [browser, h.browser(), h.browser(), h.browser()];
    for (const other of browsers.slice(1)) await givePassword(other, who.email);
    const offers = await Promise.all(browsers.map(async (one) => offered(await one.get("/staff/two-step/new"))));
    const shown = await Promise.all(
      browsers.map((one, n) => {
        const { offer, secret } = offers[n] ?? { offer: "", secret: new Uint8Array(20) };
        return one.post("/staff/two-step/new", { offer, code: codeAt(secret, h.clock.now()) });
      }),
    );
    expect(shown.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(shown.filter((answer) => answer.status === 404)).toHaveLength(3);
  });

  test("an offer made for another session, or made up, is refused", async () => {
    const [first, second] = [await newcomer(), await newcomer()];
    const { offer, secret } = offered(await first.browser.get("/staff/two-step/new"));
    const now = codeAt(secret, h.clock.now());
    for (const sealed of [offer, "", "AAAA", "x".repeat(400)]) {
      const shown = await second.browser.post("/staff/two-step/new", { offer: sealed, code: now });
      expect(shown.status).toBe(400);
    }
    expect(await opens(second.browser)).toBe(false);
  });

  test("is replaced after a fresh proof only, never removed (Keycloak CVE-2026-3429)", async () => {
    const who = await member();
    const browser = await signedIn(who);
    h.clock.advance({ minutes: 11 });
    const page = await browser.get("/staff/security/two-step");
    expect(page.location).toBe("/staff/step-up?return_to=%2Fstaff%2Fsecurity%2Ftwo-step");
    for (const path of ["/staff/security/two-step", "/staff/security/recovery-codes"]) {
      expect((await browser.post(path, { offer: "x", code: "123456" })).location).toBe("/staff/step-up");
    }
    expect((await browser.post("/staff/security/two-step/remove")).status).toBe(404);
    expect((await browser.post("/staff/step-up", { password, code: wrongCode(who) })).status).toBe(422);
    expect((await browser.post("/staff/step-up", { password: "wrong", code: code(who) })).status).toBe(422);
    expect((await browser.get("/staff/security/two-step")).status).toBe(303);
    const proved = await browser.post("/staff/step-up", {
      password,
      code: code(who),
      return_to: "/staff/security/two-step",
    });
    expect(proved.location).toBe("/staff/security/two-step");
    const { offer, secret } = offered(await browser.get("/staff/security/two-step"));
    const elsewhere = await signedIn(who);
    const replaced = await browser.post("/staff/security/two-step", { offer, code: codeAt(secret, h.clock.now()) });
    expect(replaced.status).toBe(200);
    expect(await opens(elsewhere)).toBe(false);
    nextStep();
    const next = h.browser();
    await givePassword(next, who.email);
    expect((await next.post("/staff/two-step", { code: code(who) })).status).toBe(422);
    expect((await next.post("/staff/two-step", { code: codeAt(secret, h.clock.now()) })).status).toBe(303);
  });

  test("a code that proved one thing proves no other: step-up takes no code that signed in", async () => {
    const who = await member();
    const browser = h.browser();
    await givePassword(browser, who.email);
    const now = code(who);
    await browser.post("/staff/two-step", { code: now });
    expect((await browser.post("/staff/step-up", { password, code: now })).status).toBe(422);
  });
});

describe("a session of staff", () => {
  test("ends with its member: suspended, or under another address, at the next request (GHSA-2vg6-77g8-24mp)", async () => {
    for (const change of ["suspended_at = now()", "email = id || '@elsewhere.example'"]) {
      const who = await member();
      const browser = await signedIn(who);
      expect(await opens(browser)).toBe(true);
      await h.admin.query(`update app.staff_member set ${change} where id = $1`, [who.id]);
      expect(await opens(browser)).toBe(false);
    }
  });

  test("has the role that stands in the database now", async () => {
    const who = await member();
    const browser = await signedIn(who);
    await h.admin.query("update app.staff_member set role = 'VIEWER' where id = $1", [who.id]);
    expect((await browser.post("/staff/setup/live")).status).toBe(403);
  });

  test("ends after two hours unused, after twelve in any case, and pending after a quarter of one", async () => {
    const who = await member();
    const unused = await signedIn(who);
    h.clock.advance({ hours: 2, seconds: 1 });
    expect(await opens(unused)).toBe(false);
    const busy = await signedIn(who);
    for (let hour = 0; hour < 11; hour++) {
      h.clock.advance({ hours: 1 });
      expect(await opens(busy)).toBe(true);
    }
    h.clock.advance({ hours: 1 });
    expect(await opens(busy)).toBe(false);
    const pending = h.browser();
    await givePassword(pending, who.email);
    h.clock.advance({ minutes: 15 });
    expect((await pending.post("/staff/two-step", { code: code(who) })).location).toContain("/staff/sign-in");
  });

  test("return_to leads to staff pages and nowhere else", async () => {
    const who = await member();
    for (const [asking, expected] of Object.entries({
      "/staff/setup?x=1": "/staff/setup?x=1",
      "@evil.example": "/staff",
      "//evil.example": "/staff",
      "/staff/sign-out": "/staff",
      "/staffing": "/staff",
      "https://evil.example/staff": "/staff",
    })) {
      h.clock.advance({ minutes: 16 });
      const browser = h.browser();
      const first = await browser.post("/staff/sign-in", { email: who.email, password, return_to: asking });
      const to = new URL(first.location, h.house.origin).searchParams.get("return_to") ?? "";
      expect((await browser.post("/staff/two-step", { code: code(who), return_to: to })).location, asking).toBe(
        expected,
      );
      nextStep();
      await browser.post("/staff/two-step", { code: code(who), return_to: asking });
    }
  });

  test("can be ended one by one and all at once, one's own only; the page says what happened", async () => {
    const [who, other] = [await member(), await member()];
    const [here, there, stranger] = [await signedIn(who), await signedIn(who), await signedIn(other)];
    const { rows } = await h.admin.query("select id from app.session where staff_id = $1 and ended_at is null", [
      other.id,
    ]);
    expect((await here.post(`/staff/security/sessions/${rows[0].id}/end`)).status).toBe(404);
    expect(await opens(stranger)).toBe(true);
    expect((await here.post("/staff/security/sessions/end-others")).status).toBe(303);
    expect(await opens(there)).toBe(false);
    const page = await here.get("/staff/security");
    expect(page.text).toContain("All other sessions were ended");
    expect(page.text).toContain("Signed in");
  });
});
