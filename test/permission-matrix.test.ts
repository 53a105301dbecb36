import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permissions } from "#access/permissions.ts";
import { type ContactRight, contactRights, roles } from "#access/principal.ts";
import { sessionCookie } from "#http/cookies.ts";
import type { Route } from "#http/route.ts";
import { tokenHash } from "#platform/tx.ts";
import { registry } from "#registry.ts";
import type { Browser, Shown } from "./support/browser.ts";
import { type TestHouse, testHouse } from "./support/house.ts";
import { fillPath, type SampleWorld, sampleWorld } from "./support/sample-world.ts";

// Every route, asked by every kind of principal. Machine routes check a signature themselves and have their own tests.
let h: TestHouse;
let mine: SampleWorld;
let other: SampleWorld;
/** `rival`: of the same institution, and to see nothing of the partner whose rows are asked for. */
type Asking = {
  readonly world: "mine" | "other" | "rival";
  readonly kind: string;
  readonly browser: () => Promise<Browser>;
};
const principals = new Map<string, Asking>();

beforeAll(async () => {
  h = await testHouse();
  mine = await sampleWorld(h, "ZEBRAMARK", "mine.example");
  other = await sampleWorld(h, "OTTERMARK", "other.example");
  // Each asks with a session of its own, since some routes end the session that asks.
  const add = (name: string, world: Asking["world"], kind: string, browser: Asking["browser"]) =>
    principals.set(name, { world, kind, browser });
  for (const role of roles) add(`staff ${role}`, "mine", `staff:${role}`, () => h.staff(mine.institution, role));
  add("customer", "mine", "customer", () => h.customer(mine.institution, mine.customer));
  add("another customer", "mine", "customer", () => h.customer(mine.institution, mine.sibling));
  add("staff of another institution", "other", "staff:OWNER", () => h.staff(other.institution));
  add("customer of another institution", "other", "customer", () => h.customer(other.institution, other.customer));
  const { partnership, rival } = mine.partner;
  const contact = (name: string, rights: readonly ContactRight[]) =>
    add(name, "mine", `partner:${rights}`, () => h.partner(mine.institution, partnership, rights));
  contact("contact", contactRights);
  contact("contact without pay", ["view", "bank_details"]);
  contact("contact without bank details", ["view", "pay"]);
  contact("contact without any right", []);
  add("contact of another partnership", "rival", `partner:${contactRights}`, () => h.partner(mine.institution, rival));
  add("contact of another institution", "other", `partner:${contactRights}`, () =>
    h.partner(other.institution, other.partner.partnership),
  );
  for (const role of roles) {
    add(`member ${role}`, "mine", `member:${role}`, () => h.member(mine.institution, partnership, role));
  }
  add("member of another partnership", "rival", "member:OWNER", () => h.member(mine.institution, rival));
  add("member of another institution", "other", "member:OWNER", () =>
    h.member(other.institution, other.partner.partnership),
  );
  add("removed member", "mine", "nobody", () => memberAfter("removed_at = now()"));
  add("suspended member", "mine", "nobody", () => memberAfter("suspended_at = now()"));
  add("member whose address changed", "mine", "nobody", () => memberAfter("email = 'now' || email"));
  add("removed contact", "mine", "nobody", () => contactAfter("removed_at = now()"));
  add("contact whose access is off", "mine", "nobody", () => contactAfter("access_on = false"));
  add("contact whose address changed", "mine", "nobody", () => contactAfter("email = 'now' || email"));
  add("staff before two-step", "mine", "pending_staff", pending);
  add("an ended session", "mine", "nobody", ended);
  add("a suspended member", "mine", "nobody", suspended);
  add("a customer whose address changed", "mine", "nobody", moved);
  add("somebody with a made-up cookie", "mine", "nobody", async () =>
    Object.values(sessionCookie).reduce((browser, name) => browser.with(name, "A".repeat(43)), h.browser()),
  );
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
  await h.admin.query("update app.session set email = 'before@mine.example' where token_hash = $1", [
    tokenHash(browser.token),
  ]);
  return browser;
}

/** A contact who was signed in before this became of it. */
async function contactAfter(what: string): Promise<Browser> {
  const browser = await h.partner(mine.institution, mine.partner.partnership);
  await h.admin.query(`update app.contact set ${what} where id = $1`, [browser.contactId]);
  return browser;
}

/** A member who was signed in before this became of it. */
async function memberAfter(what: string): Promise<Browser> {
  const browser = await h.member(mine.institution, mine.partner.partnership);
  await h.admin.query(`update app.member set ${what} where id = $1`, [browser.memberId]);
  return browser;
}

const guarded = registry.filter((route) => route.opens !== "visitor" && !route.machine);

function mayOpen(route: Route, kind: string): boolean {
  const rule = permissions[route.may] as {
    staff?: readonly string[];
    partner?: string;
    member?: readonly string[];
    kinds?: readonly string[];
  };
  if (kind.startsWith("staff:")) return route.opens === "staff" && (rule.staff ?? []).includes(kind.slice(6));
  if (/^(partner|member):/.test(kind) && route.opens === "partner") {
    if (rule.kinds?.includes("partner")) return true;
    if (kind.startsWith("member:")) return (rule.member ?? []).includes(kind.slice(7));
    return rule.partner !== undefined && kind.slice(8).includes(rule.partner);
  }
  return route.opens === kind && (rule.kinds ?? []).includes(kind);
}

async function ask(browser: Browser, route: Route, path: string): Promise<Shown> {
  return route.method === "GET" ? await browser.get(path) : await browser.post(path);
}

function isSentAway(shown: Shown): boolean {
  return shown.status === 303 && /^\/(staff\/|partner\/)?sign-in($|\?return_to)/.test(shown.location);
}

/** Refused: 4xx, or sent to sign in (or to prove oneself again). */
function isRefused(shown: Shown): boolean {
  if (shown.status === 303) return /^\/(staff\/|partner\/)?(sign-in|two-step|step-up)/.test(shown.location);
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
    for (const [name, { world, browser: open, kind }] of principals) {
      const browser = await open();
      const shown = await ask(browser, route, path);
      const where = `${name} → ${route.method} ${path}: ${shown.status} ${shown.location}`;
      expect(shown.status, where).toBeLessThan(500);
      if (!mayOpen(route, kind)) {
        expect(isRefused(shown), where).toBe(true);
      } else if (world === "other") {
        // The same address with the other institution's ids in it: either refused, or a page of their own.
        expect(shown.text.includes(mine.mark), `${where} shows a foreign name`).toBe(false);
        if (/[a-z]_[0-9a-z]{26}/.test(path) && route.method === "GET") expect(shown.status, where).not.toBe(200);
      } else if (world === "rival") {
        expect(shown.text.includes(mine.mark), `${where} shows another partner's name`).toBe(false);
        if (/:(number|ref|position|id)\b/.test(route.path)) expect(shown.status, where).toBeGreaterThanOrEqual(400);
      } else if (name === "another customer" && route.path.includes(":")) {
        expect(shown.text.includes("Aiko"), `${where} shows another customer`).toBe(false);
      } else {
        expect(shown.status === 403 || isSentAway(shown), where).toBe(false);
      }
    }
    const nobody = await ask(h.browser(), route, path);
    expect(isRefused(nobody), `nobody → ${path}: ${nobody.status}`).toBe(true);
  });
});

describe("a route that asks for a fresh proof lets nobody by with an old one", () => {
  const asking = guarded.filter((route) => route.stepUp === true);
  test("there are such routes for staff and for contacts", () => {
    expect(new Set(asking.map((route) => route.opens))).toEqual(new Set(["staff", "partner"]));
  });

  test.each(asking.map((route) => [route.id, route] as const))("%s", async (_id, route) => {
    const partner = route.opens === "partner";
    const ofMember = "member" in permissions[route.may];
    const { institution, partner: of } = mine;
    const browser = !partner
      ? await h.staff(institution)
      : await (ofMember ? h.member(institution, of.partnership) : h.partner(institution, of.partnership));
    await h.admin.query("update app.session set stepped_up_at = $2 where token_hash = $1", [
      tokenHash(browser.token),
      h.clock.now().subtract({ minutes: 10, seconds: 1 }).toString(),
    ]);
    const path = fillPath(mine, route.path);
    const shown = await ask(browser, route, path);
    const back = route.method === "GET" ? `?return_to=${encodeURIComponent(path)}` : "";
    expect([shown.status, shown.location]).toEqual([303, `/${partner ? "partner" : "staff"}/step-up${back}`]);
  });
});
