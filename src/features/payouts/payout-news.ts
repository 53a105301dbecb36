import type { Happening } from "#features/audit/record.ts";
import { type Payout, payoutNumber } from "#features/payouts/payout.ts";

/** What others hear of a payout, and what the audit log keeps. */
export function newsOf(
  event: "payout.sent" | "payout.paid" | "payout.failed" | "payout.returned" | "payout.held",
  payout: Pick<Payout, "id" | "partnershipId" | "number" | "total">,
  reason = "",
): Happening {
  return {
    event,
    subject: payout.id,
    data: {
      partnership: payout.partnershipId,
      number: payoutNumber(payout.number),
      total: payout.total.minor,
      currency: payout.total.currency,
      ...(reason !== "" && { reason }),
    },
    outbox: true,
  };
}
