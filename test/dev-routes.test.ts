import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "#kernel/ids.ts";
import { allRoutes } from "#server.ts";
import { Browser } from "./support/browser.ts";
import { type TestHouse, testHouse } from "./support/house.ts";

// One-click sign-in and mail on a page: on one's own machine only, with the demo data only, never in production.
const paths = ["/dev/sign-in", "/dev/mail", "/dev/mail/mail_1"];
const people = ["owner", "viewer", "customer", "partner", "member"];
const posts = people.map((who) => `/dev/sign-in/${who}`);

let demo: TestHouse;
beforeAll(async () => {
  demo = await testHouse();
  const institution = await demo.institution({ isDemo: true });
  await demo.staff(institution, "OWNER");
  await demo.staff(institution, "VIEWER");
  await demo.admin.query(
    `insert into app.customer (institution_id, id, given_name, family_name, email, created_at, updated_at)
     values ($1, $2, 'Aiko', 'Tanaka', 'aiko@students.example', $3, $3)`,
    [institution, newId("cus", demo.clock.now(), demo.random), demo.clock.now().toString()],
  );
  const partner = newId("prt", demo.clock.now(), demo.random);
  await demo.admin.query(
    `insert into app.partnership (institution_id, id, name, kind, legal_name, currency, commission_bps, commission_tax,
       created_at, updated_at) values ($1, $2, 'Meridian', 'agent', 'Meridian', 'AUD', 1000, 'exclusive', $3, $3)`,
    [institution, partner, demo.clock.now().toString()],
  );
  await demo.partner(institution, partner);
  await demo.member(institution, partner);
});
afterAll(() => demo.close());

async function isAbsent(browser: Browser): Promise<void> {
  for (const path of paths) expect((await browser.get(path)).status, path).toBe(404);
  for (const path of posts) {
    const shown = await browser.post(path);
    expect(shown.status, path).toBe(404);
    expect(shown.headers.getSetCookie()).toEqual([]);
  }
}

describe("with the demo data on this machine", () => {
  test("each button signs in its person", async () => {
    const page = await demo.browser().get("/dev/sign-in");
    expect(page.status).toBe(200);
    for (const path of posts) expect(page.text).toContain(`action="${path}"`);
    const owner = demo.browser();
    expect((await owner.post("/dev/sign-in/owner")).location).toBe("/staff");
    expect((await owner.get("/staff/security")).status).toBe(200);
    const viewer = demo.browser();
    await viewer.post("/dev/sign-in/viewer");
    expect((await viewer.post("/staff/setup/live")).status).toBe(403);
    const customer = demo.browser();
    expect((await customer.post("/dev/sign-in/customer")).location).toBe("/overview");
    expect((await customer.get("/profile")).text).toContain("Aiko Tanaka");
    const contact = demo.browser();
    expect((await contact.post("/dev/sign-in/partner")).location).toBe("/partner");
    expect((await contact.get("/partner/security")).text).toContain("Meridian");
    const member = demo.browser();
    expect((await member.post("/dev/sign-in/member")).location).toBe("/partner");
    expect((await member.get("/partner")).text).toContain("Owner");
  });

  test("a GET signs nobody in, and neither does a form of another site", async () => {
    expect((await demo.browser().get("/dev/sign-in/owner")).status).toBe(405);
    const shown = await demo.browser().post("/dev/sign-in/owner", {}, { "sec-fetch-site": "cross-site" });
    expect(shown.status).toBe(403);
  });

  test("mail is listed and shown, its link as a link, its HTML in a box without rights", async () => {
    const browser = demo.browser();
    await browser.post("/sign-in", { email: "aiko@students.example" });
    await demo.drain();
    const list = await browser.get("/dev/mail");
    const path = /href="(\/dev\/mail\/[^"]+)"/.exec(list.text)?.[1] ?? "";
    const mail = await browser.get(path);
    expect(mail.text).toMatch(/<a href="http:\/\/127\.0\.0\.1:8080\/sign-in\/link\/[\w-]{43}">/);
    expect(mail.text).toContain('sandbox=""');
  });

  test("under a stranger's name that points to this machine there is nothing (DNS rebinding)", async () => {
    for (const host of ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "a b"]) {
      await isAbsent(new Browser(demo.app, demo.house.origin, host));
    }
  });

  test("from another machine there is nothing", async () => {
    const proxied = await testHouse({ config: { trustProxy: true } });
    try {
      await proxied.institution({ isDemo: true });
      const far = { "x-forwarded-for": "192.0.2.7" };
      for (const path of paths) expect((await proxied.browser().get(path, far)).status).toBe(404);
      for (const path of posts) expect((await proxied.browser().post(path, {}, far)).status).toBe(404);
    } finally {
      await proxied.close();
    }
  });
});

describe("elsewhere the routes are not there", () => {
  test.each([
    ["in production on https", { config: { production: true }, origin: "https://pay.northbridge.example" }],
    ["in production on this machine", { config: { production: true } }],
    ["in development that others can reach", { origin: "http://192.168.1.20:8080" }],
  ])("%s, even with the demo data", async (_name, options) => {
    const house = await testHouse(options);
    try {
      const institution = await house.institution({ isDemo: true });
      await house.staff(institution);
      expect(allRoutes(house.house).filter((route) => route.path.startsWith("/dev"))).toEqual([]);
      await isAbsent(house.browser());
    } finally {
      await house.close();
    }
  });

  test("every route under /dev is marked, so that none slips through", () => {
    const dev = allRoutes(demo.house).filter((route) => route.path.startsWith("/dev"));
    expect(dev.length).toBeGreaterThanOrEqual(4);
    for (const route of dev) expect(route.devOnly, route.id).toBe(true);
  });

  test("with data that is not the demo's nobody is signed in by a click", async () => {
    const house = await testHouse();
    try {
      const institution = await house.institution({ isDemo: false });
      await house.staff(institution);
      expect((await house.browser().get("/dev/sign-in")).status).toBe(404);
      for (const path of posts) expect((await house.browser().post(path)).status).toBe(404);
    } finally {
      await house.close();
    }
  });
});
