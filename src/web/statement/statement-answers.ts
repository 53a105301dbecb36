import type { z } from "zod";
import { type Book, readLines, readStatement, type Statement, type Tx } from "#features/statements/book.ts";
import { statementCsv } from "#features/statements/statement-csv.ts";
import { mostPdfLines, statementFileName, statementPdf } from "#features/statements/statement-document.ts";
import { type Answer, file } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { Problem } from "#kernel/problem.ts";
import { csvMediaType } from "#platform/csv-write.ts";
import { translator } from "#platform/i18n/messages.ts";
import type { Cx } from "#platform/tx.ts";
import { askedPeriod, entriesOnPage, type statementPageQuery, type statementQuery } from "./statement-query.ts";

type Query = z.output<typeof statementQuery>;

/** A statement with the entries that its page shows. */
export async function readStatementPage(cx: Cx, book: Book, query: z.output<typeof statementPageQuery>) {
  const statement = await readStatement(cx, book, askedPeriod(cx, query), query.currency);
  const pages = await Promise.all(
    statement.sections.map((sums) =>
      readLines(cx, book, statement, sums, { first: query[sums.section] ?? 1, size: entriesOnPage }),
    ),
  );
  return { statement, pages };
}

async function statementOf(tx: Tx, book: Book, query: Query) {
  return await tx(async (cx) => ({
    statement: await readStatement(cx, book, askedPeriod(cx, query), query.currency),
    institution: cx.institution,
    at: cx.now,
  }));
}

/** The statement as PDF in the language of the page that asks. Throws `conflict` when it has more than a PDF takes. */
export async function answerPdf(tx: Tx, book: Book, query: Query, ui: Ui): Promise<Answer> {
  const { statement, institution, at } = await statementOf(tx, book, query);
  if (entriesOf(statement) > mostPdfLines) {
    throw new Problem("conflict", translator(ui.locale)("statement.tooLong"));
  }
  const body = await statementPdf(tx, { statement, book, institution, language: ui.locale, at });
  return file(body, "application/pdf", statementFileName(statement, "pdf"));
}

/** The statement as CSV. */
export async function answerCsv(tx: Tx, book: Book, query: Query): Promise<Answer> {
  const { statement, institution } = await statementOf(tx, book, query);
  const body = await statementCsv(tx, book, statement, institution.timeZone);
  return file(body, csvMediaType, statementFileName(statement, "csv"));
}

function entriesOf({ sections }: Statement): number {
  return sections.reduce((sum, { count }) => sum + count, 0);
}
