import type { Transfer } from "#features/transfers/transfer.ts";
import { openNext } from "#features/wallets/open-wallet.ts";
import type { WalletId } from "#features/wallets/wallet.ts";
import { holdWallet, walletsOf } from "#features/wallets/wallet-views.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * The wallet that takes what a bank sends back: the one that it left, frozen or not. Where that was closed meanwhile,
 * another one of its partner in the same currency, of the same purpose if there is one; where there is none, a new one
 * in place of the closed one. Wallets that are closed stay closed, and money that is in our bank is in the books.
 */
export async function walletForReturn(cx: Cx, { wallet: id }: Pick<Transfer, "wallet">): Promise<WalletId> {
  const left = await holdWallet(cx, id);
  if (left.state !== "closed") return left.id;
  const open = (await walletsOf(cx, left.partnership)).filter(
    ({ state, currency }) => state !== "closed" && currency === left.currency,
  );
  const [to] = open.toSorted((a, b) => rank(a, left) - rank(b, left));
  // Held, so that it is not closed before the money is in it.
  return to ? (await holdWallet(cx, to.id)).id : (await openNext(cx, left)).id;
}

type Kind = Pick<Awaited<ReturnType<typeof holdWallet>>, "state" | "purpose">;

/** Smaller is better: of the same purpose, then the general one; in use before frozen. */
function rank(one: Kind, left: Kind): number {
  const purpose = one.purpose === left.purpose ? 0 : one.purpose === "general" ? 2 : 4;
  return purpose + (one.state === "active" ? 0 : 1);
}
