import { type KeptTaxStatus, statusAt } from "#features/partnerships/tax-status.ts";
import { selectTaxStatuses } from "#features/partnerships/tax-status-store.ts";
import type { PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** What was and will be, the newest day first. */
export async function taxHistoryOf(cx: Cx, partnership: string): Promise<readonly KeptTaxStatus[]> {
  return await selectTaxStatuses(cx, [partnership]);
}

/** The status of each of these partnerships that counts on a day; who has none on it is left out. One query. */
export async function taxStatusesOn(
  cx: Cx,
  partnerships: readonly string[],
  date: PlainDate,
): Promise<ReadonlyMap<string, KeptTaxStatus>> {
  const found = new Map<string, KeptTaxStatus[]>();
  for (const one of await selectTaxStatuses(cx, partnerships)) {
    found.set(one.partnershipId, [...(found.get(one.partnershipId) ?? []), one]);
  }
  const counting = [...found].flatMap(([id, all]) => {
    const status = statusAt(all, date);
    return status ? [[id, status] as const] : [];
  });
  return new Map(counting);
}
