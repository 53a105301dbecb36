import { type RawBuilder, sql } from "kysely";
import type { AuditFilter } from "#features/audit/audit-views.ts";
import { isId } from "#kernel/ids.ts";
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

const columns = sql`a.seq, a.id, a.at, a.actor_kind, a.actor_id, a.actor_name, a.acting_as, a.event,
  a.subject, a.data, a.ip`;

/** Things whose name holds all of the words: who searches for a person means everything that happened to it. */
const named = (words: readonly string[]) => sql`
  select c.id from app.customer c where lower(concat_ws(' ', c.given_name, c.family_name, c.email, c.external_id))
    like all (${words}::text[])
  union all
  select p.id from app.payment p join app.customer c on c.institution_id = p.institution_id and c.id = p.customer_id
   where lower(concat_ws(' ', p.item, p.external_id, c.given_name, c.family_name)) like all (${words}::text[])
  union all
  select t.id from app.partnership t where lower(concat_ws(' ', t.name, t.external_id)) like all (${words}::text[])
  union all
  select m.id from app.staff_member m where lower(concat_ws(' ', m.name, m.email)) like all (${words}::text[])
  union all
  select r.id from app.import_run r where lower(r.file_name) like all (${words}::text[])`;

/** The one place where a filter becomes a condition: the list and its export agree by it. */
function conditions({ q, from, to, kind, actor }: AuditFilter): RawBuilder<unknown> {
  const words = likeWords(q);
  const all = [
    from && sql`a.at >= ${from}`,
    to && sql`a.at < ${to}`,
    kind && sql`a.event like ${`${kind.replaceAll(/[\\%_]/g, "\\$&")}.%`}`,
    actor && actorCondition(actor),
    words.length > 0 &&
      sql`(lower(concat_ws(' ', a.actor_name, a.event, a.subject, a.ip, a.data::text)) like all (${words}::text[])
           or a.subject in (${named(words)}))`,
  ];
  return sql.join([sql`true`, ...all.filter((one) => typeof one === "object")], sql` and `);
}

function actorCondition(actor: string): RawBuilder<unknown> {
  if (isId("stf", actor)) return sql`a.actor_id = ${actor}`;
  // Somebody of staff between password and code is still somebody of staff.
  return actor === "staff" ? sql`a.actor_kind in ('staff', 'pending_staff')` : sql`a.actor_kind = ${actor}`;
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
    where ${conditions(filter)} and ${from}
    order by a.seq ${after !== undefined ? sql`asc` : sql`desc`} limit ${limit}`.execute(cx.db);
  return after !== undefined ? rows.reverse() : rows;
}

/** The newest entries about one thing. */
export async function selectAbout(cx: Cx, subject: string, limit: number): Promise<AuditRecord[]> {
  const { rows } = await sql<AuditRecord>`select ${columns} from app.audit_entry a
    where a.subject = ${subject} order by a.seq desc limit ${limit}`.execute(cx.db);
  return rows;
}

export type SubjectRecord = { id: string; name: string; of: string | null };

/**
 * What these ids are called; `of` is the customer behind a payment or a receipt. Ids of other things, or gone, are
 * left out.
 */
export async function selectSubjects(cx: Cx, ids: readonly string[]): Promise<SubjectRecord[]> {
  if (ids.length === 0) return [];
  const list = sql`unnest(${[...ids]}::text[]) as wanted (id)`;
  const person = sql`btrim(c.given_name || ' ' || c.family_name)`;
  const { rows } = await sql<SubjectRecord>`
    select c.id, ${person} as name, null as of from ${list} join app.customer c on c.id = wanted.id
    union all
    select p.id, p.item, ${person} from ${list} join app.payment p on p.id = wanted.id
      join app.customer c on c.institution_id = p.institution_id and c.id = p.customer_id
    union all
    select r.id, 'R-' || lpad(r.number::text, 6, '0'), ${person} from ${list} join app.receipt r on r.id = wanted.id
      join app.customer c on c.institution_id = r.institution_id and c.id = r.customer_id
    union all
    select r.id, coalesce(nullif(r.payer_name, ''), nullif(r.method_label, ''), r.reference), ${person}
      from ${list} join app.money_received r on r.id = wanted.id
      left join app.customer c on c.institution_id = r.institution_id and c.id = r.customer_id
    union all
    select t.id, t.name, null from ${list} join app.partnership t on t.id = wanted.id
    union all
    select m.id, m.name, null from ${list} join app.staff_member m on m.id = wanted.id
    union all
    select i.id, i.file_name, null from ${list} join app.import_run i on i.id = wanted.id`.execute(cx.db);
  return rows;
}

export type SealRecord = { sealed_at: Instant; hash: Buffer; sealed: bigint; waiting: bigint };

/** The newest seal, how many entries are under a seal and how many wait for the next; undefined before the first. */
export async function selectSeal(cx: Cx): Promise<SealRecord | undefined> {
  const { rows } = await sql<SealRecord>`
    select s.sealed_at, s.hash, (select sum(entries)::bigint from app.audit_seal) as sealed,
           (select count(*) from app.audit_entry a where a.seq > s.through_seq) as waiting
      from app.audit_seal s order by s.through_seq desc limit 1`.execute(cx.db);
  return rows[0];
}

/** Everybody of staff, by name. */
export async function selectStaff(cx: Cx): Promise<{ id: string; name: string }[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from app.staff_member order by lower(name) collate "C", id limit 500`.execute(cx.db);
  return rows;
}
