import type { InstitutionId } from "#access/principal.ts";
import { type BooksProof, booksLaws, proveBooks } from "#features/books/books.ts";
import { type Currency, isCurrency, money, toDecimal } from "#kernel/money.ts";
import { type Ground, inTx } from "#platform/tx.ts";

/**
 * Proves the books of every institution and tells `say` what was proved, a line at a time: per currency how much was
 * looked at, then each law, and under a law that is broken the rows that break it. Answers whether everything holds.
 */
export async function verifyBooks(ground: Ground, say: (line: string) => void): Promise<boolean> {
  const found = await ground.pools
    .of("worker")
    .query<{ id: InstitutionId }>("select id from app.institution_ids() as id");
  if (found.rows.length === 0) say("There is no institution yet, so there is nothing to prove.");
  let holds = true;
  for (const { id } of found.rows) {
    const [name, proof] = await inTx(ground, { as: "system", institution: id, task: "books.verify" }, async (cx) => [
      cx.institution.name,
      await proveBooks(cx),
    ]);
    for (const line of describe(name, proof)) say(line);
    if (proof.broken.length > 0) holds = false;
  }
  return holds;
}

function* describe(name: string, proof: BooksProof): Generator<string> {
  yield `${name}: ${counted(proof.journals, "journal")}`;
  for (const one of proof.currencies) {
    const moved = isCurrency(one.currency) ? decimal(one.moved, one.currency) : one.moved.toString();
    const [accounts, transfers] = [counted(one.accounts, "account"), counted(one.transfers, "transfer")];
    yield `  ${one.currency}  ${accounts}, ${transfers} that moved ${moved}, ${counted(one.openHolds, "open hold")}`;
  }
  for (const [law, words] of Object.entries(booksLaws)) {
    const rows = proof.broken.filter((row) => row.law === law);
    yield `  ${rows.length === 0 ? "holds " : "BROKEN"}  ${words}`;
    for (const { row, currency, detail } of rows)
      yield `            ${row}${currency ? ` [${currency}]` : ""}: ${detail}`;
  }
}

function counted(count: bigint, noun: string): string {
  return `${count} ${noun}${count === 1n ? "" : "s"}`;
}

/** The sum of many transfers may be more than one amount may be. */
function decimal(minor: bigint, currency: Currency): string {
  return toDecimal({ ...money(0n, currency), minor });
}
