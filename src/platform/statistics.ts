import { sql } from "kysely";
import type { Cx } from "#platform/tx.ts";

/**
 * Lets the planner count the rows of the large tables again, after many came in at once: until then lists of thousands
 * are read the slow way. Call it as the program itself, and where anybody else works meanwhile in a transaction of its
 * own; pages are not held up by it.
 */
export async function refreshStatistics(cx: Cx): Promise<void> {
  await sql`select app.refresh_statistics()`.execute(cx.db);
}
