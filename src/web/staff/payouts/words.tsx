import { failureWords, holdWords, type LineKind, type Payout } from "#features/payouts/payout.ts";
import { t } from "#web/staff/shared.tsx";
import { Status } from "#web/ui/status.tsx";
import { Under } from "#web/ui/table.tsx";

/** Why a payout is held, or why it failed; undefined where it is neither. */
export function reasonOf(payout: Payout): string | undefined {
  if (payout.state === "on_hold" && payout.holdReason !== "") return holdWords[payout.holdReason].is;
  if (payout.failureReason !== "") return failureWords[payout.failureReason].is;
  return undefined;
}

/** The state as a chip, and under it the reason of a hold or failure. */
export function PayoutStatus({ payout }: { payout: Payout }) {
  const reason = reasonOf(payout);
  return (
    <>
      <Status of="payout" state={payout.state} t={t} />
      {reason !== undefined && <Under>{reason}</Under>}
    </>
  );
}

/** What a line is, in words. */
export const lineWords: Readonly<Record<LineKind, string>> = {
  share: "Share of a payment",
  reversal: "Taken back after a refund",
  netting: "Netted against an invoice",
  credit: "Credit",
};
