import { sql } from "kysely";
import type { Currency } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

export type SettingsRow = {
  holding_days: number;
  weekday: number;
  cut_off: string;
  review_all: boolean;
  cooling_off_days: number;
  paused_at: Instant | null;
  paused_why: string;
};
export type LimitRow = {
  currency: Currency;
  minimum_minor: bigint;
  second_person_minor: bigint | null;
  raised_by: string | null;
  raised_from_minor: bigint | null;
};

/** The institution's row; undefined where it never changed the defaults. */
export async function selectSettings(cx: Cx): Promise<SettingsRow | undefined> {
  const { rows } =
    await sql<SettingsRow>`select holding_days, weekday, cut_off, review_all, cooling_off_days, paused_at,
    paused_why from app.payout_settings where institution_id = ${cx.institution.id}`.execute(cx.db);
  return rows[0];
}

export async function selectLimits(cx: Cx): Promise<LimitRow[]> {
  const { rows } = await sql<LimitRow>`select currency, minimum_minor, second_person_minor, raised_by,
      raised_from_minor from app.payout_limit where institution_id = ${cx.institution.id} order by currency`.execute(
    cx.db,
  );
  return rows;
}

export async function upsertSettings(cx: Cx, row: SettingsRow): Promise<void> {
  await sql`insert into app.payout_settings (institution_id, holding_days, weekday, cut_off, review_all,
      cooling_off_days, paused_at, paused_why)
    values (${cx.institution.id}, ${row.holding_days}, ${row.weekday}, ${row.cut_off}, ${row.review_all},
      ${row.cooling_off_days}, ${row.paused_at}, ${row.paused_why})
    on conflict (institution_id) do update set holding_days = excluded.holding_days, weekday = excluded.weekday,
      cut_off = excluded.cut_off, review_all = excluded.review_all, cooling_off_days = excluded.cooling_off_days,
      paused_at = excluded.paused_at, paused_why = excluded.paused_why`.execute(cx.db);
}

export async function upsertLimit(cx: Cx, limit: LimitRow): Promise<void> {
  await sql`insert into app.payout_limit (institution_id, currency, minimum_minor, second_person_minor, raised_by,
      raised_from_minor)
    values (${cx.institution.id}, ${limit.currency}, ${limit.minimum_minor}, ${limit.second_person_minor},
      ${limit.raised_by}, ${limit.raised_from_minor})
    on conflict (institution_id, currency) do update set minimum_minor = excluded.minimum_minor,
      second_person_minor = excluded.second_person_minor, raised_by = excluded.raised_by,
      raised_from_minor = excluded.raised_from_minor`.execute(cx.db);
}

/** Gathering payouts by currency: how many there are, and how many an amount would hold back. */
export async function countGathering(cx: Cx): Promise<{ currency: Currency; payouts: bigint; below: bigint }[]> {
  const { rows } = await sql<{ currency: Currency; payouts: bigint; below: bigint }>`
    select o.currency, count(*) as payouts, count(*) filter (where o.total_minor <= 0
           or o.total_minor < coalesce(l.minimum_minor, 0)) as below
      from app.payout o left join app.payout_limit l on l.institution_id = o.institution_id and l.currency = o.currency
     where o.institution_id = ${cx.institution.id} and o.state = 'scheduled'
     group by o.currency order by o.currency`.execute(cx.db);
  return rows;
}
