import { exponentOf, type Money, parseMoney, toDecimal } from "#kernel/money.ts";
import type { T } from "#platform/i18n/messages.ts";

/** A form as it came: every field a text, or several. */
export type Typed = Readonly<Record<string, string | readonly string[]>>;

/** What can be paid in part: what it is called, and what is owed of it. */
export type Payable = { readonly item: string; readonly owed: Money };

/** How much of something is to be paid, as it was typed; or why not, in the page's language. */
export function readPart(t: T, payable: Payable, text: string): Money | { readonly wrong: string } {
  const { item, owed } = payable;
  const part = parseMoney(text, owed.currency);
  if ("problem" in part) return { wrong: wrongAmount(t, payable, text) };
  if (part.minor === 0n) return { wrong: t("pay.wrong.too-little", { item }) };
  return part.minor > owed.minor ? { wrong: tooMuch(t, payable) } : part;
}

/** That it is more than is owed. */
export function tooMuch(t: T, { item, owed }: Payable): string {
  return t("pay.wrong.too-much", { amount: t.money(owed), item });
}

function wrongAmount(t: T, payable: Payable, text: string): string {
  const { item, owed } = payable;
  const example = toDecimal(owed);
  const digits = /^\d{1,30}(?:\.(\d+))?$/.exec(text);
  if (!digits) return t("pay.wrong.digits", { item, example });
  const places = exponentOf(owed.currency);
  if ((digits[1] ?? "").length <= places) return tooMuch(t, payable);
  return t("pay.wrong.decimals", { places, currency: owed.currency, example });
}
