import { type RawBuilder, sql } from "kysely";
import type { Tariff, TariffId, TariffStanding } from "#features/tariffs/tariff.ts";
import type { TariffFilter, TariffPlace } from "#features/tariffs/tariff-list.ts";
import { tariffsWhere } from "#features/tariffs/tariff-store.ts";
import type { PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

function begun(name: "t" | "n", day: PlainDate): RawBuilder<boolean> {
  const row = sql.table(name);
  return sql`(${row}.from_date <= ${day} and coalesce(${row}.until_date >= ${day}, true)
    and ${row}.withdrawn_at is null)`;
}

function behind(day: PlainDate): RawBuilder<boolean> {
  return sql`exists (select from app.tariff n where n.institution_id = t.institution_id and n.purpose = t.purpose
    and n.currency = t.currency and n.route = t.route and (n.from_date, n.id) > (t.from_date, t.id)
    and ${begun("n", day)})`;
}

function stands(standing: TariffStanding, day: PlainDate): RawBuilder<boolean> {
  switch (standing) {
    case "in_force":
      return sql`(${begun("t", day)} and not ${behind(day)})`;
    case "behind":
      return sql`(${begun("t", day)} and ${behind(day)})`;
    case "coming":
      return sql`(t.from_date > ${day} and t.withdrawn_at is null)`;
    case "ended":
      return sql`(t.until_date < ${day} or t.withdrawn_at is not null)`;
  }
}

/** A page of tariffs as they stand on `day`, the one that begins last first; with `after` read upwards from there. */
export async function selectTariffPage(
  cx: Cx,
  filter: TariffFilter,
  day: PlainDate,
  place: { readonly before?: TariffPlace; readonly after?: TariffPlace; readonly limit: number },
): Promise<Tariff[]> {
  const { status, currency, route, purpose } = filter;
  const { before, after, limit } = place;
  const conditions = [
    status && stands(status, day),
    currency && sql<boolean>`t.currency = ${currency}`,
    route && sql<boolean>`t.route = ${route}`,
    purpose && sql<boolean>`t.purpose = ${purpose === "any" ? "" : purpose}`,
    before && sql<boolean>`(t.from_date, t.id) < (${before.from}, ${before.id})`,
    after && sql<boolean>`(t.from_date, t.id) > (${after.from}, ${after.id})`,
  ].filter((one) => one !== undefined);
  const order = after ? sql`t.from_date, t.id` : sql`t.from_date desc, t.id desc`;
  const rows = await tariffsWhere(
    cx,
    sql`${sql.join([sql`true`, ...conditions], sql` and `)} order by ${order} limit ${limit}`,
  );
  return after ? rows.reverse() : rows;
}

/** Which of these have one in front of them on that day. */
export async function idsBehind(cx: Cx, ids: readonly TariffId[], day: PlainDate): Promise<ReadonlySet<TariffId>> {
  const { rows } = await sql<{ id: TariffId }>`select t.id from app.tariff t
    where t.institution_id = ${cx.institution.id} and t.id = any(${ids}) and ${stands("behind", day)}`.execute(cx.db);
  return new Set(rows.map((row) => row.id));
}
