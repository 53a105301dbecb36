import { sql } from "kysely";
import type { Cx } from "#platform/tx.ts";
import type { ProviderEvent } from "#providers/provider.ts";

/** Keeps an event, once per id. False when it was kept before. */
export async function keepEvent(cx: Cx, provider: string, event: ProviderEvent): Promise<boolean> {
  const { rows } =
    await sql`insert into app.provider_event (institution_id, provider, event_id, type, body, received_at)
    values (${cx.institution.id}, ${provider}, ${event.id}, ${event.type},
      ${JSON.stringify({ ref: event.ref })}, ${cx.now})
    on conflict do nothing returning event_id`.execute(cx.db);
  return rows.length === 1;
}

export type WaitingEvent = { provider: string; event_id: string; type: ProviderEvent["type"]; ref: string };

/** Events that nobody has looked into yet, oldest first, 100 at most. */
export async function waitingEvents(cx: Cx): Promise<WaitingEvent[]> {
  const { rows } =
    await sql<WaitingEvent>`select provider, event_id, type, body ->> 'ref' as ref from app.provider_event
    where institution_id = ${cx.institution.id} and processed_at is null order by received_at,
      event_id limit 100`.execute(cx.db);
  return rows;
}

export async function markProcessed(cx: Cx, event: WaitingEvent, outcome: string): Promise<void> {
  await sql`update app.provider_event set processed_at = ${cx.now}, outcome = ${outcome}
    where institution_id = ${cx.institution.id} and provider = ${event.provider}
      and event_id = ${event.event_id}`.execute(cx.db);
}
