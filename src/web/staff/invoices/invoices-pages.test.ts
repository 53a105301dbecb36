import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { expectBooksProved, invoiceRow, raise, standsOn } from "../../../../test/support/invoices.ts";
import { count, type MoneyWorld, moneyWorld } from "../../../../test/support/money.ts";
import { readPdf } from "../../../../test/support/pdf.ts";

let h: TestHouse;
let world: MoneyWorld;
let staff: Awaited<ReturnType<TestHouse["staff"]>>;

beforeAll(async () => {
  h = await testHouse();
  world = await moneyWorld(h);
}, 60_000);
afterAll(async () => await h?.close());
beforeEach(async () => {
  world = await moneyWorld(h, world.institution);
  staff = await h.staff(world.institution, "OPERATOR");
});

const home = "/staff/invoices";

async function filled(values: Readonly<Record<string, string>> = {}): Promise<Record<string, string>> {
  const fresh = await staff.get(`${home}/new`);
  const key = /name="key" value="(inv_[^"]+)"/.exec(fresh.text)?.[1] ?? "";
  return {
    key,
    rows: "3",
    partner: world.partner,
    currency: "AUD",
    due_date: "2026-12-20",
    description_1: "Portal fee",
    quantity_1: "3",
    unit_1: "100.10",
    tax_1: "10",
    notes: "",
    ...values,
  };
}

const row = async (location: string) => {
  const id = /inv_[0-9a-z]+/.exec(location)?.[0] ?? "";
  return { id, ...(await invoiceRow(h, id)) };
};

