import { sql } from "kysely";
import type { Partner } from "#access/principal.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import { deviceOf, type SessionView } from "./session.ts";

type Row = { id: string; user_agent: string; ip: string; created_at: Instant; last_seen_at: Instant };

/** Everywhere the contact's address is signed in: this browser first, then the ones used last. */
export async function partnerSessions(cx: Cx<Partner>): Promise<readonly SessionView[]> {
  const thisOne = cx.principal.session.id;
  const { rows } = await sql<Row>`select id, user_agent, ip, created_at, last_seen_at from partner.session
    where expires_at > ${cx.now} and last_seen_at + make_interval(secs => idle_seconds) > ${cx.now}
    order by id = ${thisOne} desc, last_seen_at desc, id limit 100`.execute(cx.db);
  return rows.map((row) => ({
    id: row.id,
    ...deviceOf(row.user_agent),
    ip: row.ip,
    startedAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    isThisOne: row.id === thisOne,
  }));
}
