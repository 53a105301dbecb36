import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testHouse, type TestHouse } from "../../../../test/support/house.ts";
import type { InstitutionId } from "#access/principal.ts";

let portico: TestHouse;
beforeAll(async () => {
  portico = await testHouse();
});
afterAll(() => portico.close());

const fixtures = new URL("../../../../test/fixtures/", import.meta.url);
const fixture = (name: string) => readFile(new URL(name, fixtures));
type Staff = Awaited<ReturnType<TestHouse["staff"]>>;

/** Uploads a file as the page does, and leads to its preview. */
async function upload(staff: Staff, kind: string, content: Uint8Array | string, name = `${kind}.csv`) {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return await staff.upload("/staff/imports/new", { kind }, { name, bytes });
}

/** What the preview's form would send: the chosen option of each select. */
function chosenOf(html: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, name = "", options = ""] of html.matchAll(/<select[^>]* name="(column-[a-z_]+)"[^>]*>(.*?)<\/select>/gs)) {
    fields[name] = /<option value="(\d*)" selected/.exec(options)?.[1] ?? "";
  }
  return fields;
}

/** From upload to result, with the columns as they were found. Answers the address of the import. */
async function importFile(staff: Staff, kind: string, content: Uint8Array | string): Promise<string> {
  const uploaded = await upload(staff, kind, content);
  expect(uploaded.status, uploaded.text).toBe(303);
  const preview = await staff.get(uploaded.location);
  expect(preview.status).toBe(200);
  const started = await staff.post(uploaded.location, chosenOf(preview.text));
  expect(started.status, started.text).toBe(303);
  await portico.drain();
  return uploaded.location;
}

type Counts = { state: string; created: number; updated: number; unchanged: number; bad: number };

async function countsOf(location: string): Promise<Counts> {
  const { rows } = await portico.admin.query<Counts>(
    `select state, created_rows as created, updated_rows as updated, unchanged_rows as unchanged, bad_rows as bad
       from app.import_run where id = $1`,
    [location.split("/").at(-1)],
  );
  return rows[0]!;
}

describe("importing Northbridge College", () => {
  let institution: InstitutionId;
  let staff: Staff;
  beforeAll(async () => {
    institution = await portico.institution();
    staff = await portico.staff(institution);
  });

  const files = { partnerships: 40, contacts: 67, customers: 2000, payments: 11_945 };

  test("every row goes in, and importing the same files again changes nothing", async () => {
    for (const [kind, rows] of Object.entries(files)) {
      const location = await importFile(staff, kind, await fixture(`northbridge/${kind}.csv`));
      expect(await countsOf(location)).toEqual({ state: "done", created: rows, updated: 0, unchanged: 0, bad: 0 });
    }
    for (const [kind, rows] of Object.entries(files)) {
      const location = await importFile(staff, kind, await fixture(`northbridge/${kind}.csv`));
      expect(await countsOf(location)).toEqual({ state: "done", created: 0, updated: 0, unchanged: rows, bad: 0 });
    }
  });
});
