import type pg from "pg";
import type { InstitutionId } from "#access/principal.ts";
import { type Pools, send } from "#platform/database.ts";
import { type Institution, institutionFromJson } from "#platform/institution.ts";

type Known = { readonly version: number; readonly institution: Institution };

// By database: an id and a version say the same thing in one database only.
const known = new WeakMap<Pools, Map<InstitutionId, Known>>();

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
  const here = known.get(pools) ?? new Map<InstitutionId, Known>();
  known.set(pools, here);
  const found = here.get(id);
  if (found?.version === version) return found.institution;
  const { rows } = await send<{ institution: { version: number } }>(
    client,
    "select app.own_institution() as institution",
  );
  // It may have been changed since the session was opened: kept as what it says it is.
  const read = {
    version: Number(rows[0]?.institution.version),
    institution: institutionFromJson(rows[0]?.institution),
  };
  if (here.size >= 1_000) here.clear();
  here.set(id, read);
  return read.institution;
}
