import type { PartnerTransfer } from "#features/transfers/partner-transfer.ts";
import type { Ui } from "#http/request.ts";
import type { Instant } from "#kernel/time.ts";
import type { T } from "#platform/i18n/messages.ts";
import type { Happening } from "#web/ui/timeline.tsx";
import { failureWords } from "./words.ts";

type Dated = Happening & { readonly at: Instant };

/** What became of a transfer, newest first, with what is still to come on top. */
export function happeningsOf(t: T, ui: Ui, transfer: PartnerTransfer): Happening[] {
  const { timeZone, name: institution } = ui.institution;
  const { state, failureReason, route } = transfer;
  const dated = (at: Instant | undefined, happening: Omit<Happening, "when">): Dated[] =>
    at ? [{ ...happening, at, when: t.instant(at, timeZone) }] : [];
  const rejected = failureReason === "rejected";
  const why = failureWords(t, transfer, institution);
  const past = [
    ...dated(transfer.preparedAt, { what: t("transfer.event.prepared"), icon: "pencil" }),
    ...dated(transfer.createdAt, {
      what: t("transfer.event.confirmed", { name: transfer.requestedByName }),
      icon: "user",
    }),
    ...dated(rejected ? undefined : transfer.decidedAt, {
      what: t("transfer.event.approved", { institution }),
      icon: "circle-check",
      tone: "info",
    }),
    ...dated(transfer.sentAt, { what: t("transfer.event.sent"), icon: "send", tone: "info" }),
    ...dated(transfer.completedAt, {
      what: route === "bank" ? t("transfer.event.arrivedBank") : t("transfer.event.arrivedWallet"),
      icon: "check",
      tone: "ok",
    }),
    ...dated(transfer.returnedAt ? undefined : transfer.failedAt, {
      what: rejected ? t("transfer.event.rejected", { institution }) : t("transfer.event.failed"),
      icon: "x",
      tone: "bad",
      more: rejected ? transfer.failureNote : why,
    }),
    ...dated(transfer.returnedAt, {
      what: t("transfer.event.returned"),
      icon: "arrow-back-up",
      tone: "bad",
      more: why,
    }),
    ...dated(transfer.cancelledAt, { what: t("transfer.event.cancelled"), icon: "ban" }),
  ];
  // What happened at one moment stays in the order above.
  const newestFirst = past.toReversed().toSorted((a, b) => Temporal.Instant.compare(b.at, a.at));
  const coming: Happening[] = [
    ...(state === "processing"
      ? [{ what: t("transfer.event.onItsWay"), icon: "hourglass", coming: true } as const]
      : []),
    ...(state === "pending_approval"
      ? [{ what: t("transfer.event.waits"), icon: "clock", coming: true } as const]
      : []),
  ];
  return [...coming, ...newestFirst];
}
