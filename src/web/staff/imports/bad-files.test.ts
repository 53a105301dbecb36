import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import {
  badCellsOf,
  countsOf,
  fixture,
  importFile,
  type StaffBrowser,
  upload,
} from "../../../../test/support/imports.ts";

let portico: TestHouse;
let institution: InstitutionId;
let staff: StaffBrowser;
beforeAll(async () => {
  portico = await testHouse();
  institution = await portico.institution();
  staff = await portico.staff(institution);
  await importFile(portico, staff, "partnerships", await fixture("northbridge/partnerships.csv"));
});
afterAll(() => portico.close());

const places = async (location: string) =>
  (await badCellsOf(portico, location)).map(([line, column]) => `${line} ${column}`);
const reasonOf = async (location: string, line: number) =>
  (await badCellsOf(portico, location)).find(([at]) => at === line)?.[2];
const customer = async (reference: string) => {
  const { rows } = await portico.admin.query(
    "select id, given_name, family_name, email from app.customer where institution_id = $1 and external_id = $2",
    [institution, reference],
  );
  return rows[0];
};

describe("dirty customers", () => {
  let location: string;
  beforeAll(async () => {
    location = await importFile(portico, staff, "customers", await fixture("dirty/customers.csv"));
  });

  test("every bad row is named by line and column, and every good row goes in", async () => {
    expect(await places(location)).toEqual([
      "4 email",
      "5 external_id",
      "6 language",
      "6 time_zone",
      "7 partnership_external_id",
      "9 given_name",
      "12 Whole row",
      "13 Whole row",
      "14 given_name",
    ]);
    expect(await countsOf(portico, location)).toEqual({ state: "done", created: 6, updated: 0, unchanged: 0, bad: 8 });
  });

  test("the reasons say what to do", async () => {
    expect(await reasonOf(location, 5)).toBe(
      "Line 2 of this file has it already, and the first one counts. Keep one of the two lines.",
    );
    expect(await reasonOf(location, 9)).toContain("line break");
    expect(await reasonOf(location, 12)).toContain("11 cells, the headings have 9");
    expect(await reasonOf(location, 13)).toContain("it ends before “email”");
    expect(await reasonOf(location, 14)).toContain("this has 5000");
  });

  test("markup and formulas in names are text, wherever they are shown", async () => {
    expect((await customer("D00006")).given_name).toBe('=HYPERLINK("http://x.example","Click")');
    const { id } = await customer("D00012");
    const page = await staff.get(`/staff/customers/${id}`);
    expect(page.text).not.toContain("<script>alert(1)");
  });

  test("an address is kept in one form, and a payer with the customer's own address is no payer", async () => {
    const { id, email } = await customer("D00008");
    expect(email).toBe("d8@students.example");
    const { rows } = await portico.admin.query("select from app.payer where institution_id = $1 and customer_id = $2", [
      institution,
      id,
    ]);
    expect(rows).toEqual([]);
  });

  test("importing it again changes nothing and reports the same rows", async () => {
    const again = await importFile(portico, staff, "customers", await fixture("dirty/customers.csv"));
    expect(await countsOf(portico, again)).toEqual({ state: "done", created: 0, updated: 0, unchanged: 6, bad: 8 });
    expect(await badCellsOf(portico, again)).toEqual(await badCellsOf(portico, location));
  });

  test("the report is on the page and as a file in which no cell is a formula", async () => {
    const page = await staff.get(location);
    expect(page.text).toContain("6 customers went in. 8 rows were left out.");
    expect(page.text).toContain("not-an-address");
    const csv = await staff.get(`${location}/bad-rows.csv`);
    expect(csv.headers.get("content-disposition")).toContain('filename="customers-bad-rows.csv"');
    const lines = csv.text.split("\r\n");
    expect(lines[0]).toBe("line,column,reason,value");
    expect(lines[1]).toContain("4,email,");
    expect(lines).toHaveLength(11);
    const bad = await importFile(portico, staff, "customers", 'external_id,family_name,email\nF1,Ng,"=1+1"\n');
    expect((await staff.get(`${bad}/bad-rows.csv`)).text).toContain("'=1+1");
  });
});

describe("dirty payments", () => {
  let location: string;
  beforeAll(async () => {
    location = await importFile(portico, staff, "payments", await fixture("dirty/payments.csv"));
  });

  test("every bad row is named by line and column, and every good row goes in", async () => {
    expect(await places(location)).toEqual([
      "2 amount",
      "4 amount",
      "5 amount",
      "6 amount",
      "7 amount",
      "11 currency",
      "12 due_date",
      "13 due_date",
      "14 discount",
      "15 share_percent",
      "16 partnership_external_id",
      "17 customer_external_id",
      "19 amount",
      "20 amount",
      "21 amount",
      "23 Whole row",
    ]);
    expect(await countsOf(portico, location)).toEqual({ state: "done", created: 6, updated: 0, unchanged: 0, bad: 16 });
    const { rows } = await portico.admin.query(
      `select external_id, list_minor::int as minor, currency from app.payment where institution_id = $1
        order by external_id collate "C"`,
      [institution],
    );
    expect(rows).toEqual([
      // Line 2 has this reference, too, and a bad amount: of two rows the first good one counts.
      { external_id: "D00001-1", minor: 185_000, currency: "AUD" },
      { external_id: "D00001-2", minor: 185_000, currency: "AUD" },
      { external_id: "D00001-7", minor: 100_000, currency: "JPY" },
      { external_id: "D00001-8", minor: 12_345, currency: "KWD" },
      { external_id: "D00001-9", minor: 10_000, currency: "AUD" },
      { external_id: "D00013-1", minor: 42_000, currency: "AUD" },
    ]);
  });

  test("the reasons say what to write instead", async () => {
    expect(await reasonOf(location, 2)).toContain("Write 1850.00");
    expect(await reasonOf(location, 7)).toContain("JPY has no decimals");
    expect(await reasonOf(location, 12)).toContain("2026-02-31 is not in the calendar");
    expect(await reasonOf(location, 13)).toContain("2026-12-05");
    expect(await reasonOf(location, 23)).toContain("A quote opens on line 23 and never closes");
  });

  test("the customer owes the list amount less the discount, and the share stands on the list amount", async () => {
    const { rows } = await portico.admin.query(
      `select p.list_minor::int as list, d.minor::int as discount, s.rate_bps as rate, s.net_minor::int as net
         from app.payment p join app.discount d on (d.institution_id, d.payment_id) = (p.institution_id, p.id)
         join app.share s on (s.institution_id, s.payment_id) = (p.institution_id, p.id)
        where p.institution_id = $1 and p.external_id = 'D00013-1'`,
      [institution],
    );
    expect(rows).toEqual([{ list: 42_000, discount: 1_000, rate: 1_000, net: expect.any(Number) }]);
  });

  test("importing it again changes nothing", async () => {
    const again = await importFile(portico, staff, "payments", await fixture("dirty/payments.csv"));
    expect(await countsOf(portico, again)).toEqual({ state: "done", created: 0, updated: 0, unchanged: 6, bad: 16 });
  });
});

