import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permissions } from "#access/permissions.ts";
import { roles } from "#access/principal.ts";
import { sessionCookie } from "#http/cookies.ts";
import type { Route } from "#http/route.ts";
import { registry } from "#web/registry.ts";
import type { Browser, Shown } from "./support/browser.ts";
import { type TestHouse, testHouse } from "./support/house.ts";
import { fillPath, type SampleWorld, sampleWorld } from "./support/sample-world.ts";

// Every route, asked by every kind of principal. Machine routes check a signature themselves and have their own tests.
let h: TestHouse;
let mine: SampleWorld;
let other: SampleWorld;
const principals = new Map<
  string,
  { readonly world: "mine" | "other"; readonly browser: Browser; readonly kind: string }
>();

beforeAll(async () => {
  h = await testHouse();
  mine = await sampleWorld(h, "ZEBRAMARK", "mine.example");
  other = await sampleWorld(h, "OTTERMARK", "other.example");
  for (const role of roles)
    principals.set(`staff ${role}`, {
      world: "mine",
      browser: await h.staff(mine.institution, role),
      kind: `staff:${role}`,
    });
  principals.set("customer", {
    world: "mine",
    browser: await h.customer(mine.institution, mine.customer),
    kind: "customer",
  });
  principals.set("another customer", {
    world: "mine",
    browser: await h.customer(mine.institution, mine.sibling),
    kind: "customer",
  });
  principals.set("staff of another institution", {
    world: "other",
    browser: await h.staff(other.institution),
    kind: "staff:OWNER",
  });
  principals.set("customer of another institution", {
    world: "other",
    browser: await h.customer(other.institution, other.customer),
    kind: "customer",
  });
  principals.set("staff before two-step", { world: "mine", browser: await pending(), kind: "pending_staff" });
  principals.set("an ended session", { world: "mine", browser: await ended(), kind: "nobody" });
  principals.set("a suspended member", { world: "mine", browser: await suspended(), kind: "nobody" });
  principals.set("a customer whose address changed", { world: "mine", browser: await moved(), kind: "nobody" });
  principals.set("somebody with a made-up cookie", {
    world: "mine",
    browser: h.browser().with(sessionCookie.staff, "A".repeat(43)),
    kind: "nobody",
  });
});
afterAll(() => h.close());

async function pending(): Promise<Browser> {
  const staff = await h.staff(mine.institution);
  await h.admin.query("update app.session set two_step_pending = true where staff_id = $1", [staff.staffId]);
  return staff;
}
async function ended(): Promise<Browser> {
  const staff = await h.staff(mine.institution);
  await h.admin.query("update app.session set ended_at = $2 where staff_id = $1", [
    staff.staffId,
    h.clock.now().toString(),
  ]);
  return staff;
}
async function suspended(): Promise<Browser> {
  const staff = await h.staff(mine.institution);
  await h.admin.query("update app.staff_member set suspended_at = $2 where id = $1", [
    staff.staffId,
    h.clock.now().toString(),
  ]);
  return staff;
}
async function moved(): Promise<Browser> {
  const browser = await h.customer(mine.institution, mine.customer);
  await h.admin.query(
    "update app.session set email = 'before@mine.example' where token_hash = (select token_hash from app.session order by id desc limit 1)",
  );
  return browser;
}

const guarded = registry.filter((route) => route.opens !== "visitor" && !route.machine);

function mayOpen(route: Route, kind: string): boolean {
  const rule = permissions[route.may] as { staff?: readonly string[]; kinds?: readonly string[] };
  if (kind.startsWith("staff:")) return route.opens === "staff" && (rule.staff ?? []).includes(kind.slice(6));
  return route.opens === kind && (rule.kinds ?? []).includes(kind);
}

async function ask(browser: Browser, route: Route, path: string): Promise<Shown> {
  return route.method === "GET" ? await browser.get(path) : await browser.post(path);
}

/** Refused: 4xx, or sent to sign in (or to prove oneself again). */
function isRefused(shown: Shown): boolean {
  if (shown.status === 303) return /^\/(staff\/)?(sign-in|two-step|step-up)/.test(shown.location);
  return shown.status >= 400 && shown.status < 500;
}

describe("every route is for whom its line says, and for nobody else", () => {
  test("the registry names a face or a visitor for each route, and no two routes share a name", () => {
    expect(registry.length).toBeGreaterThan(40);
    expect(new Set(registry.map((route) => route.id)).size).toBe(registry.length);
    for (const route of registry) expect(Object.keys(permissions)).toContain(route.may);
  });

  test.each(guarded.map((route) => [route.id, route] as const))("%s", async (_id, route) => {
    const path = fillPath(mine, route.path);
    for (const [name, { world, browser, kind }] of principals) {
      const shown = await ask(browser, route, path);
      const where = `${name} → ${route.method} ${path}: ${shown.status} ${shown.location}`;
      expect(shown.status, where).toBeLessThan(500);
      if (!mayOpen(route, kind)) {
        expect(isRefused(shown), where).toBe(true);
      } else if (world === "other") {
        // The same address with the other institution's ids in it: either refused, or a page of their own.
        expect(shown.text.includes(mine.mark), `${where} shows a foreign name`).toBe(false);
        if (route.path.includes(":") && route.method === "GET") expect(shown.status, where).not.toBe(200);
      } else if (name === "another customer" && route.path.includes(":")) {
        expect(shown.text.includes("Aiko"), `${where} shows another customer`).toBe(false);
      } else {
        expect(shown.status === 403 || (shown.status === 303 && shown.location.includes("sign-in")), where).toBe(false);
      }
    }
    const nobody = await ask(h.browser(), route, path);
    expect(isRefused(nobody), `nobody → ${path}: ${nobody.status}`).toBe(true);
  });
});
