import { carriesOver, isExpected, isSettled, type PartnerPayout } from "#features/payouts/partner-payout.ts";
import type { KindTotal } from "#features/payouts/payout-lines-partner-view.ts";
import type { PayoutMove } from "#features/payouts/payout-story-partner-view.ts";
import type { Ui } from "#http/request.ts";
import type { Instant } from "#kernel/time.ts";
import type { MessageKey, T } from "#platform/i18n/messages.ts";
import type { Happening } from "#web/ui/timeline.tsx";
import { carriedWords, failureWords, holdWords } from "./words.ts";

type Facts = {
  readonly payout: PartnerPayout;
  readonly moves: readonly PayoutMove[];
  readonly totals: readonly KindTotal[];
};
/** One step on the way of a payout: where its money went, and when. */
type Step = { readonly what: "sent" | "paid" | "back"; readonly at: Instant; readonly reason: string };

/** What became of a payout, newest first, with what is still to come on top. Only times of its own events. */
export function happeningsOf(t: T, ui: Ui, facts: Facts): Happening[] {
  const { payout } = facts;
  const { timeZone, name } = ui.institution;
  const begun = t(isBegunByShare(facts) ? "payout.begun" : "payout.opened");
  const steps = stepsOf(facts);
  const told = steps.map((step, index): Happening => {
    const when = t.instant(step.at, timeZone);
    if (step.what === "sent") return { when, what: t("payout.sent"), icon: "send", tone: "info" };
    if (step.what === "paid") return { when, what: t(paidWords(payout)), icon: "check", tone: "ok" };
    const words = backWords(payout, step, steps[index - 1]);
    const icon = words === "payout.failedAt" ? "x" : "arrow-back-up";
    const about = { institution: name, currency: payout.total.currency };
    const more = step.reason !== "" && { more: failureWords(t, step.reason, about) };
    return { when, what: t(words), icon, tone: "bad", ...more };
  });
  const first: Happening = { when: t.instant(payout.createdAt, timeZone), what: begun, icon: "coin" };
  return [...comingOf(t, payout, name), ...told.toReversed(), first];
}

function comingOf(t: T, payout: PartnerPayout, institution: string): Happening[] {
  const planned = { when: t.date(payout.scheduledFor, "weekday"), icon: "calendar-event", coming: true } as const;
  if (carriesOver(payout)) return [{ what: t("payout.carries"), more: carriedWords(t, payout), ...planned }];
  if (isExpected(payout)) return [{ what: t("payout.planFor"), ...planned }];
  if (payout.state !== "on_hold") return [];
  const more = holdWords(t, payout.holdReason, institution);
  return [{ what: t("payout.held"), more, icon: "player-pause", coming: true }];
}

/** What is netted comes last; with a credit or a reversal in it nobody can tell which line was the first. */
function isBegunByShare({ totals }: Facts): boolean {
  const kinds = totals.map((one) => one.kind);
  return kinds.includes("share") && kinds.every((kind) => kind === "share" || kind === "netting");
}

function paidWords(payout: PartnerPayout): MessageKey {
  if (isSettled(payout)) return "payout.settled";
  return payout.to !== undefined && "wallet" in payout.to ? "payout.paidWallet" : "payout.paid";
}

/** Every sending and return in their order, and the last arrival: of the earlier ones nothing is left. */
function stepsOf({ payout, moves }: Facts): Step[] {
  const { sentAt, paidAt, failedAt, failureReason } = payout;
  const toWallet = payout.to !== undefined && "wallet" in payout.to;
  const has = (what: string, at: Instant) => moves.some((one) => one.kind === what && one.at.equals(at));
  // What goes to a wallet is there in the same moment.
  let steps: Step[] = toWallet ? [] : moves.map(({ kind, at, reason }) => ({ what: kind, at, reason }));
  if (sentAt && !toWallet && !has("sent", sentAt)) steps = putIn(steps, { what: "sent", at: sentAt, reason: "" });
  // Refused before it was ever sent, its money never left the account.
  if (failedAt && !has("back", failedAt)) steps = putIn(steps, { what: "back", at: failedAt, reason: failureReason });
  return paidAt ? putIn(steps, { what: "paid", at: paidAt, reason: "" }) : steps;
}

/** Puts a step behind those before it; an arrival right behind its sending, whatever came at the same time. */
function putIn(steps: readonly Step[], step: Step): Step[] {
  const isBefore = (one: Step) => Temporal.Instant.compare(one.at, step.at) <= 0;
  const sent = steps.findLastIndex((one) => one.what === "sent" && isBefore(one));
  const behind = step.what === "paid" && sent >= 0 ? sent : steps.findLastIndex(isBefore);
  return steps.toSpliced(behind + 1, 0, step);
}

/** Whether it came back after it had arrived, or before; only that it did, where a later arrival hides which. */
function backWords({ state, paidAt, failedAt }: PartnerPayout, { at }: Step, before: Step | undefined): MessageKey {
  if (before?.what === "paid" || (state === "returned" && failedAt?.equals(at))) return "payout.returnedAt";
  const isHidden = paidAt !== undefined && Temporal.Instant.compare(paidAt, at) >= 0;
  return isHidden ? "payout.cameBack" : "payout.failedAt";
}
