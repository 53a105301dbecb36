import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import pg from "pg";
import type { InstitutionId } from "#access/principal.ts";
import { newId } from "#kernel/ids.ts";
import { money } from "#kernel/money.ts";
import { account } from "#ledger/chart.ts";
import type { PlainTransfer } from "#ledger/transfer.ts";
import { readConfig } from "#platform/config.ts";
import { silentLog } from "#platform/log.ts";
import { type Opened, openDatabase } from "#platform/open-database.ts";

/** A database to measure in: the embedded PostgreSQL in a folder of its own, as Portico runs it, or DATABASE_URL. */
export type BenchDatabase = Opened & { readonly admin: pg.Client };

export async function openBench(): Promise<BenchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "portico-bench-"));
  const config = readConfig({ DATA_DIR: folder, DATABASE_URL: process.env.DATABASE_URL });
  const opened = await openDatabase(config, silentLog);
  const admin = new pg.Client({ connectionString: opened.access.adminUrl });
  await admin.connect();
  return {
    ...opened,
    admin,
    async close() {
      await admin.end();
      await opened.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type BenchAccounts = { readonly institution: InstitutionId; readonly ids: readonly bigint[] };

/** An institution with so many wallets in AUD, each with money on it that the ledger booked. */
export async function seedAccounts({ admin, ground }: BenchDatabase, count: number): Promise<BenchAccounts> {
  const institution: InstitutionId = newId("inst", ground.clock.now(), ground.random);
  await admin.query("insert into app.institution (id, name, legal_name, created_at) values ($1, 'B', 'B', now())", [
    institution,
  ]);
  await admin.query(
    `insert into ledger.account (institution_id, currency, kind, owner, min_balance, opened_at, last_at)
     select $1, 'AUD', case when n = 0 then 'provider' else 'wallet' end,
            case when n = 0 then 'sandbox' else $3 || n end, case when n > 0 then 0 end, now(), now()
       from generate_series(0, $2::integer) n`,
    [institution, count, owner],
  );
  const { rows } = await admin.query<{ id: bigint }>(
    "select id from ledger.account where institution_id = $1 order by id",
    [institution],
  );
  const [source = 0n, ...ids] = rows.map((row) => row.id);
  for (let at = 0; at < ids.length; at += 1_000) await fund(admin, institution, source, ids.slice(at, at + 1_000));
  await admin.query("vacuum analyze");
  return { institution, ids };
}

const owner = "wal_01k9abcdefghjkmnpqrstvw";

async function fund(admin: pg.Client, institution: string, source: bigint, ids: readonly bigint[]): Promise<void> {
  await admin.query(
    `select ledger.post_transfers(now(), array_fill($1::text, array[n]), array_agg('transfer:fund_' || id),
            array_agg(md5(id::text)::uuid), array_fill('funding'::text, array[n]), array_fill('AUD'::text, array[n]),
            array_fill($2::bigint, array[n]), array_agg(id), array_fill(100000000::bigint, array[n]),
            array_fill(0::bigint, array[n]))
       from (select id, count(*) over ()::integer as n from unnest($3::bigint[]) id) x group by n`,
    [institution, source, ids],
  );
}

let asked = 0;

/**
 * The next transfer of a load: `hot` has the first account on one side of each, else two at random. Ids are in order of
 * time, as real ones are.
 */
export function nextTransfer({ institution, ids }: BenchAccounts, hot: boolean): PlainTransfer {
  asked += 1;
  const one = hot ? 0 : Math.floor(random() * ids.length);
  const other = (one + 1 + Math.floor(random() * (ids.length - 1))) % ids.length;
  const [debit, credit] = hot && asked % 2 === 0 ? [other, one] : [one, other];
  return {
    institution,
    reference: `tr_01k9${(base + asked).toString(32).padStart(22, "0")}`,
    kind: "transfer",
    debit: account.wallet(`${owner}${debit + 1}`),
    credit: account.wallet(`${owner}${credit + 1}`),
    debitId: ids[debit] ?? 0n,
    creditId: ids[credit] ?? 0n,
    amount: money(BigInt(1 + (asked % 100)), "AUD"),
  };
}

const base = performance.timeOrigin * 1_000;

let state = 0x9e3779b9;

/** Numbers from 0 to 1 that come in the same order in every run. */
export function random(): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 2 ** 32;
}

/** Lets so many callers ask again and again, each waiting for its answer; how many were answered in a second. */
export async function load(
  callers: number,
  seconds: number,
  ask: (caller: number) => Promise<unknown>,
): Promise<number> {
  const begun = performance.now();
  const end = begun + seconds * 1_000;
  let answered = 0;
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      while (performance.now() < end) {
        await ask(caller);
        answered += 1;
      }
    }),
  );
  return Math.round(answered / ((performance.now() - begun) / 1_000));
}

/** So many connections of their own, as many callers have that ask the database each by itself. */
export async function connections(url: string, count: number): Promise<pg.Client[]> {
  return await Promise.all(
    Array.from({ length: count }, async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      return client;
    }),
  );
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