describe("files of our own", () => {
  test.each(["customers", "payments"])(
    "the export of %s comes back without a change, formulas and plus signs too",
    async (kind) => {
      const exported = await staff.get(`/staff/${kind}/export.csv`);
      expect(exported.status).toBe(200);
      const rows = exported.text.trim().split("\r\n").length - 1;
      const location = await importFile(portico, staff, kind, exported.text);
      expect(await countsOf(portico, location)).toEqual({
        state: "done",
        created: 0,
        updated: 0,
        unchanged: rows,
        bad: 0,
      });
    },
  );
});

describe("files that are refused as a whole", () => {
  test.each([
    ["dirty/empty.csv", "This file is empty"],
    ["dirty/latin1-customers.csv", "not in UTF-8: line 2"],
    ["dirty/not-a-csv.csv", "not a text file"],
  ])("422: %s, and nothing is kept of it", async (name, words) => {
    const count = async () => (await portico.admin.query("select count(*)::int as n from app.import_run")).rows[0].n;
    const before = await count();
    const shown = await upload(staff, "customers", await fixture(name));
    expect(shown.status).toBe(422);
    expect(shown.text).toContain(words);
    expect(await count()).toBe(before);
  });
});

describe("files from other programs", () => {
  test("byte order mark, semicolons, CRLF and empty rows below", async () => {
    const text =
      "\ufeffexternal_id;given_name;family_name;email\r\n" +
      'G1;Zoë;"Müller; Meier";g1@students.example\r\nG2;;Ng;\r\n;;;\r\n\r\n';
    const location = await importFile(portico, staff, "customers", text);
    expect(await countsOf(portico, location)).toEqual({ state: "done", created: 2, updated: 0, unchanged: 0, bad: 0 });
    expect(await customer("G1")).toMatchObject({ given_name: "Zoë", family_name: "Müller; Meier" });
  });

  test("the columns of the report carry the names they have in the file", async () => {
    const location = await importFile(
      portico,
      staff,
      "customers",
      "Student no;Surname;E-Mail\nH1;Ng;nobody\n".replace("Student no", "Student number"),
    );
    expect(await places(location)).toEqual(["2 E-Mail"]);
  });

  test("an unclosed quote in the middle costs its own line and no other", async () => {
    const rows = Array.from(
      { length: 1_200 },
      (_, index) => `Q${index},${index === 600 ? '"Ng' : "Ng"},q${index}@students.example`,
    );
    const location = await importFile(
      portico,
      staff,
      "customers",
      `external_id,family_name,email\n${rows.join("\n")}\n`,
    );
    expect(await countsOf(portico, location)).toEqual({
      state: "done",
      created: 1_199,
      updated: 0,
      unchanged: 0,
      bad: 1,
    });
    expect(await badCellsOf(portico, location)).toEqual([
      [602, "Whole row", "A quote opens on line 602 and never closes. Close it, or take it away."],
    ]);
  });

  test("a key that stands twice is found across the whole file, and lines count what quotes hold", async () => {
    const rows = Array.from({ length: 1_100 }, (_, index) => `R${index},Ng`);
    const text = `external_id,family_name\nR-1,"Two\nlines"\n${rows.join("\n")}\nR3,Ito\n`;
    const location = await importFile(portico, staff, "customers", text);
    expect(await badCellsOf(portico, location)).toEqual([
      [2, "family_name", expect.stringContaining("line break")],
      [
        1_104,
        "external_id",
        "Line 7 of this file has it already, and the first one counts. Keep one of the two lines.",
      ],
    ]);
  });

  test("hostile cells are kept as they are or refused in words, never a fault", async () => {
    const cells = [
      "'; drop table app.customer; --",
      "__proto__",
      "constructor",
      "\u202eevil",
      "a\u0000b".replace("\u0000", "\u0007"),
      "😀".repeat(120),
      "{{7*7}}",
      "%s%n",
    ];
    const text = `external_id,family_name\n${cells.map((cell, index) => `Z${index},${cell}`).join("\n")}\n`;
    const location = await importFile(portico, staff, "customers", text);
    const counts = await countsOf(portico, location);
    expect(counts.state).toBe("done");
    expect(counts.created + counts.bad).toBe(cells.length);
    expect((await badCellsOf(portico, location)).every(([, column]) => column === "family_name")).toBe(true);
    expect((await customer("Z0")).family_name).toBe("'; drop table app.customer; --");
  });
});
