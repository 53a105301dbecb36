import type { Permit } from "#access/permit.ts";
import { actorOf } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { selectWalletCurrencies, upsertWalletCurrency } from "#features/wallets/wallet-store.ts";
import { type Currency, type Money, money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { currencyProblem } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

export type WalletCurrency = {
  readonly currency: Currency;
  /** Whether wallets can be opened in it. Wallets that are open stay as they are. */
  readonly enabled: boolean;
  /** A transfer above it waits for somebody of staff; undefined: none does. */
  readonly approvalAbove: Money | undefined;
};

/** The currencies of the institution, and others in which wallets were enabled once: how each stands. */
export async function walletCurrencies(cx: Cx): Promise<readonly WalletCurrency[]> {
  const known = new Map((await selectWalletCurrencies(cx)).map((row) => [row.currency, row]));
  const all = [...new Set([...cx.institution.currencies, ...known.keys()])];
  return all.map((currency) => {
    const row = known.get(currency);
    const above = row?.approval_minor ?? undefined;
    return {
      currency,
      enabled: row?.enabled ?? false,
      approvalAbove: above === undefined ? undefined : money(above, currency),
    };
  });
}

/** The currencies in which wallets can be opened now. */
export async function enabledCurrencies(cx: Cx): Promise<readonly Currency[]> {
  return (await walletCurrencies(cx)).filter((one) => one.enabled).map((one) => one.currency);
}

/**
 * Enables or disables a currency for new wallets, and sets above what a transfer waits for staff. One person approves
 * such a transfer, so whoever may raise the limit gains nothing by it that approving would not give: other than with
 * payouts, which above their limit need two, nobody is held to the former one. Throws `form.invalid` for a currency
 * that is not the institution's.
 */
export async function saveWalletCurrency(cx: Cx, may: Permit<"wallets.write">, next: WalletCurrency): Promise<void> {
  const before = (await walletCurrencies(cx)).find((one) => one.currency === next.currency);
  if (!before) {
    const words = currencyProblem(cx.institution, next.currency) ?? "Choose a currency.";
    throw new Problem("form.invalid", words, { fields: { currency: words } });
  }
  const { currency, enabled, approvalAbove } = next;
  const above = approvalAbove?.minor ?? null;
  await upsertWalletCurrency(cx, { currency, enabled, approval_minor: above }, actorOf(may.by).id);
  record(cx, {
    event: "wallets.currency-set",
    subject: cx.institution.id,
    data: {
      currency,
      before: { enabled: before.enabled, above: before.approvalAbove?.minor ?? null },
      after: { enabled, above },
    },
  });
}
