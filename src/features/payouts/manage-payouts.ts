import type { Permit } from "#access/permit.ts";
import { record } from "#features/audit/record.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { updatePause } from "#features/payouts/pause-store.ts";
import { failureWords, holdWords, type Payout, type PayoutFacts, type PayoutId } from "#features/payouts/payout.ts";
import { attemptsOf } from "#features/payouts/payout-attempt-store.ts";
import { newsOf } from "#features/payouts/payout-news.ts";
import { lockPayouts, savePayout } from "#features/payouts/payout-store.ts";
import { afterHold } from "#features/payouts/recheck.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import { wake } from "#platform/jobs.ts";
import type { Cx } from "#platform/tx.ts";

const live = ["pending", "sent", "succeeded"] as const;

/** Whether staff may hold a payout: it is closed, and on no way to the bank. */
export function isHoldable(payout: Payout, hasLiveAttempt: boolean): boolean {
  return payout.state === "in_review" || (payout.state === "processing" && !hasLiveAttempt);
}

async function locked(cx: Cx, id: PayoutId): Promise<PayoutFacts> {
  const [facts] = await lockPayouts(cx, [id]);
  if (!facts) throw notFound();
  return facts;
}

async function hasLiveAttempt(cx: Cx, id: PayoutId): Promise<boolean> {
  return (await attemptsOf(cx, id)).some((one) => live.some((state) => state === one.state));
}

/** Stops a payout until staff release it. Throws `conflict` where it is on its way already, or not closed yet. */
export async function holdPayout(cx: Cx, _may: Permit<"payouts.write">, id: PayoutId, why: string): Promise<void> {
  const { payout } = await locked(cx, id);
  if (!isHoldable(payout, await hasLiveAttempt(cx, id))) {
    throw new Problem("conflict", "This payout can't be held any more. Look at where it stands now.");
  }
  await savePayout(cx, { id, state: "on_hold", holdReason: "held_by_staff", holdNote: why });
  const news = newsOf("payout.held", payout, "held_by_staff");
  record(cx, { ...news, data: { ...news.data, why } });
}

/** Ends a hold of staff. What else stands in its way holds it on. Throws `conflict` where staff don't hold it. */
export async function releasePayout(cx: Cx, _may: Permit<"payouts.write">, id: PayoutId, why: string): Promise<void> {
  const facts = await locked(cx, id);
  if (facts.payout.state !== "on_hold" || facts.payout.holdReason !== "held_by_staff") {
    throw new Problem("conflict", "This payout is not held by staff any more. Look at where it stands now.");
  }
  await savePayout(cx, { id, ...afterHold(facts) });
  record(cx, { event: "payout.released", subject: id, data: { why } });
  wake(cx, "payouts.send", {});
}

/** Why a payout that failed can't be sent again yet, in words; undefined: it can. */
export function blockOf(facts: PayoutFacts): string | undefined {
  if (facts.hold === "") return undefined;
  const failure = facts.payout.failureReason;
  if (facts.hold === "open_failure" && failure !== "") {
    return `${failureWords[failure].is}. It can be sent again once the bank details have changed.`;
  }
  return `${holdWords[facts.hold].is}. ${holdWords[facts.hold].todo}`;
}

/** Sends a payout that failed or came back again: a new attempt of the same payout. Throws `conflict`. */
export async function sendAgain(cx: Cx, _may: Permit<"payouts.write">, id: PayoutId): Promise<void> {
  const facts = await locked(cx, id);
  if (facts.payout.state !== "failed" && facts.payout.state !== "returned") {
    throw new Problem("conflict", "This payout is on its way already. Look at where it stands now.");
  }
  const block = blockOf(facts);
  if (block !== undefined) throw new Problem("conflict", block);
  await savePayout(cx, { id, state: "processing" });
  record(cx, { event: "payout.sent-again", subject: id, data: { bankAccount: facts.bankAccount } });
  wake(cx, "payouts.send", {});
  wake(cx, "payouts.gather", {});
}

/** Stops every payout of a partner that was not sent yet, until it is resumed. Throws `conflict`, `not-found`. */
export async function pausePartner(
  cx: Cx,
  _may: Permit<"payouts.write">,
  partnership: PartnershipId,
  why: string,
): Promise<void> {
  if (!(await updatePause(cx, partnership, why))) {
    throw new Problem("conflict", "Payouts of this partner are paused already.");
  }
  record(cx, { event: "payouts.partner-paused", subject: partnership, data: { why } });
  wake(cx, "payouts.gather", {});
}

/** Lets payouts of a partner go on. Throws `conflict`. */
export async function resumePartner(cx: Cx, _may: Permit<"payouts.write">, partnership: PartnershipId): Promise<void> {
  if (!(await updatePause(cx, partnership, undefined))) {
    throw new Problem("conflict", "Payouts of this partner are not paused.");
  }
  record(cx, { event: "payouts.partner-resumed", subject: partnership });
  wake(cx, "payouts.gather", {});
}
