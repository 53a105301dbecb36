import { afterAll, beforeAll, expect, test } from "vitest";
import type { CustomerId, InstitutionId } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { newId } from "#kernel/ids.ts";
import { pageSize } from "#web/staff/shared.tsx";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";

let h: TestHouse;
let mine: InstitutionId;
let other: InstitutionId;
let owner: Awaited<ReturnType<TestHouse["staff"]>>;
let aiko: CustomerId;

beforeAll(async () => {
  h = await testHouse();
  mine = await h.institution({ host: "mine.example" });
  other = await h.institution({ host: "other.example" });
  owner = await h.staff(mine);
  aiko = newId("cus", h.clock.now(), h.random);
  await h.admin.query(
    `insert into app.customer (institution_id, id, given_name, family_name, email, created_at, updated_at)
     values ($1, $2, 'Aiko', 'Tanaka', 'aiko@mine.example', now(), now())`,
    [mine, aiko],
  );
  await write(mine, "customer.edited", aiko, {
    changes: { email: { from: "old@mine.example", to: "aiko@mine.example" } },
  });
  await write(mine, "payment.paid", "pay_gone", { amount: 185_000n, currency: "AUD" });
  await write(mine, "import.finished", "imp_gone", { file: '=HYPERLINK("x")' });
  await write(other, "customer.created", "cus_other", { name: "OTTERMARK" });
  // Somebody of staff, from somewhere.
  await h.admin.query(
    `insert into app.audit_entry (institution_id, id, at, actor_kind, actor_id, actor_name, event, subject, ip)
     values ($1, 'aud_1', $2, 'staff', $3, 'Priya OWNER', 'institution.edited', $1, '192.0.2.7')`,
    [mine, h.clock.now().toString(), owner.staffId],
  );
});
afterAll(() => h.close());

async function write(
  institution: InstitutionId,
  event: string,
  subject: string,
  data: Record<string, unknown>,
): Promise<void> {
  await h.system(institution, (cx) => record(cx, { event, subject, data }));
}

const wordsOf = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("\u00a0", " ")
    .replaceAll(/\s+/g, " ");

async function exported(query: string): Promise<string[]> {
  const { status, text } = await owner.get(`/staff/audit-log/export.csv${query}`);
  expect(status, text).toBe(200);
  return text.replace("\ufeff", "").trim().split("\r\n").slice(1);
}

test("S11: the log says who, what in plain words, about whom, when and from where", async () => {
  const { status, text } = await owner.get("/staff/audit-log");
  expect(status).toBe(200);
  const words = wordsOf(text);
  expect(words).toContain("Customer changed : Aiko Tanaka");
  expect(words).toContain("old@mine.example → aiko@mine.example");
  expect(text).toContain(`href="/staff/customers/${aiko}"`);
  expect(words).toContain("AUD 1,850.00");
  expect(words).toContain("Priya OWNER 21 Nov 2026, 12:00 192.0.2.7");
});

test("S11: an export holds exactly the filtered rows, and escapes what a spreadsheet would run", async () => {
  expect(await exported("")).toHaveLength(4);
  expect(await exported("?kind=payment")).toEqual([expect.stringContaining("payment.paid")]);
  expect(await exported(`?actor=${owner.staffId}`)).toEqual([expect.stringContaining("192.0.2.7")]);
  expect(await exported("?actor=system")).toHaveLength(3);
  expect(await exported("?q=tanaka+AIKO")).toEqual([expect.stringContaining("customer.edited")]);
  expect(await exported("?from=2026-11-21&to=2026-11-21")).toHaveLength(4);
  expect(await exported("?from=2026-11-22")).toHaveLength(0);
  expect(await exported("?to=2026-11-20")).toHaveLength(0);
  expect((await exported("?kind=import"))[0]).toContain(`"'=HYPERLINK(""x"")"`);
});

test("S11: nothing of another institution is in the list, the export or the search", async () => {
  for (const path of ["/staff/audit-log", "/staff/audit-log/export.csv", "/staff/audit-log?q=cus_other&actor=system"]) {
    expect((await owner.get(path)).text, path).not.toContain("OTTERMARK");
  }
});

test("S11: looking at the log, and taking it away as a file, writes nothing into it", async () => {
  const before = await exported("");
  await owner.get("/staff/audit-log?q=aiko");
  expect(await exported("")).toEqual(before);
});

test("S11: only an owner and an administrator open it", async () => {
  for (const role of ["VIEWER", "OPERATOR"] as const) {
    const staff = await h.staff(mine, role);
    expect((await staff.get("/staff/audit-log")).status, role).toBe(403);
    expect((await staff.get("/staff")).text, role).not.toContain("/staff/audit-log");
    expect((await staff.get("/staff/audit-log/export.csv")).status, role).toBe(403);
  }
  expect((await (await h.staff(mine, "ADMIN")).get("/staff/audit-log")).status).toBe(200);
});

test("S11: filters and places that make no sense are left aside", async () => {
  for (const query of [
    "?from=2026-02-31&to=soon&actor=nobody&kind=nonsense",
    "?before=-1&after=99999999999999999999",
    "?before=1%27%20or%201=1",
    "?q=%25_%5C%27",
    "?after=999999999999999999",
    "?from=2026-11-22&to=2026-11-01",
  ]) {
    expect((await owner.get(`/staff/audit-log${query}`)).status, query).toBe(200);
    expect((await owner.get(`/staff/audit-log/export.csv${query}`)).status, query).toBe(200);
  }
});

test("S11: the page says how far the log is sealed", async () => {
  expect((await owner.get("/staff/audit-log")).text).toContain("No entry is sealed yet");
  const { rows } = await h.admin.query<{ seq: string }>(
    "select max(seq) as seq from app.audit_entry where institution_id = $1",
    [mine],
  );
  await h.admin.query(
    `insert into app.audit_seal (institution_id, through_seq, entries, hash, sealed_at)
     values ($1, $2::bigint - 1, 3, decode('abcdef', 'hex'), $3)`,
    [mine, rows[0]?.seq, h.clock.now().toString()],
  );
  const words = wordsOf((await owner.get("/staff/audit-log")).text);
  expect(words).toContain("3 entries are sealed");
  expect(words).toContain("1 newer entry is sealed with the next run");
});

test("S11: pages of it hold every entry once, older and newer, and the export holds more than one piece", async () => {
  const institution = await h.institution({ host: "many.example" });
  await h.admin.query(
    `insert into app.audit_entry (institution_id, id, at, actor_kind, actor_id, actor_name, event, subject)
     select $1, 'aud_many_' || n, now(), 'system', 'test', 'Portico', 'payment.paid', 'subject-' || n from
       generate_series(1, 2050) n`,
    [institution],
  );
  const staff = await h.staff(institution);
  const link = (html: string, name: string) =>
    new RegExp(`href="([^"]*[?&;]${name}=[^"]*)"`).exec(html)?.[1]?.replaceAll("&amp;", "&") ?? "";
  const first = await staff.get("/staff/audit-log?kind=payment");
  expect(first.text).toContain(`${pageSize} shown`);
  const second = await staff.get(link(first.text, "before"));
  expect(second.text).toContain(`${pageSize} shown`);
  const back = await staff.get(link(second.text, "after"));
  expect(wordsOf(back.text)).toBe(wordsOf(first.text));
  const file = await staff.get("/staff/audit-log/export.csv");
  const subjects = file.text.match(/subject-\d+/g) ?? [];
  expect(new Set(subjects).size).toBe(2050);
  expect(subjects).toHaveLength(2050);
});
