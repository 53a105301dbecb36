import { record } from "#features/audit/record.ts";
import { type BooksProof, proveBooks } from "#features/books/books.ts";
import { saveProof } from "#features/books/books-store.ts";
import type { Work } from "#platform/jobs.ts";
import { type Cx, inTx } from "#platform/tx.ts";

/** Proves the books of this institution and keeps the result for the page that shows it. */
export async function proveAndKeep(cx: Cx): Promise<BooksProof> {
  const proof = await proveBooks(cx);
  await saveProof(cx, proof);
  return proof;
}

/** The nightly job: proves the books of an institution and keeps the result. What does not fit is logged row by row. */
export async function proveBooksNightly(work: Work<"books.prove">): Promise<void> {
  const { ground, institution, log } = work;
  const proof = await inTx(ground, { as: "system", institution, task: "books.prove" }, async (cx) => {
    const found = await proveAndKeep(cx);
    if (found.broken.length > 0) {
      record(cx, {
        event: "books.broken",
        subject: institution,
        data: { rows: found.broken.length },
        outbox: true,
      });
    }
    return found;
  });
  for (const broken of proof.broken) log.error({ institution, ...broken }, "The books do not hold");
  if (proof.broken.length === 0) log.info({ institution, journals: proof.journals.toString() }, "The books hold");
}
