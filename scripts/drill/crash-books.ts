import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import type { InstitutionId } from "#access/principal.ts";
import { proveBooks } from "#features/books/books.ts";
import { systemRandom } from "#kernel/random.ts";
import { systemClock } from "#kernel/time.ts";
import { readConfig } from "#platform/config.ts";
import { openPools } from "#platform/database.ts";
import { readPidFile } from "#platform/embedded/postmaster.ts";
import { loadSecrets } from "#platform/secrets.ts";
import { type Cx, type Ground, inTx } from "#platform/tx.ts";
import type { Books, Kept } from "./crash-judge.ts";
import { homeOf } from "./crash-program.ts";

/**
 * Reads what the database has, over connections of its own and not through the program: all transfers with what the
 * ledger moved for each, what is in each wallet, and what breaks a law of the books.
 */
export async function readBooks(dataDir: string, institution: InstitutionId): Promise<Books> {
  const ground = groundOf(dataDir);
  try {
    return await inTx(ground, { as: "system", institution, task: "drill" }, async (cx) => {
      const { broken } = await proveBooks(cx);
      return {
        transfers: await transfersOf(cx),
        balances: await balancesOf(cx),
        broken: broken.map((row) => `${row.law}: ${row.row}: ${row.detail}`),
      };
    });
  } finally {
    await ground.pools.end();
  }
}

/** What the program would run on: not opened by it, for that would watch over the server that the drill kills. */
function groundOf(dataDir: string): Ground {
  const home = homeOf(dataDir);
  const server = readPidFile(join(home, "cluster"));
  if (!server) throw new Error("PostgreSQL does not run.");
  const password = readFileSync(join(home, "password"), "utf8").trim();
  const adminUrl = `postgres://postgres:${password}@${encodeURIComponent(server.socketDir)}:${server.port}/portico`;
  const { secretKey, keys } = loadSecrets(readConfig({ DATA_DIR: dataDir }));
  const pools = openPools({ adminUrl, rolePrefix: "portico", secretKey }, () => undefined);
  return { pools, clock: systemClock, random: systemRandom, keys };
}

async function transfersOf(cx: Cx): Promise<readonly Kept[]> {
  const { rows } = await sql<Kept>`select t.key, t.ref, f.number as "from", w.number as "to", t.minor, t.state,
      count(l.line)::integer as moves, coalesce(sum(l.amount), 0)::bigint as moved
    from app.transfer t
    join app.wallet f on f.institution_id = t.institution_id and f.id = t.wallet_id
    join app.wallet w on w.institution_id = t.institution_id and w.id = t.to_wallet_id
    left join ledger.transfer l on l.institution_id = t.institution_id and l.key = 'transfer:' || t.id
    group by t.institution_id, t.id, f.number, w.number`.execute(cx.db);
  return rows;
}

async function balancesOf(cx: Cx): Promise<ReadonlyMap<string, bigint>> {
  const { rows } = await sql<{ number: string; balance: bigint }>`select w.number, a.balance from app.wallet w
    join ledger.account a on a.institution_id = w.institution_id and a.kind = 'wallet' and a.owner = w.id
      and a.currency = w.currency`.execute(cx.db);
  return new Map(rows.map((row) => [row.number, row.balance]));
}
