import { actorOf } from "#access/principal.ts";
import { openNow } from "#features/wallets/open-wallet.ts";
import type { Wallet } from "#features/wallets/wallet.ts";
import { lockWallet, lockWorkspaceOf, walletsOfPartnership } from "#features/wallets/wallet-store.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * The wallet that takes money meant for one that is closed: another one of its partner in the same currency, of the
 * same purpose if there is one; where there is none, a new one in its place, whether or not wallets in this currency
 * are still offered. Wallets that are closed stay closed, and money that is in our bank is in the books. It is held, so
 * that it is not closed before the money is in it.
 */
export async function walletInPlaceOf(cx: Cx, closed: Wallet): Promise<Wallet> {
  const { partnership, currency, purpose } = closed;
  // Nobody opens another one meanwhile; one of them may still be closed while its turn comes.
  await lockWorkspaceOf(cx, partnership);
  const others = (await walletsOfPartnership(cx, partnership)).filter((one) => one.currency === currency);
  for (const one of others.toSorted((a, b) => rank(a, closed) - rank(b, closed))) {
    const held = one.state === "closed" ? undefined : await lockWallet(cx, one.id);
    if (held && held.state !== "closed") return held;
  }
  return await openNow(cx, { partnership, currency, purpose, openedBy: actorOf(cx.principal).id });
}

/** Smaller is better: of the same purpose, then the general one; in use before frozen. */
function rank(one: Wallet, closed: Wallet): number {
  const purpose = one.purpose === closed.purpose ? 0 : one.purpose === "general" ? 2 : 4;
  return purpose + (one.state === "active" ? 0 : 1);
}
