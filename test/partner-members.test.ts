import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ContactRight, InstitutionId } from "#access/principal.ts";
import { newWalletNumber } from "#features/wallets/wallet.ts";
import { type Id, newId } from "#kernel/ids.ts";
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

  test("W1: a member sees what is in the wallets of its own account, and nothing of another's", async () => {
    const mine = await wallet(partner, 123_456n);
    const other = await way.partnership("Pacific");
    const theirs = await wallet(other, 98_765n);
    const viewer = await h.member(institution, partner, "VIEWER");
    const home = await viewer.get("/partner");
    expect(home.text).toContain(`href="/partner/wallets/${mine}"`);
    expect(home.text.replaceAll(/<[^>]*>/g, "")).toContain("1,234.56");
    for (const foreign of [theirs, "987<", "Pacific"]) expect(home.text).not.toContain(foreign);
    // Who looks is offered no transfer; who may, is.
    expect(home.text).not.toContain("/partner/transfers/new");
    const operator = await h.member(institution, partner, "OPERATOR");
    expect((await operator.get("/partner")).text).toContain("/partner/transfers/new");
    const contact = await h.partner(institution, partner, ["view"]);
    expect((await contact.get("/partner")).text).not.toContain(mine);
  });

  test("a live page of who is suspended, removed or given another role ends by itself", async () => {
    const owner = await h.staff(institution);
    await h.member(institution, partner, "OWNER");
    const ends = [
      ["access", { access: "off" }],
      ["remove", {}],
      ["role", { role: "VIEWER" }],
    ] as const;
    const streams: Response[] = [];
    for (const [what, fields] of ends) {
      const member = await h.member(institution, partner, "OPERATOR");
      streams.push(await connected(member));
      const shown = await owner.post(`/staff/members/${partner}/members/${member.memberId}/${what}`, fields);
      expect(shown.status).toBe(303);
    }
    // Each says so at one of its next looks and ends: its text is whole only then.
    const said = await Promise.all(streams.map((stream) => stream.text()));
    for (const text of said) expect(text).toContain("event: end");
  }, 20_000);
});

/** A live page as a browser with script reads it. */
async function connected(member: Browser): Promise<Response> {
  const cookie = [...member.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const headers = { cookie, accept: "text/html, text/event-stream" };
  const response = await h.app.fetch(new Request(`${h.house.origin}/partner/transfers/live`, { headers }));
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  return response;
}

/** A wallet with something in it, of a partnership that gets an account for it. */
async function wallet(of: Id<"prt">, minor: bigint): Promise<string> {
  await h.member(institution, of);
  const id = newId("wal", h.clock.now(), h.random);
  const number = newWalletNumber(h.random);
  await h.admin.query(
    `insert into app.wallet_currency (institution_id, currency, set_by, updated_at) values ($1, 'AUD', 'test', now())
     on conflict do nothing`,
    [institution],
  );
  await h.admin.query(
    `insert into app.wallet (institution_id, id, partnership_id, number, currency, purpose, opened_by, opened_at,
       updated_at) values ($1, $2, $3, $4, 'AUD', 'general', 'test', now(), now())`,
    [institution, id, of, number],
  );
  await h.admin.query(
    `insert into ledger.account (institution_id, currency, kind, owner, balance, min_balance, opened_at, last_at)
     values ($1, 'AUD', 'wallet', $2, $3, 0, now(), now())`,
    [institution, id, minor],
  );
  return number;
}
