import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { runImports } from "#features/imports/run-imports.ts";
import type { Work } from "#platform/jobs.ts";
import { silentLog } from "#platform/log.ts";
import type { Storage } from "#platform/storage.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import {
  badCellsOf,
  countsOf,
  fixture,
  type StaffBrowser,
  startImport,
  upload,
} from "../../../test/support/imports.ts";

let portico: TestHouse;
let institution: InstitutionId;
let staff: StaffBrowser;
beforeAll(async () => {
  portico = await testHouse();
});
afterAll(() => portico.close());
beforeEach(async () => {
  const host = `i${portico.random.bytes(6).join("")}.example`;
  institution = await portico.institution({ host });
  staff = await portico.staff(institution);
});

type Payload = { import?: string };

function work(payload: Payload, signal = new AbortController().signal): Work<"imports.run"> {
  return { ground: portico.ground, institution, payload, signal, log: silentLog };
}

/** The house's storage, with something happening after so many bytes of a file were read. */
function storageThat(afterBytes: number, happens: () => Promise<void>): Storage {
  return {
    ...portico.house.storage,
    async get(key) {
      const whole = await portico.house.storage.get(key);
      return Readable.from(
        (async function* () {
          let sent = 0;
          for await (const piece of whole) {
            for (let from = 0; from < piece.length; from += 8_192) {
              const part = piece.subarray(from, from + 8_192);
              if (sent < afterBytes && sent + part.length >= afterBytes) await happens();
              sent += part.length;
              yield part;
            }
          }
        })(),
      );
    },
  };
}

const idOf = (location: string) => location.split("/").at(-1) ?? "";
const count = async (table: string): Promise<number> => {
  const { rows } = await portico.admin.query(`select count(*)::int as n from app.${table} where institution_id = $1`, [
    institution,
  ]);
  return Number(rows[0].n);
};
const doneRows = async (location: string): Promise<number> => {
  const { rows } = await portico.admin.query("select done_rows from app.import_run where id = $1", [idOf(location)]);
  return Number(rows[0].done_rows);
};
const crash = () => Promise.reject(new Error("The program died here."));

describe("an import that is interrupted", () => {
  test("goes on where it stopped, and doubles nothing", async () => {
    const text = String(await fixture("northbridge/customers.csv"))
      .replace("student700@students.example", "nobody")
      .replaceAll(/,P\d{3},/g, ",,");
    const location = await startImport(staff, "customers", text);
    await expect(runImports(work({ import: idOf(location) }), storageThat(100_000, crash))).rejects.toThrow(
      "died here",
    );
    expect(await doneRows(location)).toBe(1_000);
    expect(await count("customer")).toBe(999);
    // The queue tries the same job again.
    await portico.drain();
    expect(await countsOf(portico, location)).toEqual({
      state: "done",
      created: 1_999,
      updated: 0,
      unchanged: 0,
      bad: 1,
    });
    expect(await count("customer")).toBe(1_999);
    expect(await badCellsOf(portico, location)).toEqual([[701, "email", expect.any(String)]]);
    const { rows } = await portico.admin.query(
      "select count(*)::int as n from app.audit_entry where institution_id = $1 and event = 'customer.created'",
      [institution],
    );
    expect(rows[0].n).toBe(1_999);
  });

  test("still knows the keys of rows that were stored before it was interrupted", async () => {
    const rows = Array.from({ length: 1_300 }, (_, index) => `K${index},Family name number ${index}`);
    const location = await startImport(staff, "customers", `external_id,family_name\n${rows.join("\n")}\nK4,Twice\n`);
    await expect(runImports(work({ import: idOf(location) }), storageThat(30_000, crash))).rejects.toThrow();
    expect(await doneRows(location)).toBeGreaterThan(0);
    await portico.drain();
    expect(await badCellsOf(portico, location)).toEqual([
      [1_302, "external_id", expect.stringContaining("Line 6 of this file")],
    ]);
  });

  test("is taken up by the minutely look once its program has been silent for 20 seconds, and not before", async () => {
    const location = await startImport(staff, "customers", "external_id,family_name\nS1,Ng\n");
    await expect(runImports(work({ import: idOf(location) }), storageThat(1, crash))).rejects.toThrow();
    await runImports(work({}), portico.house.storage);
    expect(await countsOf(portico, location)).toMatchObject({ state: "running" });
    portico.clock.advance({ seconds: 21 });
    await runImports(work({}), portico.house.storage);
    expect(await countsOf(portico, location)).toMatchObject({ state: "done", created: 1 });
    await portico.drain();
  });

  test("leaves the work to the job that took it over", async () => {
    const rows = Array.from({ length: 2_000 }, (_, index) => `O${index},Family name number ${index}`);
    const location = await startImport(staff, "customers", `external_id,family_name\n${rows.join("\n")}\n`);
    let later = Promise.resolve();
    const overtaken = storageThat(40_000, () => {
      later = runImports(work({ import: idOf(location) }), portico.house.storage);
      return later;
    });
    await runImports(work({ import: idOf(location) }), overtaken);
    await later;
    expect(await countsOf(portico, location)).toEqual({
      state: "done",
      created: 2_000,
      updated: 0,
      unchanged: 0,
      bad: 0,
    });
    expect(await count("customer")).toBe(2_000);
    await portico.drain();
  });

  test("stops between two batches when the program stops, and goes on when it is back", async () => {
    const rows = Array.from({ length: 1_200 }, (_, index) => `P${index},Ng`);
    const location = await startImport(staff, "customers", `external_id,family_name\n${rows.join("\n")}\n`);
    const stopping = AbortSignal.abort();
    await expect(runImports(work({ import: idOf(location) }, stopping), portico.house.storage)).rejects.toThrow(
      "The program stops",
    );
    expect(await doneRows(location)).toBe(500);
    await portico.drain();
    expect(await countsOf(portico, location)).toMatchObject({ state: "done", created: 1_200 });
  });
});

