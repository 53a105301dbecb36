import { mailReceipt } from "#features/receipts/receipt-mails.ts";
import { signInSubscriptions } from "#features/security/sign-in-mails.ts";
import type { Subscriptions } from "#platform/outbox.ts";

/** Which event wakes whom. Each runs in the transaction that marks the news as done. `origin` is where links lead. */
export const subscriptionsOf = (origin: string): Subscriptions => ({
  ...signInSubscriptions,
  "receipt.issued": [(cx, news) => mailReceipt(cx, news, origin)],
});
