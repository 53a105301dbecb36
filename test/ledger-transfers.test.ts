import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { money } from "#kernel/money.ts";
import { balanceOf } from "#ledger/balances.ts";
import { type AccountRef, account, nameOf } from "#ledger/chart.ts";
import { flowsOf } from "#ledger/flows.ts";
import { journalsOf } from "#ledger/journals.ts";
import { tryPost } from "#ledger/post.ts";
import { proveLedger } from "#ledger/proof.ts";
import { accountIds } from "#ledger/transfer.ts";
import { type Cx, inTx } from "#platform/tx.ts";
import { type LedgerTest, openLedgerTest } from "./support/ledger.ts";
import { type Books, batcherOf, openBooks, type TransferBatcher } from "./support/ledger-batch.ts";

let test: LedgerTest;
let batcher: TransferBatcher;
beforeAll(async () => {
  test = await openLedgerTest();
  batcher = batcherOf(test);
});
afterAll(async () => {
  await batcher.close();
  await test.close();
});

const [a, b] = [account.wallet("wal_a"), account.wallet("wal_b")];
const open = () =>
  openBooks(test, [
    ["wal_a", "AUD", 1_000n],
    ["wal_b", "AUD", 50n],
    ["wal_eur", "EUR", 500n],
  ]);
const inside = <T>(books: Books, work: (cx: Cx) => Promise<T>) =>
  inTx(test.ground, { as: "system", institution: books.institution, task: "test" }, work);
const balance = async (books: Books, ref: AccountRef) =>
  (await inside(books, (cx) => balanceOf(cx, ref, "AUD"))).balance.minor;

describe("plain transfers", () => {
  it("move money with its fee, all or none, by themselves and among others alike", async () => {
    for (const neighbours of [0, 3]) {
      const books = await open();
      const asked = [
        books.transfer("tr_1", a, b, 100n, { fee: 7n }),
        ...Array.from({ length: neighbours }, (_, n) => books.transfer(`tr_n${n}`, a, b, 1n)),
      ];
      const told = await Promise.all(asked.map((item) => batcher.submit(item)));
      expect(told.map((result) => result.status)).toEqual(asked.map(() => "done"));
      // What is left bears the amount and not the fee.
      const left = 893n - BigInt(neighbours);
      expect((await batcher.submit(books.transfer("tr_2", a, b, left, { fee: 1n }))).status).toBe("insufficient_funds");
      expect(await balance(books, a)).toBe(left);
      expect(await balance(books, b)).toBe(150n + BigInt(neighbours));
      expect(await balance(books, account.incomeFees)).toBe(7n);
      expect((await batcher.submit(books.transfer("tr_2", a, b, left - 1n, { fee: 1n }))).status).toBe("done");
      expect(await balance(books, a)).toBe(0n);
      expect((await inside(books, proveLedger)).broken).toEqual([]);
    }
  });

  it("who takes the fees is no side of a transfer that pays one, and its neighbours go through", async () => {
    const books = await open();
    await batcher.submit(books.transfer("tr_1", a, b, 10n, { fee: 5n }));
    const [fees] = await inside(books, (cx) => accountIds(cx, [[account.incomeFees, "AUD"]]));
    const paid = books.transfer("tr_paid", a, account.incomeFees, 10n, { fee: 1n });
    const pays = books.transfer("tr_pays", account.incomeFees, a, 1n, { fee: 1n });
    const bad = [
      { ...paid, creditId: fees ?? 0n },
      { ...pays, debitId: fees ?? 0n },
    ];
    for (const one of bad) expect((await batcher.submit(one)).status).toBe("malformed");
    const all = [books.transfer("tr_2", a, b, 1n), ...bad, books.transfer("tr_3", a, b, 1n, { fee: 1n })];
    const told = await Promise.all(all.map((item) => batcher.submit(item)));
    expect(told.map((result) => result.status)).toEqual(["done", "malformed", "malformed", "done"]);
    expect((await inside(books, proveLedger)).broken).toEqual([]);
  });

  it("are read as what they are about, in flows and among journals", async () => {
    const books = await open();
    await batcher.submit(books.transfer("tr_1", a, b, 100n, { fee: 7n }));
    const flows = await inside(books, (cx) => flowsOf(cx, a, "AUD"));
    expect(flows.map((flow) => [flow.seq, flow.amount.minor, flow.after.minor, flow.kind, flow.reference])).toEqual([
      [3n, 7n, 893n, "transfer.fee", "tr_1"],
      [2n, 100n, 900n, "transfer", "tr_1"],
      [1n, 1_000n, 1_000n, "funding", ""],
    ]);
    await inside(books, (cx) =>
      tryPost(cx, [
        {
          key: "returned:tr_1",
          kind: "transfer.returned",
          reference: "tr_1",
          transfers: [{ debit: b, credit: a, amount: money(100n, "AUD") }],
        },
      ]),
    );
    const [first, second, ...more] = await inside(books, (cx) => journalsOf(cx, "tr_1"));
    expect(more).toEqual([]);
    expect([first?.key, first?.kind, first?.reference]).toEqual(["transfer:tr_1", "transfer", "tr_1"]);
    expect(first?.entries.map((entry) => [nameOf(entry.debit), nameOf(entry.credit), entry.amount.minor])).toEqual([
      ["wallet:wal_a", "wallet:wal_b", 100n],
      ["wallet:wal_a", "income_fees", 7n],
    ]);
    expect(second?.key).toBe("returned:tr_1");
  });

  it("stay inside their institution, whoever names an account of another", async () => {
    const [books, others] = await Promise.all([open(), open()]);
    const foreign = { ...books.transfer("tr_1", a, b, 10n), creditId: others.id(b) };
    const stolen = { ...books.transfer("tr_2", a, b, 10n), debitId: others.id(a) };
    expect((await batcher.submit(foreign)).status).toBe("unknown_account");
    const together = [foreign, stolen, books.transfer("tr_3", a, b, 10n), others.transfer("tr_3", a, b, 20n)];
    const told = await Promise.all(together.map((item) => batcher.submit(item)));
    expect(told.map((result) => result.status)).toEqual(["unknown_account", "unknown_account", "done", "done"]);
    expect([await balance(others, a), await balance(others, b)]).toEqual([980n, 70n]);
    expect([await balance(books, a), await balance(books, b)]).toEqual([990n, 60n]);
  });
});

