import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { BalanceSeries, SeriesSpan } from "#features/wallets/balance-series.ts";
import { walletFlows, walletSeries } from "#features/wallets/flow-store.ts";
import type { FlowFilter, FlowPage, FlowPaging } from "#features/wallets/flows.ts";
import { isWalletNumber, maskName, type Wallet, type WalletBalance, type WalletId } from "#features/wallets/wallet.ts";
import {
  lockWallet,
  selectWorkspaces,
  walletById,
  walletByNumber,
  walletsByIds,
  walletsOfPartnership,
  walletTakingPayouts,
} from "#features/wallets/wallet-store.ts";
import { isId } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import { notFound } from "#kernel/problem.ts";
import { type Balance, balanceOf } from "#ledger/balances.ts";
import { account } from "#ledger/chart.ts";
import type { Cx } from "#platform/tx.ts";

/** One wallet; throws `not-found` when it is missing or foreign. */
export async function readWallet(cx: Cx, id: string): Promise<Wallet> {
  const found = isId("wal", id) ? await walletById(cx, id) : undefined;
  if (!found) throw notFound();
  return found;
}

/** One wallet, held against changes by others until commit; throws `not-found` as above. */
export async function holdWallet(cx: Cx, id: string): Promise<Wallet> {
  const found = isId("wal", id) ? await lockWallet(cx, id) : undefined;
  if (!found) throw notFound();
  return found;
}

/**
 * The wallet with this number (digits only), whoever's it is; undefined where there is none. A partner's own role sees
 * its own wallets only, so another's is looked up in a system transaction; its partner is shown by `holderName`.
 */
export async function readWalletByNumber(cx: Cx, number: string): Promise<Wallet | undefined> {
  return isWalletNumber(number) ? await walletByNumber(cx, number) : undefined;
}

/** These wallets by id; unknown ids are left out. */
export async function readWallets(cx: Cx, ids: readonly WalletId[]): Promise<ReadonlyMap<string, Wallet>> {
  if (ids.length === 0) return new Map();
  return new Map((await walletsByIds(cx, ids)).map((one) => [one.id, one]));
}

/** The name that others than its partner and staff see of the holder of a wallet. */
export function holderName(wallet: Pick<Wallet, "holder">): string {
  return maskName(wallet.holder);
}

/** The wallets of one partnership, those in use first. */
export async function walletsOf(cx: Cx, partnership: PartnershipId): Promise<readonly Wallet[]> {
  return await walletsOfPartnership(cx, partnership);
}

/** The wallet that takes the payouts of a partner in a currency; undefined: they go to its bank. */
export async function walletForPayouts(
  cx: Cx,
  partnership: PartnershipId,
  currency: Currency,
): Promise<Wallet | undefined> {
  return await walletTakingPayouts(cx, partnership, currency);
}

/** What is in a wallet now. For staff and the program. */
export async function walletBalance(cx: Cx, wallet: Pick<Wallet, "id" | "currency">): Promise<Balance & WalletBalance> {
  const balance = await balanceOf(cx, account.wallet(wallet.id), wallet.currency);
  return { ...balance, pending: balance.held, total: balance.balance };
}

/** The partnerships that have a partner account: only they can have wallets. */
export async function accountsOpen(cx: Cx): Promise<ReadonlySet<string>> {
  return new Set(await selectWorkspaces(cx));
}

/** A page of the flows of a wallet that pass the filter, the newest first, with everything that staff may know. */
export async function flowsOfWallet(cx: Cx, wallet: Wallet, filter: FlowFilter, paging: FlowPaging): Promise<FlowPage> {
  return await walletFlows(cx, wallet, filter, paging);
}

/** What was in a wallet over time, for a chart. */
export async function seriesOfWallet(cx: Cx, wallet: Wallet, span: SeriesSpan): Promise<BalanceSeries> {
  return await walletSeries(cx, wallet, span);
}
