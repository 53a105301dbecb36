import type { Payout } from "#features/payouts/payout.ts";
import type { PayoutAttempt } from "#features/payouts/payout-attempt-store.ts";
import type { WalletId } from "#features/wallets/wallet.ts";
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

/** To a wallet it goes at once and once: one such journal a payout, whatever attempts at the bank it had before. */
export function walletJournalOf(payout: Pick<Payout, "id" | "partnershipId" | "total">, wallet: WalletId): Journal {
  return {
    key: `payout:${payout.id}:wallet`,
    kind: "payout.wallet",
    reference: payout.id,
    transfers: [{ debit: account.partner(payout.partnershipId), credit: account.wallet(wallet), amount: payout.total }],
  };
}
