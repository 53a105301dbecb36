import { allLines, type Book, type Statement, type Tx } from "#features/statements/book.ts";
import type { BalancedLine, LineReference } from "#features/statements/statement.ts";
import { referenceText } from "#features/statements/statement-words.ts";
import { type Money, toDecimal } from "#kernel/money.ts";
import { dateIn } from "#kernel/time.ts";
import { byteOrderMark, type CsvRow, csvLines } from "#platform/csv-write.ts";

const header = [
  ...["section", "date", "at", "entry", "customer", "item", "payout", "invoice", "document", "due_date", "detail"],
  ...["tax", "amount", "balance", "currency"],
];

/** The statement as CSV: opening, every entry with its balance, closing; read while it is sent, a batch in memory. */
export async function statementCsv(
  tx: Tx,
  book: Book,
  statement: Statement,
  timeZone: string,
): Promise<ReadableStream<Uint8Array>> {
  const parts = rowsOf(tx, book, statement, timeZone);
  // The first rows are read before anything is answered, so that a refusal is still a proper answer.
  let begun: IteratorResult<string, void> | undefined = await parts.next();
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = begun ?? (await parts.next());
      begun = undefined;
      if (done || value === undefined) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await parts.return();
    },
  });
}

async function* rowsOf(tx: Tx, book: Book, statement: Statement, timeZone: string): AsyncGenerator<string, void> {
  const { balanceDays, range } = statement;
  let head = byteOrderMark + csvLines([header]);
  for (const sums of statement.sections) {
    const mark = (entry: string, date: string, balance: Money): CsvRow => {
      const empty = Array.from({ length: 9 }, () => "");
      return [sums.section, date, "", entry, ...empty, toDecimal(balance), range.currency];
    };
    yield head + csvLines([mark("opening", balanceDays.opening.toString(), sums.opening)]);
    head = "";
    let closing = sums.opening;
    for await (const lines of allLines(tx, book, statement, sums)) {
      closing = lines.at(-1)?.balance ?? closing;
      yield csvLines(lines.map((line) => rowOf(sums.section, line, timeZone)));
    }
    yield csvLines([mark("closing", balanceDays.closing.toString(), closing)]);
  }
}

function rowOf(section: string, line: BalancedLine, timeZone: string): CsvRow {
  const named = (...kinds: LineReference["kind"][]) =>
    line.references
      .filter(({ kind }) => kinds.includes(kind))
      .map(referenceText)
      .join(" ");
  return [
    section,
    dateIn(timeZone, line.at).toString(),
    line.at.toString(),
    line.kind,
    line.customer,
    line.item,
    named("payout"),
    named("invoice"),
    named("self_billed", "credit_note"),
    line.dueDate?.toString() ?? "",
    line.detail,
    toDecimal(line.tax),
    toDecimal(line.amount),
    toDecimal(line.balance),
    line.amount.currency,
  ];
}
