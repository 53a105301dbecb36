import { type RawBuilder, sql } from "kysely";
import type { WalletId } from "#features/wallets/wallet.ts";
import type { WalletFilter } from "#features/wallets/wallet-list.ts";
import { type WalletRow, walletColumns, walletTables } from "#features/wallets/wallet-store.ts";
import { likeWords } from "#platform/search.ts";
import type { Cx } from "#platform/tx.ts";

export type ListedRow = WalletRow & { balance: bigint; held: bigint };

/** Where a filter becomes a condition: the list and its export agree by it. */
function conditions({ q, currency, purpose, state, partner }: WalletFilter): RawBuilder<unknown> {
  // Numbers are found as they are written, in fours, and without.
  const digits = (q ?? "").replaceAll(/[\s-]/g, "");
  const words = /^\d+$/.test(digits) ? [] : likeWords(q);
  const all = [
    currency && sql`w.currency = ${currency}`,
    purpose && sql`w.purpose = ${purpose}`,
    state && sql`w.state = ${state}`,
    partner && sql`w.partnership_id = ${partner}`,
    /^\d+$/.test(digits) && sql`w.number like ${`%${digits}%`}`,
    words.length > 0 && sql`lower(concat_ws(' ', t.name, t.legal_name, t.external_id)) like all (${words}::text[])`,
  ];
  return sql.join([sql`true`, ...all.filter((one) => typeof one === "object")], sql` and `);
}

/** Wallets with their balances, those opened last first; with `after` they are read upwards from that one. */
export async function selectListed(
  cx: Cx,
  filter: WalletFilter,
  place: { readonly before: WalletId | undefined; readonly after: WalletId | undefined; readonly limit: number },
): Promise<ListedRow[]> {
  const { before, after, limit } = place;
  const from = after ? sql`w.id > ${after}` : before ? sql`w.id < ${before}` : sql`true`;
  const order = after ? sql`w.id` : sql`w.id desc`;
  const { rows } = await sql<ListedRow>`
    select ${walletColumns}, coalesce(a.balance, 0)::bigint as balance, coalesce(a.held, 0)::bigint as held
      from ${walletTables}
      left join ledger.account a on a.institution_id = w.institution_id and a.kind = 'wallet' and a.owner = w.id
       and a.currency = w.currency
     where w.institution_id = ${cx.institution.id} and ${conditions(filter)} and ${from}
     order by ${order} limit ${limit}`.execute(cx.db);
  return after ? rows.reverse() : rows;
}
