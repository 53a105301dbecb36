import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import type { InstitutionId, Role } from "#access/principal.ts";
import { inviteMember, withdrawInvitation } from "#features/members/invite-member.ts";
import { provisionAccount } from "#features/members/provision-account.ts";
import type { Id } from "#kernel/ids.ts";
import { inTx } from "#platform/tx.ts";
import type { Browser } from "./support/browser.ts";
import { type TestHouse, testHouse } from "./support/house.ts";
import { contactsOf } from "./support/sign-in.ts";

// The attacks of access.md 11 on invitations to partner accounts.
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
// A new day for each test: limits of one are no limits of the next.
beforeEach(async () => {
  h.clock.advance({ hours: 25 });
  partner = await way.partnership();
});

/** Provisions the account where there is none, and invites. Answers the path of the link, read from the mail. */
async function invited(email: string, role: Role = "OWNER"): Promise<string> {
  await h.system(institution, async (cx) => {
    const may = permit(cx.principal, "members.write");
    const text = { name: "Rosa Weber", email, language: "" };
    const { rowCount } = await h.admin.query("select from app.workspace where partnership_id = $1", [partner]);
    if (rowCount) await inviteMember(cx, may, partner, { ...text, role });
    else await provisionAccount(cx, may, partner, { ...text, account: "Treasury" });
  });
  await h.drain();
  const mail = (await h.mails()).findLast((one) => one.to_email === email);
  return /\/partner\/invitations\/[\w-]{43}(?![\w-])/.exec(mail?.text_body ?? "")?.[0] ?? "";
}

async function membersAt(email: string): Promise<readonly { id: string; role: string }[]> {
  const { rows } = await h.admin.query("select id, role from app.member where email = $1 and removed_at is null", [
    email,
  ]);
  return rows;
}

async function joined(email: string): Promise<Browser> {
  const browser = h.browser();
  expect((await browser.post(`${await invited(email)}/accept`)).location).toBe("/partner?done=joined");
  return browser;
}

