import { isExpected, type PartnerPayout } from "#features/payouts/partner-payout.ts";
import type { Ui } from "#http/request.ts";
import type { Instant } from "#kernel/time.ts";
import type { T } from "#platform/i18n/messages.ts";
import type { Happening } from "#web/ui/timeline.tsx";
import { failureWords, holdWords } from "./words.ts";

type Dated = Happening & { readonly at: Instant };

/** What became of a payout, newest first, with what is still to come on top. Only times of its own events. */
export function happeningsOf(t: T, ui: Ui, payout: PartnerPayout): Happening[] {
  const { timeZone, name } = ui.institution;
  const dated = (at: Instant | undefined, happening: Omit<Happening, "when">): Dated[] =>
    at ? [{ ...happening, at, when: t.instant(at, timeZone) }] : [];
  const toWallet = payout.to !== undefined && "wallet" in payout.to;
  const returned = payout.state === "returned";
  const past = [
    ...dated(payout.createdAt, { what: t("payout.begun"), icon: "coin" }),
    // What goes to a wallet is there in the same moment.
    ...dated(toWallet ? undefined : payout.sentAt, { what: t("payout.sent"), icon: "send", tone: "info" }),
    ...dated(payout.paidAt, { what: t(toWallet ? "payout.paidWallet" : "payout.paid"), icon: "check", tone: "ok" }),
    ...dated(payout.failedAt, {
      what: returned ? t("payout.returnedAt") : t("payout.failedAt"),
      icon: returned ? "arrow-back-up" : "x",
      tone: "bad",
      ...(payout.failureReason !== "" && {
        more: failureWords(t, payout.failureReason, { institution: name, currency: payout.total.currency }),
      }),
    }),
  ];
  past.sort((a, b) => Temporal.Instant.compare(b.at, a.at));
  const planned = { when: t.date(payout.scheduledFor, "weekday"), icon: "calendar-event", coming: true } as const;
  const held: Happening[] =
    payout.state === "on_hold"
      ? [{ what: t("payout.held"), more: holdWords(t, payout.holdReason, name), icon: "player-pause", coming: true }]
      : [];
  const coming: Happening[] = isExpected(payout.state) ? [{ what: t("payout.planFor"), ...planned }] : held;
  return [...coming, ...past];
}
