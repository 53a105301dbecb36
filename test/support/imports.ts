import { readFile } from "node:fs/promises";
import { expect } from "vitest";
import type { Shown } from "./browser.ts";
import type { TestHouse } from "./house.ts";

export type StaffBrowser = Awaited<ReturnType<TestHouse["staff"]>>;
export type Counts = { state: string; created: number; updated: number; unchanged: number; bad: number };

/** A file of `test/fixtures`, as bytes. */
export function fixture(name: string): Promise<Buffer> {
  return readFile(new URL(`../fixtures/${name}`, import.meta.url));
}

/** Uploads a file as the staff page does. */
export async function upload(
  staff: StaffBrowser,
  kind: string,
  content: Uint8Array | string,
  name = `${kind}.csv`,
): Promise<Shown> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return await staff.upload("/staff/imports/new", { kind }, { name, bytes });
}

/** What the form of a preview would send: the chosen option of each select. */
export function chosenOf(html: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, name = "", options = ""] of html.matchAll(
    /<select[^>]* name="(column-[a-z_]+)"[^>]*>(.*?)<\/select>/gs,
  )) {
    fields[name] = /<option value="(\d*)" selected/.exec(options)?.[1] ?? "";
  }
  return fields;
}

/** The words of a page's error summary, for a failing test to show. */
function problemsOf(shown: Shown): string {
  return (/id="problems".*?<\/ul>/s.exec(shown.text)?.[0] ?? shown.text.slice(0, 300)).replaceAll(/<[^>]*>/g, " ");
}

/**
 * From upload to start, with the columns as they were found. Answers the address of the import, which now waits in
 * the queue.
 */
export async function startImport(staff: StaffBrowser, kind: string, content: Uint8Array | string): Promise<string> {
  const uploaded = await upload(staff, kind, content);
  expect(uploaded.status, problemsOf(uploaded)).toBe(303);
  const preview = await staff.get(uploaded.location);
  expect(preview.status).toBe(200);
  const started = await staff.post(uploaded.location, chosenOf(preview.text));
  expect(started.status, problemsOf(started)).toBe(303);
  return uploaded.location;
}

/** From upload to the end. Answers the address of the import. */
export async function importFile(
  portico: TestHouse,
  staff: StaffBrowser,
  kind: string,
  content: Uint8Array | string,
): Promise<string> {
  const location = await startImport(staff, kind, content);
  await portico.drain();
  return location;
}

/** What came of an import, as its row says. */
export async function countsOf(portico: TestHouse, location: string): Promise<Counts> {
  const { rows } = await portico.admin.query<Counts>(
    `select state, created_rows as created, updated_rows as updated, unchanged_rows as unchanged, bad_rows as bad
       from app.import_run where id = $1`,
    [location.split("/").at(-1)],
  );
  const [counts] = rows;
  if (!counts) throw new Error(`There is no import at ${location}`);
  return counts;
}

/** What was wrong: [line, column, reason], in the order of the file. */
export async function badCellsOf(portico: TestHouse, location: string): Promise<[number, string, string][]> {
  const { rows } = await portico.admin.query<{ line: number; column_name: string; reason: string }>(
    "select line, column_name, reason from app.import_bad_row where import_id = $1 order by line, column_name",
    [location.split("/").at(-1)],
  );
  return rows.map((row) => [row.line, row.column_name, row.reason]);
}