describe("the link of an invitation", () => {
  test("W1: says who invites whom into what as what; a press makes the member and signs in that browser", async () => {
    const path = await invited("rosa@one.example");
    const browser = h.browser();
    const page = await browser.get(path);
    expect([page.status, page.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(page.headers.get("referrer-policy")).toBe("same-origin");
    for (const words of ["Northbridge College invites you", "Meridian", "rosa@one.example", "Owner"]) {
      expect(page.text).toContain(words);
    }
    expect((await browser.post(`${path}/accept`)).location).toBe("/partner?done=joined");
    const home = await browser.get("/partner?done=joined");
    expect([home.status, home.text.includes("You’re a member now")]).toEqual([200, true]);
    expect(await membersAt("rosa@one.example")).toHaveLength(1);
    // Next time by a mailed link, like everybody of a partner.
    const again = h.browser();
    expect((await again.post((await way.asked(again, "rosa@one.example")).path)).location).toBe("/partner");
  });

  test("a mail scanner that fetches it spends nothing and gets no cookie", async () => {
    const path = await invited("rosa@scan.example");
    const bot = h.browser();
    for (let time = 0; time < 20; time++) expect((await bot.get(path)).status).toBe(200);
    for (const what of ["accept", "decline"]) expect([404, 405]).toContain((await bot.get(`${path}/${what}`)).status);
    expect(bot.cookies.size).toBe(0);
    expect(await membersAt("rosa@scan.example")).toEqual([]);
    expect((await h.browser().post(`${path}/accept`)).status).toBe(303);
  });

  test("100 acceptances at once make one member and one session", async () => {
    const email = "rosa@hundred.example";
    const path = await invited(email);
    const browsers = Array.from({ length: 100 }, () => h.browser());
    const shown = await Promise.all(browsers.map((browser) => browser.post(`${path}/accept`)));
    expect(shown.filter((one) => one.status === 303)).toHaveLength(1);
    expect(shown.filter((one) => one.status === 410)).toHaveLength(99);
    expect(await membersAt(email)).toHaveLength(1);
    expect(await way.sessionsOf(email)).toBe(1);
  });

  test("accepted and declined at once: one of both holds", async () => {
    for (let round = 0; round < 5; round++) {
      const email = `both${round}@race.example`;
      const path = await invited(email, "VIEWER");
      const all = await Promise.all([
        h.browser().post(`${path}/accept`),
        h.browser().post(`${path}/decline`),
        h.browser().post(`${path}/accept`),
      ]);
      const { rows } = await h.admin.query("select state from app.invitation where email = $1", [email]);
      const accepted = rows[0].state === "accepted";
      expect(await membersAt(email)).toHaveLength(accepted ? 1 : 0);
      expect(all.filter((one) => one.location === "/partner?done=joined")).toHaveLength(accepted ? 1 : 0);
    }
  });

  const ends: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
    unknown: async () => undefined,
    expired: async () => h.clock.advance({ hours: 24 * 7 }),
    accepted: (path) => h.browser().post(`${path}/accept`),
    declined: (path) => h.browser().post(`${path}/decline`),
    withdrawn: () => withdraw(),
  };
  test.each([
    ["unknown", 404, "can’t be used"],
    ["expired", 410, "has expired"],
    ["accepted", 410, "was accepted already"],
    ["declined", 410, "was declined"],
    ["withdrawn", 410, "was withdrawn"],
  ] as const)("%s: opens nothing, says why and what to do", async (name, status, words) => {
    const email = `${name}@dead.example`;
    const path = await invited(email);
    await ends[name]?.(path);
    const opened = name === "unknown" ? `${path.slice(0, -4)}AAAA` : path;
    const before = (await membersAt(email)).length;
    for (const shown of [await h.browser().get(opened), await h.browser().post(`${opened}/accept`)]) {
      expect(shown.status).toBe(status);
      expect(shown.text).toContain(words);
      expect(shown.text).toMatch(/[Aa]sk Northbridge College|href="\/partner\/sign-in"/);
      expect(shown.headers.getSetCookie()).toEqual([]);
    }
    await h.browser().post(`${opened}/decline`);
    expect(await membersAt(email)).toHaveLength(before);
  });

  async function withdraw(): Promise<void> {
    await h.system(institution, async (cx) => {
      const { rows } = await h.admin.query("select id from app.invitation where partnership_id = $1", [partner]);
      await withdrawInvitation(cx, permit(cx.principal, "members.write"), partner, rows[0].id);
    });
  }

  test("the member gets the address it was sent to, whoever is signed in where it is pressed", async () => {
    const stranger = await way.contact({ email: "stranger@else.example" });
    const browser = h.browser();
    await browser.post((await way.asked(browser, stranger.email)).path);
    const before = way.session(browser);
    await browser.post(`${await invited("rosa@mine.example")}/accept`);
    expect(await membersAt(stranger.email)).toEqual([]);
    expect(await membersAt("rosa@mine.example")).toHaveLength(1);
    // The stranger's session ended there: nothing planted or forgotten lives on.
    expect(way.session(browser)).not.toBe(before);
    const old = h.browser().with("portico-partner", before ?? "");
    expect((await old.get("/partner/security")).location).toContain("/partner/sign-in");
    expect((await browser.get("/partner/security")).text).toContain("rosa@mine.example");
  });

  test("never overwrites an account: a member who is there keeps the role and is told to sign in", async () => {
    const email = "rosa@kept.example";
    await joined("first@kept.example");
    const path = await invited(email, "VIEWER");
    // The address became a member meanwhile, with another role.
    await h.admin.query(
      `insert into app.member (institution_id, id, partnership_id, name, email, role, created_at, updated_at)
       values ($1, 'mbr_00000000000000000000000000', $2, 'Rosa', $3, 'ADMIN', now(), now())`,
      [institution, partner, email],
    );
    for (const shown of [await h.browser().get(path), await h.browser().post(`${path}/accept`)]) {
      expect([shown.status, shown.text.includes("You’re a member already")]).toEqual([409, true]);
      expect(shown.headers.getSetCookie()).toEqual([]);
    }
    expect(await membersAt(email)).toEqual([{ id: "mbr_00000000000000000000000000", role: "ADMIN" }]);
  });

  test("404: a link of another institution opens nothing here", async () => {
    const other = await h.institution({ host: "other.example", name: "Other College" });
    const path = await invited("rosa@foreign.example");
    const there = await h.staff(other);
    there.cookies.clear();
    expect((await there.get(path)).status).toBe(404);
    expect((await there.post(`${path}/accept`)).status).toBe(404);
    expect(await membersAt("rosa@foreign.example")).toEqual([]);
  });

  test("a form of another site accepts nothing", async () => {
    const path = await invited("rosa@cross.example");
    const shown = await h.browser().post(`${path}/accept`, {}, { "sec-fetch-site": "cross-site" });
    expect(shown.status).toBe(403);
    expect(await membersAt("rosa@cross.example")).toEqual([]);
  });

  test("it is no fresh proof: what asks for one asks for a new link", async () => {
    const browser = await joined("rosa@proof.example");
    const { rows } = await h.admin.query("select stepped_up_at from app.session where email = 'rosa@proof.example'");
    expect(rows).toEqual([{ stepped_up_at: null }]);
    await way.contact({ email: "rosa@proof.example", partnership: partner, rights: ["view", "bank_details"] });
    expect((await browser.get("/partner/bank-details/change")).location).toContain("/partner/step-up");
  });

  test("its token is in no table in plain, and the outbox forgets it once it is mailed", async () => {
    const path = await invited("rosa@plain.example");
    const token = path.split("/").at(-1) ?? "";
    const { rows } = await h.admin.query(
      `select (select count(*) from app.outbox where data::text like '%' || $1 || '%')::int as outbox,
              (select count(*) from app.outbox where event = 'member.invited' and data <> '{}')::int as sealed,
              (select count(*) from app.invitation v where v::text like '%' || $1 || '%')::int as invitation,
              (select count(*) from app.audit_entry where data::text like '%' || $1 || '%')::int as log`,
      [token],
    );
    expect(rows).toEqual([{ outbox: 0, sealed: 0, invitation: 0, log: 0 }]);
  });

  test("the visitor's role reads and writes no member and no invitation by itself", async () => {
    await invited("rosa@walls.example");
    const visit = { as: "visitor", host: "127.0.0.1:8080" } as const;
    for (const text of [
      "select id from app.member",
      "select id from app.invitation",
      "update app.invitation set state = 'accepted'",
      `insert into app.member (institution_id, id, partnership_id, name, email, role, created_at, updated_at)
       values ('${institution}', 'mbr_x', '${partner}', 'x', 'x@y.example', 'OWNER', now(), now())`,
    ]) {
      const asked = inTx(h.house, visit, async (cx) => {
        await sql.raw(text).execute(cx.db);
      });
      await expect(asked, text).rejects.toThrow(/permission denied/);
    }
  });
});
