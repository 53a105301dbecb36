import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";

let h: TestHouse;
let mine: InstitutionId;
let owner: Awaited<ReturnType<TestHouse["staff"]>>;

beforeAll(async () => {
  h = await testHouse();
  mine = await h.institution({ host: "mine.example" });
  owner = await h.staff(mine);
});
afterAll(() => h.close());

const typed = {
  ...{
    name: "Meridian",
    kind: "agent",
    legal_name: "Meridian Pty Ltd",
    address: "1 Quay St\nSydney",
    tax_id: "51 824",
  },
  ...{ tax_registered: "yes", from_date: "2026-07-01", currency: "AUD", external_id: "", language: "ar" },
  ...{ share_kind: "percent", share_percent: "12.5", share_of: "", share_amount: "", commission_tax: "exclusive" },
  ...{ payout_schedule: "fortnightly" },
};
const words = (html: string) => html.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
const hidden = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? "";

async function add(over: Partial<Record<keyof typeof typed, string>> = {}): Promise<string> {
  const form = await owner.get("/staff/partnerships/new");
  const sent = await owner.post("/staff/partnerships/new", { ...typed, ...over, key: hidden(form.text, "key") });
  expect(sent.status).toBe(303);
  return /prt_[0-9a-z]{26}/.exec(sent.location)?.[0] ?? "";
}

async function lastChanges(id: string): Promise<Record<string, unknown>> {
  const { rows } = await h.admin.query<{ data: { changes: Record<string, unknown> } }>(
    "select data from app.audit_entry where subject = $1 order by seq desc limit 1",
    [id],
  );
  return rows[0]?.data.changes ?? {};
}

