import type { Permit } from "#access/permit.ts";
import type { Adjustment, AdjustmentId } from "#features/wallets/adjustment.ts";
import { type AdjustmentFilter, selectAdjustments } from "#features/wallets/adjustment-store.ts";
import type { Wallet, WalletBalance, WalletId, WalletPurpose, WalletState } from "#features/wallets/wallet.ts";
import { type ListedRow, selectListed } from "#features/wallets/wallet-list-store.ts";
import { toWallet } from "#features/wallets/wallet-store.ts";
import { isId } from "#kernel/ids.ts";
import { type Currency, money } from "#kernel/money.ts";
import { cutPage, type Page, type Paging } from "#kernel/paging.ts";
import type { Cx } from "#platform/tx.ts";

/** Everything that narrows the list; its export uses the same. */
export type WalletFilter = {
  readonly q?: string | undefined;
  readonly currency?: Currency | undefined;
  readonly purpose?: WalletPurpose | undefined;
  readonly state?: WalletState | undefined;
  readonly partner?: string | undefined;
};

/** A wallet with what is in it. */
export type ListedWallet = WalletBalance & { readonly wallet: Wallet };

type MayRead = Permit<"wallets.read"> | Permit<"wallets.export">;

/** A page of the wallets that pass the filter, those opened last first. Places are ids. One query. */
export async function listWallets(
  cx: Cx,
  _may: MayRead,
  filter: WalletFilter,
  paging: Paging<string>,
): Promise<Page<ListedWallet>> {
  const after = placeOf("wal", paging.after);
  const before = after ? undefined : placeOf("wal", paging.before);
  const found = await selectListed(cx, filter, { before, after, limit: paging.size + 1 });
  const cut = cutPage(found, paging.size, after !== undefined, before !== undefined);
  return { ...cut, rows: cut.rows.map(listed) };
}

function listed(row: ListedRow): ListedWallet {
  return {
    wallet: toWallet(row),
    available: money(row.balance - row.held, row.currency),
    pending: money(row.held, row.currency),
    total: money(row.balance, row.currency),
  };
}

/** A page of adjustments, the newest first. Places are ids. */
export async function listAdjustments(
  cx: Cx,
  _may: MayRead,
  filter: AdjustmentFilter,
  paging: Paging<string>,
): Promise<Page<Adjustment>> {
  const after = placeOf("adj", paging.after);
  const before = after ? undefined : placeOf("adj", paging.before);
  const found = await selectAdjustments(cx, filter, { before, after, limit: paging.size + 1 });
  return cutPage(found, paging.size, after !== undefined, before !== undefined);
}

function placeOf(noun: "wal", text: string | undefined): WalletId | undefined;
function placeOf(noun: "adj", text: string | undefined): AdjustmentId | undefined;
function placeOf(noun: "wal" | "adj", text: string | undefined): string | undefined {
  return isId(noun, text) ? text : undefined;
}
