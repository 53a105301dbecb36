import { sql } from "kysely";
import type { ContactId, ContactRight } from "#access/principal.ts";
import type { ContactAccess } from "#features/partnerships/contact.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

type Row = {
  id: ContactId;
  partnership_id: PartnershipId;
  name: string;
  email: string;
  phone: string;
  language: string;
  rights: ContactRight[];
  access_on: boolean;
  removed_at: Instant | null;
  last_seen_at: Instant | null;
  updated_at: Instant;
};

function accessOf(row: Row): ContactAccess {
  return {
    id: row.id,
    partnershipId: row.partnership_id,
    name: row.name,
    email: row.email,
    phone: row.phone,
    language: row.language,
    rights: row.rights,
    accessOn: row.access_on,
    removedAt: row.removed_at ?? undefined,
    lastSeenAt: row.last_seen_at ?? undefined,
    updatedAt: row.updated_at,
  };
}

const columns = sql`id, partnership_id, name, email, phone, language, rights, access_on, removed_at, last_seen_at,
  updated_at`;

/** Every contact that this partnership has or had, by name. */
export async function selectContactAccess(cx: Cx, partnership: string): Promise<ContactAccess[]> {
  const { rows } = await sql<Row>`select ${columns} from app.contact
    where institution_id = app.institution_id() and partnership_id = ${partnership}
    order by lower(name) collate "C", id limit 500`.execute(cx.db);
  return rows.map(accessOf);
}

/** Contacts by their ids. */
export async function selectContactsById(cx: Cx, ids: readonly string[]): Promise<ContactAccess[]> {
  const { rows } = await sql<Row>`select ${columns} from app.contact
    where institution_id = app.institution_id() and id = any(${[...ids]}::text[])`.execute(cx.db);
  return rows.map(accessOf);
}

/** Writes a new contact. */
export async function insertContact(cx: Cx, contact: ContactAccess): Promise<void> {
  await sql`insert into app.contact (institution_id, id, partnership_id, name, email, phone, language, rights,
      access_on, created_at, updated_at)
    values (app.institution_id(), ${contact.id}, ${contact.partnershipId}, ${contact.name}, ${contact.email},
      ${contact.phone}, ${contact.language}, ${[...contact.rights]}::text[], ${contact.accessOn}, ${cx.now},
      ${cx.now})`.execute(cx.db);
}

/** Writes every field that staff change, access and removal too. */
export async function updateContact(cx: Cx, contact: ContactAccess): Promise<void> {
  await sql`update app.contact set name = ${contact.name}, email = ${contact.email}, phone = ${contact.phone},
      language = ${contact.language}, rights = ${[...contact.rights]}::text[], access_on = ${contact.accessOn},
      removed_at = ${contact.removedAt ?? null}, updated_at = ${cx.now}
    where institution_id = app.institution_id() and id = ${contact.id}`.execute(cx.db);
}

/** The customers who share an address with somebody, by the address. */
export async function selectCustomersAt(
  cx: Cx,
  emails: readonly string[],
): Promise<readonly { readonly id: string; readonly name: string; readonly email: string }[]> {
  const { rows } = await sql<{ id: string; name: string; email: string }>`
    select id, btrim(given_name || ' ' || family_name) as name, email from app.customer
     where institution_id = app.institution_id() and email = any(${[...emails]}::text[]) order by email, id
     limit 500`.execute(cx.db);
  return rows;
}