describe("raising an invoice, without script", () => {
  test("written, checked, issued: the sums before it is saved, one invoice however often it is sent", async () => {
    const form = await filled();
    const check = await staff.post(`${home}/new`, { ...form, step: "check" });
    expect(check.text).toContain("330.33");
    expect(await count(h, "app.invoice", "partnership_id = $1", [world.partner])).toBe(0);
    const answers = await Promise.all([1, 2, 3].map(() => staff.post(`${home}/new`, { ...form, step: "issue" })));
    expect(answers.map((answer) => answer.status)).toEqual([303, 303, 303]);
    expect(await row(answers[0]?.location ?? "")).toMatchObject({ state: "issued", number: 1n, total_minor: 33_033n });
    expect(await count(h, "app.invoice", "partnership_id = $1", [world.partner])).toBe(1);
    const shown = await staff.get(answers[0]?.location ?? "");
    expect(shown.text).toContain("INV-000001");
    expect(shown.text).toContain("Nobody at this partner can see it");
  });

  test("a draft: kept, changed once, not by an old form, issued or deleted; the partner sees nothing of it", async () => {
    const saved = await staff.post(`${home}/new`, { ...(await filled()), step: "draft" });
    const { id } = await row(saved.location);
    const partner = await h.partner(world.institution, world.partner);
    expect((await partner.get("/partner/invoices")).text).toContain("no invoices yet");
    const edit = await staff.get(`${home}/${id}/edit`);
    const version = /name="version" value="([^"]+)"/.exec(edit.text)?.[1] ?? "";
    h.clock.advance({ seconds: 5 });
    const form = { ...(await filled({ unit_1: "50" })), version, step: "draft" };
    expect((await staff.post(`${home}/${id}/edit`, form)).status).toBe(303);
    const old = await staff.post(`${home}/${id}/edit`, { ...form, unit_1: "60" });
    expect(old.status).toBe(409);
    expect(old.text).toContain("Somebody changed this draft");
    expect(await invoiceRow(h, id)).toMatchObject({ total_minor: 16_500n, number: null });
    expect((await staff.post(`${home}/${id}/delete`)).location).toContain("deleted");
    expect(await count(h, "app.invoice", "id = $1", [id])).toBe(0);
  });

  test("another line is a button: what was typed stays", async () => {
    const more = await staff.post(`${home}/new`, { ...(await filled({ description_3: "Third" })), step: "add" });
    expect(more.text).toContain('name="description_4"');
    expect(more.text).toContain('value="Third"');
  });

  const bad: readonly (readonly [string, Record<string, string>, string])[] = [
    ["no partner", { partner: "" }, "Choose whom"],
    ["an amount of nothing", { unit_1: "0" }, "comes to nothing"],
    ["a negative amount", { unit_1: "-5" }, "as digits"],
    ["2^53", { unit_1: "90071992547409.93" }, "too large"],
    ["2^53 by its quantity", { unit_1: "90071992547409.91", quantity_1: "2" }, "more than can be booked"],
    ["too many decimals", { unit_1: "1.001" }, "at most 2 decimals"],
    ["yen with decimals", { currency: "JPY", unit_1: "10.5" }, "no decimals"],
    ["a quantity of nothing", { quantity_1: "0" }, "whole number"],
    ["a negative quantity", { quantity_1: "-1" }, "whole number"],
    ["a rate above 100", { tax_1: "101" }, "rate in percent"],
    ["no due date", { due_date: "" }, "Choose the day"],
    ["a date that is past", { due_date: "2020-01-01" }, "has passed"],
    ["no line", { description_1: "", unit_1: "" }, "at least one line"],
    ["a line without words", { description_1: "" }, "what this line is for"],
    ["a long note", { notes: "x".repeat(4_001) }, "at most 4000"],
  ];
  for (const [what, values, words] of bad) {
    test(`422: ${what} is refused, and what was typed is kept`, async () => {
      const answer = await staff.post(`${home}/new`, { ...(await filled(values)), step: "check" });
      expect(answer.status).toBe(422);
      expect(answer.text).toContain(words);
      expect(answer.text).toContain(`value="${values.quantity_1 ?? "3"}"`);
    });
  }

  test("5,000 lines are too much for a form, and answered as that", async () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`description_${at + 1}`, "x"]));
    const answer = await staff.post(`${home}/new`, { ...(await filled()), ...many, step: "check" });
    expect(answer.status).toBe(413);
  });

  test("markup and formulas are plain text on the page, in the PDF and in the file", async () => {
    const partner = await h.partner(world.institution, world.partner);
    const values = { notes: '<img src=x onerror=alert(1)>\n=cmd|"/c calc"!A1', description_1: "=1+1 <b>bold</b>" };
    const made = await staff.post(`${home}/new`, { ...(await filled(values)), step: "issue" });
    for (const page of [await staff.get(made.location), await partner.get("/partner/invoices/1")]) {
      expect(page.text).not.toContain("<img src=x");
      expect(page.text).not.toContain("<b>bold");
      expect(page.text).toContain("&lt;img src=x");
    }
    const pdf = await partner.get("/partner/invoices/1/pdf");
    expect(pdf.headers.get("content-type")).toBe("application/pdf");
    expect((await readPdf(pdf.bytes)).pages.join("\n")).toContain("<b>bold</b>");
    await h.admin.query("update app.partnership set name = '=HYPERLINK(1)' where id = $1", [world.partner]);
    const file = await staff.get(`${home}/export.csv?partner=${world.partner}`);
    expect(file.text).toContain("'=HYPERLINK(1)");
  });
});

