import { type BalanceDays, balanceDaysOf, instantsOf, type Period } from "#features/statements/period.ts";
import type {
  BalancedLine,
  KindSum,
  OpenItem,
  Place,
  Range,
  Section,
  StatementLine,
} from "#features/statements/statement.ts";
import { type Ageing, ageingOf, balanced, type SectionSums, sumUp } from "#features/statements/statement.ts";
import { type Currency, type Money, moneySum } from "#kernel/money.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

/** Whom a statement is for. */
export type Party = {
  readonly name: string;
  readonly legalName: string;
  readonly address: string;
  readonly taxId: string;
  readonly currency: Currency;
};

/**
 * What a statement is drawn from: the account of one party. A partner's has two sections; a new kind of party brings a
 * book of its own, and page, CSV and PDF stay as they are.
 */
export type Book = {
  readonly sections: readonly Section[];
  party(cx: Cx): Promise<Party>;
  sums(cx: Cx, section: Section, range: Range): Promise<KindSum[]>;
  lines(
    cx: Cx,
    section: Section,
    range: Range,
    wanted: { readonly after?: Place | undefined; readonly skip?: number; readonly size: number },
  ): Promise<{ readonly lines: readonly StatementLine[]; readonly next: Place | undefined }>;
  sumOfFirst(cx: Cx, section: Section, range: Range, count: number): Promise<bigint>;
  /** What was owed at the end of the period, one by one. */
  openItems(cx: Cx, range: Range): Promise<OpenItem[]>;
};

/** The figures of a statement: what does not depend on how many lines it has. */
export type Statement = {
  readonly party: Party;
  readonly period: Period;
  readonly range: Range;
  /** Balances are of these days: of a period that is not over, the last one is today. */
  readonly balanceDays: BalanceDays;
  readonly sections: readonly SectionSums[];
  /** Of what the party owes, by how long it was due on the day of the closing balance. */
  readonly ageing: Ageing;
};

/** Reads the figures of a statement. All queries leave together. */
export async function readStatement(
  cx: Cx,
  book: Book,
  period: Period,
  wish: Currency | undefined,
): Promise<Statement> {
  const party = await book.party(cx);
  const currency = wish ?? party.currency;
  const range: Range = { currency, ...instantsOf(period, cx.institution.timeZone) };
  const [open, ...sums] = await Promise.all([
    book.openItems(cx, range),
    ...book.sections.map(async (section) => sumUp(section, currency, await book.sums(cx, section, range))),
  ]);
  const balanceDays = balanceDaysOf(period, todayOf(cx.institution, cx.now));
  return { party, period, range, balanceDays, sections: sums, ageing: ageingOf(open, balanceDays.closing, currency) };
}

/** Lines on a page of a statement, from the first one asked for (counted from 1), each with its balance. */
export type LinesPage = {
  readonly section: Section;
  readonly first: number;
  readonly brought: Money;
  readonly lines: readonly BalancedLine[];
  readonly more: boolean;
};

/**
 * A page of a section. A statement lists what is past, in order of time: a line keeps its number, so a page is found by
 * it.
 */
export async function readLines(
  cx: Cx,
  book: Book,
  { range }: Pick<Statement, "range">,
  sums: SectionSums,
  from: { readonly first: number; readonly size: number },
): Promise<LinesPage> {
  const { section, opening, count } = sums;
  const first = from.first > count ? 1 : from.first;
  const skip = first - 1;
  const [before, found] = await Promise.all([
    book.sumOfFirst(cx, section, range, skip),
    book.lines(cx, section, range, { skip, size: from.size }),
  ]);
  const brought = moneySum(opening.minor + before, range.currency);
  return { section, first, brought, lines: balanced(found.lines, brought), more: found.next !== undefined };
}

/** Opens transactions of its own, so that no connection is held while a file is sent. */
export type Tx = <T>(work: (cx: Cx) => Promise<T>) => Promise<T>;

/** Lines that one transaction reads for a file. */
const batchSize = 1_000;

/** Every line of a section, batch after batch, each line with its balance: what files are written from. */
export async function* allLines(
  tx: Tx,
  book: Book,
  { range }: Pick<Statement, "range">,
  { section, opening }: Pick<SectionSums, "section" | "opening">,
): AsyncGenerator<readonly BalancedLine[]> {
  let after: Place | undefined;
  let balance = opening;
  do {
    const from = after;
    const { lines, next } = await tx((cx) => book.lines(cx, section, range, { after: from, size: batchSize }));
    const batch = balanced(lines, balance);
    balance = batch.at(-1)?.balance ?? balance;
    if (batch.length > 0) yield batch;
    after = next;
  } while (after);
}
