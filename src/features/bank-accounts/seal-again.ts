import { emptyUnused, selectSealedAfter, updateSealed } from "#features/bank-accounts/bank-account-store.ts";
import type { Work } from "#platform/jobs.ts";
import { type Cx, inTx } from "#platform/tx.ts";

const batch = 200;

/**
 * Job `bank-details.seal`: numbers that an older key sealed are sealed by the present one, so that the older one can go
 * (docs/operate.md); numbers that were rejected or taken back are of no use to anybody and go for good. Throws at the
 * end when some do not open: their partners have to enter them again.
 */
export async function sealAgain({ ground, institution, signal }: Work<"bank-details.seal">): Promise<void> {
  const opening = { as: "system", institution, task: "bank-details.seal" } as const;
  await inTx(ground, opening, emptyUnused);
  const closed: string[] = [];
  for (let after: string | undefined = ""; after !== undefined && !signal.aborted; ) {
    const from: string = after;
    const done = await inTx(ground, opening, (cx) => sealSome(cx, from));
    closed.push(...done.closed);
    after = done.next;
  }
  if (closed.length > 0) {
    throw new Error(`Neither SECRET_KEY nor SECRET_KEY_OLD opens these bank accounts: ${closed.join(" ")}`);
  }
}

async function sealSome(cx: Cx, after: string): Promise<{ next: string | undefined; closed: string[] }> {
  const rows = await selectSealedAfter(cx, after, batch);
  const closed: string[] = [];
  for (const { id, sealed } of rows) {
    if (!cx.keys.isStale(sealed)) continue;
    const plain = opened(cx, id, sealed);
    if (plain) await updateSealed(cx, id, cx.keys.seal(cx.random, "bank-account", id, plain));
    else closed.push(id);
  }
  return { next: rows.length === batch ? rows.at(-1)?.id : undefined, closed };
}

/** One that does not open must not keep the others from being sealed. */
function opened(cx: Cx, id: string, sealed: Uint8Array): Buffer | undefined {
  try {
    return cx.keys.open("bank-account", id, sealed);
  } catch {
    return undefined;
  }
}