describe("the tables, written to by their owner itself", () => {
  const insert = (
    books: Books,
    other: { institution?: string; currency?: string; credit?: bigint; key?: string | null },
  ) =>
    test.admin.query(
      `insert into ledger.transfer (institution_id, journal_id, line, currency, amount, debit_id, debit_seq,
         debit_after, credit_id, credit_seq, credit_after, kind, created_at, key, digest)
       values ($1, 7000000, 1, $2, 5, $3, 900, 0, $4, 901, 0, 'forged', now(), $5::text,
               case when $5::text is not null then md5('x')::uuid end)`,
      [
        other.institution ?? books.institution,
        other.currency ?? "AUD",
        books.id(a),
        other.credit ?? books.id(b),
        other.key === undefined ? "transfer:forged" : other.key,
      ],
    );

  it("refuse a row that points into another institution or currency, to nothing, or to no journal", async () => {
    const [books, others] = await Promise.all([open(), open()]);
    const owner = `${test.rolePrefix}_owner`;
    await test.admin.query(`set role "${owner}"`);
    try {
      const outside = /stays in one institution and one currency/;
      await expect(insert(books, { credit: others.id(b) })).rejects.toThrow(outside);
      await expect(insert(books, { institution: others.institution })).rejects.toThrow(outside);
      await expect(insert(books, { currency: "EUR" })).rejects.toThrow(outside);
      await expect(insert(books, { credit: 9_000_000_000n })).rejects.toThrow(outside);
      await expect(insert(books, { key: null })).rejects.toThrow(/belongs to a journal/);
      await expect(insert(books, { key: "settled:pay_1" })).rejects.toThrow(/transfer_is_plain_or_of_journal/);
    } finally {
      await test.admin.query("reset role");
    }
  });

  it("keep the keys of journals and of plain transfers apart, and accounts in their place", async () => {
    const books = await open();
    await expect(
      inside(books, (cx) =>
        tryPost(cx, [
          { key: "transfer:tr_1", kind: "x", transfers: [{ debit: a, credit: b, amount: money(1n, "AUD") }] },
        ]),
      ),
    ).rejects.toThrow(/journal_key_is_no_transfers/);
    for (const change of ["currency = 'EUR'", "owner = 'wal_z'", "institution_id = 'inst_z'"]) {
      await expect(
        test.admin.query(`update ledger.account set ${change} where id = $1`, [books.id(a)]),
      ).rejects.toThrow(/keeps its institution, currency and name/);
    }
  });

  it("let nobody but the worker's role post plain transfers", async () => {
    const { rows } = await test.admin.query<{ name: string; role: string }>(
      `select p.proname as name, replace(r.rolname, $1 || '_', '') as role from pg_proc p, pg_roles r
        where p.pronamespace = 'ledger'::regnamespace and (p.proname like 'post_transfer%' or p.proname = 'fee_account')
          and r.rolname like $1 || '\\_%' and has_function_privilege(r.oid, p.oid, 'execute') order by 1, 2`,
      [test.rolePrefix],
    );
    expect(rows.filter((row) => row.role !== "owner").map((row) => `${row.role} ${row.name}`)).toEqual([
      "worker post_transfer",
      "worker post_transfers",
    ]);
  });
});
