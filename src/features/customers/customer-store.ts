import { sql } from "kysely";
import type { CustomerId } from "#access/principal.ts";
import { type Customer, fullName } from "#features/customers/customer.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { newId } from "#kernel/ids.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

export type CustomerRecord = {
  id: string;
  external_id: string | null;
  given_name: string;
  family_name: string;
  email: string | null;
  phone: string;
  language: string;
  time_zone: string;
  partnership_id: string | null;
  created_at: Instant;
  updated_at: Instant;
};

export const customerColumns = sql`c.id, c.external_id, c.given_name, c.family_name, c.email, c.phone, c.language,
  c.time_zone, c.partnership_id, c.created_at, c.updated_at`;

// Joined, not `= any(…)`: with a long list the planner then looks each row up by its index.
const wanted = (keys: readonly string[]) => sql`unnest(${[...new Set(keys)]}::text[]) as wanted (key)`;

/** The customer of a row. */
export function customerOf(row: CustomerRecord): Customer {
  return {
    id: row.id as CustomerId,
    externalId: row.external_id ?? undefined,
    givenName: row.given_name,
    familyName: row.family_name,
    name: fullName(row.given_name, row.family_name),
    email: row.email ?? undefined,
    phone: row.phone,
    language: row.language,
    timeZone: row.time_zone,
    partnershipId: (row.partnership_id ?? undefined) as PartnershipId | undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** One customer; undefined when there is none that this reader may see. */
export async function selectCustomer(cx: Cx, id: string, lock: boolean): Promise<Customer | undefined> {
  const { rows } = await sql<CustomerRecord>`select ${customerColumns} from app.customer c where c.id = ${id}
    ${lock ? sql`for no key update` : sql``}`.execute(cx.db);
  return rows[0] && customerOf(rows[0]);
}

/** Customers by the institution's own references, locked until commit. */
export async function lockByExternalIds(cx: Cx, ids: readonly string[]): Promise<Customer[]> {
  const { rows } = await sql<CustomerRecord>`select ${customerColumns}
    from ${wanted(ids)} join app.customer c on c.external_id = wanted.key order by c.id for no key update of c`.execute(
    cx.db,
  );
  return rows.map(customerOf);
}

/** Whether another customer has this reference. */
export async function isTaken(cx: Cx, externalId: string, except: string): Promise<boolean> {
  const { rows } = await sql`select from app.customer where external_id = ${externalId} and id <> ${except}`.execute(
    cx.db,
  );
  return rows.length > 0;
}

const recordset = sql`(id text, external_id text, given_name text, family_name text, email text, phone text,
  language text, time_zone text, partnership_id text)`;

function toRecords(customers: readonly Customer[]): string {
  return JSON.stringify(
    customers.map((one) => ({
      id: one.id,
      external_id: one.externalId ?? null,
      given_name: one.givenName,
      family_name: one.familyName,
      email: one.email ?? null,
      phone: one.phone,
      language: one.language,
      time_zone: one.timeZone,
      partnership_id: one.partnershipId ?? null,
    })),
  );
}

/** Inserts many with one statement; answers the ids that were new. */
export async function insertCustomers(cx: Cx, customers: readonly Customer[]): Promise<ReadonlySet<string>> {
  if (customers.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    insert into app.customer (institution_id, id, external_id, given_name, family_name, email, phone, language,
      time_zone, partnership_id, created_at, updated_at)
    select app.institution_id(), r.*, ${cx.now}::timestamptz, ${cx.now}::timestamptz
      from jsonb_to_recordset(${toRecords(customers)}::jsonb) as r ${recordset}
    on conflict (institution_id, id) do nothing returning id`.execute(cx.db);
  return new Set(rows.map((row) => row.id));
}

/** Writes every field of many with one statement. */
export async function updateCustomers(cx: Cx, customers: readonly Customer[]): Promise<void> {
  if (customers.length === 0) return;
  await sql`update app.customer c
      set external_id = r.external_id, given_name = r.given_name, family_name = r.family_name, email = r.email,
        phone = r.phone,
          language = r.language, time_zone = r.time_zone, partnership_id = r.partnership_id, updated_at = ${cx.now}
     from jsonb_to_recordset(${toRecords(customers)}::jsonb) as r ${recordset}
    where c.id = r.id`.execute(cx.db);
  await endSessionsOfOldAddresses(cx, customers);
}

/** Ends for good what was opened with another address: should it come back one day, its old sessions do not. */
async function endSessionsOfOldAddresses(cx: Cx, customers: readonly Customer[]): Promise<void> {
  const ids = customers.map((customer) => customer.id);
  await sql`update app.session s set ended_at = ${cx.now}, ended_why = 'address changed'
     from app.customer c
    where c.id = any(${ids}::text[]) and s.institution_id = c.institution_id and s.customer_id = c.id
      and s.ended_at is null and s.email is distinct from c.email`.execute(cx.db);
}

/** Another address that may read and pay for the customer. */
export type PayerGrant = { readonly customerId: CustomerId; readonly email: string };

/** The payers of these customers. */
export async function selectPayers(cx: Cx, customers: readonly string[]): Promise<PayerGrant[]> {
  const { rows } = await sql<{ customer_id: CustomerId; email: string }>`
    select p.customer_id, p.email from ${wanted(customers)} join app.payer p on p.customer_id = wanted.key
     order by p.email`.execute(cx.db);
  return rows.map((row) => ({ customerId: row.customer_id, email: row.email }));
}

/** Grants that are not there yet; one statement. */
export async function insertPayers(cx: Cx, grants: readonly PayerGrant[]): Promise<void> {
  if (grants.length === 0) return;
  await sql`insert into app.payer (institution_id, id, customer_id, email, created_at)
    select app.institution_id(), r.id, r.customer_id, r.email, ${cx.now}::timestamptz
      from unnest(${grants.map(() => newId("pyr", cx.now, cx.random))}::text[],
        ${grants.map((one) => one.customerId)}::text[],
                  ${grants.map((one) => one.email)}::text[]) as r (id, customer_id, email)
    on conflict (institution_id, customer_id, email) do nothing`.execute(cx.db);
}

/** Pairs of reference and id. */
export async function selectByExternalIds(cx: Cx, ids: readonly string[]): Promise<[string, CustomerId][]> {
  const { rows } = await sql<{ external_id: string; id: CustomerId }>`
    select c.external_id, c.id from ${wanted(ids)} join app.customer c on c.external_id = wanted.key`.execute(cx.db);
  return rows.map((row) => [row.external_id, row.id]);
}
