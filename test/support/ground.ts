import { sql } from "kysely";
import type { InstitutionId } from "#access/principal.ts";
import { newId } from "#kernel/ids.ts";
import { systemRandom } from "#kernel/random.ts";
import { manualClock } from "#kernel/time.ts";
import { openKeys } from "#platform/crypto.ts";
import { type DatabaseAccess, openPools } from "#platform/database.ts";
import { type Ground, inTx } from "#platform/tx.ts";
import { freshDatabase, type TestDatabase } from "./database.ts";

export type TestGround = Ground & {
  readonly clock: ReturnType<typeof manualClock>;
  /** Northbridge College, alone in a database of its own. */
  readonly institution: InstitutionId;
  readonly system: { readonly as: "system"; readonly institution: InstitutionId; readonly task: "test" };
  readonly adminUrl: string;
  readonly access: DatabaseAccess;
  end(): Promise<void>;
};

/**
 * A fresh database with one institution, a clock that stands at 2026-11-21 02:00 UTC, and keys. `end` it in afterAll.
 */
export async function testGround(): Promise<TestGround> {
  return await groundOn(await freshDatabase());
}

/** The same on a database that is prepared already. */
export async function groundOn(database: TestDatabase): Promise<TestGround> {
  const ground = {
    pools: openPools(database.access, () => {}),
    clock: manualClock("2026-11-21T02:00:00Z"),
    random: systemRandom,
    keys: openKeys("a key of the tests, which guards nothing at all"),
  };
  const institution = newId("inst", ground.clock.now(), systemRandom);
  await inTx(ground, { as: "visitor", host: "localhost" }, async (cx) => {
    await sql`select app.begin_institution(${institution}, 'Northbridge College', false, ${cx.now})`.execute(cx.db);
  });
  await inTx(ground, { as: "system", institution, task: "test" }, async (cx) => {
    await sql`update app.institution set
      legal_name = 'Northbridge College Pty Ltd', registration_number = '51 824 753 556',
      contact_email = 'accounts@northbridge.example', contact_phone = '+61 2 5550 0100',
      address = ${"18 Harbour Street\nSydney NSW 2000"} where id = ${institution}`.execute(cx.db);
  });
  return {
    ...ground,
    institution,
    system: { as: "system", institution, task: "test" },
    adminUrl: database.access.adminUrl,
    access: database.access,
    async end() {
      await ground.pools.end();
      await database.drop();
    },
  };
}
