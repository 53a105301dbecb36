import { invoiceNumber } from "#features/invoices/invoice.ts";
import type { OwnSelfBilled } from "#features/self-billing/self-billing-partner-view.ts";
import type { T } from "#platform/i18n/messages.ts";
import { Chip } from "#web/ui/status.tsx";

export const selfBillingHome = "/partner/self-billing";

/** `RCTI-000007`. */
export function selfBilledNumber({ number }: Pick<OwnSelfBilled, "number">): string {
  return invoiceNumber("self_billed", number);
}

/** Where a self-billed invoice stands: in dispute, credited, or simply issued. */
export function SelfBilledChip({ t, invoice }: { t: T; invoice: OwnSelfBilled }) {
  const { state, credited, total } = invoice;
  if (state === "disputed") return <Chip tone="warn" icon="alert-circle" words={t("billing.inDispute")} />;
  if (credited.minor === total.minor) {
    return <Chip tone="mute" icon="arrow-back-up" words={t("billing.fullyCredited")} />;
  }
  if (credited.minor > 0n) return <Chip tone="info" icon="circle-half-2" words={t("billing.partCredited")} />;
  return <Chip tone="ok" icon="check" words={t("billing.issued")} />;
}
