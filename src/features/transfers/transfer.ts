import type { MemberId } from "#access/principal.ts";
import type { BankAccountId } from "#features/bank-accounts/bank-account.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { TariffId, TransferRoute } from "#features/tariffs/tariff.ts";
import type { WalletId } from "#features/wallets/wallet.ts";
import type { Id } from "#kernel/ids.ts";
import { type Money, money } from "#kernel/money.ts";
import type { Random } from "#kernel/random.ts";
import type { Instant } from "#kernel/time.ts";
import { payoutFailures } from "#providers/provider.ts";

export type TransferId = Id<"trf">;
export type QuoteId = Id<"quo">;

/**
 * Waiting for staff (above the limit of its currency), on its way to the bank, or over. What waits and what is on its
 * way is held on the wallet it comes from, its fee with it; what failed or was cancelled has moved nothing for good.
 */
export const transferStates = ["pending_approval", "processing", "completed", "failed", "cancelled"] as const;
export type TransferState = (typeof transferStates)[number];

/** Why a transfer failed: what the far bank may say, and what may happen to it here. */
export const transferFailures = [
  ...payoutFailures,
  "rejected",
  "returned",
  "wallet_frozen",
  "wallet_closed",
  "bank_details_changed",
] as const;
export type TransferFailure = (typeof transferFailures)[number];

/** What staff read for each reason; the pages of partners have words of their own in `transfer.failure.<reason>`. */
export const transferFailureWords: Readonly<Record<TransferFailure, string>> = {
  account_closed: "The bank account is closed",
  account_frozen: "The bank account is frozen",
  incorrect_account_number: "The account number is not right",
  incorrect_holder_name: "The account is held under another name",
  bank_ownership_changed: "The account has another owner now",
  declined: "The partner's bank declined it",
  insufficient_funds: "Your own account did not hold enough money",
  invalid_currency: "The bank account takes no money in this currency",
  could_not_process: "The bank could not process it",
  rejected: "Staff rejected it",
  returned: "The bank sent it back",
  wallet_frozen: "The wallet was frozen meanwhile",
  wallet_closed: "The wallet that it was going to is closed",
  bank_details_changed: "The bank details changed meanwhile",
};

/** The way to the bank, one attempt a transfer: what fails comes back, and is a new transfer. */
export type TransferAttemptState = "" | "pending" | "sent" | "succeeded" | "failed" | "returned";

/** A transfer that was confirmed. */
export type Transfer = {
  readonly id: TransferId;
  readonly partnership: PartnershipId;
  /** How people and addresses call it: random, so that it tells nothing of others. */
  readonly ref: string;
  readonly wallet: WalletId;
  readonly route: TransferRoute;
  /** Where it goes: a wallet and whose it is, or a bank account. */
  readonly toWallet: WalletId | undefined;
  readonly toPartnership: PartnershipId | undefined;
  readonly bankAccount: BankAccountId | undefined;
  /** As the member saw it when it was prepared: the number of the wallet, or the last four digits of the account … */
  readonly toNumber: string;
  /** … and its holder: masked, unless it is the member's own partner; of a bank account its bank. */
  readonly toName: string;
  readonly amount: Money;
  readonly fee: Money;
  readonly tariff: TariffId | undefined;
  readonly reference: string;
  readonly state: TransferState;
  readonly failureReason: TransferFailure | "";
  /** What staff said when they rejected it, for the partner to read. */
  readonly failureNote: string;
  readonly requestedBy: MemberId;
  readonly requestedByName: string;
  readonly decidedBy: string | undefined;
  readonly decidedByName: string;
  readonly decidedAt: Instant | undefined;
  readonly provider: string;
  readonly providerRef: string | undefined;
  readonly attemptState: TransferAttemptState;
  /** When to ask the provider next; undefined: there is nothing to ask. */
  readonly lookAt: Instant | undefined;
  readonly looks: number;
  readonly preparedAt: Instant;
  readonly createdAt: Instant;
  readonly sentAt: Instant | undefined;
  readonly completedAt: Instant | undefined;
  readonly failedAt: Instant | undefined;
  readonly cancelledAt: Instant | undefined;
  readonly returnedAt: Instant | undefined;
  /** The wallet that took what the bank sent back, where the one that it left was closed. */
  readonly returnedTo: WalletId | undefined;
};

/** What leaves the wallet altogether. */
export function totalOf({ amount, fee }: Pick<Transfer, "amount" | "fee">): Money {
  return money(amount.minor + fee.minor, amount.currency);
}

const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A new reference: 60 random bits, in letters and digits that nobody takes for another. */
export function newTransferRef(random: Random): string {
  return `TR${Array.from(random.bytes(12), (byte) => letters[byte & 31]).join("")}`;
}

/** A reference as somebody typed it, as it is kept; undefined when it can't be one. */
export function parseTransferRef(typed: string): string | undefined {
  const text = typed.replace(/[\s-]/g, "").toUpperCase();
  return /^TR[0-9A-HJKMNP-TV-Z]{12}$/.test(text) ? text : undefined;
}
