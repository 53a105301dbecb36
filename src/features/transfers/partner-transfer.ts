import type { TransferRoute } from "#features/tariffs/tariff.ts";
import type { TransferFailure, TransferId, TransferState } from "#features/transfers/transfer.ts";
import type { WalletId } from "#features/wallets/wallet.ts";
import type { Money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";

/** A transfer as its partner sees it. */
export type PartnerTransfer = {
  readonly id: TransferId;
  readonly ref: string;
  readonly wallet: WalletId;
  readonly route: TransferRoute;
  readonly toWallet: WalletId | undefined;
  readonly toNumber: string;
  readonly toName: string;
  readonly amount: Money;
  readonly fee: Money;
  readonly reference: string;
  readonly state: TransferState;
  readonly failureReason: TransferFailure | "";
  readonly failureNote: string;
  readonly requestedByName: string;
  readonly decidedAt: Instant | undefined;
  readonly preparedAt: Instant;
  readonly createdAt: Instant;
  readonly sentAt: Instant | undefined;
  readonly completedAt: Instant | undefined;
  readonly failedAt: Instant | undefined;
  readonly cancelledAt: Instant | undefined;
  readonly returnedAt: Instant | undefined;
  /** Where the bank's money went when the wallet that it had left was closed. */
  readonly returnedTo: WalletId | undefined;
};

/** Everything that narrows a partner's list of its transfers, and its file. */
export type PartnerTransferFilter = {
  readonly status?: TransferState | undefined;
  readonly wallet?: WalletId | undefined;
  readonly route?: TransferRoute | undefined;
  /** The number of the wallet that it went to, or the last four digits of the bank account. */
  readonly with?: string | undefined;
  /** Confirmed from this moment on, and before that one. */
  readonly from?: Instant | undefined;
  readonly until?: Instant | undefined;
  /** This amount, in each of these currencies. */
  readonly amounts?: readonly Money[] | undefined;
  /** A reference of a transfer, or words of what the member wrote as its reference. */
  readonly q?: string | undefined;
};

/** Which page: the one behind the transfer `before`, or in front of `after`. */
export type TransferPlace = { readonly before?: string | undefined; readonly after?: string | undefined };

export type PartnerTransferPage = {
  readonly rows: readonly PartnerTransfer[];
  /** The places to go on from; undefined at the ends. */
  readonly newer: string | undefined;
  readonly older: string | undefined;
  /** As many as one page examines were looked at, and it is not full: there may be more further on. */
  readonly isCut: boolean;
};
