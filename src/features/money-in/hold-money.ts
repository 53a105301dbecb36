import type { CustomerId } from "#access/principal.ts";
import { lockMoneyOf } from "#features/money-in/received-store.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * From here to the end of the transaction, money of this customer moves for nobody else: settling, paying and matching
 * wait for each other, so that credit is never used twice and an attempt never starts beside one that is settling.
 */
export async function holdMoneyOf(cx: Cx, customer: CustomerId): Promise<void> {
  await lockMoneyOf(cx, customer);
}
