import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { type Currency, money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { setAccountState } from "#ledger/balances.ts";
import { type AccountRef, account, nameOf } from "#ledger/chart.ts";
import type { HoldPlacing, HoldRef, Journal, Transfer } from "#ledger/journal.ts";
import { tryPost } from "#ledger/post.ts";
import { proveLedger } from "#ledger/proof.ts";
import { type Cx, inTx } from "#platform/tx.ts";
import { type LedgerTest, openLedgerTest } from "./support/ledger.ts";
import { type Act, LedgerModel, type Told } from "./support/ledger-model.ts";

// A history is a new institution; several run side by side, so that PostgreSQL always has something to do.
const sideBySide = 8;
const histories = inject("deep") ? 20_000 : 2_000;

let test: LedgerTest;
beforeAll(async () => {
  test = await openLedgerTest(12);
});
afterAll(() => test.close());

const provider = account.provider("sandbox");
const customer = account.customer("cus_a");
const wallets = [account.wallet("wal_a"), account.wallet("wal_b"), account.wallet("wal_eur")] as const;
const currencyOf = (wallet: AccountRef): Currency => (wallet === wallets[2] ? "EUR" : "AUD");
const known: readonly AccountRef[] = [
  customer,
  account.customer("cus_b"),
  account.partner("prt_a"),
  account.income,
  wallets[0],
  // It starts empty, so that it can be closed.
  wallets[1],
];

/** Mostly the first, sometimes the second. */
const mostly = <T>(weight: number, often: fc.Arbitrary<T>, seldom: fc.Arbitrary<T>) =>
  fc.oneof({ weight, arbitrary: often }, { weight: 1, arbitrary: seldom });
const few = <T>(weight: number, arbitrary: fc.Arbitrary<T>) =>
  mostly<T[]>(weight, fc.constant([]), fc.array(arbitrary, { minLength: 1, maxLength: 2 }));

const anybody = mostly(
  12,
  fc.constantFrom(...known),
  fc.constantFrom(wallets[2], account.wallet("wal_unknown"), provider),
);
const currency = mostly(14, fc.constant<Currency>("AUD"), fc.constantFrom<Currency>("EUR", "JPY"));
const amount = fc.tuple(fc.bigInt(1n, 30n), currency).map(([minor, code]) => money(minor, code));
const transfer: fc.Arbitrary<Transfer> = fc
  .record({ debit: mostly(2, fc.constant(provider), anybody), credit: anybody, amount, odd: fc.nat(9) })
  .map(({ odd, ...move }) => (move.debit === move.credit && odd > 0 ? { ...move, debit: provider } : move));

// Holds stand on few accounts under few names, so that they meet again.
const holder = mostly(8, fc.constantFrom(customer, wallets[0]), anybody);
const holdName = fc.constantFrom("h1", "h2");
const placing: fc.Arbitrary<HoldPlacing> = fc.record({ name: holdName, account: holder, amount });
const holdRef: fc.Arbitrary<HoldRef> = fc.record({ account: holder, currency, name: holdName });

// Few keys, so that many come again: with the same content, because journals are drawn from a pool, and with another.
const journal: fc.Arbitrary<Journal> = fc.record({
  key: fc.nat(16).map((number) => `k${number}`),
  kind: fc.constantFrom("paid", "moved"),
  reference: fc.constantFrom("", "pay_1"),
  capture: few(10, holdRef),
  release: few(10, holdRef),
  transfers: mostly(9, fc.array(transfer, { minLength: 1, maxLength: 3 }), fc.constant<Transfer[]>([])),
  holds: few(2, placing),
});
const change: fc.Arbitrary<Act> = fc.record({
  do: fc.constant("state" as const),
  account: fc.constantFrom(...wallets, customer),
  currency,
  state: fc.constantFrom("active" as const, "frozen" as const, "frozen" as const, "closed" as const),
});

/** A history: rounds of one to three callers at once, each posting a few journals or changing an account. */
const history = fc.array(journal, { minLength: 3, maxLength: 14 }).chain((pool) => {
  const post: fc.Arbitrary<Act> = fc
    .array(fc.constantFrom(...pool), { minLength: 1, maxLength: 5 })
    .map((journals) => ({ do: "post" as const, journals }));
  const act = fc.oneof({ weight: 8, arbitrary: post }, change);
  return fc.array(fc.array(act, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 });
});

async function perform(cx: Cx, act: Act): Promise<Told> {
  if (act.do === "post") return (await tryPost(cx, act.journals)).map((result) => result.status);
  try {
    await setAccountState(cx, act.account, act.currency as Currency, act.state);
    return [true];
  } catch (error) {
    if (error instanceof Problem && error.code === "ledger.refused") return [false];
    throw error;
  }
}

function* orders<T>(of: readonly T[]): Generator<readonly T[]> {
  if (of.length <= 1) yield of;
  for (const [index, first] of of.entries()) {
    if (of.length > 1) for (const rest of orders(of.filter((_, other) => other !== index))) yield [first, ...rest];
  }
}

type Done = { readonly act: Act; readonly told: Told };

/**
 * The models that may stand behind these acts: some order of them tells each caller what it was told. There must be
 * one; there may be two, as when one caller froze a wallet while another unfroze it.
 */
function explain(models: readonly LedgerModel[], done: readonly Done[]): LedgerModel[] {
  const possible = new Map<string, LedgerModel>();
  for (const model of models) {
    for (const order of orders(done)) {
      const next = model.copy();
      const fits = order.every(({ act, told }) => JSON.stringify(next.act(act)) === JSON.stringify(told));
      if (fits) possible.set(expected(next), next);
    }
  }
  if (possible.size > 0) return [...possible.values()];
  const shown = JSON.stringify(done, (_, value) => (typeof value === "bigint" ? Number(value) : value));
  throw new Error(`No order of these acts explains what the callers were told: ${shown}`);
}

const seen = new Map<string, number>();

async function live(institution: InstitutionId, rounds: readonly (readonly Act[])[]): Promise<void> {
  const run = <T>(work: (cx: Cx) => Promise<T>) => inTx(test.ground, { as: "system", institution, task: "laws" }, work);
  const start = new LedgerModel();
  const funding: Act = {
    do: "post",
    journals: known.slice(0, 5).map((credit) => ({
      key: `funding:${nameOf(credit)}`,
      kind: "funding",
      transfers: [{ debit: provider, credit, amount: money(40n, "AUD") }],
    })),
  };
  for (const wallet of wallets) start.open(wallet, currencyOf(wallet));
  const funded = await run((cx) => perform(cx, funding));
  let models = explain([start], [{ act: funding, told: funded }]);
  for (const acts of rounds) {
    const done = await Promise.all(acts.map(async (act) => ({ act, told: await run((cx) => perform(cx, act)) })));
    for (const told of done.flatMap((one) => one.told)) seen.set(String(told), (seen.get(String(told)) ?? 0) + 1);
    models = explain(models, done);
  }
  await run(async (cx) => {
    expect((await proveLedger(cx)).broken).toEqual([]);
    expect(models.map(expected)).toContain(await standing(cx));
  });
}

/** Every account: balance, held, number of flows, state. */
async function standing(cx: Cx): Promise<string> {
  const { rows } = await sql<{ name: string; balance: bigint; held: bigint; seq: bigint; state: string }>`
    select currency || ' ' || concat_ws(':', kind, nullif(owner, '')) as name, balance, held, seq, state
      from ledger.account where institution_id = ${cx.institution.id}`.execute(cx.db);
  return table(rows.map((row) => [row.name, row.balance, row.held, row.seq, row.state] as const));
}

function expected(model: LedgerModel): string {
  return table([...model.accounts].map(([name, one]) => [name, one.balance, one.held, one.flows, one.state] as const));
}

function table(rows: readonly (readonly [string, bigint, bigint, bigint, string])[]): string {
  return rows
    .map((row) => row.join(" | "))
    .sort()
    .join("\n");
}

it(`${histories} random histories: racing callers are told what some order explains, and every law holds`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(history, { minLength: sideBySide, maxLength: sideBySide }), async (lives) => {
      const open = wallets.map((wallet) => [wallet.owner, currencyOf(wallet)] as const);
      const institutions = await test.institutions(lives.length, open);
      await Promise.all(institutions.map((institution, index) => live(institution, lives[index] ?? [])));
    }),
    { numRuns: Math.ceil(histories / sideBySide), endOnFailure: true },
  );
  // The histories are worth something only if every answer comes up in them.
  const answers = [
    ..."done replayed key_reused insufficient_funds frozen closed wrong_currency unknown_account".split(" "),
    ..."unknown_hold hold_closed hold_exists malformed true false".split(" "),
  ];
  for (const answer of answers) expect(seen.get(answer) ?? 0, `histories with ${answer}`).toBeGreaterThan(20);
  const { rows } = await test.admin.query("select deadlocks from pg_stat_database where datname = current_database()");
  expect(rows, "callers that waited on each other in a circle").toEqual([{ deadlocks: 0n }]);
}, 3_600_000);
