import { markFlows } from "#features/wallets/flow-store.ts";
import type { Work } from "#platform/jobs.ts";
import { inTx } from "#platform/tx.ts";

/** Flows that one transaction marks: some tenths of a second. */
const most = 50_000;

/**
 * Job `flows.mark`: marks the amounts of long histories, so that they are found without looking at every flow. Until
 * then they are found all the same, a stretch of the history at a time.
 */
export async function markAmounts(work: Work<"flows.mark">): Promise<void> {
  const opening = { as: "system", institution: work.institution, task: "flows.mark" } as const;
  while (!work.signal.aborted) {
    if ((await inTx(work.ground, opening, (cx) => markFlows(cx, most))) < most) return;
  }
}
