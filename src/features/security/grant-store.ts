import { sql } from "kysely";
import type { CustomerId } from "#access/principal.ts";
import type { Cx } from "#platform/tx.ts";
import type { Choice } from "./sign-in-customer.ts";

/** Whom an address opens the portal for: read when it is asked for, never remembered. */
export async function customersAt(cx: Cx, email: string): Promise<readonly CustomerId[]> {
  const { rows } = await sql<{ id: CustomerId }>`select id from app.customer
    where institution_id = app.institution_id() and email = ${email} order by id limit 2`.execute(cx.db);
  return rows.map((row) => row.id);
}

/** The languages of the customers with this address; none where it is nobody's. */
export async function languagesAt(cx: Cx, email: string): Promise<readonly string[]> {
  const { rows } = await sql<{ language: string }>`select distinct language from app.customer
    where institution_id = app.institution_id() and email = ${email}`.execute(cx.db);
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

/** Aiko Tanaka, the person of the pictures, where the demo has her; else whoever came first. */
export async function demoCustomer(cx: Cx): Promise<{ id: string; email: string; name: string } | undefined> {
  const { rows } = await sql<{ id: string; email: string; name: string }>`
    select id, email, btrim(given_name || ' ' || family_name) as name from app.customer
     where institution_id = app.institution_id() and email is not null
     order by given_name = 'Aiko' and family_name = 'Tanaka' desc, id limit 1`.execute(cx.db);
  return rows[0];
}
