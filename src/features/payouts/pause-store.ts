import { sql } from "kysely";
import type { PartnershipId, PayoutSchedule } from "#features/partnerships/partnership.ts";
import { notFound } from "#kernel/problem.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

export async function scheduleOf(cx: Cx, id: PartnershipId): Promise<PayoutSchedule> {
  return (await selectTerms(cx, id)).schedule;
}

/** How a partner is paid: its schedule, whether it is paused, and whether what it owes is netted. */
export type PayoutTerms = {
  readonly schedule: PayoutSchedule;
  readonly pausedAt: Instant | undefined;
  readonly pausedWhy: string;
  readonly netting: "off" | "proposed" | "agreed";
};

/** Throws `not-found` when there is no such partner here. */
export async function selectTerms(cx: Cx, id: PartnershipId): Promise<PayoutTerms> {
  const { rows } = await sql<{
    payout_schedule: PayoutSchedule;
    payouts_paused_at: Instant | null;
    payouts_paused_why: string;
    netting: PayoutTerms["netting"];
  }>`select payout_schedule, payouts_paused_at, payouts_paused_why, netting from app.partnership
    where institution_id = ${cx.institution.id} and id = ${id}`.execute(cx.db);
  const row = rows[0];
  if (!row) throw notFound();
  return {
    schedule: row.payout_schedule,
    pausedAt: row.payouts_paused_at ?? undefined,
    pausedWhy: row.payouts_paused_why,
    netting: row.netting,
  };
}

/** Pauses (with why) or resumes; answers whether that changed anything. */
export async function updatePause(cx: Cx, id: PartnershipId, why: string | undefined): Promise<boolean> {
  const { rows } = await sql`update app.partnership
      set payouts_paused_at = ${why === undefined ? null : cx.now}, payouts_paused_why = ${why ?? ""},
          updated_at = ${cx.now}
    where institution_id = ${cx.institution.id} and id = ${id}
      and (payouts_paused_at is null) = ${why !== undefined} returning id`.execute(cx.db);
  return rows.length === 1;
}
