import { sql } from "kysely";
import { record } from "#features/audit/record.ts";
import { needsSecond } from "#features/payouts/cut-off.ts";
import type { PayoutFacts } from "#features/payouts/payout.ts";
import { newsOf } from "#features/payouts/payout-news.ts";
import { savePayouts, selectFacts } from "#features/payouts/payout-store.ts";
import { wake } from "#platform/jobs.ts";
import type { Cx } from "#platform/tx.ts";

const batch = 500;

/**
 * Compares holds with their reasons: a hold whose reason is gone ends, and the payout is where it was (approved, or in
 * review); a payout in review that can't go on any more is held. What staff hold they release themselves.
 */
export async function recheckSome(cx: Cx): Promise<boolean> {
  const changed = await selectFacts(
    cx,
    sql`((o.state = 'on_hold' and o.hold_reason <> 'held_by_staff') or o.state = 'in_review')
      order by o.id limit ${batch} for update of o`,
    { changed: true },
  );
  const rows = changed.map((facts) => ({ id: facts.payout.id, ...afterHold(facts) }));
  await savePayouts(cx, rows);
  for (const { payout, hold } of changed) {
    if (hold === "") record(cx, { event: "payout.hold-ended", subject: payout.id });
    else record(cx, { ...newsOf("payout.held", payout, hold), outbox: payout.state !== "on_hold" });
  }
  if (rows.some((row) => row.state === "processing")) wake(cx, "payouts.send", {});
  return changed.length === batch;
}

/** Where a payout stands once nothing staff did holds it: held for another reason, approved, or in review. */
export function afterHold(facts: PayoutFacts) {
  if (facts.hold !== "") return { state: "on_hold", holdReason: facts.hold } as const;
  return { state: isApproved(facts) ? "processing" : "in_review", holdReason: "" } as const;
}

/** Whether everybody who must has approved. */
export function isApproved(facts: PayoutFacts): boolean {
  const { payout } = facts;
  if (payout.approvedBy === undefined) return false;
  return !needsSecond(facts, payout.total, payout.approvedBy) || payout.secondApprovedBy !== undefined;
}
