import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { replaceRecoveryCodes } from "#features/security/recovery-code-store.ts";
import { newRecoveryCodes } from "#features/security/recovery-codes.ts";
import { codeAt } from "#features/security/totp.ts";
import type { Browser } from "./support/browser.ts";
import { type TestHouse, testHouse } from "./support/house.ts";
import { type Member, offered, password, staffOf } from "./support/sign-in.ts";

// The attacks of access.md 8 to 10, and of others' known failures, on two-step sign-in.
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

describe("the code", () => {
  test("opens once: not again, not an older one, and of several at once one (TOTP replay by race, Gitea)", async () => {
    const who = await way.member();
    const browsers = Array.from({ length: 10 }, () => h.browser());
    for (const browser of browsers.slice(0, 9)) await way.givePassword(browser, who.email);
    await way.givePassword(browsers[9] as Browser, who.email);
    const now = way.code(who);
    const shown = await Promise.all(
      browsers.slice(0, 4).map((browser) => browser.post("/staff/two-step", { code: now })),
    );
    expect(shown.filter((one) => one.status === 303)).toHaveLength(1);
    expect(shown.filter((one) => one.status === 422)).toHaveLength(3);
    const late = browsers[9] as Browser;
    expect((await late.post("/staff/two-step", { code: now })).status).toBe(422);
    way.nextStep();
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
      const who = await way.member();
      const browser = h.browser();
      await way.givePassword(browser, who.email);
      const other = codeAt(who.secret, h.clock.now().add({ seconds }));
      expect((await browser.post("/staff/two-step", { code: other })).status, String(seconds)).toBe(status);
    }
  });

  test("after five wrong ones it is locked: in every session, on step-up, for the right one, with a mail", async () => {
    const who = await way.member();
    const inside = await way.signedIn(who);
    way.nextStep();
    for (let time = 0; time < 5; time++) {
      const browser = h.browser();
      await way.givePassword(browser, who.email);
      expect((await browser.post("/staff/two-step", { code: way.wrongCode(who) })).status).toBe(422);
    }
    const fresh = h.browser();
    await way.givePassword(fresh, who.email);
    const locked = await fresh.post("/staff/two-step", { code: way.code(who) });
    expect(locked.status).toBe(429);
    expect(Number(locked.headers.get("retry-after"))).toBe(900);
    expect((await inside.post("/staff/step-up", { password, code: way.code(who) })).status).toBe(429);
    expect(await way.mailsTo(who.email)).toHaveLength(1);
    h.clock.advance({ minutes: 15, seconds: 1 });
    await way.givePassword(fresh, who.email);
    expect((await fresh.post("/staff/two-step", { code: way.code(who) })).status).toBe(303);
  });

  test("the lock grows with each burst", async () => {
    const who = await way.member();
    const waits: number[] = [];
    for (let burst = 0; burst < 3; burst++) {
      const browser = h.browser();
      await way.givePassword(browser, who.email);
      for (let time = 0; time < 5; time++) await browser.post("/staff/two-step", { code: way.wrongCode(who) });
      const shown = await browser.post("/staff/two-step", { code: way.code(who) });
      waits.push(Number(shown.headers.get("retry-after")));
      h.clock.advance({ seconds: waits.at(-1) ?? 0 });
    }
    expect(waits).toEqual([900, 1_800, 3_600]);
  });

  test("a recovery code signs in once, also when used twice at the same moment", async () => {
    const who = await way.member();
    const codes = await h.system(institution, (cx) => replaceRecoveryCodes(cx, who.id));
    expect(codes).toHaveLength(10);
    const browsers = Array.from({ length: 4 }, () => h.browser());
    for (const browser of browsers) await way.givePassword(browser, who.email);
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
    const other = await way.member();
    const thief = h.browser();
    await way.givePassword(thief, other.email);
    expect((await thief.post("/staff/two-step", { code: codes[1] ?? "" })).status).toBe(422);
    const [made] = newRecoveryCodes(h.random);
    expect((await thief.post("/staff/two-step", { code: made ?? "" })).status).toBe(422);
  });
});

