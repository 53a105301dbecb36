import type { Permit } from "#access/permit.ts";
import { record } from "#features/audit/record.ts";
import type { Partnership } from "#features/partnerships/partnership.ts";
import {
  checkPartnership,
  type PartnershipText,
  partnershipChanges,
} from "#features/partnerships/partnership-input.ts";
import { lockPartnership, selectPartnerships, updatePartnerships } from "#features/partnerships/partnership-store.ts";
import { statusAt } from "#features/partnerships/tax-status.ts";
import { selectTaxStatuses, upsertTaxStatuses } from "#features/partnerships/tax-status-store.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * Changes a partner. `version` is `updatedAt` as the form was drawn with. Shares that were agreed stay as they are.
 * Throws `form.invalid`, `conflict` when somebody else changed it meanwhile, `not-found`.
 */
export async function editPartnership(
  cx: Cx,
  _may: Permit<"partnerships.write">,
  id: string,
  text: PartnershipText,
  version?: string,
): Promise<Partnership> {
  const before = await lockPartnership(cx, id);
  if (!before) throw notFound();
  if (version !== undefined && version !== before.updatedAt.toString()) {
    throw new Problem(
      "conflict",
      "Somebody changed this partner meanwhile. Compare with what is stored now, then save again.",
    );
  }
  const input = await checkPartnership(cx, text, id);
  const after: Partnership = { ...before, ...input, netting: nettingOf(before, input.netting), updatedAt: cx.now };
  const changes = partnershipChanges(before, after, await namesOf(cx, [before, after]));
  if (Object.keys(changes).length === 0) return before;
  await updatePartnerships(cx, [after]);
  if (before.taxId !== after.taxId) await mendTaxId(cx, after, before.taxId);
  record(cx, { event: "partnership.edited", subject: id, data: { changes } });
  return after;
}

/** Netting needs both sides (domain.md rule 12): what staff switch on is a proposal until the partner agrees. */
function nettingOf(before: Partnership, wanted: boolean): Partnership["netting"] {
  if (!wanted) return "off";
  return before.netting === "off" ? "proposed" : before.netting;
}

/** The number of today's status, and of those to come under the same, goes with the partner's: else it came back. */
async function mendTaxId(cx: Cx, { id, taxId }: Partnership, before: string): Promise<void> {
  const today = todayOf(cx.institution, cx.now);
  const all = await selectTaxStatuses(cx, [id]);
  const now = statusAt(all, today);
  const later = all.filter((one) => one.taxId === before && Temporal.PlainDate.compare(one.from, today) > 0);
  const mended = [...(now ? [now] : []), ...later].map((one) => ({ ...one, taxId }));
  await upsertTaxStatuses(cx, mended);
}

async function namesOf(cx: Cx, both: readonly Partnership[]): Promise<ReadonlyMap<string, string>> {
  const ids = both.flatMap(({ defaultShare }) => (defaultShare.kind === "percent_of_share" ? [defaultShare.of] : []));
  if (ids.length === 0) return new Map();
  return new Map((await selectPartnerships(cx, ids)).map((one) => [one.id, one.name]));
}
