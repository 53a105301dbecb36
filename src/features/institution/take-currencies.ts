import { record } from "#features/audit/record.ts";
import type { Currency } from "#kernel/money.ts";
import type { Cx } from "#platform/tx.ts";
import { addCurrencies } from "./institution-store.ts";

/**
 * The institution uses these currencies from now on: files bring in what it has used elsewhere, and what goes in has to
 * show, be paid and be paid out like all else. Those that it uses already change nothing.
 */
export async function takeCurrencies(cx: Cx, used: readonly Currency[]): Promise<void> {
  const { id, currencies } = cx.institution;
  const more = [...new Set(used)].filter((currency) => !currencies.includes(currency));
  if (more.length === 0) return;
  await addCurrencies(cx, more);
  const data = { currencies: [...currencies, ...more].join(", "), imported: true };
  record(cx, { event: "institution.edited", subject: id, data });
}
