import type { PayerId } from "#features/money-in/payer.ts";
import { lockMoneyOf } from "#features/money-in/received-store.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * From here to the end of the transaction, money of this payer moves for nobody else: settling, paying and matching
 * wait for each other, so that credit is never used twice and an attempt never starts beside one that is settling.
 */
export async function holdMoneyOf(cx: Cx, payer: PayerId): Promise<void> {
  await lockMoneyOf(cx, payer);
}
