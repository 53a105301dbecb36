import { sql } from "kysely";
import type { BooksProof } from "#features/books/books.ts";
import type { Instant } from "#kernel/time.ts";
import type { Proved } from "#ledger/proof.ts";
import type { Cx } from "#platform/tx.ts";

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
export type LastProof = BooksProof & { readonly ok: boolean };

type SavedReport = {
  readonly journals: string;
  readonly currencies: readonly Record<keyof Proved, string>[];
  readonly broken: BooksProof["broken"];
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
