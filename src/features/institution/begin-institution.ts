import { sql } from "kysely";
import type { Permit } from "#access/permit.ts";
import { record } from "#features/audit/record.ts";
import { startSession } from "#features/security/session-store.ts";
import { newId } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";
import { defaultsOf } from "./country.ts";

export type FirstInstitution = {
  readonly name: string;
  readonly country: string;
  readonly timeZone: string;
  readonly currencies: readonly Currency[];
  readonly owner: { readonly name: string; readonly email: string; readonly passwordHash: string };
  /** Whether the sandbox provider is there to take payments with; its two methods are then on offer at once. */
  readonly sandbox: boolean;
  readonly userAgent: string;
};

/** Throws `not-found` as soon as there is an institution: set-up is gone then, like any page that is not there. */
export function assertNotSetUp(cx: Cx): void {
  if (cx.principal.kind === "visitor" && cx.principal.institution === undefined) return;
  throw notFound();
}

/**
 * Makes the first institution and its owner, and answers the token of a session that still waits for two-step to be set up.
 * Of two that try at once, one makes it; the other gets `not-found`.
 */
export async function beginInstitution(cx: Cx, _may: Permit<"setup.first">, first: FirstInstitution): Promise<string> {
  assertNotSetUp(cx);
  const id = newId("inst", cx.now, cx.random);
  const { rows } = await sql<{ made: boolean }>`
    select app.begin_institution(${id}, ${first.name}, false, ${cx.now}) as made`.execute(cx.db);
  if (rows[0]?.made !== true) throw notFound();
  const from = defaultsOf(first.country);
  await sql`update app.institution set country = ${first.country}, time_zone = ${first.timeZone}, locale = ${from.locale},
      currencies = ${first.currencies}, registration_label = ${from.registrationLabel}, tax_name = ${from.taxName},
      tax_bps = ${from.taxBps}, contact_email = ${first.owner.email}
    where id = ${id}`.execute(cx.db);
  const { name, email, passwordHash } = first.owner;
  const staff = newId("stf", cx.now, cx.random);
  await sql`insert into app.staff_member (institution_id, id, email, name, role, password_hash, password_changed_at, created_at)
    values (${id}, ${staff}, ${email}, ${name}, 'OWNER', ${passwordHash}, ${cx.now}, ${cx.now})`.execute(cx.db);
  if (first.sandbox) await offerSandboxMethods(cx, id, first.currencies);
  await record(cx, { event: "institution.created", subject: id, data: { name: first.name, country: first.country } });
  await record(cx, { event: "staff.created", subject: staff, data: { role: "OWNER" } });
  const { userAgent } = first;
  return await startSession(cx, { face: "staff", email, owner: { staff }, pending: true, userAgent });
}

async function offerSandboxMethods(cx: Cx, institution: string, currencies: readonly Currency[]): Promise<void> {
  const methods = [
    { kind: "card", name: "Card" },
    { kind: "bank_transfer", name: "Bank transfer" },
  ] as const;
  for (const [position, { kind, name }] of methods.entries()) {
    const id = newId("chp", cx.now, cx.random);
    await sql`insert into app.channel_product (institution_id, id, provider, kind, name, currencies, position, created_at)
      values (${institution}, ${id}, 'sandbox', ${kind}, ${name}, ${currencies}, ${position}, ${cx.now})`.execute(
      cx.db,
    );
  }
}
