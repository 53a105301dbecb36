import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { sessionCookie } from "#http/cookies.ts";
import { newId } from "#kernel/ids.ts";
import { type TestHouse, testHouse } from "./support/house.ts";
import { bare, password, staffOf, statementsOf } from "./support/sign-in.ts";

// The attacks of access.md 7 to 10, and of others' known failures, on the password of staff.
let h: TestHouse;
let institution: InstitutionId;
let way: Awaited<ReturnType<typeof staffOf>>;

beforeAll(async () => {
  h = await testHouse();
  institution = await h.institution();
  way = await staffOf(h, institution);
});
afterAll(() => h.close());
beforeEach(() => h.clock.advance({ hours: 25 }));

describe("the password", () => {
  test("alone opens the two-step pages only; with the code it opens the dashboard, under a new token", async () => {
    const who = await way.member();
    const browser = h.browser();
    expect((await way.givePassword(browser, who.email.toUpperCase())).location).toBe("/staff/two-step");
    const pending = way.cookie(browser) ?? "";
    for (const path of ["/staff/security", "/staff/setup", "/staff/security/two-step", "/staff/settings/institution"]) {
      expect((await browser.get(path)).location, path).toContain("/staff/sign-in");
    }
    expect((await browser.post("/staff/security/password", {})).location).toContain("/staff/sign-in");
    const done = await browser.post("/staff/two-step", { code: way.code(who), return_to: "/staff/setup" });
    expect([done.status, done.location]).toEqual([303, "/staff/setup"]);
    expect(way.cookie(browser)).not.toBe(pending);
    expect(await way.opens(browser)).toBe(true);
    expect(await way.opens(h.browser().with(sessionCookie.staff, pending))).toBe(false);
  });

  test("no cookie of an earlier sign-in skips the code of the next (GHSA-xg6x-h9c9-2m83)", async () => {
    const who = await way.member();
    const browser = await way.signedIn(who);
    const before = [...browser.cookies];
    await browser.post("/staff/sign-out");
    for (const [name, value] of before) browser.with(name, value);
    expect(await way.opens(browser)).toBe(false);
    way.nextStep();
    await way.givePassword(browser, who.email);
    expect(await way.opens(browser)).toBe(false);
    expect((await browser.get("/staff/two-step")).status).toBe(200);
  });

  test("wrong, unknown and suspended get one answer, and the same statements before and after it", async () => {
    const who = await way.member();
    const gone = await way.member();
    await h.admin.query("update app.staff_member set suspended_at = now() where id = $1", [gone.id]);
    const answers: unknown[][] = [];
    for (const [email, typed] of [
      [who.email, "not the password"],
      ["nobody@northbridge.example", password],
      [gone.email, password],
    ] as const) {
      const browser = h.browser();
      let status = 0;
      let text = "";
      const statements = await statementsOf(h, async () => {
        const shown = await way.givePassword(browser, email, typed);
        [status, text] = [shown.status, bare(shown, email)];
      });
      answers.push([status, text, way.cookie(browser), statements]);
    }
    expect(answers[0]?.[0]).toBe(422);
    expect(answers[0]?.[3]).not.toEqual([]);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  test("after ten wrong ones the address is locked, known or not, and the owner hears of it once", async () => {
    const who = await way.member();
    for (const email of [who.email, "nobody@northbridge.example"]) {
      for (let time = 0; time < 10; time++)
        expect((await way.givePassword(h.browser(), email, "wrong")).status).toBe(422);
      const locked = await way.givePassword(h.browser(), email);
      expect(locked.status).toBe(429);
      expect(Number(locked.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    const mails = await way.mailsTo(who.email);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text_body).toContain("15 minutes");
    expect(await way.mailsTo("nobody@northbridge.example")).toEqual([]);
    h.clock.advance({ minutes: 15 });
    expect((await way.givePassword(h.browser(), who.email)).location).toBe("/staff/two-step");
  });

  test("a hundred guesses at once get no further than ten", async () => {
    const who = await way.member();
    const shown = await Promise.all(
      Array.from({ length: 40 }, (_, n) => way.givePassword(h.browser(), who.email, `guess ${n}`)),
    );
    expect(shown.filter((one) => one.status === 422)).toHaveLength(10);
    expect(shown.filter((one) => one.status === 429)).toHaveLength(30);
  });

  test("the lock holds on every path that asks for the password (CVE-2026-9798)", async () => {
    const who = await way.member();
    const inside = await way.signedIn(who);
    for (let time = 0; time < 10; time++) await way.givePassword(h.browser(), who.email, "wrong");
    way.nextStep();
    expect((await inside.post("/staff/step-up", { password, code: way.code(who) })).status).toBe(429);
    const fresh = { current: password, password: "eleven dry umbrellas", again: "eleven dry umbrellas" };
    expect((await inside.post("/staff/security/password", fresh)).status).toBe(429);
    // A new password by mailed link unlocks nothing either.
    await h.browser().post("/staff/forgot", { email: who.email });
    const link = await way.linkTo(who.email);
    const set = await h.browser().post(link, { password: "nine green bicycles", again: "nine green bicycles" });
    expect(set.location).toBe("/staff/sign-in?done=password-set");
    expect((await way.givePassword(h.browser(), who.email, "nine green bicycles")).status).toBe(429);
    h.clock.advance({ minutes: 15 });
    expect((await way.givePassword(h.browser(), who.email, "nine green bicycles")).location).toBe("/staff/two-step");
  });

  test("tries on the second paths count on the first", async () => {
    const who = await way.member();
    const inside = await way.signedIn(who);
    for (let time = 0; time < 5; time++) {
      expect((await inside.post("/staff/step-up", { password: "wrong", code: "123456" })).status).toBe(422);
      const change = { current: "wrong", password: "eleven dry umbrellas", again: "eleven dry umbrellas" };
      expect((await inside.post("/staff/security/password", change)).status).toBe(422);
    }
    expect((await way.givePassword(h.browser(), who.email)).status).toBe(429);
  });

  test("common, short, endless and personal ones are refused; a long plain sentence is fine", async () => {
    const who = await way.member();
    const inside = await way.signedIn(who);
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
    const who = await way.member();
    const [here, there] = [await way.signedIn(who), await way.signedIn(who)];
    const next = { current: password, password: "nine green bicycles", again: "nine green bicycles" };
    expect((await here.post("/staff/security/password", next)).status).toBe(303);
    expect(await way.opens(here)).toBe(true);
    expect(await way.opens(there)).toBe(false);
    expect((await way.mailsTo(who.email)).map((mail) => mail.subject)).toHaveLength(1);
    const { rows } = await h.admin.query("select password_hash from app.staff_member where id = $1", [who.id]);
    expect(rows[0].password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});

describe("a forgotten password", () => {
  test("is set by mailed link: all sessions end, nobody is signed in by it, and the code is still asked", async () => {
    const who = await way.member();
    const before = await way.signedIn(who);
    const browser = h.browser();
    expect((await browser.post("/staff/forgot", { email: who.email })).location).toBe("/staff/forgot/sent");
    const link = await way.linkTo(who.email);
    for (let time = 0; time < 5; time++) expect((await h.browser().get(link)).status).toBe(200);
    expect(await way.opens(before)).toBe(true);
    const next = { password: "nine green bicycles", again: "nine green bicycles" };
    expect((await browser.post(link, { password: "password1", again: "password1" })).status).toBe(422);
    expect((await browser.post(link, next)).location).toBe("/staff/sign-in?done=password-set");
    expect(way.cookie(browser)).toBeUndefined();
    expect(await way.opens(before)).toBe(false);
    expect((await way.givePassword(browser, who.email)).status).toBe(422);
    expect((await way.givePassword(browser, who.email, next.password)).location).toBe("/staff/two-step");
    expect(await way.opens(browser)).toBe(false);
    expect((await browser.get("/staff/two-step/new")).location).toBe("/staff/two-step");
    // The link worked once.
    expect((await h.browser().get(link)).status).toBe(410);
    expect((await h.browser().post(link, next)).status).toBe(410);
  });

  test("twenty redemptions at once set one password", async () => {
    const who = await way.member();
    await h.browser().post("/staff/forgot", { email: who.email });
    const link = await way.linkTo(who.email);
    const shown = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        h.browser().post(link, { password: `nine bicycles ${n}`, again: `nine bicycles ${n}` }),
      ),
    );
    expect(shown.filter((one) => one.status === 303)).toHaveLength(1);
    expect(shown.filter((one) => one.status === 410)).toHaveLength(19);
  });

  test("an unknown or suspended address gets the same page and no mail", async () => {
    const gone = await way.member();
    await h.admin.query("update app.staff_member set suspended_at = now() where id = $1", [gone.id]);
    for (const email of ["nobody@northbridge.example", gone.email]) {
      expect((await h.browser().post("/staff/forgot", { email })).location).toBe("/staff/forgot/sent");
      expect(await way.mailsTo(email)).toEqual([]);
    }
  });

  test("a sign-in link of a customer sets no password, and a password link signs no customer in", async () => {
    const who = await way.member();
    await h.admin.query(
      `insert into app.customer (institution_id, id, given_name, email, created_at, updated_at)
       values ($1, $2, 'Priya', $3, $4, $4)`,
      [institution, newId("cus", h.clock.now(), h.random), who.email, h.clock.now().toString()],
    );
    await h.browser().post("/staff/forgot", { email: who.email });
    const forPassword = await way.linkTo(who.email);
    h.clock.advance({ seconds: 1 });
    await h.browser().post("/sign-in", { email: who.email });
    const forPortal = /\/sign-in\/link\/[\w-]+/.exec((await way.mailsTo(who.email)).at(-1)?.text_body ?? "")?.[0] ?? "";
    const token = (path: string) => path.split("/").at(-1) ?? "";
    expect((await h.browser().get(`/staff/set-password/${token(forPortal)}`)).status).toBe(410);
    expect((await h.browser().get(`/sign-in/link/${token(forPassword)}`)).status).toBe(404);
    const crossed = await h.browser().post(`/sign-in/link/${token(forPassword)}`, { account: "mine" });
    expect(crossed.status).toBe(404);
  });
});
