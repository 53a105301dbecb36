import type { Partnership, PartnershipName } from "#features/partnerships/partnership.ts";
import {
  lockPartnership,
  selectByExternalIds,
  selectNames,
  selectPartnerships,
} from "#features/partnerships/partnership-store.ts";
import { isId } from "#kernel/ids.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/** One partnership; throws `not-found` when it is missing or foreign. */
export async function readPartnership(cx: Cx, id: string): Promise<Partnership> {
  const found = isId("prt", id) ? (await selectPartnerships(cx, [id]))[0] : undefined;
  if (!found) throw notFound();
  return found;
}

/** One partnership, held against changes by others until commit; throws `not-found` as above. */
export async function holdPartnership(cx: Cx, id: string): Promise<Partnership> {
  const found = isId("prt", id) ? await lockPartnership(cx, id) : undefined;
  if (!found) throw notFound();
  return found;
}

/** The partnerships with these ids; unknown ids are left out. */
export async function partnershipsByIds(cx: Cx, ids: readonly string[]): Promise<ReadonlyMap<string, Partnership>> {
  if (ids.length === 0) return new Map();
  return new Map((await selectPartnerships(cx, ids)).map((one) => [one.id, one]));
}

/** The partnerships with these references of the institution; unknown ones are left out. One query. */
export async function partnershipsByReference(
  cx: Cx,
  references: readonly string[],
): Promise<ReadonlyMap<string, Partnership>> {
  const asked = [...new Set(references)].filter((one) => one !== "");
  if (asked.length === 0) return new Map();
  return new Map((await selectByExternalIds(cx, asked, false)).map((one) => [one.externalId ?? "", one]));
}

/** Every partnership by name: for choices and filters. */
export async function partnershipNames(cx: Cx): Promise<readonly PartnershipName[]> {
  return await selectNames(cx);
}
