import { type RawBuilder, sql } from "kysely";
import type { Tariff, TariffDraft, TariffId, TariffPurpose, Tier, TransferRoute } from "#features/tariffs/tariff.ts";
import type { Currency } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

type TariffRow = {
  id: TariffId;
  purpose: TariffPurpose;
  currency: Currency;
  route: TransferRoute;
  from_date: PlainDate;
  until_date: PlainDate | null;
  minimum_minor: bigint;
  maximum_minor: bigint | null;
  set_by_name: string;
  created_at: Instant;
  ended_at: Instant | null;
  withdrawn_at: Instant | null;
  tiers: readonly { from: string; fixed: string; bps: number }[];
};

const columns = sql`t.id, t.purpose, t.currency, t.route, t.from_date, t.until_date, t.minimum_minor, t.maximum_minor,
  t.set_by_name, t.created_at, t.ended_at, t.withdrawn_at,
  (select coalesce(jsonb_agg(jsonb_build_object('from', r.from_minor::text, 'fixed', r.fixed_minor::text,
            'bps', r.rate_bps) order by r.from_minor), '[]')
     from app.tariff_tier r where r.institution_id = t.institution_id and r.tariff_id = t.id) as tiers`;

/** Tariffs under a condition, with their tiers. For stores. */
export async function tariffsWhere(cx: Cx, rest: RawBuilder<unknown>): Promise<Tariff[]> {
  const { rows } = await sql<TariffRow>`select ${columns} from app.tariff t
    where t.institution_id = ${cx.institution.id} and ${rest}`.execute(cx.db);
  return rows.map(toTariff);
}

function toTariff(row: TariffRow): Tariff {
  return {
    id: row.id,
    purpose: row.purpose,
    currency: row.currency,
    route: row.route,
    from: row.from_date,
    until: row.until_date ?? undefined,
    minimum: row.minimum_minor,
    maximum: row.maximum_minor ?? undefined,
    tiers: row.tiers.map(({ from, fixed, bps }): Tier => {
      return { from: BigInt(from), fixed: BigInt(fixed), rateBps: bps };
    }),
    setBy: row.set_by_name,
    createdAt: row.created_at,
    endedAt: row.ended_at ?? undefined,
    withdrawnAt: row.withdrawn_at ?? undefined,
  };
}

/** Which transfers a tariff is for. */
export type Scope = Pick<Tariff, "purpose" | "currency" | "route">;

/**
 * The tariff that counts for such transfers on a day: one of the wallet's own kind before one for any, and of those the
 * one that began last.
 */
export async function tariffInForce(cx: Cx, scope: Scope, day: PlainDate): Promise<Tariff | undefined> {
  const found = await tariffsWhere(
    cx,
    sql`t.currency = ${scope.currency} and t.route = ${scope.route} and t.purpose in ('', ${scope.purpose})
      and t.from_date <= ${day} and coalesce(t.until_date >= ${day}, true) and t.withdrawn_at is null
      order by t.purpose = '', t.from_date desc, t.id desc limit 1`,
  );
  return found[0];
}

export async function readTariffRow(cx: Cx, id: TariffId): Promise<Tariff | undefined> {
  return (await tariffsWhere(cx, sql`t.id = ${id}`))[0];
}

/** A tariff, locked: whoever ends it waits for whoever does so at the same moment. */
export async function lockTariff(cx: Cx, id: TariffId): Promise<Tariff | undefined> {
  return (await tariffsWhere(cx, sql`t.id = ${id} for update`))[0];
}

/** Writes a tariff with its tiers; false where one of this id is there already. */
export async function insertTariff(
  cx: Cx,
  draft: TariffDraft,
  setBy: { readonly by: string; readonly name: string },
): Promise<boolean> {
  const { rows } =
    await sql`insert into app.tariff (institution_id, id, purpose, currency, route, from_date, until_date,
      minimum_minor, maximum_minor, set_by, set_by_name, created_at)
    values (${cx.institution.id}, ${draft.id}, ${draft.purpose}, ${draft.currency}, ${draft.route}, ${draft.from},
      ${draft.until ?? null}, ${draft.minimum}, ${draft.maximum ?? null}, ${setBy.by}, ${setBy.name}, ${cx.now})
    on conflict do nothing returning id`.execute(cx.db);
  if (rows.length === 0) return false;
  const tiers = draft.tiers.map((tier) => {
    return sql`(${cx.institution.id}, ${draft.id}, ${tier.from}, ${tier.fixed}, ${tier.rateBps})`;
  });
  await sql`insert into app.tariff_tier (institution_id, tariff_id, from_minor, fixed_minor, rate_bps)
    values ${sql.join(tiers)}`.execute(cx.db);
  return true;
}

/** Writes the last day of a tariff, or that it is withdrawn. */
export async function saveEnd(
  cx: Cx,
  id: TariffId,
  end: { readonly until: PlainDate } | { readonly withdrawn: true },
): Promise<void> {
  const change = "until" in end ? sql`until_date = ${end.until}` : sql`withdrawn_at = ${cx.now}`;
  await sql`update app.tariff set ${change}, ended_at = ${cx.now}
    where institution_id = ${cx.institution.id} and id = ${id}`.execute(cx.db);
}

/** Tariffs for the same currency and route that count on that day or later, the latest first; at most 100. */
export async function tariffsFrom(
  cx: Cx,
  { currency, route }: Pick<Scope, "currency" | "route">,
  day: PlainDate,
): Promise<Tariff[]> {
  return await tariffsWhere(
    cx,
    sql`t.currency = ${currency} and t.route = ${route} and t.withdrawn_at is null
      and coalesce(t.until_date >= ${day}, true) order by t.from_date desc, t.id desc limit 100`,
  );
}
