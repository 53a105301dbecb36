import { type RawBuilder, sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { openBankDetails } from "#features/bank-accounts/open-bank-details.ts";
import { newId } from "#kernel/ids.ts";
import { inTx } from "#platform/tx.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { moneyWorld } from "../../../../test/support/money.ts";

let h: TestHouse;
let institution: InstitutionId;
let partner: string;
let contact: Awaited<ReturnType<TestHouse["partner"]>>;

beforeAll(async () => {
  h = await testHouse();
});
afterAll(() => h.close());
beforeEach(async () => {
  ({ institution, partner } = await moneyWorld(h));
  contact = await h.partner(institution, partner);
});

const iban = "DE89370400440532013000";
const german = { currency: "USD", country: "DE", holder_name: "Meridian GmbH", bank_name: "Nordbank", iban };
const australian = {
  ...{ currency: "AUD", country: "AU", holder_name: "Meridian Pty Ltd", bank_name: "Harbour Bank" },
  ...{ bsb: "062-000", account: "12345678" },
};

const words = (html: string) => html.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");

async function accounts() {
  const { rows } = await h.admin.query<{ id: string; state: string; sealed: Buffer; last4: string; currency: string }>(
    "select id, state, sealed, last4, currency from app.bank_account where partnership_id = $1 order by id",
    [partner],
  );
  return rows;
}

describe("bank details of a partner", () => {
  test("P11: a contact proposes an account; it waits, masked, sealed, and everybody with the right is told", async () => {
    const other = await h.partner(institution, partner, ["view", "bank_details"]);
    const viewer = await h.partner(institution, partner, ["view"]);
    const form = await contact.get("/partner/bank-details/change?currency=AUD");
    expect(words(form.text)).toContain("BSB");
    const key = /name="key" value="([^"]*)"/.exec(form.text)?.[1] ?? "";
    const sent = await contact.post("/partner/bank-details", { ...australian, key });
    expect(sent.location).toBe("/partner/bank-details?done=proposed");
    const { text } = await contact.follow(sent);
    expect(words(text)).toContain("•••• 5678");
    expect(words(text)).toContain("is looking at this change");
    expect(text).not.toContain("12345678");
    expect(text).not.toContain("062000");

    // The same form sent again is one proposal.
    expect((await contact.post("/partner/bank-details", { ...australian, key })).status).toBe(303);
    const [row, ...more] = await accounts();
    expect(more).toEqual([]);
    expect(row).toMatchObject({ state: "in_review", last4: "5678" });
    const bytes = row?.sealed ?? Buffer.alloc(0);
    expect(bytes.includes("12345678") || bytes.includes("062000")).toBe(false);
    const opened = await h.system(institution, (cx) => openBankDetails(cx, row?.id ?? ""));
    expect(opened.numbers).toEqual({ scheme: "au", bsb: "062000", account: "12345678" });

    await h.drain();
    const mails = (await h.mails()).filter((mail) => mail.subject.includes("wait for review"));
    const told = mails.map((mail) => mail.to_email);
    expect(told).toEqual(expect.arrayContaining([contact.email, other.email]));
    expect(told).not.toContain(viewer.email);
    expect(JSON.stringify(mails)).not.toContain("12345678");
    expect(mails[0]?.text_body).toContain("ending in 5678");
  });

  test("neither audit log nor news holds more of a number than its last four", async () => {
    await contact.post("/partner/bank-details", german);
    const { rows } = await h.admin.query<{ all: string }>(
      `select coalesce((select json_agg(a)::text from app.audit_entry a where a.institution_id = $1), '')
         || coalesce((select json_agg(o)::text from app.outbox o where o.institution_id = $1), '') as all`,
      [institution],
    );
    const all = rows[0]?.all ?? "";
    expect(all).toContain("bank-details.proposed");
    expect(all).toContain("•••• 3000");
    expect(all).not.toContain("532013000");
  });

  test("what is wrong is said beside the field, in the reader's language, and what was typed is kept", async () => {
    const wrong = { ...german, iban: "DE89370400440532013001", holder_name: "" };
    const { status, text } = await contact.post("/partner/bank-details", wrong);
    expect(status).toBe(422);
    expect(words(text)).toContain("The check digits of this IBAN do not fit");
    expect(words(text)).toContain("Write the name of who holds the account");
    expect(text).toContain('value="Nordbank"');
    await h.admin.query("update app.contact set language = 'ar' where id = $1", [contact.contactId]);
    const arabic = await contact.post("/partner/bank-details", wrong);
    expect(arabic.text).toContain('dir="rtl"');
    expect(words(arabic.text)).toContain("أرقام التحقق في IBAN لا تطابق");
    expect(await accounts()).toEqual([]);
  });

  test("a currency of no country asks where the account is; the fields follow the country", async () => {
    const where = await contact.get("/partner/bank-details/change");
    expect(words(where.text)).toContain("Where is the account?");
    const american = await contact.get("/partner/bank-details/change?currency=AUD&country=US");
    expect(words(american.text)).toContain("Routing number (ABA)");
    const elsewhere = await contact.get("/partner/bank-details/change?currency=JPY");
    expect(words(elsewhere.text)).toContain("BIC (SWIFT code)");
  });

  test("two proposals at once: one waits, the other is told so in plain words", async () => {
    const both = await Promise.all([
      contact.post("/partner/bank-details", australian),
      contact.post("/partner/bank-details", { ...australian, account: "87654321" }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect(words(both.find(({ status }) => status === 409)?.text ?? "")).toContain("waits for review already");
    expect(await accounts()).toHaveLength(1);
  });

  test("a proposal is taken back while it waits; one that was decided on is not", async () => {
    await contact.post("/partner/bank-details", australian);
    expect((await contact.post("/partner/bank-details/withdraw", { currency: "AUD" })).location).toContain("withdrawn");
    expect((await accounts())[0]?.state).toBe("withdrawn");
    const again = await contact.post("/partner/bank-details/withdraw", { currency: "AUD" });
    expect(again.status).toBe(409);
    expect((await contact.post("/partner/bank-details/withdraw", { currency: "KWD" })).status).toBe(404);
  });

  test("a contact without the right sees the accounts and is refused to change them", async () => {
    await contact.post("/partner/bank-details", australian);
    const viewer = await h.partner(institution, partner, ["view", "pay"]);
    const { text } = await viewer.get("/partner/bank-details");
    expect(words(text)).toContain("•••• 5678");
    expect(text).not.toContain("/partner/bank-details/change");
    expect((await viewer.get("/partner/bank-details/change?currency=AUD")).status).toBe(403);
    expect((await viewer.post("/partner/bank-details", australian)).status).toBe(403);
    expect((await viewer.post("/partner/bank-details/withdraw", { currency: "AUD" })).status).toBe(403);
    expect((await accounts()).map(({ state }) => state)).toEqual(["in_review"]);
  });

  test("another partner sees nothing of it, can't take it back, and can't write over it by its id", async () => {
    await contact.post("/partner/bank-details", australian);
    const rival = await moneyWorld(h, institution);
    const stranger = await h.partner(institution, rival.partner);
    expect((await stranger.get("/partner/bank-details")).text).not.toContain("5678");
    expect((await stranger.post("/partner/bank-details/withdraw", { currency: "AUD" })).status).toBe(404);
    const [mine] = await accounts();
    const theft = { ...australian, account: "99999999", key: mine?.id ?? "" };
    expect((await stranger.post("/partner/bank-details", theft)).status).toBe(409);
    expect(await accounts()).toEqual([mine]);
  });

  test("the role that partners write on can't approve what it proposed, nor write for another partner", async () => {
    await contact.post("/partner/bank-details", australian);
    const rival = await moneyWorld(h, institution);
    const opening = { as: "partner", token: contact.token, writes: true } as const;
    const run = (query: RawBuilder<unknown>) => inTx(h.house, opening, async (cx) => await query.execute(cx.db));
    const insert = (owner: string, state: string) => sql`insert into app.bank_account (institution_id, id,
        partnership_id, currency, holder_name, sealed, last4, state, proposed_by_kind, proposed_by, created_at)
      values (${institution}, ${newId("bac", h.clock.now(), h.random)}, ${owner}, 'JPY', 'X', '', '0000', ${state},
        'partner', 'x', now())`;
    await expect(run(sql`update app.bank_account set state = 'active'`)).rejects.toThrow(/row-level security/);
    await expect(run(sql`update app.bank_account set usable_from = null`)).rejects.toThrow(/permission denied/);
    await expect(run(sql`select sealed from app.bank_account`)).rejects.toThrow(/permission denied/);
    await expect(run(insert(partner, "active"))).rejects.toThrow(/row-level security/);
    await expect(run(insert(rival.partner, "in_review"))).rejects.toThrow(/row-level security/);
    await expect(run(sql`update app.partnership set netting = 'proposed'`)).resolves.toMatchObject({
      numAffectedRows: 0n,
    });
    expect((await accounts()).map(({ state }) => state)).toEqual(["in_review"]);
  });

  test("a proof of more than ten minutes ago does not do: the form leads to the step-up and back", async () => {
    h.clock.advance({ minutes: 11 });
    const form = await contact.get("/partner/bank-details/change?currency=AUD");
    expect(form.status).toBe(303);
    expect(form.location).toContain("/partner/step-up");
    expect((await contact.post("/partner/bank-details", australian)).location).toContain("/partner/step-up");
    expect(await accounts()).toEqual([]);
  });

  test("P11: a payout that failed says why in plain words, and what to do about it", async () => {
    const account = newId("bac", h.clock.now(), h.random);
    const now = h.clock.now().toString();
    await h.admin.query(
      `insert into app.bank_account (institution_id, id, partnership_id, currency, holder_name, sealed, last4, state,
         proposed_by_kind, proposed_by, created_at)
       values ($1, $2, $3, 'AUD', 'Meridian', '\\x00', '8841', 'active', 'staff', 'x', $4)`,
      [institution, account, partner, now],
    );
    await h.admin.query(
      `insert into app.payout (institution_id, id, partnership_id, number, currency, state, scheduled_for, net_minor,
         total_minor, bank_account_id, failure_reason, failed_at, created_at, updated_at)
       values ($1, $2, $3, 7, 'AUD', 'failed', '2026-11-19', 100, 100, $4, 'account_closed', $5, $5, $5)`,
      [institution, newId("pyo", h.clock.now(), h.random), partner, account, now],
    );
    const { text } = await contact.get("/partner/bank-details?currency=AUD");
    expect(words(text)).toContain("Payout PO-000007 did not reach this account");
    expect(words(text)).toContain("The bank account is closed");
    expect(words(text)).toContain("Correct the details below");
    await contact.post("/partner/bank-details", australian);
    const changed = words((await contact.get("/partner/bank-details")).text);
    expect(changed).toContain("You have changed the details since");
    expect(changed).toContain("Nothing is sent to it until the change is decided");
  });

  test("P12: setting off what is owed counts only once the partner agreed to it, and until it ends it", async () => {
    const netting = async () =>
      (await h.admin.query<{ netting: string }>("select netting from app.partnership where id = $1", [partner])).rows[0]
        ?.netting;
    expect((await contact.post("/partner/bank-details/netting", { answer: "agree" })).status).toBe(409);
    expect(await netting()).toBe("off");
    await h.admin.query("update app.partnership set netting = 'proposed' where id = $1", [partner]);
    expect(words((await contact.get("/partner/bank-details")).text)).toContain(
      "proposes to set your open invoices off",
    );
    expect(words((await contact.get("/partner/bank-details/netting")).text)).toContain("Do not agree");
    expect((await contact.post("/partner/bank-details/netting", { answer: "agree" })).status).toBe(303);
    expect(await netting()).toBe("agreed");
    expect((await contact.post("/partner/bank-details/netting", { answer: "off" })).status).toBe(303);
    expect(await netting()).toBe("off");
  });
});
