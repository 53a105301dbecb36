import type pg from "pg";
import type { InstitutionId } from "#access/principal.ts";
import { assert } from "#kernel/assert.ts";
import { type Pools, send } from "#platform/database.ts";
import { type Institution, institutionFromJson } from "#platform/institution.ts";

type Known = { readonly version: number; readonly institution: Institution };

// By database: an id and a version say the same thing in one database only.
const known = new WeakMap<Pools, Map<InstitutionId, Known>>();

/** The settings of an institution at this version, where they are known. */
export function knownAt(pools: Pools, id: InstitutionId, version: number): Institution | undefined {
  const found = known.get(pools)?.get(id);
  return found?.version === version ? found.institution : undefined;
}

/**
 * The settings of the institution that this transaction was opened in, at this version at least. They are asked for
 * once a version and kept: every change counts the version up, and a session that is opened brings it along, so the
 * next request sees the change. Who may do what is never kept.
 */
export async function institutionAt(
  pools: Pools,
  client: pg.ClientBase,
  id: InstitutionId,
  version: number,
): Promise<Institution> {
  const found = knownAt(pools, id, version);
  if (found) return found;
  const { rows } = await send<{ institution: { version: number } | null }>(
    client,
    "select app.own_institution() as institution",
  );
  const row = rows[0]?.institution;
  assert(row, "a session was opened in an institution that is not there");
  // It may have been changed since the session was opened: kept as what it says it is.
  const read = { version: row.version, institution: institutionFromJson(row) };
  const here = known.get(pools) ?? new Map<InstitutionId, Known>();
  known.set(pools, here);
  if (here.size >= 1_000) here.clear();
  here.set(id, read);
  return read.institution;
}
