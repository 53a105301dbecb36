import { type RawBuilder, sql } from "kysely";
import type { AuditFilter } from "#features/audit/audit-views.ts";
import type { Instant } from "#kernel/time.ts";
import { likeWords } from "#platform/search.ts";
import type { Cx } from "#platform/tx.ts";

export type AuditRecord = {
  seq: bigint;
  id: string;
  at: Instant;
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  acting_as: string;
  event: string;
  subject: string;
  data: Record<string, unknown>;
  ip: string;
};

const columns = sql`a.seq, a.id, a.at, a.actor_kind, a.actor_id, a.actor_name, a.acting_as, a.event, a.subject, a.data, a.ip`;

/** The one place where a filter becomes a condition: the list and its export agree by it. */
function conditions({ q, from, to, kind, actor }: AuditFilter): RawBuilder<boolean> {
  const words = likeWords(q);
  const all = [
    from && sql<boolean>`a.at >= ${from}`,
    to && sql<boolean>`a.at < ${to}`,
    kind && sql<boolean>`a.event like ${`${kind.replaceAll(/[\\%_]/g, "\\$&")}.%`}`,
    actor && sql<boolean>`a.actor_kind = ${actor}`,
    words.length > 0 &&
      sql<boolean>`lower(concat_ws(' ', a.actor_name, a.event, a.subject, a.data::text)) like all (${words}::text[])`,
  ];
  return sql.join([sql`true`, ...all.filter((one) => one !== undefined && one !== false && one !== "")], sql` and `);
}

/** A page of entries, newest first; with `after` the page is read upwards from that place. */
export async function selectEntries(
  cx: Cx,
  filter: AuditFilter,
  place: { readonly before?: bigint; readonly after?: bigint; readonly limit: number },
): Promise<AuditRecord[]> {
  const { before, after, limit } = place;
  const from = after !== undefined ? sql`a.seq > ${after}` : before !== undefined ? sql`a.seq < ${before}` : sql`true`;
  const { rows } = await sql<AuditRecord>`select ${columns} from app.audit_entry a
    where ${conditions(filter)} and ${from} order by a.seq ${after !== undefined ? sql`asc` : sql`desc`} limit ${limit}`.execute(
    cx.db,
  );
  return after !== undefined ? rows.reverse() : rows;
}

/** The newest entries about one thing. */
export async function selectAbout(cx: Cx, subject: string, limit: number): Promise<AuditRecord[]> {
  const { rows } = await sql<AuditRecord>`select ${columns} from app.audit_entry a
    where a.subject = ${subject} order by a.seq desc limit ${limit}`.execute(cx.db);
  return rows;
}
