import { allLines, type Book, type Statement, type Tx } from "#features/statements/book.ts";
import { ageBuckets, type BalancedLine } from "#features/statements/statement.ts";
import { lineSubject, lineTitle, referenceText } from "#features/statements/statement-words.ts";
import { readableOnWhite } from "#kernel/colour.ts";
import { type Money, moneySum } from "#kernel/money.ts";
import { dateIn, type Instant } from "#kernel/time.ts";
import { directionOf } from "#platform/i18n/locales.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import type { Institution } from "#platform/institution.ts";
import type { Block, PdfDocument, TableColumn, TableRow, Words } from "#platform/pdf/document.ts";
import { printLongPdf } from "#platform/pdf/printer.ts";

export type StatementPdf = {
  readonly statement: Statement;
  readonly book: Book;
  readonly institution: Institution;
  readonly language: string;
  /** When it is made: the file says so, and nothing else in it depends on it. */
  readonly at: Instant;
};

/** The most entries that a PDF takes: some 800 pages, which nobody reads; a CSV takes any number. */
export const mostPdfLines = 20_000;

/**
 * The statement as a PDF in the reader's language, drawn page by page while its lines are read: the first bytes leave
 * at once, and its length takes no memory.
 */
export async function statementPdf(tx: Tx, pdf: StatementPdf): Promise<ReadableStream<Uint8Array>> {
  const blocks = blocksOf(tx, pdf);
  // The first lines are read before anything is answered, so that a refusal is still a proper answer.
  const first = await blocks.next();
  return printLongPdf(statementHead(pdf), startingWith(first, blocks));
}

/** What a downloaded statement is called: `statement-2026-11-01-2026-11-30-AUD.pdf`. */
export function statementFileName({ period, range }: Statement, ending: "pdf" | "csv"): string {
  return `statement-${period.from}-${period.to}-${range.currency}.${ending}`;
}

function startingWith<V>(first: IteratorResult<V, void>, rest: AsyncGenerator<V, void>): AsyncIterator<V, void> {
  let next: IteratorResult<V, void> | undefined = first;
  return {
    next: async () => {
      const given = next ?? (await rest.next());
      next = undefined;
      return given;
    },
    return: async () => await rest.return(),
  };
}

/** What stands above the lines: who, for whom, which days, and the figures that it comes to. */
export function statementHead({ statement, institution, language, at }: StatementPdf): PdfDocument {
  const t = translator(language);
  const { party, period, range } = statement;
  const dates = { from: t.date(period.from), to: t.date(period.to) };
  const today = dateIn(institution.timeZone, at);
  const contact = [institution.contactEmail, institution.contactPhone].filter((text) => text !== "");
  const registered = `${institution.registrationLabel} ${institution.registrationNumber}`.trim();
  const number = institution.registrationNumber === "" ? "" : registered;
  return {
    title: t("statement.name", { ...dates, institution: institution.name }).replace(/[\u2066-\u2069]/g, ""),
    language,
    writtenIn: t.locale,
    direction: directionOf(t.locale),
    accent: readableOnWhite(institution.brandColour),
    createdAt: at.toString(),
    author: institution.name,
    sender: data(institution.name),
    kind: t("statement.title"),
    number: t("statement.range", dates),
    blocks: [
      {
        block: "columns",
        columns: [
          {
            title: t("doc.from"),
            lines: written([
              institution.legalName || institution.name,
              number,
              ...institution.address.split("\n"),
              ...contact,
            ]),
          },
          {
            title: t("statement.for"),
            lines: written([party.legalName || party.name, party.taxId, ...party.address.split("\n")]),
          },
          {
            title: t("doc.details"),
            lines: [
              t("statement.range", dates),
              t("statement.currency", { currency: range.currency }),
              t("statement.issuedOn", { date: t.date(today) }),
            ],
          },
        ],
      },
      { block: "note", text: t("statement.apart") },
    ],
    footer: [
      data([institution.legalName || institution.name, number].filter((text) => text !== "").join(" · ")),
      t("statement.zone", { zone: institution.timeZone }),
    ],
    pageLabel: t("doc.page"),
  };
}

async function* blocksOf(tx: Tx, pdf: StatementPdf): AsyncGenerator<readonly Block[], void> {
  const t = translator(pdf.language);
  const { statement, book, institution } = pdf;
  for (const sums of statement.sections) {
    const name = institution.name;
    const heading: Block = { block: "heading", text: t(`statement.${sums.section}`) };
    const whose: Block = { block: "note", text: t(`statement.${sums.section}Text`, { institution: name }) };
    yield [heading, whose, { block: "table-start", columns: columnsOf(t) }, rowsOf([balanceRow(sums.opening, t)])];
    for await (const lines of allLines(tx, book, statement, sums)) {
      yield [rowsOf(lines.map((line) => rowOf(line, t, institution)))];
    }
    const closing = t("statement.closingOn", { date: t.date(statement.balanceDays.closing) });
    const kinds = sums.kinds.map((kind) => [t(`statement.line.${kind.kind}`), figure(kind.within, t)] as const);
    const totals = [
      [t("statement.opening"), figure(sums.opening, t)] as const,
      ...kinds,
      [closing, figure(sums.closing, t)] as const,
    ];
    yield [{ block: "table-end", totals }];
    if (sums.section === "invoices" && sums.closing.minor !== 0n) yield ageingBlocks(statement, t);
  }
}

function columnsOf(t: T): TableColumn[] {
  return [
    { title: t("statement.date"), share: 2.1, align: "start" },
    { title: t("statement.entry"), share: 5, align: "start" },
    { title: t("statement.reference"), share: 2.4, align: "start" },
    { title: t("statement.amount"), share: 2.4, align: "end" },
    { title: t("statement.balance"), share: 2.4, align: "end" },
  ];
}

function rowOf(line: BalancedLine, t: T, { timeZone }: Institution): TableRow {
  const subject = lineSubject(line, t).map((text) => `\u2068${text}\u2069`);
  return {
    cells: [
      t.date(dateIn(timeZone, line.at)),
      [lineTitle(line, t), ...subject].join(" · "),
      data(line.references.map(referenceText).join("\n")),
      figure(line.amount, t),
      figure(line.balance, t),
    ],
  };
}

function balanceRow(opening: Money, t: T): TableRow {
  return { cells: ["", t("statement.opening"), "", "", figure(opening, t)], strong: true };
}

function ageingBlocks({ ageing, balanceDays }: Statement, t: T): Block[] {
  const { currency } = ageing.current;
  const total = ageBuckets.reduce((sum, bucket) => sum + ageing[bucket].minor, 0n);
  return [
    { block: "heading", text: t("statement.ageing") },
    { block: "note", text: t("statement.ageingOn", { date: t.date(balanceDays.closing) }) },
    {
      block: "table",
      columns: ageBuckets.map((bucket) => ({ title: t(`statement.age.${bucket}`), share: 1, align: "end" })),
      rows: [{ cells: ageBuckets.map((bucket) => figure(ageing[bucket], t)) }],
      totals: [[t("statement.age.total"), figure(moneySum(total, currency), t)]],
    },
  ];
}

function rowsOf(rows: readonly TableRow[]): Block {
  return { block: "rows", rows };
}

/** The currency stands above the lines: here only the digits, as they are written in the reader's language. */
function figure(amount: Money, t: T): Words {
  return data(t.money(amount, "none"));
}

function data(text: string): Words {
  return { data: text };
}

function written(lines: readonly string[]): Words[] {
  return lines.filter((line) => line !== "").map(data);
}
