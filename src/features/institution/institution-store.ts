import { sql } from "kysely";
import type { StaffId } from "#access/principal.ts";
import { newId } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import type { CountryDefaults } from "./country.ts";
import type { InstitutionDetails } from "./edit-institution.ts";

/** Makes the first institution and goes on inside it; false when there is one already. */
export async function insertFirst(cx: Cx, id: string, name: string): Promise<boolean> {
  const { rows } = await sql<{ made: boolean }>`
    select app.begin_institution(${id}, ${name}, false, ${cx.now}) as made`.execute(cx.db);
  return rows[0]?.made === true;
}

type Place = { readonly country: string; readonly timeZone: string; readonly currencies: readonly Currency[] };

/** Where the new institution is, and how its country calls and taxes things. */
export async function placeFirst(cx: Cx, id: string, place: Place, from: CountryDefaults, email: string) {
  await sql`update app.institution set country = ${place.country}, time_zone = ${place.timeZone},
      locale = ${from.locale}, currencies = ${place.currencies}, registration_label = ${from.registrationLabel},
      tax_name = ${from.taxName}, tax_bps = ${from.taxBps}, contact_email = ${email}
    where id = ${id}`.execute(cx.db);
}

type Owner = { readonly name: string; readonly email: string; readonly passwordHash: string };

/** The first member, an owner. */
export async function insertOwner(cx: Cx, owner: Owner): Promise<StaffId> {
  const id = newId("stf", cx.now, cx.random);
  await sql`insert into app.staff_member
      (institution_id, id, email, name, role, password_hash, password_changed_at, created_at)
    values (app.institution_id(), ${id}, ${owner.email}, ${owner.name}, 'OWNER', ${owner.passwordHash}, ${cx.now},
      ${cx.now})`.execute(cx.db);
  return id;
}

/** Puts the two methods of the sandbox provider on offer. */
export async function insertSandboxMethods(cx: Cx, currencies: readonly Currency[]): Promise<void> {
  const methods = [
    { kind: "card", name: "Card" },
    { kind: "bank_transfer", name: "Bank transfer" },
  ] as const;
  for (const [position, { kind, name }] of methods.entries()) {
    const id = newId("chp", cx.now, cx.random);
    await sql`insert into app.channel_product
        (institution_id, id, provider, kind, name, currencies, position, created_at)
      values (app.institution_id(), ${id}, 'sandbox', ${kind}, ${name}, ${currencies}, ${position},
        ${cx.now})`.execute(cx.db);
  }
}

export type SetupFacts = {
  readonly hasTwoStep: boolean;
  readonly details: boolean;
  readonly methods: boolean;
  readonly customers: boolean;
  readonly paid: boolean;
  readonly liveAt: Instant | null;
};

/** What there is already of all that an institution needs to be live. */
export async function setupFacts(cx: Cx): Promise<SetupFacts | undefined> {
  const { rows } = await sql<SetupFacts>`select
      exists (select from app.staff_member
        where institution_id = i.id and role = 'OWNER' and totp_confirmed_at is not null) as "hasTwoStep",
      i.registration_number <> '' and i.address <> '' and i.contact_email <> '' as details,
      exists (select from app.channel_product where institution_id = i.id and state = 'active') as methods,
      exists (select from app.customer where institution_id = i.id) as customers,
      exists (select from app.payment_attempt where institution_id = i.id and state = 'succeeded') as paid,
      i.live_at as "liveAt"
    from app.institution i where i.id = app.institution_id()`.execute(cx.db);
  return rows[0];
}

/** From now on it is live; the first time counts. */
export async function markLive(cx: Cx): Promise<void> {
  await sql`update app.institution set live_at = ${cx.now} where id = app.institution_id() and live_at is null`.execute(
    cx.db,
  );
}

/** The institution takes these too, behind those that it takes; so do the methods of the sandbox. */
export async function addCurrencies(cx: Cx, more: readonly Currency[]): Promise<void> {
  const added = sql`currencies || array(select code from unnest(${[...more]}::text[]) with ordinality as m(code, place)
    where code <> all(currencies) order by place)`;
  await sql`update app.institution set currencies = ${added} where id = app.institution_id()`.execute(cx.db);
  await sql`update app.channel_product set currencies = ${added}
    where institution_id = app.institution_id() and provider = 'sandbox'`.execute(cx.db);
}

/** Saves what may be changed of an institution. */
export async function updateDetails(cx: Cx, details: InstitutionDetails): Promise<void> {
  await sql`update app.institution set name = ${details.name}, legal_name = ${details.legalName},
      registration_label = ${details.registrationLabel}, registration_number = ${details.registrationNumber},
      address = ${details.address}, contact_email = ${details.contactEmail}, contact_phone = ${details.contactPhone},
      time_zone = ${details.timeZone}, brand_colour = ${details.brandColour}, due_window_days = ${details.dueWindowDays}
    where id = app.institution_id()`.execute(cx.db);
}
