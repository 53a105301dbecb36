import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import {
  chosenOf,
  countsOf,
  fixture,
  importFile,
  type StaffBrowser,
  startImport,
  upload,
} from "../../../../test/support/imports.ts";

let portico: TestHouse;
beforeAll(async () => {
  portico = await testHouse();
});
afterAll(() => portico.close());

describe("importing Northbridge College by the staff pages", () => {
  let institution: InstitutionId;
  let staff: StaffBrowser;
  beforeAll(async () => {
    institution = await portico.institution();
    staff = await portico.staff(institution);
  });

  const files = { partnerships: 40, contacts: 67, customers: 2000, payments: 11_945 };
  const countOf = async (table: string): Promise<number> => {
    const { rows } = await portico.admin.query(
      `select count(*)::int as n from app.${table} where institution_id = $1`,
      [institution],
    );
    return Number(rows[0].n);
  };

  const countAll = async (tables: readonly string[]): Promise<number[]> => {
    const counts: number[] = [];
    for (const table of tables) counts.push(await countOf(table));
    return counts;
  };

  test("every row goes in, and importing the same files again changes nothing", { timeout: 120_000 }, async () => {
    for (const [kind, rows] of Object.entries(files)) {
      const location = await importFile(portico, staff, kind, await fixture(`northbridge/${kind}.csv`));
      expect(await countsOf(portico, location)).toEqual({
        state: "done",
        created: rows,
        updated: 0,
        unchanged: 0,
        bad: 0,
      });
    }
    const tables = ["partnership", "contact", "customer", "payer", "payment", "discount", "share", "audit_entry"];
    const before = await countAll(tables);
    expect(before.slice(0, 5)).toEqual([40, 67, 2000, expect.any(Number), 11_945]);
    expect(before.every((count) => count > 0)).toBe(true);
    for (const [kind, rows] of Object.entries(files)) {
      const location = await importFile(portico, staff, kind, await fixture(`northbridge/${kind}.csv`));
      expect(await countsOf(portico, location)).toEqual({
        state: "done",
        created: 0,
        updated: 0,
        unchanged: rows,
        bad: 0,
      });
    }
    const after = await countAll(tables);
    // Uploading, starting and ending each of the four files is all that the log has more.
    expect(after).toEqual([...before.slice(0, -1), Number(before.at(-1)) + 12]);
  });

  test("an import sends no mail, and every created row stands in the audit log", async () => {
    expect(await portico.mails()).toEqual([]);
    const { rows } = await portico.admin.query(
      "select event, count(*)::int as n from app.audit_entry where institution_id = $1 group by 1",
      [institution],
    );
    const counts = Object.fromEntries(rows.map((row) => [row.event, row.n]));
    expect(counts).toMatchObject({
      "partnership.created": 40,
      "contact.created": 67,
      "customer.created": 2000,
      "payment.created": 11_945,
    });
    expect(counts).toMatchObject({ "import.uploaded": 8, "import.started": 8, "import.finished": 8 });
  });

  test("a changed cell updates its row and no other; a column that is not in the file stays as it is", async () => {
    const location = await importFile(
      portico,
      staff,
      "customers",
      "external_id,phone\nC00001,+61 400 000 001\nC00002,+26 993660865\n",
    );
    expect(await countsOf(portico, location)).toEqual({ state: "done", created: 0, updated: 1, unchanged: 1, bad: 0 });
    const { rows } = await portico.admin.query(
      `select given_name, email, phone, language from app.customer
        where institution_id = $1 and external_id = 'C00001'`,
      [institution],
    );
    expect(rows).toEqual([
      { given_name: "Ananya", email: "student1@students.example", phone: "+61 400 000 001", language: "ja" },
    ]);
  });

  test("a discount is kept in its own table, given by the person who imported", async () => {
    const { rows } = await portico.admin.query(
      "select distinct given_by, reason from app.discount where institution_id = $1",
      [institution],
    );
    expect(rows).toEqual([{ given_by: staff.staffId, reason: "Imported" }]);
  });
});

