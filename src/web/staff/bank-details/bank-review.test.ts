import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import type { InstitutionId } from "#access/principal.ts";
import { usableBankAccount } from "#features/bank-accounts/bank-account-views.ts";
import { sealAgain } from "#features/bank-accounts/seal-again.ts";
import { addContact } from "#features/partnerships/add-contact.ts";
import { editContact } from "#features/partnerships/edit-contact.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { removeContact } from "#features/partnerships/remove-contact.ts";
import { upsertContacts } from "#features/partnerships/upsert-contacts.ts";
import { openKeys } from "#platform/crypto.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { moneyWorld } from "../../../../test/support/money.ts";

let h: TestHouse;
let institution: InstitutionId;
let partner: PartnershipId;
let owner: Awaited<ReturnType<TestHouse["staff"]>>;
let contact: Awaited<ReturnType<TestHouse["partner"]>>;

beforeAll(async () => {
  h = await testHouse();
});
afterAll(() => h.close());
beforeEach(async () => {
  ({ institution, partner } = await moneyWorld(h));
  owner = await h.staff(institution);
  contact = await h.partner(institution, partner);
});

const details = {
  ...{ currency: "AUD", country: "AU", holder_name: "Meridian Pty Ltd", bank_name: "Harbour Bank" },
  ...{ bsb: "062-000", account: "12345678" },
};
const words = (html: string) => html.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
const usable = () => h.system(institution, (cx) => usableBankAccount(cx, partner, "AUD"));

async function accounts() {
  const { rows } = await h.admin.query<{ id: string; state: string; last4: string; usable_from: Date | null }>(
    "select id, state, last4, usable_from from app.bank_account where partnership_id = $1 order by id",
    [partner],
  );
  return rows;
}

/** Proposes details as the contact; answers the id of what waits now. */
async function proposed(account = "12345678"): Promise<string> {
  expect((await contact.post("/partner/bank-details", { ...details, account })).status).toBe(303);
  return (await accounts()).find(({ state }) => state === "in_review")?.id ?? "";
}

