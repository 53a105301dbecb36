import { sql } from "kysely";
import { actorOf } from "#access/principal.ts";
import type { Happening } from "#features/audit/record.ts";
import { newId } from "#kernel/ids.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * Writes many entries into the audit log with one statement: for changes that come by the hundred, each of which must
 * be found by its subject. Nobody above is told; use `record` for that.
 */
export async function recordAll(cx: Cx, happenings: readonly Omit<Happening, "outbox">[]): Promise<void> {
  if (happenings.length === 0) return;
  const actor = actorOf(cx.principal);
  const ids = happenings.map(() => newId("aud", cx.now, cx.random));
  const events = happenings.map((one) => one.event);
  const subjects = happenings.map((one) => one.subject);
  const data = happenings.map((one) => JSON.stringify(one.data ?? {}, bigintAsText));
  await sql`insert into app.audit_entry
    (institution_id, id, at, actor_kind, actor_id, actor_name, event, subject, data, ip)
    select app.institution_id(), r.id, ${cx.now}, ${actor.kind}, ${actor.id}, ${actor.name},
           r.event, r.subject, r.data::jsonb, ${cx.ip}
      from unnest(${ids}::text[], ${events}::text[], ${subjects}::text[], ${data}::text[])
           with ordinality as r (id, event, subject, data, place)
     order by r.place`.execute(cx.db);
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
