import { sql } from "kysely";
import type { Id } from "#kernel/ids.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";
import type { PayoutDestination } from "#providers/provider.ts";

/** Where a payout goes. */
export async function destinationOf(cx: Cx, account: Id<"bac">): Promise<PayoutDestination> {
  const { rows } = await sql<{ holder_name: string; bank_name: string; country: string; last4: string }>`
    select holder_name, bank_name, country, last4 from app.bank_account
     where institution_id = ${cx.institution.id} and id = ${account}`.execute(cx.db);
  const row = rows[0];
  if (!row) throw notFound();
  const { holder_name: holderName, bank_name: bankName, country, last4 } = row;
  return { holderName, bankName, country, numbers: { account: last4 } };
}
