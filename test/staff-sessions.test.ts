import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { type TestHouse, testHouse } from "./support/house.ts";
import { password, staffOf } from "./support/sign-in.ts";

// Sessions of staff (access.md 9).
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

describe("a session of staff", () => {
  test("ends at the next request of a member who was suspended or has another address (GHSA-2vg6-77g8-24mp)", async () => {
    for (const change of ["suspended_at = now()", "email = id || '@elsewhere.example'"]) {
      const who = await way.member();
      const browser = await way.signedIn(who);
      expect(await way.opens(browser)).toBe(true);
      await h.admin.query(`update app.staff_member set ${change} where id = $1`, [who.id]);
      expect(await way.opens(browser)).toBe(false);
    }
  });

  test("has the role that stands in the database now", async () => {
    const who = await way.member();
    const browser = await way.signedIn(who);
    await h.admin.query("update app.staff_member set role = 'VIEWER' where id = $1", [who.id]);
    expect((await browser.post("/staff/setup/live")).status).toBe(403);
  });

  test("ends after two hours unused, after twelve in any case, and pending after a quarter of one", async () => {
    const who = await way.member();
    const unused = await way.signedIn(who);
    h.clock.advance({ hours: 2, seconds: 1 });
    expect(await way.opens(unused)).toBe(false);
    const busy = await way.signedIn(who);
    for (let hour = 0; hour < 11; hour++) {
      h.clock.advance({ hours: 1 });
      expect(await way.opens(busy)).toBe(true);
    }
    h.clock.advance({ hours: 1 });
    expect(await way.opens(busy)).toBe(false);
    const pending = h.browser();
    await way.givePassword(pending, who.email);
    h.clock.advance({ minutes: 15 });
    expect((await pending.post("/staff/two-step", { code: way.code(who) })).location).toContain("/staff/sign-in");
  });

  test("return_to leads to staff pages and nowhere else", async () => {
    const who = await way.member();
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
      expect((await browser.post("/staff/two-step", { code: way.code(who), return_to: to })).location, asking).toBe(
        expected,
      );
      way.nextStep();
      await browser.post("/staff/two-step", { code: way.code(who), return_to: asking });
    }
  });

  test("can be ended one by one and all at once, one's own only; the page says what happened", async () => {
    const [who, other] = [await way.member(), await way.member()];
    const [here, there, stranger] = [await way.signedIn(who), await way.signedIn(who), await way.signedIn(other)];
    const { rows } = await h.admin.query("select id from app.session where staff_id = $1 and ended_at is null", [
      other.id,
    ]);
    expect((await here.post(`/staff/security/sessions/${rows[0].id}/end`)).status).toBe(404);
    expect(await way.opens(stranger)).toBe(true);
    expect((await here.post("/staff/security/sessions/end-others")).status).toBe(303);
    expect(await way.opens(there)).toBe(false);
    const page = await here.get("/staff/security");
    expect(page.text).toContain("All other sessions were ended");
    expect(page.text).toContain("Signed in");
  });
});