describe("two-step sign-in", () => {
  async function newcomer(): Promise<{ who: Member; browser: Browser }> {
    const who = await way.member();
    await h.admin.query("update app.staff_member set totp_sealed = null, totp_confirmed_at = null where id = $1", [
      who.id,
    ]);
    const browser = h.browser();
    await way.givePassword(browser, who.email);
    return { who, browser };
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
    expect(await way.opens(browser)).toBe(true);
    const { rows } = await h.admin.query(
      "select encode(totp_sealed, 'hex') as sealed from app.staff_member where id = $1",
      [who.id],
    );
    expect(rows[0].sealed).not.toContain(Buffer.from(secret).toString("hex"));
    expect(rows[0].sealed.length).toBeGreaterThan(80);
    // Its code is used up by confirming it.
    const again = h.browser();
    await way.givePassword(again, who.email);
    expect((await again.post("/staff/two-step", { code: codeAt(secret, h.clock.now()) })).status).toBe(422);
  });

  test("can't be set up again by the password alone, once it is on", async () => {
    const who = await way.member();
    const browser = h.browser();
    await way.givePassword(browser, who.email);
    expect((await browser.get("/staff/two-step/new")).location).toBe("/staff/two-step");
    const { browser: other } = await newcomer();
    const { offer, secret } = offered(await other.get("/staff/two-step/new"));
    const shown = await browser.post("/staff/two-step/new", { offer, code: codeAt(secret, h.clock.now()) });
    expect(shown.status).toBe(404);
    expect(await way.opens(browser)).toBe(false);
  });

  test("of two that set it up at the same moment one does, whatever both were offered", async () => {
    const { who, browser } = await newcomer();
    const browsers = [browser, h.browser(), h.browser(), h.browser()];
    for (const other of browsers.slice(1)) await way.givePassword(other, who.email);
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
    expect(await way.opens(second.browser)).toBe(false);
  });

  test("is replaced after a fresh proof only, never removed (Keycloak CVE-2026-3429)", async () => {
    const who = await way.member();
    const browser = await way.signedIn(who);
    h.clock.advance({ minutes: 11 });
    const page = await browser.get("/staff/security/two-step");
    expect(page.location).toBe("/staff/step-up?return_to=%2Fstaff%2Fsecurity%2Ftwo-step");
    for (const path of ["/staff/security/two-step", "/staff/security/recovery-codes"]) {
      expect((await browser.post(path, { offer: "x", code: "123456" })).location).toBe("/staff/step-up");
    }
    expect((await browser.post("/staff/security/two-step/remove")).status).toBe(404);
    expect((await browser.post("/staff/step-up", { password, code: way.wrongCode(who) })).status).toBe(422);
    expect((await browser.post("/staff/step-up", { password: "wrong", code: way.code(who) })).status).toBe(422);
    expect((await browser.get("/staff/security/two-step")).status).toBe(303);
    const proved = await browser.post("/staff/step-up", {
      password,
      code: way.code(who),
      return_to: "/staff/security/two-step",
    });
    expect(proved.location).toBe("/staff/security/two-step");
    const { offer, secret } = offered(await browser.get("/staff/security/two-step"));
    const elsewhere = await way.signedIn(who);
    const replaced = await browser.post("/staff/security/two-step", { offer, code: codeAt(secret, h.clock.now()) });
    expect(replaced.status).toBe(200);
    expect(await way.opens(elsewhere)).toBe(false);
    way.nextStep();
    const next = h.browser();
    await way.givePassword(next, who.email);
    expect((await next.post("/staff/two-step", { code: way.code(who) })).status).toBe(422);
    expect((await next.post("/staff/two-step", { code: codeAt(secret, h.clock.now()) })).status).toBe(303);
  });

  test("a code that proved one thing proves no other: step-up takes no code that signed in", async () => {
    const who = await way.member();
    const browser = h.browser();
    await way.givePassword(browser, who.email);
    const now = way.code(who);
    await browser.post("/staff/two-step", { code: now });
    expect((await browser.post("/staff/step-up", { password, code: now })).status).toBe(422);
  });
});
