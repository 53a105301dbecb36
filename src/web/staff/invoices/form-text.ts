import type { LineInput } from "#features/invoices/invoice-amounts.ts";
import {
  type DraftInput,
  longestDescription,
  longestNotes,
  mostLines,
  mostQuantity,
} from "#features/invoices/invoice-draft.ts";
import { isId } from "#kernel/ids.ts";
import { type Currency, isCurrency, parseMoney } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { parsePercent } from "#kernel/rate.ts";
import { cleanText, readLine } from "#kernel/text.ts";
import { parseDate } from "#kernel/time.ts";

/** A form as it came: every field a text, or several. */
export type Typed = Readonly<Record<string, string | readonly string[]>>;

/** Lines that an empty form shows, and how many "Add a line" adds. */
export const firstRows = 3;

export function textOf(typed: Typed, name: string): string {
  return [typed[name] ?? ""].flat()[0]?.trim() ?? "";
}

/** How many lines the form shows. */
export function rowsOf(typed: Typed): number {
  const asked = Number(/^\d{1,3}$/.exec(textOf(typed, "rows"))?.[0] ?? firstRows);
  return Math.min(Math.max(asked, 1), mostLines);
}

/** What was typed, as an invoice. Throws `form.invalid` with the words for each field. */
export function readInvoiceForm(typed: Typed): DraftInput {
  const problems: Record<string, string> = {};
  const partnership = textOf(typed, "partner");
  if (!isId("prt", partnership)) problems.partner = "Choose whom the invoice is for.";
  const currency = textOf(typed, "currency");
  if (!isCurrency(currency)) problems.currency = "Choose a currency.";
  const dueDate = parseDate(textOf(typed, "due_date"));
  if (!dueDate) problems.due_date = "Choose the day by which it is to be paid.";
  const notes = [typed.notes ?? ""].flat()[0] ?? "";
  if (notes.length > longestNotes)
    problems.notes = `Write at most ${longestNotes} characters; this has ${notes.length}.`;
  const lines = isCurrency(currency) ? readLines(typed, currency, problems) : [];
  if (isCurrency(currency) && lines.length === 0 && Object.keys(problems).length === 0) {
    problems.description_1 = "Write at least one line: what the invoice is for.";
  }
  if (Object.keys(problems).length > 0 || !isId("prt", partnership) || !isCurrency(currency) || !dueDate) {
    throw new Problem("form.invalid", Object.values(problems)[0] ?? "", { fields: problems });
  }
  return { partnership, currency, dueDate, notes: cleanText(notes), lines };
}

function readLines(typed: Typed, currency: Currency, problems: Record<string, string>): LineInput[] {
  const lines: LineInput[] = [];
  for (let row = 1; row <= rowsOf(typed); row++) {
    const [text, unit] = [textOf(typed, `description_${row}`), textOf(typed, `unit_${row}`)];
    if (text === "" && unit === "") continue;
    const line = readOne(typed, row, currency, problems);
    if (line) lines.push(line);
  }
  return lines;
}

function readOne(
  typed: Typed,
  row: number,
  currency: Currency,
  problems: Record<string, string>,
): LineInput | undefined {
  const description = readLine(textOf(typed, `description_${row}`), longestDescription);
  if (typeof description !== "string") problems[`description_${row}`] = description.problem;
  else if (description === "") problems[`description_${row}`] = "Write what this line is for.";
  const count = textOf(typed, `quantity_${row}`);
  const quantity = /^\d{1,7}$/.test(count) ? Number(count) : 0;
  if (quantity < 1 || quantity > mostQuantity) {
    problems[`quantity_${row}`] = "Write a whole number from 1 to 1000000.";
  }
  const unit = parseMoney(textOf(typed, `unit_${row}`), currency);
  if ("problem" in unit) problems[`unit_${row}`] = unit.problem;
  const rate = textOf(typed, `tax_${row}`);
  const taxBps = rate === "" ? 0 : parsePercent(rate);
  if (taxBps === undefined) problems[`tax_${row}`] = "Write the rate in percent, from 0 to 100, like 10 or 12.5.";
  if (typeof description !== "string" || "problem" in unit || taxBps === undefined) return undefined;
  return { description, quantity, unit, taxBps };
}
