import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ContactRight, contactRights } from "#access/principal.ts";
import { drawnForField } from "#kernel/drawn-for.ts";
import type { Id } from "#kernel/ids.ts";
import { registry } from "#registry.ts";
import type { Browser } from "./support/browser.ts";
import { type TestHouse, testHouse } from "./support/house.ts";
import { type MoneyWorld, moneyWorld } from "./support/money.ts";
import { fillPath, sampleWorld } from "./support/sample-world.ts";
import { contactsOf } from "./support/sign-in.ts";
import { plain } from "./support/transfer-pages.ts";

// One address for two partners, a tab for each: a form is sent for the partner that it was drawn for, or not at all.

let h: TestHouse;
let world: MoneyWorld;
let way: ReturnType<typeof contactsOf>;
let browser: Browser;
let first: Id<"prt">;
let second: Id<"prt">;
let count = 0;

beforeAll(async () => {
  h = await testHouse();
  world = await moneyWorld(h);
  way = contactsOf(h, world.institution);
});
afterAll(() => h.close());
beforeEach(async () => {
  h.clock.advance({ hours: 25 });
  // What a test before this one left to be mailed.
  await h.drain();
  count += 1;
  const email = `both${count}@partners.example`;
  [first, second] = [await way.partnership("First Agents"), await way.partnership("Second Agents")];
  for (const partnership of [first, second]) await way.contact({ email, partnership, rights: [...contactRights] });
  browser = h.browser();
  await browser.post((await way.asked(browser, email)).path);
  await choose(first);
});

const choose = async (partnership: string) =>
  expect((await browser.post("/partner/choose", { partnership })).status).toBe(303);
const chosen = async () => (await browser.get("/partner/security")).text.match(/First Agents|Second Agents/)?.[0];
const details = "/partner/bank-details";
const typed = {
  ...{ currency: "AUD", country: "AU", holder_name: "First Pty Ltd", bank_name: "Harbour Bank" },
  ...{ bsb: "062-000", account: "12345678" },
};
const accountsOf = async (partnership: string) =>
  (await h.admin.query("select from app.bank_account where partnership_id = $1", [partnership])).rowCount;

/** The POST forms of a page, each with what stands in it. */
function formsOf(html: string): { action: string; inside: string }[] {
  const found = html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs);
  return [...found]
    .filter(([, tag = ""]) => tag.includes('method="post"'))
    .map(([, tag = "", inside = ""]) => ({ action: /action="([^"]*)"/.exec(tag)?.[1] ?? "", inside }));
}

/** The hidden fields of the form with that address, as a browser sends them. */
function hiddenIn(html: string, action: string): Record<string, string> {
  const inside = formsOf(html).find((one) => one.action === action)?.inside ?? "";
  return Object.fromEntries(
    [...inside.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name = "", value = ""]) => [
      name,
      value,
    ]),
  );
}

