import { sql } from "kysely";
import type { Partner } from "#access/principal.ts";
import type { Cx } from "#platform/tx.ts";

export type Netting = "off" | "proposed" | "agreed";

/** Whether what the partner owes is set off against its payouts, or the institution would like that. */
export async function ownNetting(cx: Cx<Partner>): Promise<Netting> {
  const { rows } = await sql<{ netting: Netting }>`select netting from partner.partnership`.execute(cx.db);
  return rows[0]?.netting ?? "off";
}

/** Writes the partner's answer; false when nothing is proposed or agreed any more. */
export async function writeNetting(cx: Cx<Partner>, netting: "agreed" | "off"): Promise<boolean> {
  const done = await sql`update app.partnership set netting = ${netting}
    where institution_id = app.institution_id() and id = ${cx.principal.partnership} and netting <> 'off'`.execute(
    cx.db,
  );
  return done.numAffectedRows === 1n;
}
