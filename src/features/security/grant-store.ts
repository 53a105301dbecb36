import { sql } from "kysely";
import type { ContactId, CustomerId, MemberId } from "#access/principal.ts";
import type { Id } from "#kernel/ids.ts";
import type { Cx } from "#platform/tx.ts";
import type { SessionOwner } from "./session-store.ts";
import type { Choice } from "./sign-in-by-link.ts";
import type { LinkFace } from "./sign-in-link.ts";

/** What an address opens, and who it is there for the audit log. */
export type Grant = { readonly owner: SessionOwner; readonly subject: CustomerId | ContactId | MemberId };

/** What an address opens of a face, two at most: read when it is asked for, never remembered. */
export async function grantsAt(cx: Cx, face: LinkFace, email: string): Promise<readonly Grant[]> {
  if (face === "customer") {
    const { rows } = await sql<{ id: CustomerId }>`select id from app.customer
      where institution_id = app.institution_id() and email = ${email} order by id limit 2`.execute(cx.db);
    return rows.map(({ id }) => ({ owner: { customer: id }, subject: id }));
  }
  const { rows } = await sql<{ id: ContactId | MemberId; partnership: Id<"prt"> }>`
    select person_id as id, partnership_id as partnership
      from app.grants_at(${email}) order by partnership_id limit 2`.execute(cx.db);
  return rows.map(({ id, partnership }) => ({ owner: { partnership }, subject: id }));
}

/** The languages of those whom an address opens a face for; none where it is nobody's. */
export async function languagesAt(cx: Cx, face: LinkFace, email: string): Promise<readonly string[]> {
  const { rows } =
    face === "customer"
      ? await sql<{ language: string }>`select distinct language from app.customer
          where institution_id = app.institution_id() and email = ${email}`.execute(cx.db)
      : await sql<{
          language: string;
        }>`select distinct coalesce(language, ${cx.institution.locale}) as language
          from app.grants_at(${email})`.execute(cx.db);
  return rows.map((row) => row.language);
}

/** The customers with the address of the session that asks. */
export async function choicesOfSession(cx: Cx): Promise<readonly Choice[]> {
  const { rows } = await sql<Choice>`select customer_id as id, name from app.customers_of_session()`.execute(cx.db);
  return rows;
}

/** Turns the session that asks to another customer with its address; false when there is none such. */
export async function turnSession(cx: Cx, customer: string): Promise<boolean> {
  const { rows } = await sql<{ done: boolean }>`select app.choose_customer(${customer}) as done`.execute(cx.db);
  return rows[0]?.done === true;
}

/** The partnerships that the address of the session that asks is a contact or a member of. */
export async function partnershipsOfAddress(cx: Cx): Promise<readonly { id: Id<"prt">; name: string }[]> {
  const { rows } = await sql<{ id: Id<"prt">; name: string }>`
    select partnership_id as id, name from app.partnerships_of_session()`.execute(cx.db);
  return rows;
}

/** Turns the session that asks to another partnership of its address; false when there is none such. */
export async function turnToPartnership(cx: Cx, partnership: string): Promise<boolean> {
  const { rows } = await sql<{ done: boolean }>`select app.choose_partnership(${partnership}) as done`.execute(cx.db);
  return rows[0]?.done === true;
}

/** A contact of the agent in the pictures, where the demo has it; else whoever came first. */
export async function demoContact(
  cx: Cx,
): Promise<{ id: string; partnership: Id<"prt">; email: string; name: string } | undefined> {
  const { rows } = await sql<{ id: string; partnership: Id<"prt">; email: string; name: string }>`
    select c.id, c.partnership_id as partnership, c.email, c.name
      from app.contact c join app.partnership p on p.institution_id = c.institution_id and p.id = c.partnership_id
     where c.institution_id = app.institution_id() and c.removed_at is null and c.access_on
     order by p.name = 'Meridian Education' desc, c.id limit 1`.execute(cx.db);
  return rows[0];
}

/** An owner of the account of that agent, where the demo has one; else whoever is a member. */
export async function demoPartnerMember(
  cx: Cx,
): Promise<{ id: string; partnership: Id<"prt">; email: string; name: string } | undefined> {
  const { rows } = await sql<{ id: string; partnership: Id<"prt">; email: string; name: string }>`
    select id, partnership_id as partnership, email, name from app.demo_member()`.execute(cx.db);
  return rows[0];
}

/** Aiko Tanaka, the person of the pictures, where the demo has her; else whoever came first. */
export async function demoCustomer(cx: Cx): Promise<{ id: string; email: string; name: string } | undefined> {
  const { rows } = await sql<{ id: string; email: string; name: string }>`
    select id, email, btrim(given_name || ' ' || family_name) as name from app.customer
     where institution_id = app.institution_id() and email is not null
     order by given_name = 'Aiko' and family_name = 'Tanaka' desc, id limit 1`.execute(cx.db);
  return rows[0];
}
