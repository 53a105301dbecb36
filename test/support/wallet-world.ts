import { permit } from "#access/permit.ts";
import type { InstitutionId, Staff } from "#access/principal.ts";
import { proveBooks } from "#features/books/books.ts";
import { approveAdjustment, proposeAdjustment } from "#features/wallets/adjust-wallet.ts";
import { openWallet } from "#features/wallets/open-wallet.ts";
import type { Wallet, WalletPurpose } from "#features/wallets/wallet.ts";
import { saveWalletCurrency } from "#features/wallets/wallet-currencies.ts";
import { readWallet, walletBalance } from "#features/wallets/wallet-views.ts";
import { newId } from "#kernel/ids.ts";
import { type Currency, money } from "#kernel/money.ts";
import { type Cx, inTx } from "#platform/tx.ts";
import type { TestHouse } from "./house.ts";
import { payoutWorld } from "./payout-world.ts";

export type WalletWorld = Awaited<ReturnType<typeof walletWorld>>;

/** A partner with an account and an owner, AUD and JPY enabled for wallets, and two administrators. */
export async function walletWorld(h: TestHouse) {
  const world = await payoutWorld(h);
  const { institution, partner } = world;
  const owner = await h.member(institution, partner);
  const [first, second] = [await h.staff(institution, "ADMIN"), await h.staff(institution, "OWNER")];
  const as = async <T>(
    person: { readonly token: string; readonly staffId: string },
    work: (cx: Cx<Staff>) => Promise<T>,
  ) => {
    // Days may have passed: staff sign in again then.
    await h.admin.query("update app.session set last_seen_at = $2 where staff_id = $1", [
      person.staffId,
      h.clock.now().toString(),
    ]);
    return await inTx(h.ground, { as: "staff", token: person.token }, (cx) => work(cx as Cx<Staff>));
  };
  for (const currency of ["AUD", "JPY"] as const) {
    await as(first, (cx) =>
      saveWalletCurrency(cx, permit(cx.principal, "wallets.write"), {
        currency,
        enabled: true,
        approvalAbove: undefined,
      }),
    );
  }
  const open = (purpose: WalletPurpose = "general", currency: Currency = "AUD", partnership: string = partner) =>
    as(first, (cx) => openWallet(cx, permit(cx.principal, "wallets.write"), { partnership, currency, purpose }));
  const propose = (wallet: Wallet, minor: bigint, { key = "", by = first, reason = "Correction" } = {}) =>
    as(by, (cx) =>
      proposeAdjustment(cx, permit(cx.principal, "wallets.adjust"), {
        wallet: wallet.id,
        amount: money(minor, wallet.currency),
        reason,
        key: key || newId("adj", h.clock.now(), h.random),
      }),
    );
  const agree = (id: string, by = second) =>
    as(by, (cx) => approveAdjustment(cx, permit(cx.principal, "wallets.adjust"), id));
  return {
    ...world,
    owner,
    first,
    second,
    as,
    open,
    propose,
    /** The second of the two people. */
    agree,
    /** Puts money in (or takes it out), as two people do. */
    adjust: async (wallet: Wallet, minor: bigint) => await agree((await propose(wallet, minor)).id),
    read: (wallet: Wallet) => h.system(institution, (cx) => readWallet(cx, wallet.id)),
    /** What is in it: available, pending. */
    balance: async (wallet: Wallet) => {
      const { available, pending } = await h.system(institution, (cx) => walletBalance(cx, wallet));
      return [available.minor, pending.minor];
    },
    ledgerState: async (wallet: Wallet) => {
      const { rows } = await h.admin.query<{ state: string }>("select state from ledger.account where owner = $1", [
        wallet.id,
      ]);
      return rows.map((row) => row.state).join();
    },
    broken: async (given: InstitutionId = institution) => (await h.system(given, proveBooks)).broken,
  };
}