describe("what becomes of an invoice", () => {
  test("a payment by hand: checked, recorded once; a credit note gives back what was paid; the PDF shows both", async () => {
    const { id } = await raise(h, world);
    const form = { owed: "110000", amount: "600", received_on: "2026-11-20", method: "Cheque", note: "1042" };
    expect((await staff.post(`${home}/${id}/record`, { ...form, step: "check" })).text).toMatch(/Then still owed.*500/);
    const twice = await Promise.all([1, 2].map(() => staff.post(`${home}/${id}/record`, { ...form, step: "record" })));
    expect(twice.map((answer) => answer.status).sort()).toEqual([303, 409]);
    expect(await invoiceRow(h, id)).toMatchObject({ state: "partially_paid", paid_minor: 60_000n });
    const credit = { line_1: "900", reason: "Fewer students" };
    const check = await staff.post(`${home}/${id}/credit`, { ...credit, step: "check" });
    expect(check.text).toMatch(/owed to the partner.*490/);
    const key = /name="key" value="(inv_[^"]+)"/.exec((await staff.get(`${home}/${id}/credit`)).text)?.[1] ?? "";
    const sent = { ...credit, key, step: "credit" };
    const notes = await Promise.all([1, 2].map(() => staff.post(`${home}/${id}/credit`, sent)));
    expect(notes.map((answer) => answer.status)).toEqual([303, 303]);
    expect(await invoiceRow(h, id)).toMatchObject({ credited_minor: 99_000n, returned_minor: 49_000n });
    expect(await standsOn(h, "partner", world.partner)).toBe(49_000n);
    await expectBooksProved(h, world);
    const partner = await h.partner(world.institution, world.partner);
    const text = (await readPdf((await partner.get("/partner/invoices/1/pdf")).bytes)).pages.join("\n");
    expect(text).toContain("Cheque");
    expect(text).toContain("CN-000001");
    const note = await partner.get("/partner/credit-notes/1");
    expect((await readPdf(note.bytes)).pages.join("\n")).toContain("Corrects INV-000001");
  });

  test("what can't be is refused in words: voiding what was paid, crediting what is void, paying too much", async () => {
    const paid = await raise(h, world);
    const form = { owed: "110000", amount: "1100", received_on: "2026-11-20", method: "Cash", step: "record" };
    await staff.post(`${home}/${paid.id}/record`, form);
    expect((await staff.get(`${home}/${paid.id}/void`)).status).toBe(409);
    expect((await staff.post(`${home}/${paid.id}/void`)).text).toContain("Money was paid");
    const open = await raise(h, world);
    const over = await staff.post(`${home}/${open.id}/record`, { ...form, amount: "1100.01", step: "check" });
    expect(over.status).toBe(422);
    expect((await staff.post(`${home}/${open.id}/void`)).status).toBe(303);
    const credit = { line_1: "1", reason: "x", step: "check" };
    expect((await staff.post(`${home}/${open.id}/credit`, credit)).text).toContain("is void");
    const partner = await h.partner(world.institution, world.partner);
    expect((await partner.get("/partner/invoices/2")).text).toContain("This invoice is void");
  });

  test("403: a viewer reads, and changes and exports nothing", async () => {
    const { id } = await raise(h, world);
    const viewer = await h.staff(world.institution, "VIEWER");
    expect((await viewer.get(`${home}/${id}`)).text).not.toContain("Record a payment");
    for (const path of ["new", "export.csv", `${id}/record`, `${id}/void`, `${id}/credit`]) {
      expect((await viewer.get(`${home}/${path}`)).status, path).toBe(403);
    }
  });
});

test("lists: filters, keyset pages and files show the same rows, for staff and for the partner", async () => {
  for (let index = 0; index < 30; index++) await raise(h, world, { net: BigInt(1_000 + index), due: "2026-12-20" });
  await raise(h, world, { due: "2026-11-01", currency: "KWD" });
  const partner = await h.partner(world.institution, world.partner);
  for (const [browser, path] of [
    [staff, `${home}?partner=${world.partner}`],
    [partner, "/partner/invoices?"],
  ] as const) {
    const seen = new Set<string>();
    let at: string | undefined = path;
    for (let pages = 0; at !== undefined && pages < 5; pages++) {
      const shown: string = (await browser.get(at)).text;
      for (const [, number = ""] of shown.matchAll(/>(INV-\d+)</g)) seen.add(number);
      at = /href="([^"]*before=[^"]*)"/.exec(shown)?.[1]?.replaceAll("&amp;", "&");
    }
    expect(seen.size).toBe(31);
  }
  expect((await partner.get("/partner/invoices?show=overdue")).text.match(/>INV-\d+</g)).toEqual([">INV-000031<"]);
  expect((await partner.get("/partner/invoices?currency=KWD")).text.match(/>INV-\d+</g)).toHaveLength(1);
  expect((await partner.get("/partner/invoices?q=inv-000007")).text.match(/>INV-\d+</g)).toHaveLength(1);
  expect((await staff.get(`${home}?partner=${world.partner}&status=overdue`)).text).toContain("INV-000031");
  const file = await partner.get("/partner/invoices/export.csv?currency=AUD");
  expect(file.text.trim().split("\n")).toHaveLength(31);
});
