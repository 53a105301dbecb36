import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permissions } from "#access/permissions.ts";
import type { Route } from "#http/route.ts";
import { registry } from "#registry.ts";
import { Browser } from "./support/browser.ts";
import { type TestHouse, testHouse } from "./support/house.ts";
import { fillPath, type SampleWorld, sampleWorld } from "./support/sample-world.ts";

// What clients send to break things (access.md, "Bad input on every field"). Nothing of it may answer 5xx.
const evil = [
  "",
  " ",
  "0",
  "-1",
  "-0",
  "9007199254740991",
  "9007199254740992",
  "9007199254740993",
  "1e400",
  "NaN",
  "Infinity",
  "1.005",
  "1,000.00",
  "x".repeat(100_000),
  "\u202Eevil\u202C",
  "a\r\nBcc: x@y.example",
  "\0",
  "__proto__",
  "constructor",
  "../../etc/passwd",
  "<script>alert(1)</script>",
  "'; drop table app.payment; --",
  '=HYPERLINK("http://x.example")',
  "2026-02-31",
  "+99999-01-01",
  "0000-01-01",
  "0001-01-01",
  "1000-01-01",
  "9999-12-31",
  "\uD800",
  "%00",
  "pay_00000000000000000000000000",
  "//evil.example",
  "javascript:alert(1)",
];

let h: TestHouse;
let world: SampleWorld;
const browsers = new Map<string, Browser>();
const visitor = () => new Browser(h.app, h.house.origin, "mine.example");

beforeAll(async () => {
  h = await testHouse();
  world = await sampleWorld(h, "ZEBRAMARK", "mine.example");
  browsers.set("staff", await h.staff(world.institution));
  browsers.set("customer", await h.customer(world.institution, world.customer));
  browsers.set("partner", await h.partner(world.institution, world.partner.partnership));
  browsers.set("member", await h.member(world.institution, world.partner.partnership));
  const pending = await h.staff(world.institution);
  await h.admin.query("update app.session set two_step_pending = true where staff_id = $1", [pending.staffId]);
  browsers.set("pending_staff", pending);
  browsers.set("visitor", visitor());
});
afterAll(() => h.close());

function fieldsOf(route: Route): string[] {
  const shape = (route.form as { shape?: Record<string, unknown> } | undefined)?.shape;
  return shape ? Object.keys(shape) : [];
}

// These end the very session that asks.
const endsSession = /sign-out|sessions/;
const browserOf = async (route: Route): Promise<Browser> => {
  if (endsSession.test(route.path) && route.opens === "partner")
    return await h.partner(world.institution, world.partner.partnership);
  if (endsSession.test(route.path)) return route.opens === "staff" ? await h.staff(world.institution) : visitor();
  const opens = "member" in permissions[route.may] ? "member" : route.opens;
  return browsers.get(opens) ?? visitor();
};

describe("nothing that a client sends is answered with 5xx", () => {
  const posts = registry.filter((route) => route.method === "POST");
  test.each(posts.map((route) => [route.id, route] as const))("form of %s", async (_id, route) => {
    const path = fillPath(world, route.path);
    const names = [...fieldsOf(route), "__proto__", "unknown"];
    const browser = await browserOf(route);
    for (const value of evil) {
      const shown = await browser.post(path, Object.fromEntries(names.map((name) => [name, value])));
      expect(
        shown.status,
        `${path} with ${JSON.stringify(value.slice(0, 40))}: ${shown.text.slice(0, 300)}`,
      ).toBeLessThan(500);
    }
    const twice = await browser.post(path, Object.fromEntries(names.map((name) => [name, ["a", "b"]])));
    expect(twice.status, path).toBeLessThan(500);
    const strange = await browser.post(path, {}, { "content-type": "application/x-strange" });
    expect(strange.status, path).toBeLessThan(500);
  });

  const gets = registry.filter((route) => route.method === "GET");
  test.each(gets.map((route) => [route.id, route] as const))("query of %s", async (_id, route) => {
    const path = fillPath(world, route.path);
    const shape = (route.query as { shape?: Record<string, unknown> } | undefined)?.shape ?? {};
    const browser = await browserOf(route);
    for (const value of evil) {
      const short = value.slice(0, 3_000);
      const query = Object.keys({ ...shape, q: 1, after: 1, before: 1, from: 1, to: 1, currency: 1, status: 1 })
        .map((name) => `${name}=${encodeURIComponent(short.isWellFormed() ? short : "\uFFFD")}`)
        .join("&");
      const shown = await browser.get(`${path}?${query}`);
      expect(shown.status, `${path}?${query.slice(0, 80)}: ${shown.text.slice(0, 300)}`).toBeLessThan(500);
    }
  });

  test("the last day of all, where midnight comes later than in Greenwich", async () => {
    const own = await h.institution({ host: "west.example" });
    await h.admin.query("update app.institution set time_zone = 'America/New_York' where id = $1", [own]);
    const staff = await h.staff(own);
    for (const path of ["/staff/audit-log", "/staff/transfers", "/staff/payments"]) {
      expect((await staff.get(`${path}?from=9999-12-31&to=9999-12-31`)).status, path).toBe(200);
    }
  });

  const withParams = registry.filter((route) => route.path.includes(":"));
  test.each(withParams.map((route) => [route.id, route] as const))("parameters of %s", async (_id, route) => {
    const browser = await browserOf(route);
    for (const value of evil.filter((one) => one.trim() !== "" && one.isWellFormed())) {
      const path = route.path.replace(/:(\w+)(\{[^}]*\})?/g, encodeURIComponent(value.slice(0, 2_000)));
      const shown = route.method === "GET" ? await browser.get(path) : await browser.post(path);
      expect(shown.status, `${route.path} with ${JSON.stringify(value.slice(0, 40))}`).toBeLessThan(500);
    }
  });

  test("a body of the wrong kind, too large or cut off is refused", async () => {
    const staff = browsers.get("staff");
    const large = await staff?.post("/staff/customers/new", { given_name: "x".repeat(400_000) });
    expect(large?.status).toBe(413);
    const cut = await staff?.post("/staff/imports/new", {}, { "content-type": "multipart/form-data; boundary=x" });
    expect(cut?.status).toBeGreaterThanOrEqual(400);
    expect(cut?.status).toBeLessThan(500);
  });

  test("a form sent from another site is refused, and so is one that says nothing of where it comes from", async () => {
    const staff = browsers.get("staff");
    for (const headers of [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "none" },
    ]) {
      expect((await staff?.post("/staff/customers/new", { given_name: "Eve" }, headers))?.status).toBe(403);
    }
  });
});
