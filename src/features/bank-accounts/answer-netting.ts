import type { Permit } from "#access/permit.ts";
import type { Partner } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { ownNetting, writeNetting } from "#features/bank-accounts/netting-partner-view.ts";
import { Problem } from "#kernel/problem.ts";
import type { T } from "#platform/i18n/messages.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * A contact agrees to what the institution proposed, declines it, or ends what was agreed (domain.md rule 12). The same
 * answer twice changes nothing. Throws `conflict` when nothing was proposed.
 */
export async function answerNetting(
  cx: Cx<Partner>,
  _may: Permit<"partner.bank-details">,
  agree: boolean,
  t: T,
): Promise<void> {
  const before = await ownNetting(cx);
  const after = agree ? "agreed" : "off";
  if (before === after) return;
  if (before === "off" || !(await writeNetting(cx, after))) {
    throw new Problem("conflict", t("bank.netting.gone"));
  }
  const changes = { netting: { from: before, to: after } };
  record(cx, { event: "partnership.netting-answered", subject: cx.principal.partnership, data: { changes } });
}
