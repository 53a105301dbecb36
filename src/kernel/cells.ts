import { normaliseEmail } from "#kernel/email.ts";
import { type Currency, isCurrency, largestMinor, type Money, money, parseMoney } from "#kernel/money.ts";
import { type FieldErrors, Problem } from "#kernel/problem.ts";
import { parsePercent } from "#kernel/rate.ts";
import { readLine } from "#kernel/text.ts";
import { type PlainDate, parseDate } from "#kernel/time.ts";

/** What is wrong with one cell of a row: the column, what to write instead, and what stood there. */
export type CellProblem = { readonly column: string; readonly reason: string; readonly value: string };

/** What became of one row that came in with others. */
export type RowResult =
  | { readonly outcome: "created" | "updated" | "unchanged"; readonly id: string }
  | { readonly outcome: "bad"; readonly problems: readonly CellProblem[] };

/** A column that rows may have: its name in a file, its name for people, and what to write into it. */
export type ColumnSpec = {
  readonly name: string;
  readonly label: string;
  readonly required: boolean;
  readonly hint: string;
};

// A thousandth of the largest amount there is (2^53 − 1 minor units), so that a few of them together can still be moved
// as one. Sums that are only shown have no bound (`moneySum`); those in the database hold a million such rows.
const largestTyped = largestMinor / 1_000n;

/** Cells by column name, as text. A column that is not there is left as it is. */
export type Row<C extends string> = Readonly<Partial<Record<C, string>>>;

/**
 * Reads the cells of one row, and collects what is wrong with them; each reader answers undefined for what is not
 * there or wrong.
 */
export class Cells<C extends string> {
  readonly #row: Row<C>;
  readonly #problems: CellProblem[] = [];

  constructor(row: Row<C>) {
    this.#row = row;
  }

  get problems(): readonly CellProblem[] {
    return this.#problems;
  }

  /** Whether the row has this column at all. */
  has(column: C): boolean {
    return this.#row[column] !== undefined;
  }

  /** The cell without the white space around it; empty when there is none. */
  raw(column: C): string {
    return (this.#row[column] ?? "").trim();
  }

  refuse(column: C, reason: string): undefined {
    this.#problems.push({ column, reason, value: this.raw(column).slice(0, 200) });
    return undefined;
  }

  /** One line of text; `required` refuses an empty one with these words. */
  line(column: C, most: number, required?: string): string | undefined {
    if (this.raw(column) === "") return required === undefined ? this.#empty(column) : this.refuse(column, required);
    const read = readLine(this.raw(column), most);
    if (typeof read !== "string") return this.refuse(column, read.problem);
    // What had only characters that no screen shows is empty, too.
    return read === "" && required !== undefined ? this.refuse(column, required) : read;
  }

  #empty(column: C): string | undefined {
    return this.has(column) ? "" : undefined;
  }

  /** One of a few words; upper and lower case count as the same. */
  oneOf<const W extends string>(column: C, words: readonly W[]): W | undefined {
    const text = this.raw(column).toLowerCase();
    const found = words.find((word) => word.toLowerCase() === text);
    return found ?? this.refuse(column, `Write one of: ${words.join(", ")}.`);
  }

  yesNo(column: C): boolean | undefined {
    const text = this.raw(column).toLowerCase();
    if (["yes", "true", "1"].includes(text)) return true;
    if (["no", "false", "0"].includes(text)) return false;
    return this.refuse(column, "Write yes or no.");
  }

  /** An e-mail address as it is kept; null for an empty cell. */
  email(column: C): string | null | undefined {
    if (this.raw(column) === "") return this.has(column) ? null : undefined;
    return (
      normaliseEmail(this.raw(column)) ?? this.refuse(column, "Write a whole e-mail address, like name@example.com.")
    );
  }

  currency(column: C): Currency | undefined {
    const code = this.raw(column).toUpperCase();
    return isCurrency(code) ? code : this.refuse(column, "Write a currency code like AUD, USD or JPY.");
  }

  /** An amount of at least `least` minor units. */
  amount(column: C, currency: Currency, least: bigint): Money | undefined {
    const text = this.raw(column);
    // Nothing is nothing in every currency, however many decimals a program wrote it with.
    if (least === 0n && /^(0+(\.0+)?)?$/.test(text)) return money(0n, currency);
    if (/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)) {
      return this.refuse(column, `Write ${text.replaceAll(",", "")}: no thousands separators.`);
    }
    if (/^[-−]/.test(text)) return this.refuse(column, "An amount can't be negative.");
    const read = parseMoney(text, currency);
    if ("problem" in read) return this.refuse(column, read.problem);
    if (read.minor > largestTyped) return this.refuse(column, "This amount is too large.");
    return read.minor < least ? this.refuse(column, "Write an amount above zero.") : read;
  }

  /** A percentage of at least `leastBps` and up to 100, in basis points. */
  percent(column: C, leastBps: 0 | 1): number | undefined {
    const bps = parsePercent(this.raw(column));
    if (bps === undefined || bps < leastBps) {
      const from = leastBps === 0 ? "from 0 to 100" : "above 0 and up to 100";
      return this.refuse(column, `Write a percentage ${from}, with at most two decimals, like 12.5.`);
    }
    return bps;
  }

  /** A date of the calendar between 2000 and 2100. */
  date(column: C): PlainDate | undefined {
    const text = this.raw(column);
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) {
      return this.refuse(column, "Write the date as year-month-day, like 2026-12-05.");
    }
    const date = parseDate(text);
    if (!date) return this.refuse(column, `${text} is not in the calendar.`);
    return date.year < 2000 || date.year > 2100 ? this.refuse(column, "Write a year from 2000 to 2100.") : date;
  }
}

/** What is wrong, by column, as a form shows it; the first problem of each. */
export function fieldsOf(problems: readonly CellProblem[]): FieldErrors {
  const fields: Record<string, string> = {};
  for (const { column, reason } of problems) fields[column] ??= reason;
  return fields;
}

/** Throws `form.invalid` with the words for each field when something is wrong. */
export function assertNoProblems(problems: readonly CellProblem[]): void {
  if (problems.length === 0) return;
  throw new Problem("form.invalid", "Please check what is marked.", { fields: fieldsOf(problems) });
}
