import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { WalletId } from "#features/wallets/wallet.ts";
import type { Id } from "#kernel/ids.ts";
import type { Money } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import type { PayoutFailure } from "#providers/provider.ts";

export type PayoutId = Id<"pyo">;
export type PayoutAttemptId = Id<"pat">;

/**
 * Scheduled gathers what is earned until its cut-off; then it is reviewed or held, processed (approved, and given to
 * the provider), sent (the provider has it), paid (the provider says it arrived). To a wallet it is paid at once.
 * Failed and returned money is the partner's again, and the same payout is sent again. Cancelled: its lines were
 * carried over to another one.
 */
export const payoutStates = [
  "scheduled",
  "in_review",
  "on_hold",
  "processing",
  "sent",
  "paid",
  "failed",
  "returned",
  "cancelled",
] as const;
export type PayoutState = (typeof payoutStates)[number];

/** Why a payout is on hold. The database knows the same keys in `payout.hold_reason`. */
export const holdReasons = [
  "paused_institution",
  "paused_partner",
  "no_contact",
  "no_bank_details",
  "bank_details_in_review",
  "open_failure",
  "cooling_off",
  "held_by_staff",
] as const;
export type HoldReason = (typeof holdReasons)[number];

/** What staff read for each reason of a hold: what is the matter, and what ends it. */
export const holdWords: Readonly<Record<HoldReason, { readonly is: string; readonly todo: string }>> = {
  paused_institution: { is: "All payouts are paused", todo: "Resume payouts in the payout settings." },
  paused_partner: { is: "Payouts of this partner are paused", todo: "Resume them on the partner's page." },
  no_contact: { is: "The partner has no contact", todo: "Add a contact; the payout goes on by itself then." },
  no_bank_details: {
    is: "No bank details in this currency",
    todo: "Add bank details, or ask a contact of the partner to add them.",
  },
  bank_details_in_review: { is: "New bank details wait for review", todo: "Review the new bank details." },
  open_failure: {
    is: "An earlier payout failed",
    todo: "Payouts go on once the bank details have changed, or the failed payout was sent again.",
  },
  cooling_off: { is: "Bank details changed lately", todo: "It goes on by itself when the cooling-off period ends." },
  held_by_staff: { is: "Held by staff", todo: "Release it when it may go on." },
};

/**
 * What staff read for each reason of a failure. `details`: the bank details must change before it is sent again;
 * where they need not, staff send again as soon as the cause is gone.
 */
export const failureWords: Readonly<Record<PayoutFailure, { readonly is: string; readonly details: boolean }>> = {
  account_closed: { is: "The bank account is closed", details: true },
  account_frozen: { is: "The bank account is frozen", details: true },
  incorrect_account_number: { is: "The account number is not right", details: true },
  incorrect_holder_name: { is: "The account is held under another name", details: true },
  bank_ownership_changed: { is: "The account has another owner now", details: true },
  declined: { is: "The partner's bank declined it", details: true },
  insufficient_funds: { is: "Your own account did not hold enough money", details: false },
  invalid_currency: { is: "The bank account takes no money in this currency", details: true },
  could_not_process: { is: "The bank could not process it", details: false },
};

export type Payout = {
  readonly id: PayoutId;
  readonly partnershipId: PartnershipId;
  readonly partnershipName: string;
  /** Counts within the partnership. */
  readonly number: bigint;
  readonly state: PayoutState;
  readonly scheduledFor: PlainDate;
  readonly net: Money;
  readonly tax: Money;
  readonly total: Money;
  readonly payments: number;
  readonly bankAccountId: Id<"bac"> | undefined;
  /** The wallet of the partner that it went to, instead of its bank. */
  readonly walletId: WalletId | undefined;
  readonly holdReason: HoldReason | "";
  readonly holdNote: string;
  readonly failureReason: PayoutFailure | "";
  readonly approvedBy: string | undefined;
  readonly approvedAt: Instant | undefined;
  readonly secondApprovedBy: string | undefined;
  readonly secondApprovedAt: Instant | undefined;
  readonly sentAt: Instant | undefined;
  readonly paidAt: Instant | undefined;
  readonly failedAt: Instant | undefined;
  /** The number of the payout that its lines went to. */
  readonly carriedTo: bigint | undefined;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

/** What stands in the way of a payout, and what its approval depends on. */
export type PayoutFacts = {
  readonly payout: Payout;
  /** Why it can't go on now; empty when nothing is in the way. */
  readonly hold: HoldReason | "";
  /** The bank account it would go to; undefined where there is none, or it goes to a wallet. */
  readonly bankAccount: Id<"bac"> | undefined;
  /** The wallet that it would go to. */
  readonly wallet: WalletId | undefined;
  /** The member of staff who typed in that bank account, if one did, or turned the payouts to that wallet. */
  readonly proposedBy: string | undefined;
  readonly minimum: bigint;
  /** Above it a second person is needed; undefined: never. */
  readonly secondPersonAbove: bigint | undefined;
  /** Who raised that limit last, if nobody else agreed since, and from where. */
  readonly raised: { readonly by: string; readonly from: bigint } | undefined;
  readonly netting: boolean;
  readonly schedule: string;
};

/** `PO-000012`: how people write a payout's number, the partner included. */
export function payoutNumber(number: bigint): string {
  return `PO-${number.toString().padStart(6, "0")}`;
}

/** What a payout is made of: amounts are signed, what takes away is below zero. */
export type LineKind = "share" | "reversal" | "netting" | "credit";

/** Stands in `approved_by` where the institution's settings ask nobody. */
export const approvedBySettings = "settings";
