import { invoiceNumber } from "#features/invoices/invoice.ts";
import { carriesOver, isExpected, type PaidTo, type PartnerPayout } from "#features/payouts/partner-payout.ts";
import type { PartnerLine } from "#features/payouts/payout-lines-partner-view.ts";
import type { PayoutFilter } from "#features/payouts/payout-partner-view.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import { en } from "#platform/i18n/catalogue.ts";
import type { MessageKey, T } from "#platform/i18n/messages.ts";

/** `ANZ •••• 8841`, never more than the last four digits; or `Wallet 4821 0937 5516`. */
export function accountWords(t: T, to: PaidTo): string {
  if ("wallet" in to) return t("payouts.toWallet", { number: formatWalletNumber(to.wallet) });
  return [to.bankName, `•••• ${to.last4}`].filter(Boolean).join(" ");
}

/** When it is expected, or that it is carried over, or the day it was planned for. */
export function whenWords(t: T, payout: PartnerPayout): string {
  if (carriesOver(payout)) return carriedWords(t, payout);
  const date = t.date(payout.scheduledFor, "weekday");
  return isExpected(payout) ? t("payout.expected", { date }) : t("payout.planned", { date });
}

/** Until when a payout that would be carried over is. */
export function carriedWords(t: T, { minimum }: PartnerPayout): string {
  if (minimum.minor <= 0n) return t("payouts.carriedZero");
  return t("payouts.carriedMinimum", { minimum: t.money(minimum, "code") });
}

/** What a line is, in words, where it is no share and takes back none. */
export function lineWords(t: T, { kind, source }: Pick<PartnerLine, "kind" | "source">): string {
  switch (source?.of) {
    case "invoice":
      return t("payout.nettedLine", { number: invoiceNumber("invoice", source.number) });
    case "credit_note":
      return t("payout.creditNoteLine", {
        note: invoiceNumber("credit_note", source.number),
        number: invoiceNumber("invoice", source.invoice),
      });
    case "money":
      return t("payout.moneyLine");
    default:
      return t(kind === "netting" ? "payout.netting" : "payout.creditPlain");
  }
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
