import { selectTold } from "#features/bank-accounts/bank-account-store.ts";
import { readBankAccount } from "#features/bank-accounts/bank-account-views.ts";
import { queueMail } from "#features/notifications/queue-mail.ts";
import type { News, Subscriptions } from "#platform/outbox.ts";
import type { Cx } from "#platform/tx.ts";

/** How long the addresses of before still hear of a change. */
const latelyDays = 30;

/** Who hears of bank details; src/subscriptions.ts lists it. `origin` is the configured one, never a header's. */
export function bankDetailsSubscriptions(origin: string): Subscriptions {
  const mail = (what: "proposed" | "approved" | "rejected") => async (cx: Cx, news: News) =>
    await mailChange(cx, news, what, origin);
  return {
    "bank-details.proposed": [mail("proposed")],
    "bank-details.approved": [mail("approved")],
    "bank-details.rejected": [mail("rejected")],
  };
}

async function mailChange(cx: Cx, news: News, what: "proposed" | "approved" | "rejected", origin: string) {
  const account = await readBankAccount(cx, news.subject);
  const told = await selectTold(cx, account.partnershipId, cx.now.subtract({ hours: 24 * latelyDays }));
  const { currency, holderName: holder, last4, usableFrom, proposedByKind: by, rejectedWhy: reason } = account;
  for (const { name, email, language } of told) {
    await queueMail(cx, {
      kind: "bank_details",
      to: email,
      locale: language || cx.institution.locale,
      params: {
        ...{ what, by, name, currency, holder, last4, usableFrom, reason },
        partnership: account.partnershipName,
        link: `${origin}/partner/bank-details?currency=${currency}`,
      },
      dedupeKey: `${news.id}:${email}`,
    });
  }
}
