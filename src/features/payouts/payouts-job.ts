import { cutOffSome } from "#features/payouts/cut-off.ts";
import { gatherSome } from "#features/payouts/gather.ts";
import { recheckSome } from "#features/payouts/recheck.ts";
import type { Work } from "#platform/jobs.ts";
import { type Cx, inTx } from "#platform/tx.ts";

/**
 * Looks at everything about payouts that needs no provider: gathers what was earned and taken back, closes what has
 * reached its cut-off, and compares holds with their reasons. In batches, each a transaction of its own.
 */
export async function gatherPayouts(work: Work<"payouts.gather">): Promise<void> {
  await untilDone(work, gatherSome);
  await untilDone(work, cutOffSome);
  await untilDone(work, recheckSome);
}

async function untilDone(work: Work<"payouts.gather">, some: (cx: Cx) => Promise<boolean>): Promise<void> {
  const opening = { as: "system", institution: work.institution, task: "payouts.gather" } as const;
  let more = true;
  while (more && !work.signal.aborted) more = await inTx(work.ground, opening, some);
}
