import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { runImports } from "#features/imports/run-imports.ts";
import { silentLog } from "#platform/log.ts";
import type { Storage } from "#platform/storage.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { badCellsOf, countsOf, importFile, type StaffBrowser, startImport } from "../../../test/support/imports.ts";

let portico: TestHouse;
let institution: InstitutionId;
let staff: StaffBrowser;
beforeAll(async () => {
  portico = await testHouse();
});
afterAll(() => portico.close());
beforeEach(async () => {
  institution = await portico.institution({ host: `r${portico.random.bytes(6).join("")}.example` });
  staff = await portico.staff(institution);
});

const done = { state: "done", created: 0, updated: 0, unchanged: 0, bad: 0 };
const send = (kind: "customers" | "payments" | "partnerships" | "contacts", lines: readonly string[]) =>
  importFile(portico, staff, kind, `${lines.join("\n")}\n`);
const names = async (): Promise<Record<string, string>> => {
  const { rows } = await portico.admin.query(
    "select external_id, family_name from app.customer where institution_id = $1",
    [institution],
  );
  return Object.fromEntries(rows.map((row) => [row.external_id, row.family_name]));
};

describe("S2: references are looked up as they are kept", () => {
  // Decomposed, two blanks, a character that no screen shows, a blank that does not break.
  const odd = ["E\u0301-100", "ZZ  7", "Z\u200b8", "Z\u00a09"];

  test("customers and partners are found again, whatever their references were written with", async () => {
    const partners = [
      "external_id,name,kind,currency,commission_percent,commission_tax",
      ...odd.map((one) => `${one},Partner,agent,AUD,10,exclusive`),
    ];
    const contacts = ["partnership_external_id,name,email", ...odd.map((one, n) => `${one},Ann,ann${n}@p.example`)];
    const customers = [
      "external_id,family_name,partnership_external_id",
      ...odd.map((one, n) => `${one},Ng ${n},${odd[n] ?? ""}`),
    ];
    const payments = [
      "customer_external_id,external_id,item,amount,currency,due_date,partnership_external_id,share_percent",
      ...odd.map((one) => `${one},${one}-1,Fee,10.00,AUD,2026-12-05,${one},5`),
    ];
    for (const [kind, lines] of Object.entries({ partnerships: partners, contacts, customers, payments })) {
      const name = kind as Parameters<typeof send>[0];
      expect([kind, await countsOf(portico, await send(name, lines))]).toEqual([kind, { ...done, created: 4 }]);
      expect([kind, await countsOf(portico, await send(name, lines))]).toEqual([kind, { ...done, unchanged: 4 }]);
    }
  });

  test("two ways to write one reference are one reference, within a file, too", async () => {
    const location = await send("customers", ["external_id,family_name", "ZZ  7,Ng", "ZZ 7,Ito"]);
    expect(await badCellsOf(portico, location)).toEqual([[3, "external_id", expect.stringContaining("Line 2 of")]]);
    expect(await names()).toEqual({ "ZZ 7": "Ng" });
  });

  test("references of partners that differ in case alone are two, and so are their contacts", async () => {
    const head = "external_id,name,kind,currency,commission_percent,commission_tax";
    await send("partnerships", [head, "P1,Upper,agent,AUD,10,exclusive", "p1,Lower,agent,AUD,10,exclusive"]);
    const contacts = ["partnership_external_id,name,email", "P1,Ann,ann@p.example", "p1,Ann,Ann@p.example"];
    expect(await countsOf(portico, await send("contacts", contacts))).toEqual({ ...done, created: 2 });
  });
});

describe("S2: of rows with the same reference the first good one counts", () => {
  test("a bad row takes nothing from a good one below it, in the same batch or a later one", async () => {
    const many = Array.from({ length: 600 }, (_, n) => `M${n},Ng,`);
    const rows = [
      "DUP1,Bad,nobody",
      "DUP1,Good,",
      "DUP1,Late,",
      "DUP2,Bad,nobody",
      ...many,
      "DUP2,Good,",
      "DUP1,Later,",
    ];
    const location = await send("customers", ["external_id,family_name,email", ...rows]);
    expect(await badCellsOf(portico, location)).toEqual([
      [2, "email", expect.any(String)],
      [4, "external_id", "Line 3 of this file has it already, and the first one counts. Keep one of the two lines."],
      [5, "email", expect.any(String)],
      [607, "external_id", expect.stringContaining("Line 3 of this file")],
    ]);
    expect(await names()).toMatchObject({ DUP1: "Good", DUP2: "Good" });
  });

  test("also when the import was interrupted between the two", async () => {
    const many = Array.from({ length: 1_300 }, (_, n) => `M${n},Family name number ${n},`);
    const rows = ["DUP1,Bad,nobody", "DUP2,Good,", ...many, "DUP1,Good,", "DUP2,Late,"];
    const location = await startImport(staff, "customers", `external_id,family_name,email\n${rows.join("\n")}\n`);
    const payload = { import: location.split("/").at(-1) ?? "" };
    const { ground } = portico;
    const work = { ground, institution, payload, signal: new AbortController().signal, log: silentLog };
    await expect(runImports(work, dyingAfter(30_000))).rejects.toThrow("died here");
    await portico.drain();
    expect(await badCellsOf(portico, location)).toEqual([
      [2, "email", expect.any(String)],
      [1_305, "external_id", expect.stringContaining("Line 3 of this file")],
    ]);
    expect(await names()).toMatchObject({ DUP1: "Good", DUP2: "Good" });
  });

  test("a row that breaks its batch leaves its place to the next one, and never do both go in", async () => {
    await portico.admin.query(`create function app.test_refuse() returns trigger language plpgsql as
      $$ begin if new.family_name = 'Breaks' then raise exception 'no rule says why'; end if; return new; end $$`);
    await portico.admin.query(
      "create trigger test_refuse before insert on app.customer for each row execute function app.test_refuse()",
    );
    try {
      const rows = ["external_id,family_name", "DUP1,Breaks", "X1,Ng", "DUP1,Good", "DUP1,Late"];
      const location = await send("customers", rows);
      expect(await names()).toEqual({ X1: "Ng", DUP1: "Good" });
      expect(await countsOf(portico, location)).toEqual({ ...done, created: 2, bad: 2 });
    } finally {
      await portico.admin.query("drop trigger test_refuse on app.customer");
      await portico.admin.query("drop function app.test_refuse");
    }
  });
});

/** The house's storage, where the program dies once so many bytes of a file were read. */
function dyingAfter(bytes: number): Storage {
  return {
    ...portico.house.storage,
    async get(key) {
      const whole = await portico.house.storage.get(key);
      return Readable.from(
        (async function* () {
          let sent = 0;
          for await (const piece of whole) {
            for (let from = 0; from < piece.length; from += 8_192) {
              if (sent >= bytes) throw new Error("The program died here.");
              const part = piece.subarray(from, from + 8_192);
              sent += part.length;
              yield part;
            }
          }
        })(),
      );
    },
  };
}
