import type { MemberId } from "#access/principal.ts";
import type { TransferRoute } from "#features/tariffs/tariff.ts";
import type { QuoteId } from "#features/transfers/transfer.ts";
import type { WalletId, WalletPurpose, WalletState } from "#features/wallets/wallet.ts";
import type { Currency, Money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";

/** How long a quote holds. */
export const quoteMinutes = 10;

/** A transfer that was prepared: what it will cost, for ten minutes. It moves nothing. */
export type Quote = {
  readonly id: QuoteId;
  readonly member: MemberId;
  readonly wallet: WalletId;
  readonly route: TransferRoute;
  /** The number of the wallet, or the last four digits of the bank account. */
  readonly toNumber: string;
  /** Whose it is, masked where that is another partner; of a bank account its bank. */
  readonly toName: string;
  readonly amount: Money;
  readonly fee: Money;
  readonly reference: string;
  /** The transfer that it became. */
  readonly usedBy: string | undefined;
  readonly expiresAt: Instant;
};

/** A wallet of the partner's own, as transfers name it. */
export type OwnWallet = {
  readonly id: WalletId;
  readonly number: string;
  readonly currency: Currency;
  readonly purpose: WalletPurpose;
  readonly state: WalletState;
};

export function isOver(quote: Pick<Quote, "expiresAt">, now: Instant): boolean {
  return Temporal.Instant.compare(quote.expiresAt, now) <= 0;
}
