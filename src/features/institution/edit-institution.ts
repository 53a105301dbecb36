import { sql } from "kysely";
import type { Permit } from "#access/permit.ts";
import type { Staff } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import type { Cx } from "#platform/tx.ts";

/** What an owner or administrator may change of the institution. */
export type InstitutionDetails = {
  readonly name: string;
  readonly legalName: string;
  readonly registrationLabel: string;
  readonly registrationNumber: string;
  readonly address: string;
  readonly contactEmail: string;
  readonly contactPhone: string;
  readonly timeZone: string;
  readonly brandColour: string;
  /** How many days before its due date a scheduled payment is called due. */
  readonly dueWindowDays: number;
};

/** Saves the details; the audit log keeps the names of what changed with the new words. */
export async function editInstitution(
  cx: Cx<Staff>,
  _may: Permit<"institution.write">,
  details: InstitutionDetails,
): Promise<void> {
  const before = cx.institution;
  const changed = Object.fromEntries(
    Object.entries(details).filter(([name, value]) => before[name as keyof InstitutionDetails] !== value),
  );
  if (Object.keys(changed).length === 0) return;
  await sql`update app.institution set name = ${details.name}, legal_name = ${details.legalName},
      registration_label = ${details.registrationLabel}, registration_number = ${details.registrationNumber},
      address = ${details.address}, contact_email = ${details.contactEmail}, contact_phone = ${details.contactPhone},
      time_zone = ${details.timeZone}, brand_colour = ${details.brandColour}, due_window_days = ${details.dueWindowDays}
    where id = app.institution_id()`.execute(cx.db);
  await record(cx, { event: "institution.edited", subject: before.id, data: changed });
}
