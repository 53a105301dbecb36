import { permit } from "#access/permit.ts";
import type { System } from "#access/principal.ts";
import { approveAdjustment, proposeAdjustment } from "#features/wallets/adjust-wallet.ts";
import { openWallet } from "#features/wallets/open-wallet.ts";
import { switchPayouts } from "#features/wallets/set-wallet-state.ts";
import type { Wallet, WalletPurpose } from "#features/wallets/wallet.ts";
import { saveWalletCurrency } from "#features/wallets/wallet-currencies.ts";
import { newId } from "#kernel/ids.ts";
import { money, toDecimal } from "#kernel/money.ts";
import type { Cx } from "#platform/tx.ts";
import type { World } from "./blind-hands.ts";
import type { Step } from "./blind-worlds.ts";
import { keyOf } from "./transfer-pages.ts";

/** What is in the first wallet to begin with, in minor units; a transfer above half of it waits for staff. */
const funded = 40_000n;

/** The two wallets of the partner, by their numbers. */
export type Wallets = { readonly general: string; readonly reserve: string };

type Opening = Pick<World, "h" | "told" | "institution" | "partners" | "browser">;

/**
 * Makes the contact who looks the owner of the partner's account too, so that everything a partner can see is in one
 * browser, and opens two wallets, of which the first takes payouts where the world is told so.
 */
export async function openWallets({ h, told, institution, partners, browser }: Opening): Promise<Wallets> {
  const now = h.clock.now().toString();
  await h.admin.query(
    `insert into app.workspace (institution_id, id, partnership_id, name, provisioned_by, created_at)
     values ($1, $2, $3, 'Meridian', 'test', $4)`,
    [institution, newId("wsp", h.clock.now(), h.house.random), partners[0], now],
  );
  await h.admin.query(
    `insert into app.member (institution_id, id, partnership_id, name, email, role, created_at, updated_at)
     values ($1, $2, $3, 'Ahmed Sharma', $4, 'OWNER', $5, $5)`,
    [institution, newId("mbr", h.clock.now(), h.house.random), partners[0], browser.email, now],
  );
  return await h.system(institution, async (cx) => {
    const may = permit(cx.principal, "wallets.write");
    const { currency } = told;
    await saveWalletCurrency(cx, may, { currency, enabled: true, approvalAbove: money(funded / 2n, currency) });
    const open = (purpose: WalletPurpose) => openWallet(cx, may, { partnership: partners[0] ?? "", currency, purpose });
    const [general, reserve] = [await open("general"), await open("reserve")];
    await fund(cx, general);
    if (told.toWallet) await switchPayouts(cx, may, general.id, true);
    return { general: general.number, reserve: reserve.number };
  });
}

async function fund(cx: Cx, wallet: Wallet): Promise<void> {
  const key = newId("adj", cx.now, cx.random);
  const proposal = { wallet: wallet.id, amount: money(funded, wallet.currency), reason: "To begin with", key };
  const { id } = await proposeAdjustment(cx, permit(cx.principal, "wallets.adjust"), proposal);
  const other: System = { kind: "system", institution: cx.institution.id, task: "somebody else" };
  await approveAdjustment({ ...cx, principal: other }, permit(other, "wallets.adjust"), id);
}

/** A member sends to the other wallet or to the bank, as far as there is money and an account. */
export async function transfer(world: World, step: Extract<Step, { do: "transfer" }>): Promise<void> {
  const { browser, extra, told, wallets } = world;
  const sent = await browser.post("/partner/transfers/new", {
    wallet: wallets.general,
    route: step.route,
    to: wallets.reserve,
    amount: toDecimal(money(step.minor, told.currency)),
    reference: "Rent",
  });
  if (sent.status !== 303) return;
  extra.push(sent.location);
  const key = keyOf(await browser.get(sent.location));
  const done = await browser.post(sent.location, { key });
  if (done.location.startsWith("/partner")) extra.push(done.location);
}
