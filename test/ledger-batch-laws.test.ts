import fc from "fast-check";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { money } from "#kernel/money.ts";
import { setAccountState } from "#ledger/balances.ts";
import { type AccountRef, account } from "#ledger/chart.ts";
import { placeHold, releaseHold } from "#ledger/holds.ts";
import type { Journal } from "#ledger/journal.ts";
import type { PostStatus } from "#ledger/post.ts";
import { proveLedger } from "#ledger/proof.ts";
import { type PlainTransfer, transferDigest } from "#ledger/transfer.ts";
import { type Cx, inTx } from "#platform/tx.ts";
import { type LedgerTest, openLedgerTest } from "./support/ledger.ts";
import { type Books, batcherOf, openBooks, provider } from "./support/ledger-batch.ts";
import { LedgerModel } from "./support/ledger-model.ts";

let test: LedgerTest;
beforeAll(async () => {
  test = await openLedgerTest(6);
});
afterAll(() => test.close());

const [rich, poor, empty, frozen, closed, euro] = ["rich", "poor", "empty", "frozen", "closed", "euro"].map((name) =>
  account.wallet(`wal_${name}`),
) as [AccountRef, AccountRef, AccountRef, AccountRef, AccountRef, AccountRef];
const nobody = account.wallet("wal_nobody");

const open = async () => {
  const books = await openBooks(test, [
    ["wal_rich", "AUD", 1_000_000n],
    ["wal_poor", "AUD", 40n],
    ["wal_empty", "AUD", 1n],
    ["wal_frozen", "AUD", 500n],
    ["wal_euro", "EUR", 500n],
  ]);
  await test.admin.query(
    `insert into ledger.account (institution_id, currency, kind, owner, min_balance, opened_at, last_at)
     values ($1, 'AUD', 'wallet', 'wal_closed', 0, now(), '2026-11-21')`,
    [books.institution],
  );
  await inside(books, (cx) => setAccountState(cx, frozen, "AUD", "frozen"));
  await inside(books, (cx) => setAccountState(cx, closed, "AUD", "closed"));
  const { rows } = await test.admin.query<{ id: bigint }>(
    "select id from ledger.account where institution_id = $1 and state = 'closed'",
    [books.institution],
  );
  return { books, closedId: rows[0]?.id ?? 0n };
};
const inside = <T>(books: Books, work: (cx: Cx) => Promise<T>) =>
  inTx(test.ground, { as: "system", institution: books.institution, task: "laws" }, work);

type Wish = {
  readonly about: number;
  readonly from: AccountRef;
  readonly to: AccountRef;
  readonly minor: bigint;
  readonly fee: bigint;
};
const somebody = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(rich, poor, empty) },
  { weight: 2, arbitrary: fc.constantFrom(frozen, closed, euro, nobody, provider) },
);
// Few names, so that a fifth of the wishes and more have a key that was there before, with the same content or another.
const wish: fc.Arbitrary<Wish> = fc.record({
  about: fc.nat(60),
  from: somebody,
  to: somebody,
  minor: fc.bigInt(1n, 30n),
  fee: fc.oneof({ weight: 5, arbitrary: fc.constant(0n) }, { weight: 1, arbitrary: fc.bigInt(1n, 3n) }),
});

/** Wishes drawn from a pool come again with the same content. */
const wishes = (most: number) =>
  fc.array(wish, { minLength: 4, maxLength: 30 }).chain((pool) =>
    fc.array(fc.oneof({ weight: 2, arbitrary: wish }, { weight: 1, arbitrary: fc.constantFrom(...pool) }), {
      minLength: 5,
      maxLength: most,
    }),
  );

function transferOf({ books, closedId }: Awaited<ReturnType<typeof open>>, one: Wish): PlainTransfer {
  const made = books.transfer(`t${one.about}`, one.from, one.to, one.minor, { fee: one.fee });
  return {
    ...made,
    ...(one.from === closed ? { debitId: closedId } : {}),
    ...(one.to === closed ? { creditId: closedId } : {}),
  };
}

const runs = inject("deep") ? 600 : 35;
const seen = new Map<PostStatus, number>();
const note = (status: PostStatus) => seen.set(status, (seen.get(status) ?? 0) + 1);

/** The order in which one lane asks for wishes that came at once: those of one key after another. */
function turns(asked: readonly PlainTransfer[]): { readonly first: number; readonly others: number[] }[][] {
  const byKey = Map.groupBy(asked.keys(), (index) => asked[index]?.reference ?? "");
  const chains = [...byKey.values()].map((indexes) =>
    [...Map.groupBy(indexes, (index) => transferDigest(asked[index] as PlainTransfer)).values()].map(
      ([first = 0, ...others]) => ({ first, others }),
    ),
  );
  const rounds = Math.max(0, ...chains.map((chain) => chain.length));
  return Array.from({ length: rounds }, (_, round) => chains.flatMap((chain) => chain[round] ?? []));
}

function journalOf(one: PlainTransfer): Journal {
  const { debit, credit, amount, fee, reference, kind } = one;
  const fees = fee && fee.minor > 0n ? [{ debit, credit: account.incomeFees, amount: fee, kind: `${kind}.fee` }] : [];
  return { key: `transfer:${reference}`, kind, reference, transfers: [{ debit, credit, amount }, ...fees] };
}

