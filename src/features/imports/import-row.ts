import type { CellProblem } from "#kernel/cells.ts";
import { normaliseEmail } from "#kernel/email.ts";
import { cleanReference } from "#kernel/text.ts";
import type { CsvRecord } from "#platform/csv-read.ts";
import type { BadCell, FoundInFile, Mapping } from "./import.ts";

/** A row on its way to its feature: cells as they stood in the file, by our column names; or what is wrong with it. */
export type ImportRow = {
  readonly line: number;
  readonly cells?: Record<string, string>;
  /** Names the thing within the file, as it is kept; undefined where the row names none. */
  readonly key?: string | undefined;
  readonly problems: readonly CellProblem[];
};

/** Where a problem is about the row and not about one cell of it. */
export const wholeRow = "Whole row";

const longestValue = 200;

/** Turns records into rows of one import: counts cells, renames columns, and says what each row names. */
export class RowMaker {
  readonly #width: number;
  readonly #headers: readonly string[];
  readonly #mapping: readonly (readonly [column: string, index: number])[];
  readonly #keyColumns: readonly string[];

  /** `keyColumns` together name a thing within the file: an external id, or a partnership and an address. */
  constructor(found: Pick<FoundInFile, "headers">, mapping: Mapping, keyColumns: readonly string[]) {
    this.#width = found.headers.length;
    this.#headers = found.headers;
    this.#mapping = Object.entries(mapping);
    this.#keyColumns = keyColumns;
  }

  make(record: CsvRecord): ImportRow {
    const { line } = record;
    if ("problem" in record) return bad(line, { column: wholeRow, reason: record.problem, value: record.text });
    const cells = Object.fromEntries(
      this.#mapping.map(([column, index]) => [column, unescaped(record.cells[index] ?? "")]),
    );
    const surplus = record.cells.slice(this.#width);
    if (surplus.some((cell) => cell.trim() !== "")) return bad(line, this.#tooMany(record.cells.length, surplus));
    if (record.cells.length < this.#width) return bad(line, this.#tooFew(record.cells));
    return { line, cells, key: this.#keyOf(cells), problems: [] };
  }

  #keyOf(cells: Readonly<Record<string, string>>): string | undefined {
    const parts = this.#keyColumns.map((column) =>
      column === "email" ? (normaliseEmail(cells[column] ?? "") ?? "") : cleanReference(cells[column]),
    );
    return parts.some((part) => part === "") ? undefined : parts.join("\n");
  }

  #tooMany(cells: number, surplus: readonly string[]): CellProblem {
    const reason =
      `This row has ${cells} cells, the headings have ${this.#width}. ` +
      "Put text that holds a comma in quotes, or take the surplus cells away.";
    return { column: wholeRow, reason, value: surplus.join(", ") };
  }

  #tooFew(cells: readonly string[]): CellProblem {
    const first = this.#headers[cells.length] ?? "";
    const reason =
      `This row has ${cells.length} of ${this.#width} cells: it ends before “${first}”. ` +
      "Add the missing cells, empty where there is nothing to say.";
    return { column: wholeRow, reason, value: cells.join(", ") };
  }
}

/** What to say of a row that names what a good row above it names. */
export function twice({ cells }: ImportRow, keyColumns: readonly string[], first: number): CellProblem {
  const column = keyColumns.at(-1) ?? "";
  const reason = `Line ${first} of this file has it already, and the first one counts. Keep one of the two lines.`;
  return { column, value: (cells?.[column] ?? "").trim(), reason };
}

/**
 * The cell without the apostrophe that exports put before what a spreadsheet would run: ours come back as they went
 * out.
 */
function unescaped(cell: string): string {
  return /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

function bad(line: number, problem: CellProblem): ImportRow {
  return { line, problems: [problem] };
}

/** The problems of a row as the report keeps them: values cut to 200 characters, one problem a column. */
export function badCells(line: number, problems: readonly CellProblem[]): BadCell[] {
  const byColumn = new Map<string, BadCell>();
  for (const { column, reason, value } of problems) {
    if (!byColumn.has(column)) byColumn.set(column, { line, column, reason, value: cut(value) });
  }
  return [...byColumn.values()];
}

function cut(value: string): string {
  // PostgreSQL keeps no NUL, and no half of a surrogate pair.
  const clean = value.replaceAll("\0", "").toWellFormed();
  return clean.length > longestValue
    ? `${clean.slice(0, longestValue).toWellFormed()}… (${clean.length} characters)`
    : clean;
}
