import type { Permit } from "#access/permit.ts";
import { type LastProof, lastProof } from "#features/books/books-store.ts";
import { type Currency, type Money, money, moneySum } from "#kernel/money.ts";
import { type Total, totals } from "#ledger/balances.ts";
import { type AccountKind, chart } from "#ledger/chart.ts";
import type { Cx } from "#platform/tx.ts";

/** One line of the books: all accounts of a kind together. `provider` names it where money is held at one. */
export type BooksLine = { readonly kind: AccountKind; readonly provider: string; readonly amount: Money };

/** The money of one currency, told twice: where it is, and whose it is. Both sides come to the same total. */
export type CurrencyBooks = {
  readonly currency: Currency;
  readonly held: readonly BooksLine[];
  /** Discounts stand here with their minus: they are out of the institution's own income. */
  readonly owners: readonly BooksLine[];
  readonly total: Money;
};

export type Books = { readonly currencies: readonly CurrencyBooks[]; readonly proof: LastProof | undefined };

const heldKinds: readonly AccountKind[] = ["provider", "bank"];
const order = Object.keys(chart);

/** What stands in the books now, and when they were proved last. */
export async function readBooks(cx: Cx, _may: Permit<"books.read">): Promise<Books> {
  const byCurrency = Map.groupBy(await totals(cx), (total) => total.balance.currency);
  return {
    currencies: [...byCurrency].map(([currency, found]) => booksOf(currency, found)),
    proof: await lastProof(cx),
  };
}

function booksOf(currency: Currency, found: readonly Total[]): CurrencyBooks {
  const lines = (held: boolean) =>
    found
      .filter((total) => heldKinds.includes(total.kind) === held)
      // What is held is negative in the ledger (chart.ts); people read it the other way round.
      .map(({ kind, provider, balance }) => ({
        kind,
        provider,
        amount: held ? money(-balance.minor, currency) : balance,
      }))
      .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const owners = lines(false);
  const total = owners.reduce((sum, line) => sum + line.amount.minor, 0n);
  return { currency, held: lines(true), owners, total: moneySum(total, currency) };
}
