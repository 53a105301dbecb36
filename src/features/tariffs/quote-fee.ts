import { feeOf, type TariffId, type TariffPurpose, type TransferRoute } from "#features/tariffs/tariff.ts";
import { tariffInForce } from "#features/tariffs/tariff-store.ts";
import { type Money, money } from "#kernel/money.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

/** A transfer that somebody wants to make: from which kind of wallet, by which way, how much. */
export type FeeQuestion = {
  readonly purpose: TariffPurpose;
  readonly route: TransferRoute;
  readonly amount: Money;
};

/** What it costs, and by which tariff; nothing where no tariff is in force. */
export type FeeQuote = { readonly fee: Money; readonly tariff: TariffId | undefined };

/**
 * What a transfer costs today. A transfer is charged what it was quoted, so this is the only place that asks. For
 * transactions of the program's own and of staff: partners' roles can't read tariffs.
 */
export async function quoteFee(cx: Cx, { purpose, route, amount }: FeeQuestion): Promise<FeeQuote> {
  const day = todayOf(cx.institution, cx.now);
  const tariff = await tariffInForce(cx, { purpose, route, currency: amount.currency }, day);
  if (!tariff) return { fee: money(0n, amount.currency), tariff: undefined };
  return { fee: feeOf(tariff, amount), tariff: tariff.id };
}
