import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { WalletId } from "#features/wallets/wallet.ts";
import type { Id } from "#kernel/ids.ts";
import type { Money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";

export type AdjustmentId = Id<"adj">;

/** Withdrawn: taken back by who proposed it. */
export const adjustmentStates = ["proposed", "approved", "rejected", "withdrawn"] as const;
export type AdjustmentState = (typeof adjustmentStates)[number];

/** Money put into a wallet, or taken out of it, by hand: proposed by one person of staff, decided by another. */
export type Adjustment = {
  readonly id: AdjustmentId;
  readonly wallet: WalletId;
  readonly walletNumber: string;
  readonly partnership: PartnershipId;
  readonly partnershipName: string;
  /** Above zero it goes into the wallet, below zero out of it. */
  readonly amount: Money;
  /** For the partner to read. */
  readonly reason: string;
  readonly state: AdjustmentState;
  readonly proposedBy: string;
  readonly proposedByName: string;
  readonly decidedBy: string | undefined;
  readonly decidedByName: string;
  readonly decidedWhy: string;
  readonly createdAt: Instant;
  readonly decidedAt: Instant | undefined;
};
