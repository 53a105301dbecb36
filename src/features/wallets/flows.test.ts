import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { flowKinds, flowPartners, ledgerKindsOf } from "#features/wallets/flow-kinds.ts";
import { markFlows, walletFlows } from "#features/wallets/flow-store.ts";
import type { Flow, FlowFilter } from "#features/wallets/flows.ts";
import type { WalletId } from "#features/wallets/wallet.ts";
import { dateIn } from "#kernel/time.ts";
import { proveLedger } from "#ledger/proof.ts";
import { type Cx, inTx } from "#platform/tx.ts";
import { buildHistory } from "../../../scripts/bench/ledger-history-data.ts";
import { type LedgerTest, openLedgerTest } from "../../../test/support/ledger.ts";

// A wallet with some three thousand flows of every kind: more than one look takes in, marked but for the newest.
const runs = inject("deep") ? 600 : 60;
let database: LedgerTest;
let institution: InstitutionId;
let wallet: { readonly id: WalletId; readonly currency: "AUD" };
/** The newest first, read in one piece. */
let all: readonly Flow[];
let zone: string;

const system = <T>(work: (cx: Cx) => Promise<T>) =>
  inTx(database.ground, { as: "system", institution, task: "test" }, work);

beforeAll(async () => {
  database = await openLedgerTest();
  const history = await buildHistory(database.admin, { transfers: 6_000, wallets: 24 });
  institution = history.institution as InstitutionId;
  wallet = { id: history.wallet.id as WalletId, currency: "AUD" };
  zone = await system(async (cx) => cx.institution.timeZone);
  await system((cx) => markFlows(cx, 2_300));
  all = (await system((cx) => walletFlows(cx, wallet, {}, { size: 100_000 }))).rows;
});
afterAll(() => database.close());

/** What the filter means, said once more and slowly. */
function fits(flow: Flow, filter: FlowFilter): boolean {
  const day = dateIn(zone, flow.at).toString();
  const kinds = ledgerKindsOf(filter.kind, filter.with);
  return (
    (filter.from === undefined || day >= filter.from.toString()) &&
    (filter.to === undefined || day <= filter.to.toString()) &&
    (filter.direction === undefined || flow.direction === filter.direction) &&
    (kinds === undefined || kinds.includes(flow.ledgerKind)) &&
    (filter.number === undefined || flow.counterparty.number === filter.number) &&
    (filter.least === undefined || flow.amount.minor >= filter.least) &&
    (filter.most === undefined || flow.amount.minor <= filter.most)
  );
}

/** All pages from one end to the other; at the end there is no further one. */
async function pages(filter: FlowFilter, size: number, upwards: boolean): Promise<Flow[]> {
  const found: Flow[] = [];
  let place = upwards ? 0n : undefined;
  for (let looks = 0; looks < 4_000; looks++) {
    const at = upwards ? { after: place, size } : { before: place, size };
    const page = await system((cx) => walletFlows(cx, wallet, filter, at));
    expect(page.rows.length).toBeLessThanOrEqual(size);
    if (upwards) found.unshift(...page.rows);
    else found.push(...page.rows);
    const next = upwards ? page.newer : (page.older ?? page.further);
    if (next === undefined) return found;
    expect(upwards ? next > (place ?? 0n) : next < (place ?? 2n ** 60n), "a page leads on").toBe(true);
    place = next;
  }
  throw new Error("The pages have no end");
}

const amount = fc.nat().map((pick) => all[pick % all.length]?.amount.minor ?? 1n);
const day = fc.nat().map((pick) => dateIn(zone, (all[pick % all.length] as Flow).at));
const number = fc.nat().map((pick) => all[pick % all.length]?.counterparty.number || "999999999999");
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined, freq: 2 });
/** 700, 20,000: where one band ends and the next begins. */
const round = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.nat({ max: 7 }))
  .map(([n, p]) => BigInt(n) * 10n ** BigInt(p));
