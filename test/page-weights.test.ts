import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permissions } from "#access/permissions.ts";
import type { CustomerId, InstitutionId } from "#access/principal.ts";
import { loadDemo } from "#features/demo/load-demo.ts";
import type { Route } from "#http/route.ts";
import { registry } from "#registry.ts";
import { asset, type Surface, surfaces } from "#web/ui/assets.ts";
import type { Browser } from "./support/browser.ts";
import { type TestHouse, testHouse } from "./support/house.ts";

// The budgets of the design, in bytes after gzip: script, style sheet, page.
const budgets = {
  customer: { js: 8_000, css: 12_000, html: 20_000 },
  partner: { js: 40_000, css: 16_000, html: 40_000 },
  staff: { js: 60_000, css: 18_000, html: 60_000 },
} as const;

let h: TestHouse;
const browsers = new Map<string, Browser>();

beforeAll(async () => {
  h = await testHouse();
  await loadDemo(h.ground);
  const { rows } = await h.admin.query<{ institution_id: InstitutionId; id: CustomerId }>(
    "select institution_id, id from app.customer where external_id = 'DEMO'",
  );
  const demo = rows[0];
  if (!demo) throw new Error("The demo has no Aiko");
  browsers.set("customer", await h.customer(demo.institution_id, demo.id));
  browsers.set("staff", await h.staff(demo.institution_id));
  const partners = await h.admin.query<{ id: string }>(
    "select id from app.partnership where institution_id = $1 order by name <> 'Meridian Education', id limit 1",
    [demo.institution_id],
  );
  browsers.set("partner", await h.partner(demo.institution_id, partners.rows[0]?.id ?? ""));
  browsers.set("member", await h.member(demo.institution_id, partners.rows[0]?.id ?? ""));
  browsers.set("visitor", h.browser());
});
afterAll(() => h.close());

const weigh = (body: Uint8Array | string) => gzipSync(body, { level: 6 }).byteLength;

function faceOf(route: Route): keyof typeof budgets {
  if (route.opens === "partner") return "partner";
  return route.path.startsWith("/staff") ? "staff" : "customer";
}

describe("what a page weighs", () => {
  test.each(Object.keys(surfaces) as Surface[])(
    "scripts and styles of the %s pages stay within their budget",
    (surface) => {
      const total = (names: readonly Parameters<typeof asset>[0][]) =>
        names.reduce((sum, name) => sum + weigh(asset(name).body), 0);
      expect(total(surfaces[surface].css)).toBeLessThanOrEqual(budgets[surface].css);
      expect(total(surfaces[surface].js)).toBeLessThanOrEqual(budgets[surface].js);
    },
  );

  const pages = registry.filter(
    (route) => route.method === "GET" && !route.path.includes(":") && !route.machine && route.opens !== "pending_staff",
  );
  test.each(pages.map((route) => [route.path, route] as const))(
    "%s stays within its budget with the demo's data",
    async (path, route) => {
      const opens = "member" in permissions[route.may] ? "member" : route.opens;
      const shown = await browsers.get(opens)?.get(path);
      if (!shown?.headers.get("content-type")?.startsWith("text/html")) {
        expect(shown === undefined || shown.status < 500).toBe(true);
        return;
      }
      expect(weigh(shown.text), path).toBeLessThanOrEqual(budgets[faceOf(route)].html);
    },
  );

  test("customer pages name no font file and no script of another origin", async () => {
    const shown = await browsers.get("customer")?.get("/overview");
    expect(shown?.status).toBe(200);
    expect(shown?.text).not.toMatch(/@font-face|\.woff|src="https?:/);
  });
});
