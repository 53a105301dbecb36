import { type Currency, exponentOf, type Money, parseMoney } from "#kernel/money.ts";
import type { T } from "#platform/i18n/messages.ts";

/**
 * How much is to be transferred, as it was typed; or why not, in the reader's language. Without a currency only what
 * is no amount in any is refused; what could be one answers undefined.
 */
export function readAmount(t: T, typed: string, currency: Currency | undefined): Money | string | undefined {
  const text = typed.trim();
  const places = currency === undefined ? 2 : exponentOf(currency);
  const example = places === 0 ? "1850" : `1850.${"0".repeat(places)}`;
  const digits = /^\d+(?:\.(\d+))?$/.exec(text);
  if (text === "") return t("transfer.wrong.noAmount", { example });
  if (!digits) return t("transfer.wrong.digits", { example });
  if (currency === undefined) return undefined;
  if ((digits[1] ?? "").length > places) return t("transfer.wrong.decimals", { places, currency, example });
  const amount = parseMoney(text, currency);
  if ("problem" in amount) return t("transfer.wrong.large");
  return amount.minor === 0n ? t("transfer.wrong.zero") : amount;
}
