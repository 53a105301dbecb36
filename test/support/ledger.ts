import pg from "pg";
import type { InstitutionId } from "#access/principal.ts";
import { newId } from "#kernel/ids.ts";
import { systemRandom } from "#kernel/random.ts";
import { manualClock } from "#kernel/time.ts";
import { openKeys } from "#platform/crypto.ts";
import { openPools } from "#platform/database.ts";
import { type Cx, type Ground, inTx } from "#platform/tx.ts";
import { freshDatabase } from "./database.ts";

/** A database for tests of the ledger, and a superuser's connection that tampers with it. */
export type LedgerTest = {
  readonly ground: Ground;
  readonly clock: ReturnType<typeof manualClock>;
  readonly admin: pg.Client;
  readonly rolePrefix: string;
  /** A new institution: an empty ledger of its own, far cheaper than a database. */
  institution(): Promise<InstitutionId>;
  /** A new institution with a way to work in it, one system transaction at a time. */
  world(): Promise<{ readonly id: InstitutionId; run<T>(work: (cx: Cx) => Promise<T>): Promise<T> }>;
  /** Several at once, with these wallets open in each. */
  institutions(count: number, wallets: readonly (readonly [id: string, currency: string])[]): Promise<InstitutionId[]>;
  close(): Promise<void>;
};

/** Clones the template; `workers` is how many transactions may race. */
export async function openLedgerTest(workers = 6): Promise<LedgerTest> {
  const database = await freshDatabase();
  const admin = new pg.Client({ connectionString: database.access.adminUrl });
  await admin.connect();
  const clock = manualClock("2026-11-21T00:00:00Z");
  const pools = openPools(database.access, () => undefined, { worker: workers });
  const ground: Ground = {
    pools,
    clock,
    random: systemRandom,
    keys: openKeys("a key of the tests, which guards nothing at all"),
  };
  const institutions: LedgerTest["institutions"] = async (count, wallets) => {
    const ids = Array.from({ length: count }, () => newId("inst", clock.now(), systemRandom));
    await admin.query(
      `with made as (insert into app.institution (id, name, legal_name, created_at)
         select id, 'T', 'T', now() from unnest($1::text[]) id returning id)
       insert into ledger.account (institution_id, currency, kind, owner, min_balance, opened_at, last_at)
         select made.id, w.currency, 'wallet', w.id, 0, '2026-11-21', '2026-11-21'
           from made, unnest($2::text[], $3::text[]) w(id, currency)`,
      [ids, wallets.map(([id]) => id), wallets.map(([, currency]) => currency)],
    );
    return ids;
  };
  return {
    ground,
    clock,
    admin,
    rolePrefix: database.access.rolePrefix,
    institution: async () => (await institutions(1, []))[0] as InstitutionId,
    institutions,
    async world() {
      const [id = "inst_"] = await institutions(1, []);
      return { id, run: (work) => inTx(ground, { as: "system", institution: id, task: "test" }, work) };
    },
    async close() {
      await pools.end();
      await admin.end();
      await database.drop();
    },
  };
}
