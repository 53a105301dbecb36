import { sql } from "kysely";
import type { MemberId } from "#access/principal.ts";
import type { BankAccountId } from "#features/bank-accounts/bank-account.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { TariffId, TransferRoute } from "#features/tariffs/tariff.ts";
import { quoteMinutes } from "#features/transfers/quote.ts";
import type { QuoteId } from "#features/transfers/transfer.ts";
import type { WalletId } from "#features/wallets/wallet.ts";
import type { Money } from "#kernel/money.ts";
import type { Cx } from "#platform/tx.ts";

export type NewQuote = {
  readonly id: QuoteId;
  readonly partnership: PartnershipId;
  readonly member: MemberId;
  readonly wallet: WalletId;
  readonly route: TransferRoute;
  readonly toWallet: WalletId | undefined;
  readonly bankAccount: BankAccountId | undefined;
  readonly toNumber: string;
  readonly toName: string;
  readonly amount: Money;
  readonly fee: Money;
  readonly tariff: TariffId | undefined;
  readonly reference: string;
};

export async function insertQuote(cx: Cx, quote: NewQuote): Promise<void> {
  await sql`insert into app.transfer_quote (institution_id, id, partnership_id, wallet_id, member_id, route,
      to_wallet_id, bank_account_id, to_number, to_name, currency, minor, fee_minor, tariff_id, reference, created_at,
      expires_at)
    values (${cx.institution.id}, ${quote.id}, ${quote.partnership}, ${quote.wallet}, ${quote.member}, ${quote.route},
      ${quote.toWallet ?? null}, ${quote.bankAccount ?? null}, ${quote.toNumber}, ${quote.toName},
      ${quote.amount.currency}, ${quote.amount.minor}, ${quote.fee.minor}, ${quote.tariff ?? null},
      ${quote.reference}, ${cx.now}, ${cx.now.add({ minutes: quoteMinutes })})`.execute(cx.db);
}
