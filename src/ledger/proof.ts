import { type RawBuilder, sql } from "kysely";
import { type BrokenRow, balanceLaws, chainLaws, journalLaws, wallLaw } from "#ledger/proof-laws.ts";
import type { Cx } from "#platform/tx.ts";

/** How much of a currency was looked at: so many accounts, transfers and open holds, and `moved` minor units in all. */
export type Proved = {
  readonly currency: string;
  readonly accounts: bigint;
  readonly transfers: bigint;
  readonly openHolds: bigint;
  readonly moved: bigint;
};

/** What a proof found in the ledger of one institution. It holds when `broken` is empty. */
export type LedgerProof = {
  /** Journals, and plain transfers, which have none. */
  readonly journals: bigint;
  readonly currencies: readonly Proved[];
  readonly broken: readonly BrokenRow[];
};

/**
 * Proves the laws of the ledger for the institution of this transaction, from its rows alone, while others go on
 * posting. Reads everything once: for a job or a script, not for a page.
 */
export async function proveLedger(cx: Cx): Promise<LedgerProof> {
  const institution = cx.institution.id;
  await sql`select set_config('statement_timeout', '0', true)`.execute(cx.db);
  const balances = await together([...balanceLaws(institution), ...chainLaws(institution)]).execute(cx.db);
  const journalled = await together([...journalLaws(institution), wallLaw()]).execute(cx.db);
  const broken = [...balances.rows, ...journalled.rows];
  return { ...(await counts(cx)), broken };
}

/** Several laws in one statement: one round trip, and one moment of the books for all of them. */
function together(laws: readonly RawBuilder<BrokenRow>[]): RawBuilder<BrokenRow> {
  return sql<BrokenRow>`${sql.join(
    laws.map((law) => sql`(${law})`),
    sql` union all `,
  )}`;
}

async function counts(cx: Cx): Promise<Omit<LedgerProof, "broken">> {
  const institution = cx.institution.id;
  const { rows } = await sql<Omit<Proved, "moved"> & { moved: string; journals: bigint }>`
    with moved as (select currency, count(*) as transfers, sum(amount) as moved from ledger.transfer
                    where institution_id = ${institution} group by currency),
         held as (select currency, count(*) as holds from ledger.hold
                   where institution_id = ${institution} and state = 'open' group by currency)
    select a.currency, count(*) as accounts, coalesce(min(m.transfers), 0) as transfers,
           coalesce(min(h.holds), 0) as "openHolds", coalesce(min(m.moved), 0)::text as moved,
           (select count(*) from ledger.journal where institution_id = ${institution})
             + (select count(*) from ledger.transfer
                 where institution_id = ${institution} and key is not null and line = 1) as journals
      from ledger.account a left join moved m using (currency) left join held h using (currency)
     where a.institution_id = ${institution} group by a.currency order by a.currency`.execute(cx.db);
  // A sum of bigint is numeric, which travels as text.
  const currencies = rows.map(({ journals, moved, ...row }) => ({ ...row, moved: BigInt(moved) }));
  return { journals: rows[0]?.journals ?? 0n, currencies };
}
