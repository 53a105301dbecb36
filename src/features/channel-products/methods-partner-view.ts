import { sql } from "kysely";
import { type Method, type MethodRow, offered } from "#features/channel-products/methods.ts";
import type { Currency } from "#kernel/money.ts";
import type { Cx } from "#platform/tx.ts";
import type { Providers } from "#providers/provider.ts";

/** The methods that a partner may pay with in a currency, in the institution's order. */
export async function partnerMethods(cx: Cx, currency: Currency, providers: Providers): Promise<Method[]> {
  const { rows } = await sql<MethodRow>`select id, provider, kind, name, surcharge_bps from partner.method
    where state = 'active' and ${currency} = any(currencies) order by position, id`.execute(cx.db);
  return offered(rows, currency, providers);
}
