import { queueMail } from "#features/notifications/queue-mail.ts";
import { creditPartner } from "#features/payouts/credit-partner.ts";
import { failureWords, payoutNumber } from "#features/payouts/payout.ts";
import { accountLabelOf, readersOf } from "#features/payouts/payout-mail-store.ts";
import { readPayoutRow } from "#features/payouts/payout-store.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import { readWallet } from "#features/wallets/wallet-views.ts";
import { isId } from "#kernel/ids.ts";
import { translator } from "#platform/i18n/messages.ts";
import { wake } from "#platform/jobs.ts";
import type { News, Subscriptions } from "#platform/outbox.ts";
import type { Cx } from "#platform/tx.ts";
import { type PayoutFailure, payoutFailures } from "#providers/provider.ts";

/** What of others payouts hear, and what contacts hear of payouts. `origin` is where links lead. */
export const payoutSubscriptions = (origin: string): Subscriptions => ({
  "payment.paid": [lookAgain],
  "share.reversed": [lookAgain],
  "partner.credited": [creditPartner],
  "contact.added": [lookAgain],
  "contact.removed": [lookAgain],
  "contact.changed": [lookAgain],
  "bank-details.proposed": [lookAgain],
  "bank-details.approved": [lookAgain],
  "bank-details.rejected": [lookAgain],
  "bank-details.withdrawn": [lookAgain],
  "wallet.payouts-switched": [lookAgain],
  "wallet.closed": [lookAgain],
  "payout.sent": [(cx, news) => mailPayout(cx, news, "sent", origin)],
  "payout.paid": [(cx, news) => mailPayout(cx, news, "paid", origin)],
  "payout.failed": [(cx, news) => mailPayout(cx, news, "failed", origin)],
  "payout.returned": [(cx, news) => mailPayout(cx, news, "returned", origin)],
});

async function lookAgain(cx: Cx): Promise<void> {
  wake(cx, "payouts.gather", {});
}

/**
 * Tells every contact who may look at payouts, in their language. The news says what it is about; the mail is made
 * from what the partner's page shows. Each piece of news makes one mail a contact.
 */
async function mailPayout(
  cx: Cx,
  news: News,
  what: "sent" | "paid" | "failed" | "returned",
  origin: string,
): Promise<void> {
  if (!isId("pyo", news.subject)) return;
  const payout = await readPayoutRow(cx, news.subject);
  if (!payout) return;
  const account = payout.bankAccountId && (await accountLabelOf(cx, payout.bankAccountId));
  const wallet = payout.walletId && formatWalletNumber((await readWallet(cx, payout.walletId)).number);
  const failure = payoutFailures.find((one) => one === news.data.reason);
  for (const reader of await readersOf(cx, payout.partnershipId)) {
    const locale = reader.language || cx.institution.locale;
    const canFix = failure !== undefined && failureWords[failure].details && reader.rights.includes("bank_details");
    await queueMail(cx, {
      kind: "payout",
      to: reader.email,
      locale,
      dedupeKey: `${news.id}:${reader.email}`,
      params: {
        what,
        name: reader.name,
        partnership: payout.partnershipName,
        number: payoutNumber(payout.number),
        amount: payout.total,
        account: wallet === undefined && (payout.sentAt || failure) ? account : undefined,
        wallet,
        reason: failure && reasonOf(cx, locale, failure, payout.total.currency),
        link: `${origin}/partner/payouts/${payout.number}`,
        fix: canFix ? `${origin}/partner/bank-details?currency=${payout.total.currency}` : undefined,
      },
    });
  }
}

function reasonOf(cx: Cx, locale: string, failure: PayoutFailure, currency: string): string {
  const named = { currency, institution: cx.institution.name };
  return translator(locale).parts(`failure.${failure}`, named).join("");
}