describe("bank details on the staff side", () => {
  test("P1: with nobody else to review it an account that staff enter counts at once, and takes the former's place", async () => {
    const path = `/staff/partnerships/${partner}/bank-accounts/new`;
    const form = await owner.get(`${path}?currency=AUD`);
    const key = /name="key" value="([^"]*)"/.exec(form.text)?.[1] ?? "";
    const sent = await owner.post(path, { ...details, key });
    expect(sent.location).toContain("done=bank-active");
    expect((await owner.post(path, { ...details, key })).status).toBe(303);
    expect(await accounts()).toMatchObject([{ state: "active", last4: "5678" }]);
    expect(await usable()).toMatchObject({ ok: true, account: { last4: "5678" } });
    await owner.post(path, { ...details, account: "555512349" });
    expect(await accounts()).toMatchObject([{ state: "replaced" }, { state: "active", last4: "2349" }]);
    const { text } = await owner.get(`/staff/partnerships/${partner}`);
    expect(words(text)).toContain("•••• 2349");
    expect(text).not.toContain("555512349");
  });

  test("what one member of staff enters another one reviews; who entered it can't", async () => {
    const second = await h.staff(institution, "ADMIN");
    const path = `/staff/partnerships/${partner}/bank-accounts/new`;
    expect((await owner.post(path, details)).location).toContain("done=bank-review");
    expect(await usable()).toEqual({ ok: false, why: "bank_details_in_review" });
    const [waiting] = await accounts();
    const own = await owner.get(`/staff/bank-details/${waiting?.id}`);
    expect(words(own.text)).toContain("Somebody else has to review this");
    expect((await owner.post(`/staff/bank-details/${waiting?.id}/approve`)).status).toBe(403);
    expect((await owner.post(`/staff/bank-details/${waiting?.id}/reject`, { reason: "no" })).status).toBe(403);
    expect((await second.post(`/staff/bank-details/${waiting?.id}/approve`)).status).toBe(303);
    // Staff know what they do: no cooling-off period.
    expect(await usable()).toMatchObject({ ok: true });
    const again = await owner.post(path, { ...details, account: "11112222" });
    expect(again.status).toBe(303);
    expect((await second.post(path, { ...details, account: "33334444" })).status).toBe(409);
  });

  test("P11: who let a contact in lately can't approve what this contact asks for, while somebody else can", async () => {
    const second = await h.staff(institution, "ADMIN");
    const path = `/staff/bank-details/${await proposed()}/approve`;
    const access = `/staff/partnerships/${partner}/contacts/${contact.contactId}/access`;
    for (const turn of ["off", "on"]) expect((await owner.post(access, { access: turn })).status).toBe(303);
    const refused = await owner.post(path);
    expect(refused.status).toBe(403);
    expect(words(refused.text)).toContain("somebody else has to approve it");
    expect((await second.post(path)).status).toBe(303);
  });

  test("P11: what a partner proposed rests for the cooling-off period after its approval, and everybody is told", async () => {
    await h.admin.query("insert into app.payout_settings (institution_id, cooling_off_days) values ($1, 3)", [
      institution,
    ]);
    expect(await usable()).toEqual({ ok: false, why: "no_bank_details" });
    const id = await proposed();
    expect(await usable()).toEqual({ ok: false, why: "bank_details_in_review" });
    expect(words((await owner.get("/staff/bank-details")).text)).toContain("•••• 5678");
    expect(words((await owner.get("/staff")).text)).toContain("1 change of bank details waits for review");
    expect((await owner.post(`/staff/bank-details/${id}/approve`)).location).toContain("done=approved");
    const until = h.clock.now().add({ hours: 72 });
    expect(await usable()).toEqual({ ok: false, why: "cooling_off", until });
    expect(words((await contact.get("/partner/bank-details")).text)).toContain("Payouts go to this account from");
    await h.drain();
    const mail = (await h.mails()).find(
      (one) => one.to_email === contact.email && one.subject.includes("have changed"),
    );
    expect(mail?.text_body).toContain("ending in 5678");
    h.clock.advance({ hours: 73 });
    expect(await usable()).toMatchObject({ ok: true });
    // Decided once: the second who decides is told so.
    owner = await h.staff(institution);
    expect((await owner.post(`/staff/bank-details/${id}/approve`)).status).toBe(409);
  });

  test("a rejection needs a reason, which the partner reads in its portal and by mail; the former account stays", async () => {
    const first = await proposed();
    await owner.post(`/staff/bank-details/${first}/approve`);
    const id = await proposed("87654321");
    const empty = await owner.post(`/staff/bank-details/${id}/reject`, { reason: " " });
    expect(empty.status).toBe(422);
    expect(words(empty.text)).toContain("Write why");
    await owner.post(`/staff/bank-details/${id}/reject`, { reason: "The name is not yours." });
    expect(await accounts()).toMatchObject([{ state: "active", last4: "5678" }, { state: "rejected" }]);
    const page = await contact.get("/partner/bank-details");
    expect(words(page.text)).toContain("These details were not accepted: The name is not yours.");
    await h.drain();
    const mail = (await h.mails()).find(
      (one) => one.to_email === contact.email && one.subject.includes("not accepted"),
    );
    expect(mail?.text_body).toContain("The name is not yours.");
  });

  test("who had the right until lately, and the address that a contact had, still hear of a change", async () => {
    const removed = await h.partner(institution, partner);
    const longGone = await h.partner(institution, partner);
    const at = (days: number) =>
      h.clock
        .now()
        .subtract({ hours: 24 * days })
        .toString();
    await h.admin.query("update app.contact set removed_at = $2 where id = $1", [removed.contactId, at(5)]);
    await h.admin.query("update app.contact set removed_at = $2 where id = $1", [longGone.contactId, at(90)]);
    await h.admin.query(
      `insert into app.audit_entry (institution_id, id, at, actor_kind, actor_id, actor_name, event, subject, data, ip)
       values ($1, 'aud_former', $2, 'staff', 'x', 'x', 'contact.changed', $3, $4, '')`,
      [institution, at(3), contact.contactId, { changes: { email: { from: "before@partners.example" } } }],
    );
    await proposed();
    await h.drain();
    const told = (await h.mails()).map((mail) => mail.to_email);
    expect(told).toEqual(expect.arrayContaining([contact.email, removed.email, "before@partners.example"]));
    expect(told).not.toContain(longGone.email);
  });

  test("whose right staff took away, by hand, by adding them again or by a file, still hears of a change", async () => {
    const [edited, again, imported] = [
      await h.partner(institution, partner),
      await h.partner(institution, partner),
      await h.partner(institution, partner),
    ];
    await h.admin.query("update app.partnership set external_id = 'P-1' where id = $1", [partner]);
    const who = { name: "Ahmed Sharma", phone: "", language: "", rights: ["view"] };
    await h.system(institution, async (cx) => {
      const may = permit(cx.principal, "partnerships.write");
      await editContact(cx, may, partner, edited.contactId, { ...who, email: edited.email });
      await removeContact(cx, may, partner, again.contactId);
      await addContact(cx, may, partner, { ...who, email: again.email });
      const row = { partnership_external_id: "P-1", email: imported.email, rights: "view" };
      expect(await upsertContacts(cx, may, [row])).toMatchObject([{ outcome: "updated" }]);
    });
    await proposed();
    await h.drain();
    const told = (await h.mails()).filter((mail) => /bank details/i.test(mail.subject)).map((mail) => mail.to_email);
    expect(told).toEqual(expect.arrayContaining([edited.email, again.email, imported.email]));
  });

  test("an operator neither enters nor reviews; another institution's staff find nothing", async () => {
    const id = await proposed();
    const operator = await h.staff(institution, "OPERATOR");
    expect((await operator.get(`/staff/bank-details/${id}`)).status).toBe(403);
    expect((await operator.post(`/staff/bank-details/${id}/approve`)).status).toBe(403);
    expect((await operator.post(`/staff/partnerships/${partner}/bank-accounts/new`, details)).status).toBe(403);
    const elsewhere = await h.institution({ host: "elsewhere.example" });
    const stranger = await h.staff(elsewhere);
    expect((await stranger.post(`/staff/bank-details/${id}/approve`)).status).toBe(404);
    expect((await stranger.post(`/staff/partnerships/${partner}/bank-accounts/new`, details)).status).toBe(404);
  });

  test("numbers are sealed anew under a new key, and those of rejected details are gone", async () => {
    const kept = await proposed();
    await owner.post(`/staff/bank-details/${kept}/approve`);
    const rejected = await proposed("87654321");
    await owner.post(`/staff/bank-details/${rejected}/reject`, { reason: "No." });
    const next = "a newer key of the tests, which guards nothing at all";
    const ground = { ...h.ground, keys: openKeys(next, h.access.secretKey) };
    const { signal } = new AbortController();
    await sealAgain({ ground, institution, payload: {}, log: h.ground.log, signal });
    const { rows } = await h.admin.query<{ id: string; sealed: Buffer }>(
      "select id, sealed from app.bank_account where partnership_id = $1 order by id",
      [partner],
    );
    expect(rows.map(({ id, sealed }) => [id, sealed.length > 0])).toEqual([
      [kept, true],
      [rejected, false],
    ]);
    const alone = openKeys(next);
    expect(alone.open("bank-account", kept, rows[0]?.sealed ?? Buffer.alloc(0)).toString()).toContain("12345678");
  });

  test("a proof of more than ten minutes ago does not do for staff either", async () => {
    const id = await proposed();
    h.clock.advance({ minutes: 11 });
    expect((await owner.post(`/staff/bank-details/${id}/approve`)).location).toContain("/staff/step-up");
    expect(await accounts()).toMatchObject([{ state: "in_review" }]);
  });
});
