import { afterAll, beforeAll, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { newId } from "#kernel/ids.ts";
import { pageSize } from "#web/staff/shared.tsx";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";

let h: TestHouse;
let mine: InstitutionId;
let owner: Awaited<ReturnType<TestHouse["staff"]>>;
let foreign: string;
let meridian: string;

beforeAll(async () => {
  h = await testHouse();
  mine = await h.institution({ host: "mine.example" });
  const other = await h.institution({ host: "other.example" });
  owner = await h.staff(mine);
  foreign = await addPartnership(other, "OTTERMARK Agents", "agent");
  meridian = await addPartnership(mine, "Meridian Education", "agent");
  await addPartnership(mine, "=cmd|' /C calc'!A0", "school");
  await h.admin.query(
    `insert into app.contact (institution_id, id, partnership_id, name, email, rights, created_at, updated_at)
     values ($1, $2, $3, 'Lan Nguyen', 'lan@meridian.example', '{view,bank_details}', now(), now())`,
    [mine, id("con"), meridian],
  );
  for (const [minor, currency, state] of [
    [100_000, "AUD", "paid"],
    [50_000, "AUD", "open"],
    [9_000, "JPY", "open"],
    [70_000, "AUD", "cancelled"],
  ] as const) {
    await addShare(minor, currency, state);
  }
});
afterAll(() => h.close());

const id = <P extends Parameters<typeof newId>[0]>(noun: P) => newId(noun, h.clock.now(), h.random);

async function addPartnership(institution: InstitutionId, name: string, kind: string): Promise<string> {
  const key = id("prt");
  await h.admin.query(
    `insert into app.partnership (institution_id, id, external_id, name, kind, legal_name, currency,
      commission_bps, commission_tax,
       created_at, updated_at)
     values ($1, $2, $2, $3, $4, $3, 'AUD', 1250, 'exclusive', now(), now())`,
    [institution, key, name, kind],
  );
  return key;
}

/** A payment of a new customer of Meridian, a tenth of which is its share. */
async function addShare(minor: number, currency: string, state: string): Promise<void> {
  const customer = id("cus");
  const payment = id("pay");
  await h.admin.query(
    `insert into app.customer (institution_id, id, given_name, family_name, partnership_id, created_at, updated_at)
     values ($1, $2, 'Aiko', 'Tanaka', $3, now(), now())`,
    [mine, customer, meridian],
  );
  await h.admin.query(
    `insert into app.payment (institution_id, id, customer_id, item, list_minor, currency, due_date, state,
      created_at, updated_at)
     values ($1, $2, $3, 'Tuition', $4, $5, '2026-12-01', $6, now(), now())`,
    [mine, payment, customer, minor, currency, state],
  );
  await h.admin.query(
    `insert into app.share (institution_id, id, payment_id, partnership_id, rate_bps, tax_mode, net_minor,
      tax_minor, state, created_at)
     values ($1, $2, $3, $4, 1000, 'none', $5, 0, $6, now())`,
    [mine, id("shr"), payment, meridian, minor / 10, state === "paid" ? "earned" : "agreed"],
  );
}

const wordsOf = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("\u00a0", " ")
    .replaceAll(/\s+/g, " ");

test("P1: a page of a partner says its facts, who may do what, whom it referred, and shares per currency", async () => {
  const { status, text } = await owner.get(`/staff/partnerships/${meridian}`);
  expect(status).toBe(200);
  const words = wordsOf(text);
  expect(words).toContain("Share of new payments 12.5%");
  expect(words).toContain("Lan Nguyen");
  expect(words).toContain("View Bank details");
  expect(words).not.toContain("no contact yet");
  expect(words).toContain("Aiko Tanaka");
  // Cancelled payments promise nothing: 100 earned and 50 agreed in AUD, 900 agreed in JPY, never one sum.
  expect(words).toMatch(/AUD 2 1,500 ?\.00 50 ?\.00 100 ?\.00 0 ?\.00/);
  expect(words).toMatch(/JPY 1 9,000 900 0 0/);
});

test("P3: where there is no contact the page says that one is needed before payouts and portal access", async () => {
  const list = await owner.get("/staff/partnerships?only=no-contact");
  expect(list.text).not.toContain(meridian);
  const href = /href="(\/staff\/partnerships\/prt_[^"]*)"/.exec(list.text)?.[1] ?? "";
  const { text } = await owner.get(href);
  expect(text).toContain("This partner has no contact yet");
  expect(text).toContain("No payout can be sent");
});

test("S2: the export holds exactly the filtered rows, and escapes what a spreadsheet would run", async () => {
  const lines = async (query: string) => {
    const { text } = await owner.get(`/staff/partnerships/export.csv${query}`);
    return text.replace("\ufeff", "").trim().split("\r\n").slice(1);
  };
  const all = await lines("");
  expect(all).toHaveLength(2);
  expect(all.some((line) => line.includes("'=cmd|"))).toBe(true);
  expect(await lines("?kind=agent")).toEqual([expect.stringContaining("Meridian Education,agent")]);
  expect(await lines("?q=MERIDIAN+lan")).toHaveLength(1);
  expect(await lines("?q=100%25")).toHaveLength(0);
  expect(await lines("?only=no-contact")).toEqual([expect.stringContaining("=cmd")]);
});

test("pages of the list hold every partnership once, in both directions", async () => {
  const institution = await h.institution({ host: "many.example" });
  for (let index = 0; index < pageSize + 10; index++) await addPartnership(institution, `Agent ${index % 7}`, "agent");
  const staff = await h.staff(institution);
  const idsOf = (html: string) => new Set([...html.matchAll(/partnerships\/(prt_[0-9a-z]+)"/g)].map(([, one]) => one));
  const link = (html: string, name: string) =>
    new RegExp(`href="([^"]*[?&;]${name}=[^"]*)"`).exec(html)?.[1]?.replaceAll("&amp;", "&") ?? "";
  const first = await staff.get("/staff/partnerships?kind=agent");
  const second = await staff.get(link(first.text, "after"));
  expect(new Set([...idsOf(first.text), ...idsOf(second.text)]).size).toBe(pageSize + 10);
  expect(idsOf(second.text).size).toBe(10);
  expect(idsOf((await staff.get(link(second.text, "before"))).text)).toEqual(idsOf(first.text));
});

test("a partnership of another institution is not there, in no list and by no address or place", async () => {
  expect((await owner.get(`/staff/partnerships/${foreign}`)).status).toBe(404);
  expect((await owner.get("/staff/partnerships/prt_nonsense")).status).toBe(404);
  for (const path of ["/staff/partnerships", "/staff/partnerships?q=OTTERMARK", "/staff/partnerships/export.csv"]) {
    expect((await owner.get(path)).text, path).not.toContain("OTTERMARK Agents");
  }
  for (const query of [`?after=${foreign}`, "?before=%00&kind=nonsense", "?only=x&after=prt_1"]) {
    expect((await owner.get(`/staff/partnerships${query}`)).status, query).toBe(200);
  }
});

test("a viewer reads partnerships and may not take the file", async () => {
  const viewer = await h.staff(mine, "VIEWER");
  expect((await viewer.get(`/staff/partnerships/${meridian}`)).status).toBe(200);
  expect((await viewer.get("/staff/partnerships")).text).not.toContain("Export CSV");
  expect((await viewer.get("/staff/partnerships/export.csv")).status).toBe(403);
});
