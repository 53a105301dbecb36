import { sql } from "kysely";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

type Slot = { readonly key: string; readonly start: Instant };

/** Adds one to each slot, all in one statement, and answers the counts by key. */
export async function countUp(cx: Cx, slots: readonly Slot[]): Promise<ReadonlyMap<string, number>> {
  // In the order of their keys, so that two requests never wait for each other.
  const ordered = [...slots].sort((a, b) => (a.key < b.key ? -1 : 1));
  const { rows } = await sql<{ key: string; count: number }>`
    insert into app.rate_limit (institution_id, key, window_start, count)
    select app.institution_id(), taken.key, taken.start, 1
      from unnest(${ordered.map((slot) => slot.key)}::text[], ${ordered.map((slot) => slot.start)}::timestamptz[])
        as taken (key, start)
    on conflict (institution_id, key, window_start) do update set count = app.rate_limit.count + 1
    returning key, count`.execute(cx.db);
  return new Map(rows.map((row) => [row.key, row.count]));
}

/** Begins the slot anew. */
export async function countFromZero(cx: Cx, slot: Slot): Promise<void> {
  await sql`update app.rate_limit set count = 0
    where institution_id = app.institution_id() and key = ${slot.key} and window_start = ${slot.start}`.execute(cx.db);
}

/** Takes one off each slot again. */
export async function countDown(cx: Cx, slots: readonly Slot[]): Promise<void> {
  await sql`update app.rate_limit l set count = l.count - 1
      from unnest(${slots.map((slot) => slot.key)}::text[], ${slots.map((slot) => slot.start)}::timestamptz[])
        as taken (key, start)
    where l.institution_id = app.institution_id() and l.key = taken.key and l.window_start = taken.start`.execute(
    cx.db,
  );
}