describe("one import at a time", () => {
  test("in an institution: the others wait, in the order in which they were started", async () => {
    const first = await startImport(staff, "customers", "external_id,family_name\nA1,Ng\n");
    const second = await startImport(staff, "customers", "external_id,family_name\nA1,Ito\n");
    const during = storageThat(1, async () => {
      await runImports(work({ import: idOf(second) }), portico.house.storage);
      expect(await countsOf(portico, second)).toMatchObject({ state: "queued" });
    });
    await runImports(work({ import: idOf(first) }), during);
    expect(await countsOf(portico, first)).toMatchObject({ state: "done", created: 1 });
    await portico.drain();
    expect(await countsOf(portico, second)).toMatchObject({ state: "done", updated: 1 });
  });

  test("two jobs that look at the same moment run it once", async () => {
    const location = await startImport(staff, "customers", "external_id,family_name\nB1,Ng\n");
    const jobs = [1, 2, 3, 4].map(() => runImports(work({ import: idOf(location) }), portico.house.storage));
    await Promise.all(jobs);
    expect(await countsOf(portico, location)).toMatchObject({ state: "done", created: 1, unchanged: 0 });
    await portico.drain();
  });
});

describe("what no rule foresaw", () => {
  test("a row that breaks its batch is found and reported; the others go in", async () => {
    await portico.admin.query(`create function app.test_refuse() returns trigger language plpgsql as
      $$ begin if new.external_id = 'E777' then raise exception 'no rule says why'; end if; return new; end $$`);
    await portico.admin.query(
      "create trigger test_refuse before insert on app.customer for each row execute function app.test_refuse()",
    );
    try {
      const rows = Array.from({ length: 1_000 }, (_, index) => `E${index},Ng`);
      const location = await startImport(staff, "customers", `external_id,family_name\n${rows.join("\n")}\n`);
      await portico.drain();
      expect(await countsOf(portico, location)).toEqual({
        state: "done",
        created: 999,
        updated: 0,
        unchanged: 0,
        bad: 1,
      });
      expect(await badCellsOf(portico, location)).toEqual([
        [779, "Whole row", expect.stringContaining("could not be stored")],
      ]);
    } finally {
      await portico.admin.query("drop trigger test_refuse on app.customer");
      await portico.admin.query("drop function app.test_refuse");
    }
  });

  test("a file that is gone from the storage fails the import and says what to do", async () => {
    const location = await startImport(staff, "customers", "external_id,family_name\nF1,Ng\n");
    await portico.house.storage.remove(`${institution}/imports/${idOf(location)}`);
    await portico.drain();
    expect(await countsOf(portico, location)).toMatchObject({ state: "failed" });
    expect((await staff.get(location)).text).toContain("The file is no longer there. Upload it once more.");
  });

  test("a file that nobody imports within 7 days is deleted, and its page says so", async () => {
    const { location } = await upload(staff, "customers", "external_id,family_name\nN1,Ng\n");
    portico.clock.advance({ hours: 24 * 7 - 1 });
    await runImports(work({}), portico.house.storage);
    expect(await countsOf(portico, location)).toMatchObject({ state: "uploaded" });
    portico.clock.advance({ hours: 2 });
    await runImports(work({}), portico.house.storage);
    expect(await countsOf(portico, location)).toMatchObject({ state: "failed" });
    await expect(portico.house.storage.get(`${institution}/imports/${idOf(location)}`)).rejects.toThrow();
    const owner = await portico.staff(institution);
    expect((await owner.get(location)).text).toContain("It was not started within 7 days");
  });

  test("nothing of a file is kept once its import has ended", async () => {
    const location = await startImport(staff, "customers", "external_id,family_name\nG1,Ng\n");
    const { rows } = await portico.admin.query("select storage_key from app.import_run where id = $1", [
      idOf(location),
    ]);
    await portico.drain();
    await expect(portico.house.storage.get(rows[0].storage_key)).rejects.toThrow();
    const kept = await portico.admin.query("select found->'sample' as sample from app.import_run where id = $1", [
      idOf(location),
    ]);
    expect(kept.rows[0].sample).toEqual([]);
  });
});
