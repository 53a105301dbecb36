import { record } from "#features/audit/record.ts";
import { formatWalletNumber, type Wallet } from "#features/wallets/wallet.ts";
import type { Cx } from "#platform/tx.ts";

type Event = "wallet.opened" | "wallet.frozen" | "wallet.unfrozen" | "wallet.closed" | "wallet.payouts-switched";

/** Writes into the log what became of a wallet, and tells those above. */
export async function tellOfWallet(
  cx: Cx,
  event: Event,
  wallet: Pick<Wallet, "id" | "partnership" | "number" | "currency" | "purpose">,
  data: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const { id, partnership, number, currency, purpose } = wallet;
  record(cx, {
    event,
    subject: id,
    data: { partnership, number: formatWalletNumber(number), currency, purpose, ...data },
    outbox: true,
  });
}
