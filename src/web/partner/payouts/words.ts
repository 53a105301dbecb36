import type { PaidTo } from "#features/payouts/partner-payout.ts";
import type { PayoutFilter } from "#features/payouts/payout-partner-view.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import { en } from "#platform/i18n/catalogue.ts";
import type { MessageKey, T } from "#platform/i18n/messages.ts";

/** `ANZ •••• 8841`, never more than the last four digits; or `Wallet 4821 0937 5516`. */
export function accountWords(t: T, to: PaidTo): string {
  if ("wallet" in to) return t("payouts.toWallet", { number: formatWalletNumber(to.wallet) });
  return [to.bankName, `•••• ${to.last4}`].filter(Boolean).join(" ");
}

function known(prefix: "hold" | "failure", reason: string): MessageKey {
  const key = `${prefix}.${reason}`;
  return Object.hasOwn(en, key) ? (key as MessageKey) : `${prefix}.other`;
}

/** Why a payout waits, and what ends it, in the partner's words. */
export function holdWords(t: T, reason: string, institution: string): string {
  return (t as Say)(known("hold", reason), { institution });
}

/** Why a payout failed, and what to do, in the partner's words. */
export function failureWords(t: T, reason: string, about: { institution: string; currency: string }): string {
  return (t as Say)(known("failure", reason), about);
}

type Say = (key: MessageKey, values: Readonly<Record<string, string>>) => string;

/** Where the bank details of a currency are mended. */
export function bankDetailsHref(currency: string): string {
  return `/partner/bank-details?currency=${currency}`;
}

/** The filter as an address carries it. */
export function payoutQuery({ status, q, from, to, currency }: PayoutFilter) {
  return { status, q, from: from?.toString(), to: to?.toString(), currency };
}
