import { sql } from "kysely";
import {
  type CrossLaw,
  type CrossRow,
  crossLaws,
  moneyLaws,
  partyLaws,
  paymentLaws,
} from "#features/books/cross-laws.ts";
import type { Instant } from "#kernel/time.ts";
import { type Proved, proveLedger } from "#ledger/proof.ts";
import { type BrokenRow, type Law, laws } from "#ledger/proof-laws.ts";
import type { Cx } from "#platform/tx.ts";

export type BooksLaw = Law | CrossLaw;

/** Every law of the books in words: of the ledger, and between the ledger and the rows it stands for. */
export const booksLaws: Readonly<Record<BooksLaw, string>> = { ...laws, ...crossLaws };

/** One proof of an institution's books: what was looked at, and the rows that break a law. It holds when there are none. */
export type BooksProof = {
  readonly at: Instant;
  readonly journals: bigint;
  readonly currencies: readonly Proved[];
  readonly broken: readonly (BrokenRow | CrossRow)[];
};

/**
 * Proves the books of this institution from their rows: the laws of the ledger, and that payments, money received, shares
 * and refunds say the same as the ledger. Reads everything once, and disturbs nobody who posts meanwhile.
 */
export async function proveBooks(cx: Cx): Promise<BooksProof> {
  const institution = cx.institution.id;
  const ledger = await proveLedger(cx);
  const broken: (BrokenRow | CrossRow)[] = [...ledger.broken];
  for (const law of [...moneyLaws(institution), ...paymentLaws(institution), ...partyLaws(institution)]) {
    broken.push(...(await law.execute(cx.db)).rows);
  }
  return { at: cx.now, journals: ledger.journals, currencies: ledger.currencies, broken };
}

/** Keeps a proof, so that a page can say when the books were proved last. Amounts are kept as text. */
export async function saveProof(cx: Cx, proof: BooksProof): Promise<void> {
  const report = JSON.stringify(
    { journals: proof.journals, currencies: proof.currencies, broken: proof.broken },
    (_, value) => (typeof value === "bigint" ? value.toString() : value),
  );
  await sql`insert into app.books_proof (institution_id, at, ok, report)
    values (${cx.institution.id}, ${proof.at}, ${proof.broken.length === 0}, ${report})`.execute(cx.db);
}

/** What a page says of the last proof. */
export type LastProof = {
  readonly at: Instant;
  readonly ok: boolean;
  readonly journals: bigint;
  readonly currencies: readonly Proved[];
  readonly broken: readonly (BrokenRow | CrossRow)[];
};

type SavedReport = {
  readonly journals: string;
  readonly currencies: readonly Record<keyof Proved, string>[];
  readonly broken: readonly (BrokenRow | CrossRow)[];
};

/** The last proof of this institution's books; undefined before the first night. */
export async function lastProof(cx: Cx): Promise<LastProof | undefined> {
  const { rows } = await sql<{ at: Instant; ok: boolean; report: SavedReport }>`
    select at, ok, report from app.books_proof where institution_id = ${cx.institution.id}
     order by id desc limit 1`.execute(cx.db);
  const [row] = rows;
  if (!row) return undefined;
  return {
    at: row.at,
    ok: row.ok,
    journals: BigInt(row.report.journals),
    currencies: row.report.currencies.map((one) => ({
      currency: one.currency,
      accounts: BigInt(one.accounts),
      transfers: BigInt(one.transfers),
      openHolds: BigInt(one.openHolds),
      moved: BigInt(one.moved),
    })),
    broken: row.report.broken,
  };
}
