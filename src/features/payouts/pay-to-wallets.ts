import { record } from "#features/audit/record.ts";
import type { Payout } from "#features/payouts/payout.ts";
import { newsOf } from "#features/payouts/payout-news.ts";
import { walletJournalOf } from "#features/payouts/payout-postings.ts";
import { savePayout, saveShareStates } from "#features/payouts/payout-store.ts";
import { formatWalletNumber, type WalletId } from "#features/wallets/wallet.ts";
import { holdWallet } from "#features/wallets/wallet-views.ts";
import { tryPost } from "#ledger/post.ts";
import type { Cx } from "#platform/tx.ts";

/** A payout that nothing stands in the way of, locked, and the wallet that takes it. */
export type ToWallet = { readonly payout: Payout; readonly wallet: WalletId };

/**
 * Pays payouts into wallets: each is paid at once, with one journal and no attempt at a provider. A wallet that was
 * closed meanwhile, or takes payouts no more, leaves its payout where it stands: the next look sends it to the bank.
 * What the ledger refuses is held, so that it stops no other.
 */
export async function payToWallets(cx: Cx, all: readonly ToWallet[]): Promise<void> {
  const numbers = new Map<WalletId, string>();
  // In id order, as every lock on several rows of a kind.
  for (const id of [...new Set(all.map((one) => one.wallet))].sort()) {
    const wallet = await holdWallet(cx, id);
    if (wallet.takesPayouts && wallet.state !== "closed") numbers.set(id, wallet.number);
  }
  const ready = all.filter((one) => numbers.has(one.wallet));
  const results = await tryPost(
    cx,
    ready.map(({ payout, wallet }) => walletJournalOf(payout, wallet)),
  );
  for (const [index, { payout, wallet }] of ready.entries()) {
    const isBooked = results[index]?.status === "done";
    if (isBooked) await paid(cx, payout, wallet, numbers.get(wallet) ?? "");
    else await refused(cx, payout);
  }
}

async function paid(cx: Cx, payout: Payout, wallet: WalletId, number: string): Promise<void> {
  await savePayout(cx, { id: payout.id, state: "paid", wallet, sent: true, paid: true });
  await saveShareStates(cx, payout.id, "paid_out");
  const news = newsOf("payout.paid", payout);
  record(cx, { ...news, data: { ...news.data, wallet: formatWalletNumber(number) } });
}

async function refused(cx: Cx, payout: Payout): Promise<void> {
  const holdNote = "The ledger refused to book it into the wallet. Look at the wallet, then release the payout.";
  await savePayout(cx, { id: payout.id, state: "on_hold", holdReason: "held_by_staff", holdNote });
  record(cx, newsOf("payout.held", payout, "held_by_staff"));
}
