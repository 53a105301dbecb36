import type { Permit } from "#access/permit.ts";
import { actorOf } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { needsSecond } from "#features/payouts/cut-off.ts";
import { holdWords, type PayoutFacts, type PayoutId, type PayoutState } from "#features/payouts/payout.ts";
import { newsOf } from "#features/payouts/payout-news.ts";
import { lockPayouts, savePayout } from "#features/payouts/payout-store.ts";
import { wake } from "#platform/jobs.ts";
import type { Cx } from "#platform/tx.ts";

/** What somebody chose to approve, as they saw it. */
export type Chosen = { readonly id: PayoutId; readonly version: string };

/** What became of one: approved, or the first of two did, or why not. */
export type Approval =
  | { readonly outcome: "approved" | "first"; readonly facts: PayoutFacts }
  | { readonly outcome: "refused"; readonly facts: PayoutFacts; readonly why: string };

/** Stands for what a person saw when they approved: another amount, hold or approval makes another one. */
export function versionOf({ payout }: PayoutFacts): string {
  return [payout.total.minor, payout.state, payout.approvedBy ?? "", payout.secondApprovedBy ?? ""].join("~");
}

/** What goes on from an approval; anything else that became of a payout is told as a change. */
const goesOn: readonly PayoutState[] = ["in_review", "processing", "sent", "paid"];

/**
 * Whether what changed since `version` is only that this person approved it, by pressing twice or in another tab; and
 * as which of two.
 */
function approvedBefore(facts: PayoutFacts, person: string, version: string): "approved" | "first" | undefined {
  const { payout } = facts;
  if (!goesOn.includes(payout.state)) return undefined;
  const unsigned = { ...payout, state: "in_review", secondApprovedBy: undefined } as const;
  const asSecond = payout.secondApprovedBy === person && version === versionOf({ ...facts, payout: unsigned });
  const blank = { ...unsigned, approvedBy: undefined };
  const asFirst = payout.approvedBy === person && version === versionOf({ ...facts, payout: blank });
  if (!asSecond && !asFirst) return undefined;
  return payout.state === "in_review" ? "first" : "approved";
}

/** Why this person can't approve the payout now, in words; undefined: they can. */
export function refusalOf(facts: PayoutFacts, person: string): string | undefined {
  const { payout, hold } = facts;
  if (payout.state !== "in_review") return "It is not in review.";
  if (hold !== "") return `${holdWords[hold].is}.`;
  if (payout.approvedBy === undefined) return undefined;
  if (payout.approvedBy === person) return "You approved it already; a second person is needed.";
  if (facts.proposedBy === person) {
    const did = facts.wallet ? "turned these payouts to a wallet" : "entered the bank details";
    return `You ${did}; somebody else has to be the second person.`;
  }
  return undefined;
}

/**
 * Approves payouts, each by itself. Above the limit the first approval waits for a second person, who is neither the
 * first nor entered the bank details. What changed since it was chosen is refused, so two people who press at once
 * approve once. One person who presses twice approves once, and is told of that twice.
 */
export async function approvePayouts(
  cx: Cx,
  may: Permit<"payouts.approve">,
  chosen: readonly Chosen[],
): Promise<readonly Approval[]> {
  const person = actorOf(may.by).id;
  const versions = new Map(chosen.map((one) => [one.id, one.version]));
  const approvals: Approval[] = [];
  for (const facts of await lockPayouts(cx, [...versions.keys()])) {
    const version = versions.get(facts.payout.id) ?? "";
    const changed = version !== versionOf(facts);
    const before = changed ? approvedBefore(facts, person, version) : undefined;
    const why = changed ? "It changed since you chose it." : refusalOf(facts, person);
    if (before !== undefined) approvals.push({ outcome: before, facts });
    else if (why !== undefined) approvals.push({ outcome: "refused", facts, why });
    else approvals.push({ outcome: await approve(cx, facts, person), facts });
  }
  if (approvals.some((one) => one.outcome === "approved")) wake(cx, "payouts.send", {});
  return approvals;
}

async function approve(cx: Cx, facts: PayoutFacts, person: string): Promise<"approved" | "first"> {
  const { payout } = facts;
  const isSecond = payout.approvedBy !== undefined;
  const waits = !isSecond && needsSecond(facts, payout.total, person);
  await savePayout(cx, {
    id: payout.id,
    state: waits ? "in_review" : "processing",
    ...(isSecond ? { secondApprovedBy: person } : { approvedBy: person }),
  });
  const { data = {} } = newsOf("payout.held", payout);
  record(cx, { event: isSecond ? "payout.second-approved" : "payout.approved", subject: payout.id, data });
  return waits ? "first" : "approved";
}