const amounts = fc.oneof(
  fc.constant({}),
  round.map((least) => ({ least })),
  round.map((edge) => ({ most: edge - 1n || 1n })),
  fc.tuple(round, round).map(([a, b]) => (a < b ? { least: a, most: b } : { least: b, most: a })),
  amount.map((least) => ({ least })),
  amount.map((most) => ({ most })),
  amount.map((exact) => ({ least: exact, most: exact })),
  fc.tuple(amount, amount).map(([a, b]) => ({ least: a < b ? a : b, most: a < b ? b : a })),
);
const filters: fc.Arbitrary<FlowFilter> = fc
  .record({
    from: maybe(day),
    to: maybe(day),
    kind: maybe(fc.constantFrom(...flowKinds)),
    direction: maybe(fc.constantFrom("in" as const, "out" as const)),
    with: fc.option(fc.constantFrom(...flowPartners), { nil: undefined, freq: 4 }),
    number: fc.option(number, { nil: undefined, freq: 3 }),
  })
  .chain((rest) => amounts.map((given) => ({ ...rest, ...given })));

describe("W4: flows of a long history", () => {
  test("the history obeys the laws of the ledger, and has flows of every kind", async () => {
    const proof = await system(proveLedger);
    expect(proof.broken).toEqual([]);
    expect(all.length).toBeGreaterThan(3_000);
    expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(flowKinds));
  });

  test("each flow's balance after is the one before it and its amount", () => {
    for (const [index, flow] of all.entries()) {
      const before = all[index + 1]?.after.minor ?? 0n;
      expect(flow.after.minor - before).toBe(flow.change.minor);
      expect(flow.seq).toBe(BigInt(all.length - index));
    }
  });

  test("law: whatever the filter, the size and the way, the pages have exactly the flows that pass it, once and in order", async () => {
    await fc.assert(
      fc.asyncProperty(filters, fc.constantFrom(25, 50, 120), fc.boolean(), async (filter, size, upwards) => {
        const expected = all.filter((flow) => fits(flow, filter)).map(({ seq }) => seq);
        expect((await pages(filter, size, upwards)).map(({ seq }) => seq)).toEqual(expected);
      }),
      { numRuns: runs },
    );
  });

  test("one amount among thousands is found at once where the flows are marked, and a stretch at a time where not", async () => {
    const rare = all.find(
      (flow) => flow.seq < 500n && all.filter((one) => one.amount.minor === flow.amount.minor).length === 1,
    );
    const exact = { least: rare?.amount.minor, most: rare?.amount.minor };
    const first = await system((cx) => walletFlows(cx, wallet, exact, { size: 50 }));
    expect(first.rows.map(({ seq }) => seq)).toEqual([rare?.seq]);
    await database.admin.query("delete from ledger.flow_marked");
    const unmarked = await system((cx) => walletFlows(cx, wallet, exact, { size: 50 }));
    expect(unmarked).toMatchObject({ rows: [], older: undefined });
    expect(unmarked.further).toBeGreaterThan(500n);
    expect((await pages(exact, 50, false)).map(({ seq }) => seq)).toEqual([rare?.seq]);
    await database.admin.query("delete from ledger.flow_mark");
  });

  test("marking goes on where it stopped, and marks each flow once", async () => {
    expect(await system((cx) => markFlows(cx, 1_000))).toBe(1_000);
    expect(await system((cx) => markFlows(cx, 100_000))).toBe(all.length - 1_000);
    expect(await system((cx) => markFlows(cx, 100_000))).toBe(0);
    const { rows } = await database.admin.query<{ marks: number; wrong: number }>(
      `select count(*)::int as marks, count(*) filter (where not exists (select from ledger.transfer t
          where t.credit_id = m.account_id and t.credit_seq = m.seq and t.amount = m.amount
             or t.debit_id = m.account_id and t.debit_seq = m.seq and t.amount = -m.amount))::int as wrong
         from ledger.flow_mark m`,
    );
    expect(rows[0]).toEqual({ marks: all.length, wrong: 0 });
    const bands = await database.admin.query<{ kept: number[]; there: number[] }>(
      `select d.bands as kept, array(select distinct m.band from ledger.flow_mark m where m.account_id = d.account_id
          order by 1) as there from ledger.flow_marked d`,
    );
    expect(bands.rows.map(({ kept }) => kept)).toEqual(bands.rows.map(({ there }) => there));
    expect(bands.rows[0]?.kept.length).toBeGreaterThan(20);
  });
});
