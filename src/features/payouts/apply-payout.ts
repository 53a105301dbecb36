import { record } from "#features/audit/record.ts";
import type { Payout, PayoutAttemptId } from "#features/payouts/payout.ts";
import {
  attemptByRef,
  lockPayoutAttempt,
  lookAgain,
  type PayoutAttempt,
  type PayoutAttemptState,
  readPayoutAttempt,
  savePayoutAttempt,
} from "#features/payouts/payout-attempt-store.ts";
import { newsOf } from "#features/payouts/payout-news.ts";
import { journalOf, type PayoutStep } from "#features/payouts/payout-postings.ts";
import { lockPayouts, savePayout, saveShareStates } from "#features/payouts/payout-store.ts";
import { assert, present } from "#kernel/assert.ts";
import type { Instant } from "#kernel/time.ts";
import { post } from "#ledger/post.ts";
import type { Cx } from "#platform/tx.ts";
import type { ProviderPayout } from "#providers/provider.ts";

/** How long after it arrived a payout is asked about once a day: banks return money days later. */
const returnDays = 10;

/** What the provider says; without a reference where it never heard of the payout. */
type Said = WithoutRef<ProviderPayout> & { readonly ref: string | undefined };
type WithoutRef<P> = P extends unknown ? Omit<P, "ref"> : never;

/** Takes over what a provider says of a payout, asked just now. False when it is none of ours. */
export async function applyPayoutByRef(cx: Cx, provider: string, said: ProviderPayout): Promise<boolean> {
  const known = await attemptByRef(cx, provider, said.ref);
  if (!known) return false;
  await applyPayout(cx, known.id, said);
  return true;
}

/**
 * Takes over what the provider says of an attempt, asked just now. The answer to sending, an event and a look-up all
 * come here, in any order and as often as they like: each step is posted exactly once, and a state never goes back.
 */
export async function applyPayout(cx: Cx, id: PayoutAttemptId, said: Said): Promise<void> {
  const seen = present(await readPayoutAttempt(cx, id), "an attempt that was sent");
  const [facts] = await lockPayouts(cx, [seen.payout_id]);
  const attempt = present(await lockPayoutAttempt(cx, id), "an attempt that was just read");
  const { payout } = present(facts, "the payout of an attempt");
  const steps = stepsTo(attempt.state, said.state);
  // What arrived and is still where it went is asked about again, until it has been long enough.
  if (steps.length === 0 && attempt.state === "succeeded") return await lookAgain(cx, id, waitAfter(attempt, cx.now));
  if (steps.length === 0) return;
  assert(
    said.amount.minor === attempt.minor && said.amount.currency === attempt.currency,
    "a provider sends the amount that it was asked to send",
  );
  const reason = "reason" in said ? said.reason : "";
  const booked = steps.filter((step) => !(step === "failed" && attempt.state === "pending"));
  if (booked.length > 0) {
    await post(
      cx,
      booked.map((step) => journalOf(attempt, step)),
    );
  }
  for (const step of steps) await take(cx, payout, step, reason);
  const last = present(steps.at(-1), "the last of some steps");
  await savePayoutAttempt(cx, id, {
    state: stateAfter[last],
    ref: said.ref,
    reason,
    lookAt: waitAfter({ ...attempt, state: stateAfter[last], looks: 0 }, cx.now),
  });
}

const stateAfter: Readonly<Record<PayoutStep, PayoutAttemptState>> = {
  sent: "sent",
  paid: "succeeded",
  failed: "failed",
  returned: "returned",
};

/** The steps between where an attempt stands and where the provider says it is; none where that is old news. */
export function stepsTo(from: PayoutAttemptState, said: ProviderPayout["state"]): readonly PayoutStep[] {
  const way: readonly PayoutStep[] = {
    processing: ["sent"] as const,
    succeeded: ["sent", "paid"] as const,
    returned: ["sent", "paid", "returned"] as const,
    failed: ["sent", "failed"] as const,
  }[said];
  switch (from) {
    case "pending":
      // Refused before it was ever on its way: nothing was in transit.
      return said === "failed" ? ["failed"] : way;
    case "sent":
      return way.slice(1);
    case "succeeded":
      return said === "returned" ? ["returned"] : [];
    default:
      return [];
  }
}

async function take(cx: Cx, payout: Payout, step: PayoutStep, reason: Payout["failureReason"]): Promise<void> {
  switch (step) {
    case "sent":
      await savePayout(cx, { id: payout.id, state: "sent", sent: true });
      return record(cx, newsOf("payout.sent", payout));
    case "paid":
      await savePayout(cx, { id: payout.id, state: "paid", paid: true });
      await saveShareStates(cx, payout.id, "paid_out");
      return record(cx, newsOf("payout.paid", payout));
    case "failed":
      await savePayout(cx, { id: payout.id, state: "failed", failureReason: reason, failed: true });
      return record(cx, newsOf("payout.failed", payout, reason));
    case "returned":
      await savePayout(cx, { id: payout.id, state: "returned", failureReason: reason, failed: true });
      await saveShareStates(cx, payout.id, "in_payout");
      return record(cx, newsOf("payout.returned", payout, reason));
  }
}

/** When an attempt is looked at again: soon at first, once a day after it arrived; undefined: no more. */
export function waitAfter(attempt: PayoutAttempt, now: Instant): Instant | undefined {
  if (attempt.state === "failed" || attempt.state === "returned") return undefined;
  if (attempt.state === "succeeded") {
    const over = attempt.created_at.add({ hours: 24 * returnDays });
    return Temporal.Instant.compare(now, over) < 0 ? now.add({ hours: 24 }) : undefined;
  }
  return waitForAnswer(attempt, now);
}

/**
 * When to ask again should nobody answer: within the hour, however long it has been asked about. Only an answer ends
 * the looking, or what came back last would never be booked.
 */
export function waitForAnswer({ state, looks }: PayoutAttempt, now: Instant): Instant {
  return now.add({ seconds: state === "succeeded" ? 3_600 : Math.min(3_600, 30 * 2 ** Math.min(looks, 10)) });
}
