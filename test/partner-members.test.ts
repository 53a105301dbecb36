import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ContactRight, InstitutionId } from "#access/principal.ts";
import type { Id } from "#kernel/ids.ts";
import type { Browser } from "./support/browser.ts";
import { type TestHouse, testHouse } from "./support/house.ts";
import { contactsOf, customersOf } from "./support/sign-in.ts";

// What members of a partner account open (W13), how long, and what stays closed.
let h: TestHouse;
let institution: InstitutionId;
let way: ReturnType<typeof contactsOf>;
let partner: Id<"prt">;

beforeAll(async () => {
  h = await testHouse();
  institution = await h.institution({ host: "127.0.0.1:8080" });
  way = contactsOf(h, institution);
});
afterAll(() => h.close());
beforeEach(async () => {
  // A new day for each test: limits of one are no limits of the next.
  h.clock.advance({ hours: 25 });
  partner = await way.partnership();
});

/** A member whose address may be somebody else's, too, signed in by a mailed link. */
async function signedIn(email: string): Promise<Browser> {
  const { memberId } = await h.member(institution, partner);
  await h.admin.query("update app.member set email = $2 where id = $1", [memberId, email]);
  const browser = h.browser();
  expect((await browser.post((await way.asked(browser, email)).path)).status).toBe(303);
  return browser;
}

describe("members of a partner account", () => {
  test("a person who is contact and member has the sum; either part taken away leaves the other", async () => {
    const email = "sum@both.example";
    const { id } = await way.contact({ email, partnership: partner, rights: ["view"] });
    const browser = await signedIn(email);
    expect((await browser.get("/partner/payouts")).status).toBe(200);
    await h.admin.query("update app.contact set removed_at = now() where id = $1", [id]);
    expect((await browser.get("/partner/payouts")).status).toBe(403);
    expect((await browser.get("/partner")).text).toContain("Owner");
  });

  test("one address that serves several partnerships chooses among them, as what it is in each", async () => {
    const email = "many@both.example";
    const other = await way.partnership("Pacific");
    await way.contact({ email, partnership: other, rights: ["view"] });
    const browser = await signedIn(email);
    await browser.post("/partner/choose", { partnership: partner });
    const choices = await browser.get("/partner/choose");
    expect(choices.text).toContain("Meridian");
    expect(choices.text).toContain("Pacific");
    expect((await browser.get("/partner/payouts")).status).toBe(403);
    await browser.post("/partner/choose", { partnership: other });
    expect((await browser.get("/partner/payouts")).status).toBe(200);
  });

  test.each(["OWNER", "ADMIN", "OPERATOR", "VIEWER"] as const)(
    "403 with what to do: %s opens no page of a contact",
    async (role) => {
      const member = await h.member(institution, partner, role);
      for (const path of ["/partner/payouts", "/partner/invoices", "/partner/customers", "/partner/bank-details"]) {
        const shown = await member.get(path);
        expect(shown.status, path).toBe(403);
        expect(shown.text).toContain("Ask it for this right");
      }
      const home = await member.get("/partner");
      expect(home.status).toBe(200);
      for (const closed of ["/partner/payouts", "/partner/customers", "/partner/bank-details"]) {
        expect(home.text).not.toContain(`href="${closed}"`);
      }
    },
  );

  test("a contact without any right is told so on a page that opens", async () => {
    const contact = await h.partner(institution, partner, [] as readonly ContactRight[]);
    const home = await contact.get("/partner");
    expect([home.status, home.text.includes("Nothing is open to you")]).toEqual([200, true]);
  });

  test("404: a member's session opens no other face", async () => {
    const { id } = await customersOf(h, institution).customer();
    const member = await h.member(institution, partner);
    expect((await member.get("/staff")).location).toContain("/staff/sign-in");
    expect((await member.get(`/staff/customers/${id}`)).location).toContain("/staff/sign-in");
    expect((await member.get("/overview")).location).toContain("/sign-in");
  });
});
