import { membersToTell } from "#features/members/members-to-tell.ts";
import { queueMail } from "#features/notifications/queue-mail.ts";
import type { WalletMails } from "#features/notifications/wallet-mail-kinds.ts";
import { readAdjustment, sizeOf } from "#features/wallets/adjust-wallet.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import { readWallet } from "#features/wallets/wallet-views.ts";
import type { Money } from "#kernel/money.ts";
import type { News, Subscriptions } from "#platform/outbox.ts";
import type { Cx } from "#platform/tx.ts";

type What = WalletMails["wallet"]["what"];

/** What owners and administrators of a partner account hear of its wallets. `origin` is where links lead. */
export const walletSubscriptions = (origin: string): Subscriptions => ({
  "wallet.opened": [(cx, news) => mailState(cx, news, "opened", origin)],
  "wallet.frozen": [(cx, news) => mailState(cx, news, "frozen", origin)],
  "wallet.unfrozen": [(cx, news) => mailState(cx, news, "unfrozen", origin)],
  "wallet.closed": [(cx, news) => mailState(cx, news, "closed", origin)],
  "wallet.adjusted": [(cx, news) => mailAdjustment(cx, news, origin)],
});

async function mailState(cx: Cx, news: News, what: What, origin: string): Promise<void> {
  const reason = typeof news.data.reason === "string" ? news.data.reason : "";
  await mailWallet(cx, news, { what, amount: undefined, reason }, origin);
}

async function mailAdjustment(cx: Cx, news: News, origin: string): Promise<void> {
  const { amount, reason } = await readAdjustment(cx, String(news.data.adjustment));
  const what = amount.minor < 0n ? "debited" : "credited";
  await mailWallet(cx, news, { what, amount: sizeOf(amount), reason }, origin);
}

type Told = { readonly what: What; readonly amount: Money | undefined; readonly reason: string };

/** Each in their language; operators and viewers see it on the page. */
async function mailWallet(cx: Cx, news: News, told: Told, origin: string): Promise<void> {
  const wallet = await readWallet(cx, news.subject);
  for (const member of await membersToTell(cx, wallet.partnership)) {
    if (member.role !== "OWNER" && member.role !== "ADMIN") continue;
    await queueMail(cx, {
      kind: "wallet",
      to: member.email,
      locale: member.language || cx.institution.locale,
      dedupeKey: `${news.id}:${member.id}`,
      params: {
        ...told,
        name: member.name,
        partnership: wallet.holder,
        number: formatWalletNumber(wallet.number),
        purpose: wallet.purpose,
        currency: wallet.currency,
        link: `${origin}/partner/wallets/${wallet.number}`,
      },
    });
  }
}
