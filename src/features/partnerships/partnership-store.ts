import { sql } from "kysely";
import type { ContactRight } from "#access/principal.ts";
import type {
  CommissionTax,
  Contact,
  Partnership,
  PartnershipId,
  PartnershipKind,
  PartnershipName,
} from "#features/partnerships/partnership.ts";
import type { Currency } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

export type PartnershipRecord = {
  id: string;
  external_id: string | null;
  name: string;
  kind: string;
  legal_name: string;
  tax_id: string;
  tax_registered: boolean;
  currency: string;
  commission_bps: number;
  commission_tax: string;
  created_at: Instant;
  updated_at: Instant;
};

/** What `partnershipOf` reads, of `app.partnership p`. */
export const partnershipFields = sql`p.id, p.external_id, p.name, p.kind, p.legal_name, p.tax_id, p.tax_registered,
  p.currency, p.commission_bps, p.commission_tax, p.created_at, p.updated_at`;

/** The partnership of a row. */
export function partnershipOf(row: PartnershipRecord): Partnership {
  return {
    id: row.id as PartnershipId,
    externalId: row.external_id ?? undefined,
    name: row.name,
    kind: row.kind as PartnershipKind,
    legalName: row.legal_name,
    taxId: row.tax_id,
    taxRegistered: row.tax_registered,
    currency: row.currency as Currency,
    commissionBps: row.commission_bps,
    commissionTax: row.commission_tax as CommissionTax,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Partnerships by their ids. */
export async function selectPartnerships(cx: Cx, ids: readonly string[]): Promise<Partnership[]> {
  const { rows } = await sql<PartnershipRecord>`
    select ${partnershipFields} from app.partnership p where p.id = any(${[...ids]}::text[]) order by p.id`.execute(
    cx.db,
  );
  return rows.map(partnershipOf);
}

/** Partnerships by the institution's own references; `lock` keeps others from changing them until commit. */
export async function selectByExternalIds(cx: Cx, ids: readonly string[], lock: boolean): Promise<Partnership[]> {
  const { rows } = await sql<PartnershipRecord>`
    select ${partnershipFields} from app.partnership p where p.external_id = any(${[...ids]}::text[]) order by p.id
    ${lock ? sql`for no key update` : sql``}`.execute(cx.db);
  return rows.map(partnershipOf);
}

/** Every partnership, by name. */
export async function selectNames(cx: Cx): Promise<PartnershipName[]> {
  const { rows } = await sql<PartnershipName>`
    select id, name, commission_bps as "commissionBps" from app.partnership order by lower(name) collate "C", id
     limit 2000`.execute(cx.db);
  return rows;
}

const recordset = sql`(id text, external_id text, name text, kind text, legal_name text, tax_id text,
  tax_registered boolean,
  currency text, commission_bps integer, commission_tax text)`;

function toRecords(partnerships: readonly Partnership[]): string {
  return JSON.stringify(
    partnerships.map((one) => ({
      id: one.id,
      external_id: one.externalId ?? null,
      name: one.name,
      kind: one.kind,
      legal_name: one.legalName,
      tax_id: one.taxId,
      tax_registered: one.taxRegistered,
      currency: one.currency,
      commission_bps: one.commissionBps,
      commission_tax: one.commissionTax,
    })),
  );
}

/** Inserts many with one statement. */
export async function insertPartnerships(cx: Cx, partnerships: readonly Partnership[]): Promise<void> {
  if (partnerships.length === 0) return;
  await sql`insert into app.partnership (institution_id, id, external_id, name, kind, legal_name, tax_id,
    tax_registered,
      currency, commission_bps, commission_tax, created_at, updated_at)
    select app.institution_id(), r.*, ${cx.now}::timestamptz, ${cx.now}::timestamptz
      from jsonb_to_recordset(${toRecords(partnerships)}::jsonb) as r ${recordset}`.execute(cx.db);
}

/** Writes every field of many with one statement. */
export async function updatePartnerships(cx: Cx, partnerships: readonly Partnership[]): Promise<void> {
  if (partnerships.length === 0) return;
  await sql`update app.partnership p
      set name = r.name, kind = r.kind, legal_name = r.legal_name, tax_id = r.tax_id, tax_registered = r.tax_registered,
          currency = r.currency, commission_bps = r.commission_bps, commission_tax = r.commission_tax,
          updated_at = ${cx.now}
     from jsonb_to_recordset(${toRecords(partnerships)}::jsonb) as r ${recordset}
    where p.id = r.id`.execute(cx.db);
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
