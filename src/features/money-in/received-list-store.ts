import { type RawBuilder, sql } from "kysely";
import type { ReceivedFilter, ReceivedPlace } from "#features/money-in/received-list.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import { likeWords } from "#platform/search.ts";
import type { Cx } from "#platform/tx.ts";

export type ListedRecord = {
  id: string;
  provider: string;
  currency: string;
  minor: bigint;
  surcharge_minor: bigint;
  reference: string;
  payer_name: string;
  method_label: string;
  state: string;
  received_on: PlainDate;
  created_at: Instant;
  customer_id: string | null;
  customer_name: string | null;
  partnership_id: string | null;
  partnership_name: string | null;
};

/** The one place where a filter becomes a condition: the list and its export agree by it. */
function conditions({ q, state, currency, from, to }: ReceivedFilter): RawBuilder<unknown> {
  const words = likeWords(q);
  const all = [
    state && sql`r.state = ${state}`,
    currency && sql`r.currency = ${currency}`,
    from && sql`r.received_on >= ${from}`,
    to && sql`r.received_on <= ${to}`,
    words.length > 0 &&
      sql`lower(concat_ws(' ', r.reference, r.payer_name, r.method_label, c.given_name, c.family_name, c.external_id,
        p.name)) like all (${words}::text[])`,
  ];
  return sql.join([sql`true`, ...all.filter((one) => typeof one === "object")], sql` and `);
}

/** Arrivals of money, the latest first; with `after` they are read upwards from that place. */
export async function selectReceived(
  cx: Cx,
  filter: ReceivedFilter,
  place: {
    readonly before: ReceivedPlace | undefined;
    readonly after: ReceivedPlace | undefined;
    readonly limit: number;
  },
): Promise<ListedRecord[]> {
  const { before, after, limit } = place;
  const from = after
    ? sql`(r.received_on, r.id) > (${after.on}, ${after.id})`
    : before
      ? sql`(r.received_on, r.id) < (${before.on}, ${before.id})`
      : sql`true`;
  const order = after ? sql`r.received_on, r.id` : sql`r.received_on desc, r.id desc`;
  const { rows } = await sql<ListedRecord>`
    select r.id, r.provider, r.currency, r.minor, r.surcharge_minor, r.reference, r.payer_name, r.method_label, r.state,
           r.received_on, r.created_at, r.customer_id, btrim(c.given_name || ' ' || c.family_name) as customer_name,
           r.partnership_id, p.name as partnership_name
      from app.money_received r
      left join app.customer c on c.institution_id = r.institution_id and c.id = r.customer_id
      left join app.partnership p on p.institution_id = r.institution_id and p.id = r.partnership_id
     where ${conditions(filter)} and ${from} order by ${order} limit ${limit}`.execute(cx.db);
  return after ? rows.reverse() : rows;
}
