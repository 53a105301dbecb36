import { type RawBuilder, sql } from "kysely";
import type { ContactRight } from "#access/principal.ts";
import type {
  CommissionTax,
  Contact,
  DefaultShare,
  DefaultShareKind,
  Partnership,
  PartnershipId,
  PartnershipKind,
  PartnershipName,
  PayoutSchedule,
} from "#features/partnerships/partnership.ts";
import { type Currency, money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

export type PartnershipRecord = {
  id: string;
  external_id: string | null;
  name: string;
  kind: string;
  legal_name: string;
  address: string;
  tax_id: string;
  tax_registered: boolean;
  currency: string;
  share_kind: string;
  commission_bps: number;
  share_flat_minor: bigint | null;
  share_of_partnership_id: string | null;
  commission_tax: string;
  payout_schedule: string;
  payouts_paused_at: Instant | null;
  payouts_paused_why: string;
  netting: string;
  language: string;
  created_at: Instant;
  updated_at: Instant;
};

/** What `partnershipOf` reads, of `app.partnership p`; whether it is registered for tax is read as of today. */
export function partnershipFields(cx: Cx): RawBuilder<unknown> {
  return sql`p.id, p.external_id, p.name, p.kind, p.legal_name, p.address, p.tax_id,
    coalesce((select t.tax_registered from app.partner_tax_status t
               where t.institution_id = p.institution_id and t.partnership_id = p.id
                 and t.from_date <= ${todayOf(cx.institution, cx.now)} order by t.from_date desc limit 1),
      p.tax_registered) as tax_registered,
    p.currency, p.share_kind, p.commission_bps, p.share_flat_minor, p.share_of_partnership_id, p.commission_tax,
    p.payout_schedule, p.payouts_paused_at, p.payouts_paused_why, p.netting, p.language, p.created_at, p.updated_at`;
}

/** The partnership of a row. */
export function partnershipOf(row: PartnershipRecord): Partnership {
  return {
    id: row.id as PartnershipId,
    externalId: row.external_id ?? undefined,
    name: row.name,
    kind: row.kind as PartnershipKind,
    legalName: row.legal_name,
    address: row.address,
    taxId: row.tax_id,
    taxRegistered: row.tax_registered,
    currency: row.currency as Currency,
    defaultShare: defaultShareOf(row),
    commissionBps: row.commission_bps,
    commissionTax: row.commission_tax as CommissionTax,
    payoutSchedule: row.payout_schedule as PayoutSchedule,
    payoutsPaused: row.payouts_paused_at ? { at: row.payouts_paused_at, why: row.payouts_paused_why } : undefined,
    netting: row.netting as Partnership["netting"],
    language: row.language,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function defaultShareOf(row: PartnershipRecord): DefaultShare {
  const kind = row.share_kind as DefaultShareKind;
  if (kind === "flat") return { kind, amount: money(row.share_flat_minor ?? 0n, row.currency as Currency) };
  if (kind === "percent") return { kind, bps: row.commission_bps };
  return { kind, bps: row.commission_bps, of: row.share_of_partnership_id as PartnershipId };
}

/** Partnerships by their ids. */
export async function selectPartnerships(cx: Cx, ids: readonly string[]): Promise<Partnership[]> {
  const { rows } = await sql<PartnershipRecord>`
    select ${partnershipFields(cx)} from app.partnership p where p.id = any(${[...ids]}::text[]) order by p.id`.execute(
    cx.db,
  );
  return rows.map(partnershipOf);
}

/** Partnerships by the institution's own references; `lock` keeps others from changing them until commit. */
export async function selectByExternalIds(cx: Cx, ids: readonly string[], lock: boolean): Promise<Partnership[]> {
  const { rows } = await sql<PartnershipRecord>`
    select ${partnershipFields(cx)} from app.partnership p where p.external_id = any(${[...ids]}::text[]) order by p.id
    ${lock ? sql`for no key update` : sql``}`.execute(cx.db);
  return rows.map(partnershipOf);
}

/** Every partnership, by name. */
export async function selectNames(cx: Cx): Promise<PartnershipName[]> {
  const { rows } = await sql<PartnershipName>`
    select id, name, commission_bps as "commissionBps", share_kind as "shareKind" from app.partnership
     order by lower(name) collate "C", id
     limit 2000`.execute(cx.db);
  return rows;
}

const recordset = sql`(id text, external_id text, name text, kind text, legal_name text, address text, tax_id text,
  tax_registered boolean, currency text, share_kind text, commission_bps integer, share_flat_minor bigint,
  share_of_partnership_id text, commission_tax text, payout_schedule text, netting text, language text)`;

function toRecords(partnerships: readonly Partnership[]): string {
  return JSON.stringify(
    partnerships.map((one) => ({
      id: one.id,
      external_id: one.externalId ?? null,
      name: one.name,
      kind: one.kind,
      legal_name: one.legalName,
      address: one.address,
      tax_id: one.taxId,
      tax_registered: one.taxRegistered,
      currency: one.currency,
      share_kind: one.defaultShare.kind,
      commission_bps: one.commissionBps,
      share_flat_minor: one.defaultShare.kind === "flat" ? one.defaultShare.amount.minor.toString() : null,
      share_of_partnership_id: one.defaultShare.kind === "percent_of_share" ? one.defaultShare.of : null,
      commission_tax: one.commissionTax,
      payout_schedule: one.payoutSchedule,
      netting: one.netting,
      language: one.language,
    })),
  );
}

/** Inserts many with one statement; one whose id is there already is left as it is. Answers the ids that are new. */
export async function insertPartnerships(cx: Cx, partnerships: readonly Partnership[]): Promise<ReadonlySet<string>> {
  if (partnerships.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`insert into app.partnership (institution_id, id, external_id, name, kind,
      legal_name, address, tax_id, tax_registered, currency, share_kind, commission_bps, share_flat_minor,
      share_of_partnership_id, commission_tax, payout_schedule, netting, language, created_at, updated_at)
    select app.institution_id(), r.*, ${cx.now}::timestamptz, ${cx.now}::timestamptz
      from jsonb_to_recordset(${toRecords(partnerships)}::jsonb) as r ${recordset}
    on conflict (institution_id, id) do nothing returning id`.execute(cx.db);
  return new Set(rows.map((row) => row.id));
}

/** Writes every field that people edit of many with one statement; pausing payouts is its own. */
export async function updatePartnerships(cx: Cx, partnerships: readonly Partnership[]): Promise<void> {
  if (partnerships.length === 0) return;
  await sql`update app.partnership p
      set external_id = r.external_id, name = r.name, kind = r.kind, legal_name = r.legal_name, address = r.address,
          tax_id = r.tax_id, tax_registered = r.tax_registered, currency = r.currency, share_kind = r.share_kind,
          commission_bps = r.commission_bps, share_flat_minor = r.share_flat_minor,
          share_of_partnership_id = r.share_of_partnership_id, commission_tax = r.commission_tax,
          payout_schedule = r.payout_schedule, netting = r.netting, language = r.language, updated_at = ${cx.now}
     from jsonb_to_recordset(${toRecords(partnerships)}::jsonb) as r ${recordset}
    where p.id = r.id`.execute(cx.db);
}

/** One partnership, held against changes by others until commit. */
export async function lockPartnership(cx: Cx, id: string): Promise<Partnership | undefined> {
  const { rows } = await sql<PartnershipRecord>`
    select ${partnershipFields(cx)} from app.partnership p where p.id = ${id} for no key update`.execute(cx.db);
  return rows[0] && partnershipOf(rows[0]);
}

/** Whether another partnership goes by this reference. */
export async function isReferenceTaken(cx: Cx, reference: string, id: string): Promise<boolean> {
  const { rows } =
    await sql`select 1 from app.partnership where external_id = ${reference} and id <> ${id} limit 1`.execute(cx.db);
  return rows.length > 0;
}

type ContactRecord = {
  id: string;
  partnership_id: string;
  name: string;
  email: string;
  phone: string;
  rights: string[];
  removed_at: Instant | null;
  created_at: Instant;
};

/** A contact as kept; `removed` ones have no access any more. */
export type KeptContact = Contact & { readonly removed: boolean };

function contactOf(row: ContactRecord): KeptContact {
  return {
    id: row.id as Contact["id"],
    partnershipId: row.partnership_id as PartnershipId,
    name: row.name,
    email: row.email,
    phone: row.phone,
    rights: row.rights as ContactRight[],
    createdAt: row.created_at,
    removed: row.removed_at !== null,
  };
}

/** All contacts of these partnerships, removed ones too, by name. */
export async function selectContacts(cx: Cx, partnerships: readonly string[]): Promise<KeptContact[]> {
  const { rows } = await sql<ContactRecord>`
    select id, partnership_id, name, email, phone, rights, removed_at, created_at from app.contact
     where partnership_id = any(${[...partnerships]}::text[]) order by lower(name) collate "C", id`.execute(cx.db);
  return rows.map(contactOf);
}

const contactRecordset = sql`(id text, partnership_id text, name text, email text, phone text, rights jsonb)`;

function toContactRecords(contacts: readonly Contact[]): string {
  return JSON.stringify(
    contacts.map(({ id, partnershipId, name, email, phone, rights }) => {
      return { id, partnership_id: partnershipId, name, email, phone, rights };
    }),
  );
}

/** Inserts many with one statement. */
export async function insertContacts(cx: Cx, contacts: readonly Contact[]): Promise<void> {
  if (contacts.length === 0) return;
  await sql`insert into app.contact (institution_id, id, partnership_id, name, email, phone, rights, created_at,
    updated_at)
    select app.institution_id(), r.id, r.partnership_id, r.name, r.email, r.phone,
           array(select jsonb_array_elements_text(r.rights)), ${cx.now}::timestamptz, ${cx.now}::timestamptz
      from jsonb_to_recordset(${toContactRecords(contacts)}::jsonb) as r ${contactRecordset}`.execute(cx.db);
}

/** Writes name, phone and rights of many with one statement. */
export async function updateContacts(cx: Cx, contacts: readonly Contact[]): Promise<void> {
  if (contacts.length === 0) return;
  await sql`update app.contact c
      set name = r.name, phone = r.phone, rights = array(select jsonb_array_elements_text(r.rights)),
          updated_at = ${cx.now}
     from jsonb_to_recordset(${toContactRecords(contacts)}::jsonb) as r ${contactRecordset}
    where c.id = r.id`.execute(cx.db);
}