it(`${runs} random histories through one lane are answered as the plain model answers them`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(wishes(80), { minLength: 1, maxLength: 3 }), async (waves) => {
      const place = await open();
      const batcher = batcherOf(test, { lanes: 1 });
      const model = new LedgerModel();
      for (const ref of [rich, poor, empty, frozen, closed]) model.open(ref, "AUD");
      model.open(euro, "EUR");
      for (const [ref, minor] of [
        [rich, 1_000_000n],
        [poor, 40n],
        [empty, 1n],
        [frozen, 500n],
      ] as const) {
        model.act({
          do: "post",
          journals: [
            {
              key: `f${minor}`,
              kind: "funding",
              transfers: [{ debit: provider, credit: ref, amount: money(minor, "AUD") }],
            },
          ],
        });
      }
      model.act({ do: "state", account: frozen, currency: "AUD", state: "frozen" });
      model.act({ do: "state", account: closed, currency: "AUD", state: "closed" });
      for (const wave of waves) {
        const asked = wave.map((one) => transferOf(place, one));
        const told = (await Promise.all(asked.map((one) => batcher.submit(one)))).map((result) => result.status);
        told.forEach(note);
        const expected: (string | boolean | undefined)[] = [];
        for (const turn of turns(asked)) {
          for (const { first, others } of turn) {
            const [status] = model.act({ do: "post", journals: [journalOf(asked[first] as PlainTransfer)] });
            expected[first] = status;
            for (const other of others) expected[other] = status === "done" ? "replayed" : status;
          }
        }
        // One account of another currency and one that is not there: either may be said.
        const either = (answers: readonly unknown[]) =>
          answers.map((answer, index) =>
            answer === "wrong_currency" && [wave[index]?.from, wave[index]?.to].includes(nobody)
              ? "unknown_account"
              : answer,
          );
        expect(either(told)).toEqual(either(expected));
      }
      await batcher.close();
      expect((await inside(place.books, proveLedger)).broken).toEqual([]);
    }),
    { numRuns: runs, endOnFailure: true },
  );
  const answers = "done replayed key_reused insufficient_funds frozen closed wrong_currency unknown_account malformed";
  for (const answer of answers.split(" ")) {
    expect(seen.get(answer as PostStatus) ?? 0, `histories with ${answer}`).toBeGreaterThan(5);
  }
}, 600_000);

/** What must be told whenever it is asked, as long as the key was not used; undefined: it depends on the money. */
function always(one: PlainTransfer): PostStatus | undefined {
  const both = [one.debit, one.credit];
  if (one.debit === one.credit) return "malformed";
  if (both.includes(nobody)) return "unknown_account";
  if (both.includes(euro)) return "wrong_currency";
  if (both.includes(closed)) return "closed";
  if (one.debit === frozen) return "frozen";
  return one.debit === rich || one.debit === provider ? "done" : undefined;
}

it("three racing batchers and holds beside them: every law holds, and every answer agrees with the rows", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(wishes(60), { minLength: 6, maxLength: 6 }), async (lists) => {
      const places = await Promise.all([open(), open()]);
      const batchers = [9, 40, 500].map((batch) => batcherOf(test, { batch }));
      const holds = places.map(async ({ books }) => {
        for (let n = 0; n < 4; n++) {
          const key = `hold:${n}`;
          const placed = { key, account: poor, amount: money(7n, "AUD"), reference: key };
          const hold = await inside(books, (cx) => placeHold(cx, placed)).catch(() => undefined);
          if (hold && n % 2 === 0) await inside(books, (cx) => releaseHold(cx, { key: `release:${n}`, hold }));
        }
      });
      const told = await Promise.all(
        lists.flatMap((list, index) =>
          list.map(async (one) => {
            const asked = transferOf(places[index % 2] ?? (await open()), one);
            const result = await batchers[index % 3]?.submit(asked);
            return { asked, status: result?.status, journal: result?.journal };
          }),
        ),
      );
      await Promise.all([...holds, ...batchers.map((batcher) => batcher.close())]);
      for (const { books } of places) {
        expect((await inside(books, proveLedger)).broken).toEqual([]);
        const { rows } = await test.admin.query<{ key: string; digest: string; journal_id: bigint }>(
          `select substr(key, 10) as key, replace(digest::text, '-', '') as digest, journal_id from ledger.transfer
            where institution_id = $1 and line = 1 and key is not null`,
          [books.institution],
        );
        const booked = new Map(rows.map((row) => [row.key, row]));
        const here = told.filter(({ asked }) => asked.institution === books.institution);
        for (const { asked, status, journal } of here) {
          const row = booked.get(asked.reference);
          if (status === "done" || status === "replayed") {
            expect([row?.digest, row?.journal_id]).toEqual([transferDigest(asked), journal]);
          } else if (status === "key_reused") expect(row?.digest).not.toBe(transferDigest(asked));
          else expect(always(asked) ?? "insufficient_funds").toBe(status);
        }
        const done = here.filter((one) => one.status === "done").map((one) => one.asked.reference);
        expect(done.sort()).toEqual([...booked.keys()].sort());
      }
    }),
    { numRuns: Math.ceil(runs / 2), endOnFailure: true },
  );
  const { rows } = await test.admin.query("select deadlocks from pg_stat_database where datname = current_database()");
  expect(rows, "calls that waited on each other in a circle").toEqual([{ deadlocks: 0n }]);
}, 600_000);
