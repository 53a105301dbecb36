import { formatWalletNumber } from "#features/wallets/wallet.ts";
import type { PartnerWallet } from "#features/wallets/wallet-partner-view.ts";
import type { T } from "#platform/i18n/messages.ts";

export const walletsHome = "/partner/wallets";

/** What keeps its pages up to date. */
export const liveHref = `${walletsHome}/live`;

/** Where the page of a wallet is. */
export function walletHref({ number }: Pick<PartnerWallet, "number">): string {
  return `${walletsHome}/${number}`;
}

/** `General wallet 4821 0937 5519`. The groups of the number keep their order in right-to-left words. */
export function walletName(t: T, { purpose, number }: Pick<PartnerWallet, "purpose" | "number">): string {
  return `${t("wallet.title", { purpose: t(`wallet.purpose.${purpose}`) })} \u2066${formatWalletNumber(number)}\u2069`;
}
