import { sql } from "kysely";
import type { ContactRight } from "#access/principal.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Cx } from "#platform/tx.ts";

export type Reader = { name: string; email: string; language: string; rights: readonly ContactRight[] };

/** The contacts of a partner who may look at its payouts, with the language each reads. */
export async function readersOf(cx: Cx, partnership: PartnershipId): Promise<Reader[]> {
  const { rows } = await sql<Reader>`select name, email, rights, language from app.contact
    where institution_id = ${cx.institution.id} and partnership_id = ${partnership} and removed_at is null and access_on
      and 'view' = any(rights) order by id`.execute(cx.db);
  return rows;
}

/** What anybody may see of a bank account. */
export async function accountLabelOf(cx: Cx, id: string): Promise<{ bank: string; last4: string } | undefined> {
  const { rows } = await sql<{ bank: string; last4: string }>`select bank_name as bank, last4 from app.bank_account
    where institution_id = ${cx.institution.id} and id = ${id}`.execute(cx.db);
  return rows[0];
}
