import { type RawBuilder, sql } from "kysely";
import type { PartnershipFilter } from "#features/partnerships/partnership-list.ts";
import { type PartnershipRecord, partnershipFields } from "#features/partnerships/partnership-store.ts";
import { likeWords } from "#platform/search.ts";
import type { Cx } from "#platform/tx.ts";

export type ListedRecord = PartnershipRecord & { contacts: bigint; customers: bigint; accounts: string[] };

const sortName = sql`lower(p.name) collate "C"`;

const contactsOfIt = sql`app.contact c where c.institution_id = p.institution_id and c.partnership_id = p.id
  and c.removed_at is null`;
const signInForIt = sql`${contactsOfIt} and c.access_on`;
const accountsOfIt = sql`app.bank_account b where b.institution_id = p.institution_id and b.partnership_id = p.id
  and b.state = 'active'`;

/** The one place where a filter becomes a condition: the list and its export agree by it. */
function conditions({ q, kind, only }: PartnershipFilter): RawBuilder<unknown> {
  const words = likeWords(q);
  const all = [
    kind && sql`p.kind = ${kind}`,
    only === "no-contact" && sql`not exists (select from ${signInForIt})`,
    only === "no-bank" && sql`not exists (select from ${accountsOfIt})`,
    only === "paused" && sql`p.payouts_paused_at is not null`,
    words.length > 0 &&
      sql`lower(concat_ws(' ', p.name, p.legal_name, p.external_id, p.tax_id,
        (select string_agg(c.name || ' ' || c.email, ' ') from ${contactsOfIt}))) like all (${words}::text[])`,
  ];
  return sql.join([sql`true`, ...all.filter((one) => typeof one === "object")], sql` and `);
}

/**
 * Partnerships by name; with `before` they are read upwards from that one. A place that is gone or foreign
 * holds no rows.
 */
export async function selectListed(
  cx: Cx,
  filter: PartnershipFilter,
  place: { readonly before: string | undefined; readonly after: string | undefined; readonly limit: number },
): Promise<ListedRecord[]> {
  const { before, after, limit } = place;
  const at = before ?? after;
  const from = at
    ? sql`(${sortName}, p.id) ${before ? sql`<` : sql`>`}
        (select lower(x.name) collate "C", x.id from app.partnership x where x.id = ${at})`
    : sql`true`;
  const order = before ? sql`${sortName} desc, p.id desc` : sql`${sortName}, p.id`;
  const { rows } = await sql<ListedRecord>`
    select ${partnershipFields(cx)}, (select count(*) from ${signInForIt}) as contacts,
           array(select b.currency from ${accountsOfIt} order by 1) as accounts,
           coalesce(referred.customers, 0) as customers
      from app.partnership p
      left join (select institution_id, partnership_id, count(*) as customers from app.customer
                  where partnership_id is not null group by 1, 2) referred
        on referred.institution_id = p.institution_id and referred.partnership_id = p.id
     where ${conditions(filter)} and ${from} order by ${order} limit ${limit}`.execute(cx.db);
  return before ? rows.reverse() : rows;
}
