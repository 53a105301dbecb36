import { expect } from "vitest";
import type { ContactId, ContactRight, CustomerId, InstitutionId, Role, StaffId } from "#access/principal.ts";
import { hashPassword } from "#features/security/password.ts";
import { codeAt, newTotpSecret } from "#features/security/totp.ts";
import { sessionCookie } from "#http/cookies.ts";
import { type Id, newId } from "#kernel/ids.ts";
import type { Browser, Shown } from "./browser.ts";
import type { TestHouse } from "./house.ts";

/** What the attacks on the customers' way in need: customers, their mail and their sessions. */
export function customersOf(h: TestHouse, institution: InstitutionId) {
  let count = 0;
  return {
    async customer(email?: string, at: InstitutionId = institution): Promise<{ id: CustomerId; email: string }> {
      count += 1;
      const id: CustomerId = newId("cus", h.clock.now(), h.random);
      const address = email ?? `student${count}@students.example`;
      await h.admin.query(
        `insert into app.customer (institution_id, id, given_name, family_name, email, created_at, updated_at)
         values ($1, $2, $3, 'Tanaka', $4, $5, $5)`,
        [at, id, `Aiko ${count}`, address, h.clock.now().toString()],
      );
      return { id, email: address };
    },
    /** Asks for a link and reads the mail. */
    asked: (browser: Browser, email: string) => askedAt(h, "/sign-in", browser, { email }),
    session: (browser: Browser) => browser.cookies.get(sessionCookie.customer),
    async sessionsOf(id: CustomerId): Promise<number> {
      const { rows } = await h.admin.query("select count(*)::int as n from app.session where customer_id = $1", [id]);
      return rows[0].n;
    },
  };
}

/** Asks for a link at one of the doors and reads the mail. */
async function askedAt(
  h: TestHouse,
  door: "/sign-in" | "/partner/sign-in" | "/partner/step-up",
  browser: Browser,
  fields: Readonly<Record<string, string>>,
): Promise<{ path: string; code: string }> {
  // Mails of one instant have no order, so each gets an instant of its own.
  h.clock.advance({ seconds: 1 });
  const before = (await h.mails()).length;
  const shown = await browser.post(door, fields);
  expect([shown.status, shown.location]).toEqual([303, `${door}/sent`]);
  await h.drain();
  const mails = (await h.mails()).slice(before);
  expect(mails).toHaveLength(1);
  const text = mails[0]?.text_body ?? "";
  const link = /https?:\/\/\S+\/link\/\S+/.exec(text)?.[0] ?? "";
  const code = /(?<!\d)\d{6}(?!\d)/.exec(text.replaceAll(link, ""))?.[0] ?? "";
  const { pathname } = new URL(link);
  expect(pathname.startsWith(`${door}/link/`)).toBe(true);
  return { path: pathname, code };
}

type ContactValues = {
  readonly email?: string;
  partnership?: Id<"prt">;
  rights?: readonly ContactRight[];
  language?: string;
};

/** What the attacks on the partners' way in need: partnerships, their contacts, and the mail of these. */
export function contactsOf(h: TestHouse, institution: InstitutionId) {
  let count = 0;
  const partnership = async (name = "Meridian"): Promise<Id<"prt">> => {
    const id = newId("prt", h.clock.now(), h.random);
    await h.admin.query(
      `insert into app.partnership (institution_id, id, name, kind, legal_name, currency, commission_bps,
         commission_tax, created_at, updated_at) values ($1, $2, $3, 'agent', $3, 'AUD', 1000, 'exclusive', $4, $4)`,
      [institution, id, name, h.clock.now().toString()],
    );
    return id;
  };
  return {
    partnership,
    async contact(values: ContactValues = {}): Promise<{ id: ContactId; email: string; partnership: Id<"prt"> }> {
      count += 1;
      const id: ContactId = newId("con", h.clock.now(), h.random);
      const of = values.partnership ?? (await partnership(`Agents ${count}`));
      const email = values.email ?? `contact${count}@partners.example`;
      await h.admin.query(
        `insert into app.contact (institution_id, id, partnership_id, name, email, rights, language, created_at,
           updated_at) values ($1, $2, $3, 'Ahmed Sharma', $4, $5, $6, $7, $7)`,
        [institution, id, of, email, values.rights ?? ["view", "pay"], values.language ?? "", h.clock.now().toString()],
      );
      return { id, email, partnership: of };
    },
    asked: (browser: Browser, email: string) => askedAt(h, "/partner/sign-in", browser, { email }),
    askedProof: (browser: Browser, returnTo: string) =>
      askedAt(h, "/partner/step-up", browser, { return_to: returnTo }),
    session: (browser: Browser) => browser.cookies.get(sessionCookie.partner),
    async sessionsOf(email: string): Promise<number> {
      const { rows } = await h.admin.query(
        "select count(*)::int as n from app.session where email = $1 and face = 'partner'",
        [email],
      );
      return rows[0].n;
    },
  };
}

