import { sql } from "kysely";
import { actorOf } from "#access/principal.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { KeptTaxStatus, TaxStatus } from "#features/partnerships/tax-status.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

type Row = {
  partnership_id: string;
  from_date: PlainDate;
  tax_registered: boolean;
  tax_id: string;
  set_by: string;
  created_at: Instant;
};

/** Every status of these partnerships, the newest day first. */
export async function selectTaxStatuses(cx: Cx, partnerships: readonly string[]): Promise<KeptTaxStatus[]> {
  if (partnerships.length === 0) return [];
  const { rows } = await sql<Row>`
    select partnership_id, from_date, tax_registered, tax_id, set_by, created_at from app.partner_tax_status
     where partnership_id = any(${[...partnerships]}::text[]) order by partnership_id, from_date desc`.execute(cx.db);
  return rows.map((row) => ({
    partnershipId: row.partnership_id as PartnershipId,
    from: row.from_date,
    registered: row.tax_registered,
    taxId: row.tax_id,
    setBy: row.set_by,
    createdAt: row.created_at,
  }));
}

/** Writes statuses with one statement; one that begins on the same day is replaced, so that a slip can be mended. */
export async function upsertTaxStatuses(
  cx: Cx,
  statuses: readonly (TaxStatus & { readonly partnershipId: string })[],
): Promise<void> {
  if (statuses.length === 0) return;
  const records = statuses.map((one) => ({
    partnership_id: one.partnershipId,
    from_date: one.from.toString(),
    tax_registered: one.registered,
    tax_id: one.taxId,
  }));
  await sql`insert into app.partner_tax_status (institution_id, partnership_id, from_date, tax_registered, tax_id,
      set_by, created_at)
    select app.institution_id(), r.*, ${actorOf(cx.principal).name}::text, ${cx.now}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(records)}::jsonb)
        as r (partnership_id text, from_date date, tax_registered boolean, tax_id text)
    on conflict (institution_id, partnership_id, from_date) do update
      set tax_registered = excluded.tax_registered, tax_id = excluded.tax_id, set_by = excluded.set_by,
          created_at = excluded.created_at`.execute(cx.db);
}

/**
 * Puts what counts on a day into the partnerships' own rows, where it differs: partners and lists read it there. One
 * partnership, or all of the institution. Answers how many changed.
 */
export async function syncTaxStatus(cx: Cx, today: PlainDate, only?: string): Promise<number> {
  const { rows } = await sql`
    update app.partnership p set tax_registered = s.tax_registered, tax_id = s.tax_id, updated_at = ${cx.now}
      from (select distinct on (partnership_id) partnership_id, tax_registered, tax_id from app.partner_tax_status
             where institution_id = ${cx.institution.id} and from_date <= ${today}
               and (${only ?? null}::text is null or partnership_id = ${only ?? null}::text)
             order by partnership_id, from_date desc) s
     where p.institution_id = ${cx.institution.id} and p.id = s.partnership_id
       and (p.tax_registered, p.tax_id) is distinct from (s.tax_registered, s.tax_id)
    returning p.id`.execute(cx.db);
  return rows.length;
}