describe("partners by hand", () => {
  test("P1: a partner is created from nothing, once however often the form is sent, with all that was typed", async () => {
    const form = await owner.get("/staff/partnerships/new");
    const fields = { ...typed, key: hidden(form.text, "key") };
    const both = [
      await owner.post("/staff/partnerships/new", fields),
      await owner.post("/staff/partnerships/new", fields),
    ];
    expect(new Set(both.map(({ location }) => location)).size).toBe(1);
    const { rows } = await h.admin.query("select id from app.partnership where institution_id = $1", [mine]);
    expect(rows).toHaveLength(1);
    const { text } = await owner.follow(both[0] ?? form);
    for (const part of ["The partner was added", "Meridian Pty Ltd", "1 Quay St", "12.5% of the list amount"]) {
      expect(words(text)).toContain(part);
    }
    expect(words(text)).toContain("Yes: GST is on top of the share");
    expect(words(text)).toContain("Every second week");
  });

  test("everything that is wrong is said at once, and everything typed stays", async () => {
    const wrong = { ...typed, name: "", tax_id: "", share_percent: "101", from_date: "soon", address: "Keep me" };
    const { status, text } = await owner.post("/staff/partnerships/new", wrong);
    expect(status).toBe(422);
    const all = words(text);
    for (const part of ["Write the name", "Write the number under which", "Write a percentage", "year-month-day"]) {
      expect(all).toContain(part);
    }
    expect(text).toContain("Keep me");
    expect(text).toContain('value="101"');
  });

  test("P12: a default share is a percentage, a fixed amount, or a part of another partner's share", async () => {
    const master = await add({ name: "Master", external_id: "M1" });
    const flat = await add({ name: "Flat", share_kind: "flat", share_amount: "250.00" });
    expect(words((await owner.get(`/staff/partnerships/${flat}`)).text)).toContain("AUD 250.00 a payment");
    const sub = await add({ name: "Sub", share_kind: "percent_of_share", share_percent: "40", share_of: master });
    expect(words((await owner.get(`/staff/partnerships/${sub}`)).text)).toContain("40% of the share of Master");
    const circle = await owner.post(`/staff/partnerships/${master}/edit`, {
      ...{ ...typed, name: "Master", share_kind: "percent_of_share", share_percent: "40", share_of: sub },
    });
    expect(circle.status).toBe(422);
    expect(words(circle.text)).toContain("a part of this one");
  });

  test("a change is audited with the words before and after; nothing changed writes nothing", async () => {
    const id = await add({ name: "Before" });
    const form = await owner.get(`/staff/partnerships/${id}/edit`);
    const version = hidden(form.text, "version");
    const fields = { ...typed, name: "After", kind: "sub_agent", share_percent: "15", netting: "on", version };
    expect((await owner.post(`/staff/partnerships/${id}/edit`, fields)).status).toBe(303);
    expect(await lastChanges(id)).toEqual({
      name: { from: "Before", to: "After" },
      kind: { from: "Agent", to: "Sub-agent" },
      defaultShare: { from: "12.5% of the list amount", to: "15% of the list amount" },
      netting: { from: "off", to: "proposed" },
    });
    const { version: _, ...same } = fields;
    await owner.post(`/staff/partnerships/${id}/edit`, same);
    const { rows } = await h.admin.query("select 1 from app.audit_entry where subject = $1", [id]);
    expect(rows).toHaveLength(2);
  });

  test("of two who edit at once the second one compares first, with what they typed kept", async () => {
    const id = await add({ name: "Shared" });
    const version = hidden((await owner.get(`/staff/partnerships/${id}/edit`)).text, "version");
    h.clock.advance({ seconds: 5 });
    await owner.post(`/staff/partnerships/${id}/edit`, { ...typed, name: "First", version });
    const second = await owner.post(`/staff/partnerships/${id}/edit`, { ...typed, name: "Second", version });
    expect(second.status).toBe(409);
    expect(words(second.text)).toContain("Somebody changed this partner meanwhile");
    expect(second.text).toContain('value="Second"');
    const now = hidden(second.text, "version");
    expect(
      (await owner.post(`/staff/partnerships/${id}/edit`, { ...typed, name: "Second", version: now })).status,
    ).toBe(303);
  });

  test("P12: a tax status is set for a day to come, and its history stands there", async () => {
    const id = await add({ name: "Taxed" });
    const path = `/staff/partnerships/${id}/tax-status`;
    await owner.post(path, { tax_registered: "no", tax_id: "51 824", from_date: "2027-01-01" });
    const detail = words((await owner.get(`/staff/partnerships/${id}`)).text);
    expect(detail).toContain("no longer registered for GST");
    expect(detail).toContain("Yes: GST is on top");
    const history = words((await owner.get(path)).text);
    expect(history).toMatch(/1 Jan 2027 No .*1 July 2026 Today Yes/);
    expect((await owner.post(path, { tax_registered: "yes", tax_id: "", from_date: "" })).status).toBe(422);
  });

  test("a corrected tax number is corrected in the status of today and in those to come", async () => {
    const id = await add({ name: "Slip" });
    const path = `/staff/partnerships/${id}`;
    await owner.post(`${path}/tax-status`, { tax_registered: "no", tax_id: "51 824", from_date: "2027-03-01" });
    await owner.post(`${path}/edit`, { ...typed, name: "Slip", tax_id: "99 111" });
    const { rows } = await h.admin.query<{ tax_id: string }>(
      "select tax_id from app.partner_tax_status where partnership_id = $1",
      [id],
    );
    expect(rows.map((row) => row.tax_id)).toEqual(["99 111", "99 111"]);
  });

  test("an operator reads partners and writes none", async () => {
    const operator = await h.staff(mine, "OPERATOR");
    const id = await add({ name: "Read only" });
    expect((await operator.get("/staff/partnerships/new")).status).toBe(403);
    expect((await operator.post(`/staff/partnerships/${id}/edit`, typed)).status).toBe(403);
    const { text } = await operator.get(`/staff/partnerships/${id}`);
    expect(text).not.toContain(`/staff/partnerships/${id}/edit`);
  });

  test("partners without bank details or with paused payouts are found, and exported as they are shown", async () => {
    const paused = await add({ name: "Paused one" });
    await h.admin.query("update app.partnership set payouts_paused_at = now() where id = $1", [paused]);
    const list = words((await owner.get("/staff/partnerships?only=paused")).text);
    expect(list).toContain("Paused one");
    expect(list).not.toContain("Read only");
    const { text } = await owner.get("/staff/partnerships/export.csv?only=paused");
    expect(text.trim().split("\n")).toHaveLength(2);
    const all = await owner.get("/staff/partnerships/export.csv?only=no-bank");
    await h.admin.query(
      `insert into app.bank_account (institution_id, id, partnership_id, currency, holder_name, sealed, last4, state,
         proposed_by_kind, proposed_by, created_at)
       values ($1, 'bac_x', $2, 'AUD', 'M', '\\x00', '8841', 'active', 'staff', 'x', now())`,
      [mine, paused],
    );
    const fewer = await owner.get("/staff/partnerships/export.csv?only=no-bank");
    expect(fewer.text.trim().split("\n")).toHaveLength(all.text.trim().split("\n").length - 1);
    expect(fewer.text).not.toContain("Paused one");
  });
});
