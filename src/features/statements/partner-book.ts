import type { Book, Party } from "#features/statements/book.ts";
import { partnerSections } from "#features/statements/statement.ts";
import { ownRows, type Rows } from "#features/statements/statement-kinds-partner-view.ts";
import {
  linesFrom,
  openItemsFrom,
  type PartyRow,
  readOwnParty,
  sumOfFirst,
  sumsFrom,
} from "#features/statements/statement-partner-view.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/** A partner's own account, read through the partner schema only. */
export const ownBook: Book = bookOf(() => ownRows, readOwnParty);

/** The account of a partner over such rows. */
export function bookOf(rowsAt: (cx: Cx) => Rows, party: (cx: Cx) => Promise<PartyRow | undefined>): Book {
  return {
    sections: partnerSections,
    party: async (cx) => partyOf(await party(cx)),
    sums: (cx, section, range) => sumsFrom(cx, rowsAt(cx), section, range),
    lines: (cx, section, range, wanted) => linesFrom(cx, rowsAt(cx), section, range, wanted),
    sumOfFirst: (cx, section, range, count) => sumOfFirst(cx, rowsAt(cx), section, range, count),
    openItems: (cx, range) => openItemsFrom(cx, rowsAt(cx), range),
  };
}

function partyOf(row: PartyRow | undefined): Party {
  if (!row) throw notFound();
  return {
    name: row.name,
    legalName: row.legal_name,
    address: row.address,
    taxId: row.tax_id,
    currency: row.currency,
  };
}
