import { sql } from "kysely";
import type { Transfer, TransferId } from "#features/transfers/transfer.ts";
import { selectTransfers } from "#features/transfers/transfer-store.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** Transfers to the bank whose turn to be sent or looked at has come, at most 100. */
export async function transfersDue(cx: Cx): Promise<Transfer[]> {
  return await selectTransfers(
    cx,
    sql`x.look_at < 'infinity' and x.look_at <= ${cx.now} and x.attempt_state in ('pending', 'sent', 'succeeded')
      order by x.look_at, x.id limit 100`,
  );
}

/**
 * Takes the next turn of a transfer: should nobody answer, it is looked at again at `lookAt`. False when another job
 * took it meanwhile, or it went on.
 */
export async function takeTransferTurn(cx: Cx, transfer: Transfer, lookAt: Instant): Promise<boolean> {
  const { rows } = await sql`update app.transfer set look_at = ${lookAt}, looks = looks + 1
    where institution_id = ${cx.institution.id} and id = ${transfer.id} and attempt_state = ${transfer.attemptState}
      and looks = ${transfer.looks} returning id`.execute(cx.db);
  return rows.length === 1;
}

/** The transfer that a provider calls by this reference. */
export async function transferByRef(cx: Cx, provider: string, ref: string): Promise<TransferId | undefined> {
  const { rows } = await sql<{ id: TransferId }>`select id from app.transfer
    where institution_id = ${cx.institution.id} and provider = ${provider} and provider_ref = ${ref}`.execute(cx.db);
  return rows[0]?.id;
}
