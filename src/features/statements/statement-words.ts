import { invoiceNumber } from "#features/invoices/invoice.ts";
import { failureWords, payoutNumber } from "#features/payouts/payout.ts";
import type { LineReference, StatementLine } from "#features/statements/statement.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import type { T } from "#platform/i18n/messages.ts";
import type { PayoutFailure } from "#providers/provider.ts";

/** `PO-000012`, `INV-000003`: how people write what a line names. */
export function referenceText({ kind, number }: LineReference): string {
  return kind === "payout" ? payoutNumber(number) : invoiceNumber(kind, number);
}

/** Where a partner opens what a line names. */
export function referencePath({ kind, number }: LineReference): string {
  const places = { payout: "payouts", invoice: "invoices", self_billed: "self-billing", credit_note: "credit-notes" };
  return `/partner/${places[kind]}/${number}`;
}

/** What a line is about, in the reader's words: its kind, then whose and what. */
export function lineTitle(line: StatementLine, t: T): string {
  return t(`statement.line.${line.kind}`);
}

/** Whom and what it is about, in pieces that keep their own direction; empty where a line says all by itself. */
export function lineSubject(line: StatementLine, t: T): readonly string[] {
  return [line.customer, line.item, detailOf(line, t)].filter((text) => text !== "");
}

/**
 * Why a payout came back is a key of one list, and the list has the words; where one went that did not go to the bank
 * is a wallet's number; anything else was written for a reader.
 */
function detailOf({ kind, detail }: StatementLine, t: T): string {
  if (kind === "payout_sent") return detail === "" ? "" : t("payouts.toWallet", { number: formatWalletNumber(detail) });
  if (kind !== "payout_back") return detail;
  return isFailure(detail) ? t(`statement.back.${detail}`) : "";
}

function isFailure(text: string): text is PayoutFailure {
  return Object.hasOwn(failureWords, text);
}
