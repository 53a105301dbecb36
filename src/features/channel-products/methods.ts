import { sql } from "kysely";
import type { Id } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import type { BasisPoints } from "#kernel/rate.ts";
import type { Cx } from "#platform/tx.ts";
import type { Providers } from "#providers/provider.ts";

export type ChannelProductId = Id<"chp">;

/** A way to pay that the institution has switched on: a row of the channel products. */
export type Method = {
  readonly id: ChannelProductId;
  readonly provider: string;
  readonly kind: "card" | "bank_transfer";
  /** As the institution calls it. */
  readonly name: string;
  /** Added to what is paid, and shown before paying (domain.md rule 7). */
  readonly surchargeBps: BasisPoints;
};

/** A row of the table, or of what a partner sees of it. */
export type MethodRow = {
  id: ChannelProductId;
  provider: string;
  kind: Method["kind"];
  name: string;
  surcharge_bps: number;
};

/**
 * The methods on offer in a currency, in the institution's order: active, and with a provider that is there and takes
 * it.
 */
export async function methodsFor(cx: Cx, currency: Currency, providers: Providers): Promise<Method[]> {
  const { rows } = await sql<MethodRow>`select id, provider, kind, name, surcharge_bps from app.channel_product
    where institution_id = ${cx.institution.id} and state = 'active' and ${currency} = any(currencies)
    order by position, id`.execute(cx.db);
  return offered(rows, currency, providers);
}

/** The methods of rows whose provider is there and takes the currency. */
export function offered(rows: readonly MethodRow[], currency: Currency, providers: Providers): Method[] {
  return rows.filter((row) => takes(providers, row.provider, currency)).map(toMethod);
}

function takes(providers: Providers, name: string, currency: Currency): boolean {
  const provider = providers.get(name);
  return provider !== undefined && (provider.currencies === "all" || provider.currencies.includes(currency));
}

function toMethod(row: MethodRow): Method {
  return { id: row.id, provider: row.provider, kind: row.kind, name: row.name, surchargeBps: row.surcharge_bps };
}
