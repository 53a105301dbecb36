import type { PayoutAttempt } from "#features/payouts/payout-attempt-store.ts";
import { money } from "#kernel/money.ts";
import { account } from "#ledger/chart.ts";
import type { Journal } from "#ledger/journal.ts";

/** What happens to a payout's money; each of an attempt at most once, under its own key. */
export type PayoutStep = "sent" | "paid" | "failed" | "returned";

/**
 * Sent: the partner's money is in transit. Paid: it left the bank. Failed on its way, or returned after it was paid: it
 * is the partner's again.
 */
export function journalOf(attempt: PayoutAttempt, step: PayoutStep): Journal {
  const partner = account.partner(attempt.partnership_id);
  const [debit, credit] = {
    sent: [partner, account.payoutsInTransit] as const,
    paid: [account.payoutsInTransit, account.bank] as const,
    failed: [account.payoutsInTransit, partner] as const,
    returned: [account.bank, partner] as const,
  }[step];
  return {
    key: `payout-${step}:${attempt.id}`,
    kind: `payout.${step}`,
    reference: attempt.payout_id,
    transfers: [{ debit, credit, amount: money(attempt.minor, attempt.currency) }],
  };
}
