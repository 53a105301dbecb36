import type { Partner } from "#access/principal.ts";
import { entriesOfTransfer, ownTransfer, ownWallets } from "#features/transfers/transfer-partner-view.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";
import type { TransferFacts } from "./transfer-page.tsx";

/** What the page of one transfer shows. Throws `not-found` where the partner made none of that reference. */
export async function readTransfer(cx: Cx<Partner>, ref: string): Promise<TransferFacts> {
  const transfer = await ownTransfer(cx, ref);
  if (!transfer) throw notFound();
  const [entries, wallets] = await Promise.all([entriesOfTransfer(cx, transfer), ownWallets(cx)]);
  return { transfer, entries, wallets };
}
