import type { Permit } from "#access/permit.ts";
import { actorOf } from "#access/principal.ts";
import { readPartnership } from "#features/partnerships/partnership-views.ts";
import { newWalletNumber, purposeWords, type Wallet, type WalletPurpose } from "#features/wallets/wallet.ts";
import { tellOfWallet } from "#features/wallets/wallet-news.ts";
import {
  insertWallet,
  lockWorkspaceOf,
  selectWalletCurrencies,
  walletsOfPartnership,
} from "#features/wallets/wallet-store.ts";
import { readWallet } from "#features/wallets/wallet-views.ts";
import { newId } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { openAccount } from "#ledger/balances.ts";
import { account } from "#ledger/chart.ts";
import type { Cx } from "#platform/tx.ts";

export type WalletToOpen = {
  readonly partnership: string;
  readonly currency: Currency;
  readonly purpose: WalletPurpose;
};

/**
 * Opens a wallet for a partner, and the account in the ledger that is its balance. Throws `not-found` for an unknown
 * partner, and `form.invalid` when it has no partner account, the currency is not enabled, or it has such a wallet.
 */
export async function openWallet(cx: Cx, may: Permit<"wallets.write">, asked: WalletToOpen): Promise<Wallet> {
  const { currency, purpose } = asked;
  const partnership = await readPartnership(cx, asked.partnership);
  if (!(await lockWorkspaceOf(cx, partnership.id))) {
    throw refused("partnership", `${partnership.name} has no partner account yet. Make one first, then open wallets.`);
  }
  const currencies = await selectWalletCurrencies(cx);
  if (!currencies.some((one) => one.currency === currency && one.enabled)) {
    throw refused("currency", `Wallets can't be opened in ${currency}. Enable it under Wallet currencies first.`);
  }
  const open = (await walletsOfPartnership(cx, partnership.id)).filter((one) => one.state !== "closed");
  if (open.some((one) => one.currency === currency && one.purpose === purpose)) {
    const name = purposeWords[purpose].toLowerCase();
    throw refused("purpose", `${partnership.name} has a ${name} wallet in ${currency}. Choose another purpose.`);
  }
  return await openNow(cx, { partnership: partnership.id, currency, purpose, openedBy: actorOf(may.by).id });
}

/** Opens a wallet, whoever allowed it: its caller holds the workspace and knows that there is no such wallet in use. */
export async function openNow(
  cx: Cx,
  asked: Omit<Parameters<typeof insertWallet>[1], "id" | "number">,
): Promise<Wallet> {
  const wallet = { ...asked, id: newId("wal", cx.now, cx.random) };
  const number = await insertNumbered(cx, wallet);
  await openAccount(cx, account.wallet(wallet.id), wallet.currency);
  await tellOfWallet(cx, "wallet.opened", { ...wallet, number });
  return await readWallet(cx, wallet.id);
}

/** Two wallets of nine thousand million numbers seldom meet; where they do, the next number is tried. */
async function insertNumbered(cx: Cx, wallet: Omit<Parameters<typeof insertWallet>[1], "number">): Promise<string> {
  for (;;) {
    const number = newWalletNumber(cx.random);
    if (await insertWallet(cx, { ...wallet, number })) return number;
  }
}

function refused(field: string, words: string): Problem {
  return new Problem("form.invalid", "Please check what is marked.", { fields: { [field]: words } });
}