/** What a page says, without what differs on every page: the nonce, and words such as a typed address. */
export function bare(shown: Shown, ...words: string[]): string {
  let text = shown.text.replaceAll(/nonce="[^"]*"/g, "");
  for (const word of words) text = text.replaceAll(word, "*").replaceAll(encodeURIComponent(word), "*");
  return text;
}

/** The statements that visitors' connections send while `work` runs, one after the other. */
export async function statementsOf(h: TestHouse, work: () => Promise<unknown>): Promise<readonly string[]> {
  const seen: string[] = [];
  const client = await h.house.pools.of("visitor").connect();
  const proto = Object.getPrototypeOf(client) as { query: (...args: unknown[]) => unknown };
  client.release();
  const original = proto.query;
  proto.query = function (this: unknown, ...args: unknown[]) {
    const [first] = args as [string | { text: string }];
    seen.push(typeof first === "string" ? first : first.text);
    return original.apply(this, args);
  };
  await work().finally(() => {
    proto.query = original;
  });
  return seen;
}

/** The password of every member that `staffOf` makes. */
export const password = "seven wet umbrellas";

export type Member = { readonly id: StaffId; readonly email: string; readonly secret: Uint8Array };

/** What the attacks on the staff's way in need: members with password and authenticator, their mail and their codes. */
export async function staffOf(h: TestHouse, institution: InstitutionId) {
  const passwordHash = await hashPassword(password);
  const code = (who: Member) => codeAt(who.secret, h.clock.now());
  /** The next code: a code opens once, so a second one needs a later step. */
  const nextStep = () => h.clock.advance({ seconds: 31 });
  const givePassword = (browser: Browser, email: string, typed = password): Promise<Shown> =>
    browser.post("/staff/sign-in", { email, password: typed });
  const mailsTo = async (email: string) => {
    await h.drain();
    return (await h.mails()).filter((mail) => mail.to_email === email);
  };
  return {
    code,
    nextStep,
    givePassword,
    mailsTo,
    cookie: (browser: Browser) => browser.cookies.get(sessionCookie.staff),
    opens: async (browser: Browser) => (await browser.get("/staff/security")).status === 200,
    async member(role: Role = "OWNER"): Promise<Member> {
      const now = h.clock.now();
      const id: StaffId = newId("stf", now, h.random);
      const email = `${id.slice(-8)}@northbridge.example`;
      const secret = newTotpSecret(h.random);
      const sealed = h.house.keys.seal(h.random, "totp", id, secret);
      await h.admin.query(
        `insert into app.staff_member (institution_id, id, email, name, role, password_hash, password_changed_at,
           totp_sealed, totp_confirmed_at, created_at) values ($1, $2, $3, 'Priya Nair', $4, $5, $6, $7, $6, $6)`,
        [institution, id, email, role, passwordHash, now.toString(), sealed],
      );
      return { id, email, secret };
    },
    /** A code that is not right now, nor one step before or after. */
    wrongCode(who: Member): string {
      const near = [-30, 0, 30].map((seconds) => codeAt(who.secret, h.clock.now().add({ seconds })));
      return ["000000", "111111", "222222", "333333"].find((one) => !near.includes(one)) ?? "";
    },
    async signedIn(who: Member): Promise<Browser> {
      nextStep();
      const browser = h.browser();
      expect((await givePassword(browser, who.email)).location).toBe("/staff/two-step");
      expect((await browser.post("/staff/two-step", { code: code(who) })).location).toBe("/staff");
      return browser;
    },
    /** The link to set a new password, from the newest such mail. */
    async linkTo(email: string): Promise<string> {
      const mail = (await mailsTo(email)).findLast((one) => one.text_body.includes("/staff/set-password/"));
      return /\/staff\/set-password\/[\w-]+/.exec(mail?.text_body ?? "")?.[0] ?? "";
    },
  };
}

/** The secret and the sealed offer on a page that sets up two-step. */
export function offered(shown: Shown): { offer: string; secret: Uint8Array } {
  const offer = /name="offer" value="([^"]+)"/.exec(shown.text)?.[1] ?? "";
  const key = /id="key"[^>]*>\s*([A-Z2-7 ]+)/.exec(shown.text)?.[1]?.replaceAll(/\s/g, "") ?? "";
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...key].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return { offer, secret: Uint8Array.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))) };
}