describe("the pages of an import", () => {
  let staff: StaffBrowser;
  beforeAll(async () => {
    staff = await portico.staff(await portico.institution());
  });

  test("an empty list says why and what happens next", async () => {
    const list = await staff.get("/staff/imports");
    expect(list.text).toContain("Nothing was imported yet");
    expect(list.text).toContain('href="/staff/imports/new"');
  });

  test("each kind says what its file needs and offers an empty one that can be filled in", async () => {
    const page = await staff.get("/staff/imports/new?kind=payments");
    expect(page.text).toContain("/staff/imports/templates/payments.csv");
    const template = await staff.get("/staff/imports/templates/payments.csv");
    expect(template.headers.get("content-disposition")).toContain('filename="payments.csv"');
    expect(template.text.trim()).toBe(
      "customer_external_id,external_id,item,amount,currency,due_date,partnership_external_id,share_percent,discount",
    );
    expect((await staff.get("/staff/imports/templates/secrets.csv")).status).toBe(404);
  });

  test("422: no file, no kind: the form comes back and says so", async () => {
    const without = await staff.post("/staff/imports/new", { kind: "customers" });
    expect(without.status).toBe(422);
    expect(without.text).toContain("Choose a CSV file from your computer.");
    const kindless = await upload(staff, "", "external_id,given_name\n1,Mei\n");
    expect(kindless.status).toBe(422);
    expect(kindless.text).toContain("Choose what is in the file.");
  });

  test("413: a file of more than 20 MB", async () => {
    const shown = await upload(staff, "customers", new Uint8Array(21 * 1_048_576).fill(97));
    expect(shown.status).toBe(413);
    expect(shown.text).toContain("20 MB");
  });

  test("nothing changes before the columns were checked, and what is in the file is shown as text", async () => {
    const uploaded = await upload(
      staff,
      "customers",
      'Student ID;First name;Notes\n1;<b>Mei</b>;"=1+1"\n',
      "C:\\data\\new <1>.csv",
    );
    const preview = await staff.get(uploaded.location);
    expect(preview.text.replaceAll("<wbr/>", "")).toContain("new &lt;1&gt;.csv");

    expect(preview.text).toContain("1 row, 3 columns parted by semicolons, UTF-8");
    expect(preview.text).toContain("&lt;b&gt;Mei&lt;/b&gt;");
    expect(preview.text).not.toContain("<b>Mei</b>");
    expect(preview.text).toContain("left out unless you choose them above: Notes");
    expect(chosenOf(preview.text)).toMatchObject({
      "column-external_id": "0",
      "column-given_name": "1",
      "column-email": "",
    });
    const { rows } = await portico.admin.query(
      "select from app.customer where given_name like '%Mei%' and external_id = '1'",
    );
    expect(rows).toEqual([]);
  });

  test("columns that were not found can be chosen; one missing or chosen twice is asked for again", async () => {
    const { location } = await upload(staff, "customers", "Nr,Who,Address\n7,Mei,mei@students.example\n");
    const preview = await staff.get(location);
    expect(chosenOf(preview.text)["column-external_id"]).toBe("");
    const missing = await staff.post(location, { "column-family_name": "1" });
    expect(missing.status).toBe(422);
    expect(missing.text).toContain("Choose which column of your file holds: Reference.");
    const twice = await staff.post(location, {
      "column-external_id": "0",
      "column-family_name": "1",
      "column-email": "1",
    });
    expect(twice.status).toBe(422);
    expect(twice.text).toContain("This column already feeds “Family name”.");
    const outside = await staff.post(location, { "column-external_id": "9", "column-family_name": "1" });
    expect(outside.status).toBe(422);
    const started = await staff.post(location, {
      "column-external_id": "0",
      "column-family_name": "1",
      "column-email": "2",
    });
    expect(started.status).toBe(303);
    await portico.drain();
    expect(await countsOf(portico, location)).toMatchObject({ state: "done", created: 1 });
  });

  test("a file of another kind than was chosen is noticed", async () => {
    const { location } = await upload(staff, "customers", await fixture("dirty/payments.csv"));
    expect((await staff.get(location)).text).toContain("This looks like a file of payments.");
  });

  test("progress shows while it waits, and the page draws itself anew at the end, script or not", async () => {
    const location = await startImport(staff, "customers", "external_id,family_name\nW1,Ng\nW2,Ito\n");
    const waiting = await staff.get(location);
    expect(waiting.text).toContain("Waiting to start");
    expect(waiting.text).toContain('<noscript><meta http-equiv="refresh" content="2"></noscript>');
    expect(waiting.text).toContain(`hx-get="${location}/progress"`);
    expect((await staff.get(`${location}/progress`)).text).toContain("<progress");
    await portico.drain();
    expect((await staff.get(`${location}/progress`)).headers.get("hx-refresh")).toBe("true");
    const done = await staff.get(location);
    expect(done.text).toContain("All is well: 2 customers went in.");
    expect(done.text).not.toContain("http-equiv");
  });

  test("409 becomes the import's own page when it was started in another tab", async () => {
    const location = await startImport(staff, "customers", "external_id,family_name\nT1,Ng\n");
    const again = await staff.post(location, { "column-external_id": "0", "column-family_name": "1" });
    expect([again.status, again.location]).toEqual([303, location]);
    await portico.drain();
    expect(await countsOf(portico, location)).toMatchObject({ created: 1, unchanged: 0 });
  });

  test("the list is filtered by kind and state, paged, and exported with exactly its rows", async () => {
    const list = await staff.get("/staff/imports?kind=customers&state=done");
    expect(list.text.replaceAll("<wbr/>", "")).toContain("customers.csv");
    const none = await staff.get("/staff/imports?kind=contacts");
    expect(none.text).toContain("No import fits these filters");
    const csv = await staff.get("/staff/imports/export.csv?kind=customers&state=done");
    const lines = csv.text.trim().split("\r\n");
    expect(lines[0]).toBe("file,kind,state,rows,created,updated,unchanged,bad,imported_by,uploaded_at,finished_at");
    expect(lines.length).toBe(1 + list.text.split('<a href="/staff/imports/imp_').length - 1);
    expect(lines.every((line, index) => index === 0 || line.includes(",customers,done,"))).toBe(true);
  });

  test("404: an import of another institution, whoever asks; 403: a viewer may look, not import", async () => {
    const location = await startImport(staff, "customers", "external_id,family_name\nX1,Ng\n");
    const stranger = await portico.staff(await portico.institution({ host: "other.example" }));
    for (const path of [location, `${location}/progress`, `${location}/bad-rows.csv`]) {
      expect((await stranger.get(path)).status, path).toBe(404);
    }
    expect((await stranger.post(location, {})).status).toBe(404);
  });

  test("403: a viewer sees imports but starts and exports none", async () => {
    const institution = await portico.institution({ host: "viewer.example" });
    const owner = await portico.staff(institution);
    const location = await importFile(portico, owner, "customers", "external_id,family_name\nV1,Ng\n");
    const viewer = await portico.staff(institution, "VIEWER");
    expect((await viewer.get(location)).text).not.toContain("/staff/imports/new");
    expect((await viewer.get("/staff/imports/new")).status).toBe(403);
    expect((await upload(viewer, "customers", "external_id,family_name\nV2,Ng\n")).status).toBe(403);
    expect((await viewer.get("/staff/imports/export.csv")).status).toBe(403);
  });
});
