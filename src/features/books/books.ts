import { adjustmentLaws } from "#features/books/adjustment-laws.ts";
import {
  type CrossLaw,
  type CrossRow,
  crossLaws,
  moneyLaws,
  partyLaws,
  paymentLaws,
} from "#features/books/cross-laws.ts";
import { invoiceLaws } from "#features/books/invoice-laws.ts";
import { payoutLaws } from "#features/books/payout-laws.ts";
import { transferLaws } from "#features/books/transfer-laws.ts";
import { walletLaws } from "#features/books/wallet-laws.ts";
import type { Instant } from "#kernel/time.ts";
import { type Proved, proveLedger } from "#ledger/proof.ts";
import { type BrokenRow, type Law, laws } from "#ledger/proof-laws.ts";
import type { Cx } from "#platform/tx.ts";

export type BooksLaw = Law | CrossLaw;

/** Every law of the books in words: of the ledger, and between the ledger and the rows it stands for. */
export const booksLaws: Readonly<Record<BooksLaw, string>> = { ...laws, ...crossLaws };

/**
 * One proof of an institution's books: what was looked at, and the rows that break a law. It holds when there are
 * none.
 */
export type BooksProof = {
  readonly at: Instant;
  readonly journals: bigint;
  readonly currencies: readonly Proved[];
  readonly broken: readonly (BrokenRow | CrossRow)[];
};

/**
 * Proves the books of this institution from their rows: the laws of the ledger, and that payments, money received,
 * shares, refunds, payouts, invoices, wallets and transfers say the same as the ledger. Reads everything once, and
 * disturbs nobody who posts meanwhile.
 */
export async function proveBooks(cx: Cx): Promise<BooksProof> {
  const institution = cx.institution.id;
  const ledger = await proveLedger(cx);
  const broken: (BrokenRow | CrossRow)[] = [...ledger.broken];
  const cross = [
    moneyLaws,
    paymentLaws,
    partyLaws,
    payoutLaws,
    invoiceLaws,
    walletLaws,
    transferLaws,
    adjustmentLaws,
  ].flatMap((laws) => laws(institution));
  for (const law of cross) {
    broken.push(...(await law.execute(cx.db)).rows);
  }
  return { at: cx.now, journals: ledger.journals, currencies: ledger.currencies, broken };
}
