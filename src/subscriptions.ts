import { bankDetailsSubscriptions } from "#features/bank-accounts/mail-bank-details.ts";
import { invoiceSubscriptions } from "#features/invoices/invoice-mails.ts";
import { memberSubscriptions } from "#features/members/member-mails.ts";
import { contactSubscriptions } from "#features/partnerships/contact-mails.ts";
import { payoutSubscriptions } from "#features/payouts/payout-mails.ts";
import { mailReceipt } from "#features/receipts/receipt-mails.ts";
import { signInSubscriptions } from "#features/security/sign-in-mails.ts";
import { selfBillingSubscriptions } from "#features/self-billing/self-billing-mails.ts";
import { transferSubscriptions } from "#features/transfers/transfer-mails.ts";
import { walletSubscriptions } from "#features/wallets/wallet-mails.ts";
import type { Subscriptions } from "#platform/outbox.ts";

/** Which event wakes whom. Each runs in the transaction that marks the news as done. `origin` is where links lead. */
export const subscriptionsOf = (origin: string): Subscriptions =>
  together(
    signInSubscriptions,
    contactSubscriptions(origin),
    memberSubscriptions(origin),
    payoutSubscriptions(origin),
    invoiceSubscriptions(origin),
    bankDetailsSubscriptions(origin),
    selfBillingSubscriptions(origin),
    walletSubscriptions(origin),
    transferSubscriptions(origin),
    {
      "receipt.issued": [(cx, news) => mailReceipt(cx, news, origin)],
    },
  );

/** Several may wait for the same event: all of them hear of it. */
function together(...all: readonly Subscriptions[]): Subscriptions {
  const merged: Record<string, Subscriptions[string]> = {};
  for (const [event, subscribers] of all.flatMap((one) => Object.entries(one))) {
    merged[event] = [...(merged[event] ?? []), ...subscribers];
  }
  return merged;
}
