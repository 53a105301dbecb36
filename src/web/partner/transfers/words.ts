import type { PartnerTransfer } from "#features/transfers/partner-transfer.ts";
import type { OwnWallet, Quote } from "#features/transfers/quote.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import type { MessageKey, T } from "#platform/i18n/messages.ts";

export const transfersHome = "/partner/transfers";

/** What keeps its pages up to date. */
export const liveHref = `${transfersHome}/live`;

/** Where the page of a transfer is. */
export function transferHref({ ref }: Pick<PartnerTransfer, "ref">): string {
  return `${transfersHome}/${ref}`;
}

/** `General 4821 0937 5516`: a wallet of the partner's own. */
export function walletWords(t: T, wallet: Pick<OwnWallet, "purpose" | "number"> | undefined): string {
  return wallet ? `${t(`transfer.purpose.${wallet.purpose}`)} ${formatWalletNumber(wallet.number)}` : "";
}

/** `4821 0937 5516`, or `ANZ •••• 8841`: where it goes, in one line. */
export function destinationWords({ route, toNumber, toName }: Pick<Quote, "route" | "toNumber" | "toName">): string {
  return route === "bank" ? [toName, `•••• ${toNumber}`].filter(Boolean).join(" ") : formatWalletNumber(toNumber);
}

/** Where a transfer stands, in a sentence. `wallets` are the partner's own. */
export function stateWords(
  t: T,
  transfer: PartnerTransfer,
  { institution, wallets }: { readonly institution: string; readonly wallets: readonly OwnWallet[] },
): string {
  const { state, route, failureReason } = transfer;
  if (state === "completed") {
    return route === "bank" ? t("transfer.state.completedBank") : t("transfer.state.completedWallet");
  }
  if (state === "failed" && failureReason === "rejected") return t("transfer.state.rejected", { institution });
  const into = wallets.find((one) => one.id === transfer.returnedTo);
  if (into) return t("transfer.state.returnedElsewhere", { number: formatWalletNumber(into.number) });
  if (state === "failed" && transfer.returnedAt) return t("transfer.state.returned");
  if (state === "pending_approval") return t("transfer.state.pending_approval", { institution });
  return t(`transfer.state.${state}`);
}

type Say = (key: MessageKey, values: Readonly<Record<string, string>>) => string;

/** Why it failed, and what to do about it. */
export function failureWords(t: T, { failureReason }: PartnerTransfer, institution: string): string | undefined {
  return failureReason === "" ? undefined : (t as Say)(`transfer.failure.${failureReason}`, { institution });
}
