import type pg from "pg";
import type { InstitutionId } from "#access/principal.ts";
import type { PartnerTransferFilter } from "#features/transfers/partner-transfer.ts";
import { partnerTransfers } from "#features/transfers/transfer-list-partner-view.ts";
import type { WalletId } from "#features/wallets/wallet.ts";
import { firstId } from "#kernel/ids.ts";
import { money } from "#kernel/money.ts";
import { builderOf } from "#platform/database.ts";
import type { Cx, Ground } from "#platform/tx.ts";

/** Whose transfers are filled in and looked for: a partner with wallets, in an institution with others. */
export type TransferHistory = {
  readonly institution: string;
  readonly partnership: string;
  readonly wallet: { readonly id: string };
  /** The number of a wallet that transfers go to. */
  readonly other: string;
};

const first = Temporal.Instant.from("2023-01-01T00:00:00Z");
const everyMilliseconds = 20_000;

// A moment in ten digits of base 32, as ids begin: what was made later stands behind.
const digits = Array.from(
  { length: 10 },
  (_, at) => `substr('0123456789abcdefghjkmnpqrstvwxyz', ((ms >> ${45 - 5 * at}) & 31)::integer + 1, 1)`,
).join(" || ");

/**
 * Writes so many transfers, the half of them of the one partner, set by set and beside the ledger: lists don't read
 * it. One in twenty goes to the bank, one in fifty is not completed. `owner` is a superuser's connection.
 */
export async function fillTransfers(owner: pg.Client, history: TransferHistory, transfers: number): Promise<void> {
  const { institution, partnership, wallet, other } = history;
  await owner.query("set statement_timeout = 0; set synchronous_commit = off; set session_replication_role = replica");
  await owner.query(
    `insert into app.transfer (institution_id, id, partnership_id, ref, key, digest, wallet_id, route, to_wallet_id,
       to_partnership_id, bank_account_id, to_number, to_name, currency, minor, fee_minor, reference, state,
       failure_reason, requested_by, requested_by_name, prepared_at, created_at, completed_at, updated_at)
     select $1, 'trf_' || ${digits} || lpad(n::text, 16, '0'),
            case when own then $2 else 'prt_' || lpad((n % 2000 + 2)::text, 8, '0') end, 'TR' || lpad(n::text, 12, '0'),
            'bench-key-' || n, '\\x00', case when own then $3 else 'wal_of_others_' || n % 8000 end,
            case when bank then 'bank' else 'wallet' end, case when bank then null else 'wal_to_' || n % 5000 end,
            case when bank then null else 'prt_to_' || n % 1250 end, case when bank then 'bac_one' end,
            case when bank then '4321' when n % 97 = 0 then $4 else lpad((n % 5000 + 100000000000)::text, 12, '0') end,
            'P•••••• P•••••••', 'AUD', 100 + (n * 7919::bigint) % 5000000, 50, 'Invoice ' || n,
            case when n % 50 > 0 then 'completed' when n % 100 = 0 then 'failed'
                 when n % 1000 = 50 then 'pending_approval' else 'cancelled' end, '', 'mbr_one', 'Rosa Weber', at, at,
                 case when n % 50 > 0 then at end, at
       from (select n, n % 2 = 0 as own, n % 20 = 0 as bank, $5::bigint + n * ${everyMilliseconds}::bigint as ms,
                    to_timestamp(($5::bigint + n * ${everyMilliseconds}::bigint) / 1000.0) as at
               from generate_series(1, $6::integer) n) made`,
    [institution, partnership, wallet.id, other, first.epochMilliseconds, transfers],
  );
  await owner.query("reset session_replication_role");
  await owner.query("vacuum (analyze) app.transfer");
}

/** Every filter that the list offers, alone and together as people use them. */
export function transferFilters(history: TransferHistory, transfers: number): Record<string, PartnerTransferFilter> {
  const at = (part: number) => first.add({ milliseconds: Math.floor(transfers * part) * everyMilliseconds });
  const wallet = history.wallet.id as WalletId;
  const range = { from: at(0.4), until: at(0.41) };
  return {
    none: {},
    "status completed": { status: "completed" },
    "status failed": { status: "failed" },
    "status waiting": { status: "pending_approval" },
    wallet: { wallet },
    "way wallet": { route: "wallet" },
    "way bank": { route: "bank" },
    counterparty: { with: history.other },
    "counterparty nobody": { with: "999999999999" },
    date: range,
    amount: { amounts: [money(100n + ((123_456n * 7_919n) % 5_000_000n), "AUD")] },
    "ref of one": { q: `TR${String(Math.floor(transfers / 2)).padStart(12, "0")}` },
    "reference, none fits": { q: "no such words" },
    "reference, many fit": { q: "invoice" },
    "failed, wallet, a week": { status: "failed", wallet, ...range },
    "bank, failed": { route: "bank", status: "failed" },
    "counterparty, failed, reference": { with: history.other, status: "failed", q: "nothing" },
  };
}

export type Measured = { readonly name: string; readonly page: number; readonly median: number; readonly p99: number };

/** The same client, that also says how long the database took over each statement: `took` collects it. */
function timed(client: pg.PoolClient, took: (ms: number) => void): pg.PoolClient {
  const query = async ({ text, values, name }: { text: string; values: unknown[]; name?: string }) => {
    const { rows } = await client.query<{ ms: number }>({
      name: `timed ${name}`,
      text: `with found as materialized (${text})
        select extract(epoch from clock_timestamp() - statement_timestamp())::float8 * 1000 as ms
          from (select count(*) from found) all_of_it`,
      values,
    });
    took(rows[0]?.ms ?? 0);
    return await client.query({ ...(name === undefined ? {} : { name }), text, values });
  };
  return { query } as unknown as pg.PoolClient;
}

/**
 * Asks for the first page and the thousandth with each filter, as the partner's role; milliseconds inside the
 * database.
 */
export async function measureTransfers(
  ground: Ground,
  history: TransferHistory,
  transfers: number,
  rounds = 300,
): Promise<Measured[]> {
  const client = await ground.pools.of("partner").connect();
  try {
    await client.query("begin");
    await client.query(
      "select set_config('portico.institution', $1, true), set_config('portico.partnership', $2, true)",
      [history.institution, history.partnership],
    );
    const institution = { id: history.institution as InstitutionId };
    let ms = 0;
    const noting = timed(client, (more) => {
      ms += more;
    });
    const cx = { db: builderOf(noting), institution } as unknown as Cx;
    const measured: Measured[] = [];
    for (const [name, filter] of Object.entries(transferFilters(history, transfers))) {
      for (const page of [1, 1_000]) {
        // A thousand pages of 25 further back, of which every second transfer is this partner's.
        const past = first.add({ milliseconds: Math.max(0, transfers - 2 * 25 * (page - 1)) * everyMilliseconds });
        const before = page === 1 ? undefined : firstId("trf", past);
        const took: number[] = [];
        for (let round = 0; round < rounds; round++) {
          ms = 0;
          await partnerTransfers(cx, filter, { before, size: 25 });
          took.push(ms);
        }
        took.sort((a, b) => a - b);
        const of = (part: number) => took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? 0;
        measured.push({ name, page, median: of(0.5), p99: of(0.99) });
      }
    }
    return measured;
  } finally {
    await client.query("rollback");
    client.release();
  }
}