describe("a form that was drawn for one partner, sent while another is chosen", () => {
  test("P5 P11: 409 names both, nothing is proposed, and what was typed is there again after going back", async () => {
    const form = await browser.get(`${details}/change?currency=AUD`);
    const sent = { ...typed, ...hiddenIn(form.text, details) };
    expect(sent).toMatchObject({ [drawnForField]: first });
    await choose(second);
    const refused = await browser.post(details, sent, { referer: `http://127.0.0.1:8080${details}/change` });
    expect(refused.status).toBe(409);
    const says = plain(refused.text);
    expect(says).toContain("This form was for First Agents");
    expect(says).toContain("You act for Second Agents now");
    expect(says).toContain("Nothing was done.");
    expect([await accountsOf(first), await accountsOf(second)]).toEqual([0, 0]);
    expect(await chosen()).toBe("Second Agents");

    // One press: the first is chosen again, and the form stands as it was typed. It is not sent by that.
    const back = await browser.post(details, hiddenIn(refused.text, details));
    expect(back.text).toContain('value="First Pty Ltd"');
    expect(back.text).toContain('value="062-000"');
    expect(plain(back.text)).toContain("chosen again");
    expect(await chosen()).toBe("First Agents");
    expect([await accountsOf(first), await accountsOf(second)]).toEqual([0, 0]);
    const again = { ...typed, ...hiddenIn(back.text, details) };
    expect((await browser.post(details, again)).location).toBe(`${details}?done=proposed`);
    expect([await accountsOf(first), await accountsOf(second)]).toEqual([1, 0]);
  });

  test("409 before what was typed is looked at, and before rights are: neither is the other partner's matter", async () => {
    await choose(second);
    expect((await browser.post(details, { [drawnForField]: first, currency: "what" })).status).toBe(409);
    await h.admin.query("update app.contact set rights = '{view}' where partnership_id = $1", [second]);
    for (const path of [details, "/partner/pay", "/partner/transfers/new"]) {
      expect((await browser.post(path, { [drawnForField]: first })).status, path).toBe(409);
    }
  });

  test("where no form can be shown again, choosing leads back to the page that it stood on, and to no other site", async () => {
    await choose(second);
    const end = "/partner/security/sessions/end-others";
    for (const [referer, to] of [
      ["http://127.0.0.1:8080/partner/security?x=1", "/partner/security?x=1"],
      ["https://evil.example//evil.example", "/partner"],
      ["http://127.0.0.1:8080/partner/..//evil.example", "/partner"],
      ["not an address", "/partner"],
    ] as const) {
      const refused = await browser.post(end, { [drawnForField]: first }, { referer });
      expect(refused.status).toBe(409);
      const back = hiddenIn(refused.text, "/partner/choose");
      expect(back).toEqual({ partnership: first, return_to: to });
    }
  });

  test("a partner that the address does not open is not named, and choosing it again is not offered", async () => {
    const stranger = (await way.contact({ partnership: await way.partnership("Stranger Agents") })).partnership;
    for (const said of [stranger, "prt_x", "", "__proto__", "<b>"]) {
      const refused = await browser.post(details, { ...typed, [drawnForField]: said });
      expect(refused.status).toBe(409);
      expect(refused.text).not.toContain("Stranger");
      expect(formsOf(refused.text)).toEqual([]);
      expect((await browser.post(details, { ...typed, [drawnForField]: said, choose_again: "1" })).status).toBe(404);
    }
    expect((await browser.post(details, { ...typed, [drawnForField]: [first, second] })).status).toBe(409);
    expect(await accountsOf(first)).toBe(0);
  });

  test("programs read which problem it is; a form that does not say whose it is goes to the chosen one", async () => {
    await choose(second);
    const refused = await browser.post(details, { [drawnForField]: first }, { accept: "application/json" });
    expect(JSON.parse(refused.text)).toMatchObject({ status: 409, code: "partner.changed" });
    expect((await browser.post(details, typed)).status).toBe(303);
    expect([await accountsOf(first), await accountsOf(second)]).toEqual([0, 1]);
  });

  test("choosing and signing out work from the pages of either", async () => {
    const page = await browser.get("/partner/security");
    await choose(second);
    const choice = await browser.get("/partner/choose");
    expect(formsOf(choice.text).map(({ inside }) => inside.includes(drawnForField))).toEqual([false, false]);
    const leave = hiddenIn(page.text, "/partner/sign-out");
    expect((await browser.post("/partner/sign-out", leave)).location).toBe("/partner/sign-in?done=signed-out");
  });

  test("in Arabic, too", async () => {
    await h.admin.query("update app.contact set language = 'ar' where partnership_id = $1", [second]);
    await choose(second);
    const refused = await browser.post(details, { ...typed, [drawnForField]: first });
    expect(refused.text).toContain('lang="ar"');
    expect(refused.text.replaceAll(/[\u2068\u2069]/g, "")).toContain("كان هذا النموذج باسم First Agents");
  });
});

test("every form on every page of the portal says for which partner it was drawn, but choosing and signing out", async () => {
  const sample = await sampleWorld(h, "ZEBRAMARK", "mine.example");
  const { partnership } = sample.partner;
  const rights = (...all: ContactRight[]) => h.partner(sample.institution, partnership, all);
  const eyes = [await rights(...contactRights), await h.member(sample.institution, partnership)];
  const free = new Set(["/partner/sign-out", "/partner/choose"]);
  const paths = registry
    .filter(({ method, opens, live }) => method === "GET" && opens === "partner" && !live)
    .map(({ path }) => fillPath(sample, path));
  const seen = new Set<string>();
  const silent: string[] = [];
  for (const path of [...paths, `${details}/change?currency=AUD`]) {
    for (const eye of eyes) {
      const shown = await eye.get(path);
      for (const { action, inside } of formsOf(shown.text)) {
        seen.add(action);
        if (!free.has(action) && !inside.includes(`name="${drawnForField}" value="${partnership}"`)) {
          silent.push(`${path} → ${action}`);
        }
      }
    }
  }
  expect(silent).toEqual([]);
  expect([...seen]).toEqual(
    expect.arrayContaining([details, "/partner/pay", "/partner/step-up", "/partner/transfers/new"]),
  );
  expect(seen.size).toBeGreaterThan(7);
});
