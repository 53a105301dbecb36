import { createHash } from "node:crypto";
import type { InstitutionId } from "#access/principal.ts";
import { type Cx, type Ground, inTx } from "#platform/tx.ts";
import { addToChain, chainStart, countUnsealed, type Seal, selectSealable, selectSeals } from "./audit-chain.ts";

export type AuditProof = {
  readonly institution: InstitutionId;
  /** Empty when every seal fits. Each says between which entries something was changed, added or taken away. */
  readonly problems: readonly string[];
  readonly sealed: bigint;
  readonly unsealed: bigint;
  /** The newest seal, in hex. Kept elsewhere, it proves that nobody rebuilt the chain. */
  readonly head: string;
};

/** Recomputes the hash chain of an institution's audit log from its entries. */
export async function verifyAudit(ground: Ground, institution: InstitutionId): Promise<AuditProof> {
  return await inTx(ground, { as: "system", institution, task: "audit.verify" }, async (cx) => {
    const problems: string[] = [];
    let previous: Buffer = chainStart(institution);
    let from = 0n;
    let sealed = 0n;
    for (const seal of await selectSeals(cx)) {
      const found = await recompute(cx, previous, from, seal.throughSeq);
      if (found.entries !== seal.entries) {
        problems.push(`${range(from, seal)}: ${seal.entries} were sealed, ${found.entries} are there.`);
      } else if (!found.hash.equals(seal.hash)) {
        problems.push(`${range(from, seal)}: an entry, or an earlier seal, was changed.`);
      }
      sealed += found.entries;
      from = seal.throughSeq;
      // The chain goes on from what was sealed, so that one change is named once.
      previous = seal.hash;
    }
    return { institution, problems, sealed, unsealed: await countUnsealed(cx, from), head: previous.toString("hex") };
  });
}

async function recompute(cx: Cx, previous: Buffer, after: bigint, through: bigint) {
  const chain = createHash("sha256").update(previous);
  let entries = 0n;
  let from = after;
  for (;;) {
    const rows = await selectSealable(cx, from, through);
    for (const row of rows) addToChain(chain, row);
    entries += BigInt(rows.length);
    const end = rows.at(-1);
    if (!end) return { entries, hash: chain.digest() };
    from = BigInt(end.seq);
  }
}

function range(from: bigint, seal: Seal): string {
  return `Entries ${from + 1n} to ${seal.throughSeq}`;
}
