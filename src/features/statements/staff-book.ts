import type { Permit } from "#access/permit.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Book } from "#features/statements/book.ts";
import { bookOf } from "#features/statements/partner-book.ts";
import { rowsOf, selectParty } from "#features/statements/statement-store.ts";

/** The account of one partner, for staff: line for line what the partner itself sees. */
export function bookOfPartner(
  _may: Permit<"partnerships.read"> | Permit<"partnerships.export">,
  partnership: PartnershipId,
): Book {
  return bookOf(
    (cx) => rowsOf(cx, partnership),
    (cx) => selectParty(cx, partnership),
  );
}
