import { membersToTell } from "#features/members/members-to-tell.ts";
import { queueMail } from "#features/notifications/queue-mail.ts";
import type { TransferMails } from "#features/notifications/transfer-mail-kinds.ts";
import type { Transfer } from "#features/transfers/transfer.ts";
import { readTransfer } from "#features/transfers/transfer-store.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import { holderName, readWallet } from "#features/wallets/wallet-views.ts";
import { isId } from "#kernel/ids.ts";
import { translator } from "#platform/i18n/messages.ts";
import type { News, Subscriptions } from "#platform/outbox.ts";
import type { Cx } from "#platform/tx.ts";

type What = TransferMails["transfer"]["what"];

/** What members hear of transfers, each in their language. `origin` is where links lead. */
export const transferSubscriptions = (origin: string): Subscriptions => ({
  "transfer.waiting": [(cx, news) => mailSender(cx, news, "waiting", origin)],
  "transfer.approved": [(cx, news) => mailSender(cx, news, "approved", origin)],
  "transfer.rejected": [(cx, news) => mailSender(cx, news, "rejected", origin)],
  "transfer.completed": [(cx, news) => mailCompleted(cx, news, origin)],
  "transfer.failed": [(cx, news) => mailSender(cx, news, "failed", origin)],
  "transfer.returned": [(cx, news) => mailSender(cx, news, "returned", origin)],
});

async function transferOf(cx: Cx, news: News): Promise<Transfer | undefined> {
  return isId("trf", news.subject) ? await readTransfer(cx, news.subject) : undefined;
}

/** Tells whoever asked for it, and the owners of the account. */
async function mailSender(cx: Cx, news: News, what: What, origin: string): Promise<void> {
  const transfer = await transferOf(cx, news);
  if (!transfer) return;
  const { route, toName: name, toNumber } = transfer;
  const { holder: partnership } = await readWallet(cx, transfer.wallet);
  const into = transfer.returnedTo && (await readWallet(cx, transfer.returnedTo)).number;
  for (const member of await membersToTell(cx, transfer.partnership)) {
    if (member.role !== "OWNER" && member.id !== transfer.requestedBy) continue;
    const locale = member.language || cx.institution.locale;
    await queueMail(cx, {
      kind: "transfer",
      to: member.email,
      locale,
      dedupeKey: `${news.id}:${member.id}`,
      params: {
        what,
        route,
        name: member.name,
        partnership,
        ref: transfer.ref,
        amount: transfer.amount,
        fee: transfer.fee,
        to: { name, number: route === "bank" ? toNumber : formatWalletNumber(toNumber) },
        askedBy: transfer.requestedByName,
        reason: what === "failed" || what === "returned" ? reasonOf(cx, locale, transfer) : "",
        note: what === "rejected" ? transfer.failureNote : "",
        into: into ? formatWalletNumber(into) : "",
        link: `${origin}/partner/transfers/${transfer.ref}`,
      },
    });
  }
}

function reasonOf(cx: Cx, locale: string, { failureReason }: Transfer): string {
  if (failureReason === "") return "";
  const named = { institution: cx.institution.name };
  return translator(locale).parts(`transfer.failure.${failureReason}`, named).join("");
}

/** What arrived at the bank its sender hears of; what arrived in a wallet of another partner, that partner. */
async function mailCompleted(cx: Cx, news: News, origin: string): Promise<void> {
  const transfer = await transferOf(cx, news);
  if (transfer?.route === "bank") return await mailSender(cx, news, "completed", origin);
  if (!transfer?.toWallet || transfer.toPartnership === transfer.partnership) return;
  const [from, to] = [await readWallet(cx, transfer.wallet), await readWallet(cx, transfer.toWallet)];
  for (const member of await membersToTell(cx, to.partnership)) {
    if (member.role !== "OWNER" && member.role !== "ADMIN") continue;
    await queueMail(cx, {
      kind: "transfer_received",
      to: member.email,
      locale: member.language || cx.institution.locale,
      dedupeKey: `${news.id}:${member.id}`,
      params: {
        name: member.name,
        partnership: to.holder,
        amount: transfer.amount,
        number: formatWalletNumber(to.number),
        from: { name: holderName(from), number: formatWalletNumber(from.number) },
        link: `${origin}/partner/wallets/${to.number}`,
      },
    });
  }
}
