import type { BankAccount } from "#features/bank-accounts/bank-account.ts";
import { readBankAccount } from "#features/bank-accounts/bank-account-views.ts";
import { partnershipsByIds } from "#features/partnerships/partnership-views.ts";
import { type BookLine, bookLinesAbout } from "#features/payments/payment-entries.ts";
import { blockOf } from "#features/transfers/decide-transfer.ts";
import type { Transfer, TransferId } from "#features/transfers/transfer.ts";
import { readTransfer } from "#features/transfers/transfer-store.ts";
import { formatWalletNumber, type Wallet } from "#features/wallets/wallet.ts";
import { readWallets, walletBalance } from "#features/wallets/wallet-views.ts";
import { notFound } from "#kernel/problem.ts";
import type { Balance } from "#ledger/balances.ts";
import type { Cx } from "#platform/tx.ts";

/** Everything about one transfer, for staff. */
export type TransferShown = {
  readonly transfer: Transfer;
  readonly from: Wallet;
  readonly balance: Balance;
  readonly to: Wallet | undefined;
  /** Where the bank's money went when the wallet that it had left was closed. */
  readonly returnedTo: Wallet | undefined;
  /** The partner that it goes to, by its own name. */
  readonly toPartner: string | undefined;
  readonly account: BankAccount | undefined;
  readonly lines: readonly BookLine[];
  /** What stands in the way of approving it now; undefined where nothing does, or it does not wait. */
  readonly block: string | undefined;
};

/** One transfer with both its ends, what is in its wallet now, and the entries in the books. Throws `not-found`. */
export async function showTransfer(cx: Cx, id: TransferId): Promise<TransferShown> {
  const transfer = await readTransfer(cx, id);
  if (!transfer) throw notFound();
  const { wallet, toWallet, returnedTo, bankAccount, partnership, toPartnership } = transfer;
  const wallets = await readWallets(
    cx,
    [wallet, toWallet, returnedTo].filter((one) => one !== undefined),
  );
  const partners = await partnershipsByIds(cx, [partnership, ...(toPartnership ? [toPartnership] : [])]);
  const from = wallets.get(wallet);
  if (!from) throw notFound();
  const names = new Map([
    ...[...partners].map(([partner, { name }]) => [partner, name] as const),
    ...[...wallets].map(([key, { number }]) => [key, `Wallet ${unbroken(number)}`] as const),
  ]);
  return {
    transfer,
    from,
    balance: await walletBalance(cx, from),
    to: toWallet && wallets.get(toWallet),
    returnedTo: returnedTo && wallets.get(returnedTo),
    toPartner: toPartnership && partners.get(toPartnership)?.name,
    account: bankAccount && (await readBankAccount(cx, bankAccount)),
    lines: await bookLinesAbout(cx, [id], names),
    block: transfer.state === "pending_approval" ? await blockOf(cx, transfer) : undefined,
  };
}

/** A wallet's number that no line end cuts. */
function unbroken(number: string): string {
  return formatWalletNumber(number).replaceAll(" ", "\u00a0");
}
