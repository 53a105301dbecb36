import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { balanceOf, openAccount, setAccountState } from "#ledger/balances.ts";
import { account, chart, nameOf } from "#ledger/chart.ts";
import { flowsOf } from "#ledger/flows.ts";
import type { Journal } from "#ledger/journal.ts";
import { journalsOf } from "#ledger/journals.ts";
import { post, tryPost } from "#ledger/post.ts";
import { type LedgerTest, openLedgerTest } from "../../test/support/ledger.ts";

let test: LedgerTest;
beforeAll(async () => {
  test = await openLedgerTest();
});
afterAll(() => test.close());

const aud = (minor: bigint) => money(minor, "AUD");
const mia = account.customer("cus_mia");
const agent = account.partner("prt_agent");
const sandbox = account.provider("sandbox");

const arrives = (minor: bigint, key = "received:rcv_1"): Journal => ({
  key,
  kind: "money.received",
  reference: "rcv_1",
  transfers: [{ debit: sandbox, credit: mia, amount: aud(minor) }],
});

describe("post", () => {
  it("books the payment of domain.md: 1,000.00 list, 700.00 share, 100.00 discount, 900.00 by card", async () => {
    const { run } = await test.world();
    await run((cx) =>
      post(cx, [
        arrives(900_00n),
        {
          key: "settled:pay_1",
          kind: "payment.settled",
          reference: "pay_1",
          transfers: [
            { debit: mia, credit: agent, amount: aud(700_00n) },
            { debit: mia, credit: account.income, amount: aud(200_00n) },
            { debit: account.discountsGiven, credit: account.income, amount: aud(100_00n), kind: "discount" },
          ],
        },
      ]),
    );
    const balances = await run((cx) =>
      Promise.all(
        [sandbox, mia, agent, account.income, account.discountsGiven].map(async (ref) => [
          nameOf(ref),
          (await balanceOf(cx, ref, "AUD")).balance.minor,
        ]),
      ),
    );
    expect(Object.fromEntries(balances)).toEqual({
      "provider:sandbox": -900_00n,
      "customer:cus_mia": 0n,
      "partner:prt_agent": 700_00n,
      income: 300_00n,
      discounts_given: -100_00n,
    });
    const [journal] = await run((cx) => journalsOf(cx, "pay_1"));
    expect(journal?.entries.map((entry) => [nameOf(entry.debit), nameOf(entry.credit), entry.amount.minor])).toEqual([
      ["customer:cus_mia", "partner:prt_agent", 700_00n],
      ["customer:cus_mia", "income", 200_00n],
      ["discounts_given", "income", 100_00n],
    ]);
    const flows = await run((cx) => flowsOf(cx, mia, "AUD"));
    expect(flows.map((flow) => [flow.seq, flow.direction, flow.amount.minor, flow.after.minor, flow.kind])).toEqual([
      [3n, "out", 200_00n, 0n, "payment.settled"],
      [2n, "out", 700_00n, 200_00n, "payment.settled"],
      [1n, "in", 900_00n, 900_00n, "money.received"],
    ]);
    const older = await run((cx) => flowsOf(cx, mia, "AUD", { before: 3n, limit: 1 }));
    expect(older.map((flow) => flow.seq)).toEqual([2n]);
  });

  it("answers the first answer again for the same key and content, and refuses other content", async () => {
    const { run } = await test.world();
    const first = await run((cx) => tryPost(cx, [arrives(500n)]));
    const again = await run((cx) => tryPost(cx, [arrives(500n), arrives(501n)]));
    expect(first[0]?.status).toBe("done");
    expect(again.map((result) => result.status)).toEqual(["replayed", "key_reused"]);
    expect(again[0]?.journal).toBe(first[0]?.journal);
    expect((await run((cx) => balanceOf(cx, mia, "AUD"))).balance.minor).toBe(500n);
    await expect(run((cx) => post(cx, arrives(501n)))).rejects.toMatchObject({ code: "idempotency.key-reused" });
  });

  it("gives each its own status: a bad one never fails its neighbours", async () => {
    const { run } = await test.world();
    const spend = (key: string, minor: bigint, credit = account.income): Journal => ({
      key,
      kind: "spend",
      transfers: [{ debit: mia, credit, amount: aud(minor) }],
    });
    const results = await run((cx) =>
      tryPost(cx, [
        arrives(100n),
        spend("too-much", 101n),
        spend("fits", 60n),
        spend("fits", 60n),
        spend("fits", 61n),
        spend("nowhere", 1n, account.wallet("wal_none")),
        spend("to-itself", 1n, mia),
        { key: "empty", kind: "spend" },
        {
          key: "half",
          kind: "spend",
          transfers: [...(spend("", 30n).transfers ?? []), ...(spend("", 30n).transfers ?? [])],
        },
        spend("rest", 40n),
      ]),
    );
    expect(results.map((result) => result.status)).toEqual([
      "done",
      "insufficient_funds",
      "done",
      "replayed",
      "key_reused",
      "unknown_account",
      "malformed",
      "malformed",
      "insufficient_funds",
      "done",
    ]);
    expect((await run((cx) => balanceOf(cx, mia, "AUD"))).balance.minor).toBe(0n);
    // Insufficient funds did not use the key up.
    const later = await run((cx) => tryPost(cx, [arrives(200n, "received:rcv_2"), spend("too-much", 101n)]));
    expect(later.map((result) => result.status)).toEqual(["done", "done"]);
  });

  it("throws a Problem that says which: not enough money", async () => {
    const { run } = await test.world();
    const spend = { key: "spend", kind: "spend", transfers: [{ debit: mia, credit: account.income, amount: aud(1n) }] };
    const refused = run((cx) => post(cx, spend));
    await expect(refused).rejects.toThrow(Problem);
    await expect(refused).rejects.toMatchObject({ code: "ledger.insufficient-funds", status: 409 });
  });

  it("keeps institutions apart, and their keys too", async () => {
    const one = await test.world();
    const two = await test.world();
    expect((await one.run((cx) => tryPost(cx, [arrives(5n)])))[0]?.status).toBe("done");
    expect((await two.run((cx) => tryPost(cx, [arrives(7n)])))[0]?.status).toBe("done");
    expect((await one.run((cx) => balanceOf(cx, mia, "AUD"))).balance.minor).toBe(5n);
    expect((await two.run((cx) => balanceOf(cx, mia, "AUD"))).balance.minor).toBe(7n);
    const foreign = await one.run((cx) =>
      tryPost({ ...cx, institution: { ...cx.institution, id: two.id } }, [arrives(5n, "other")]),
    );
    expect(foreign[0]?.status).toBe("foreign_institution");
  });

  it("lets a frozen wallet receive and not send, closes it only when empty, and knows its currency", async () => {
    const { run } = await test.world();
    const wallet = account.wallet("wal_1");
    const move = (key: string, debit = sandbox, credit = wallet, currency: "AUD" | "EUR" = "AUD"): Journal => ({
      key,
      kind: "move",
      transfers: [{ debit, credit, amount: money(10n, currency) }],
    });
    await run((cx) => openAccount(cx, wallet, "AUD"));
    await run((cx) => post(cx, move("in-1")));
    await run((cx) => setAccountState(cx, wallet, "AUD", "frozen"));
    const frozen = await run((cx) =>
      tryPost(cx, [move("in-2"), move("out-1", wallet, sandbox), move("in-3", sandbox, wallet, "EUR")]),
    );
    expect(frozen.map((result) => result.status)).toEqual(["done", "frozen", "wrong_currency"]);
    await expect(run((cx) => setAccountState(cx, wallet, "AUD", "closed"))).rejects.toMatchObject({
      code: "ledger.refused",
    });
    await run((cx) => setAccountState(cx, wallet, "AUD", "active"));
    await run((cx) => post(cx, [move("out-2", wallet, sandbox), move("out-3", wallet, sandbox)]));
    await run((cx) => setAccountState(cx, wallet, "AUD", "closed"));
    expect((await run((cx) => tryPost(cx, [move("in-4")])))[0]?.status).toBe("closed");
  });
});

describe("the database says no as well", () => {
  it("has the chart of the code", async () => {
    const { rows } = await test.admin.query<{
      kind: string;
      owned: boolean;
      opens_on_use: boolean;
      min_balance: bigint | null;
    }>("select * from ledger.account_kind");
    const told = rows.map((row) => [
      row.kind,
      { owned: row.owned, opensOnUse: row.opens_on_use, minimum: row.min_balance ?? undefined },
    ]);
    expect(Object.fromEntries(told)).toEqual(chart);
  });

  it("gives nobody a right to change the ledger but through its functions", async () => {
    const { rows } = await test.admin.query<{ role: string; name: string; privilege: string }>(
      `select r.rolname as role, c.relname as name, p.privilege
         from pg_roles r, pg_class c,
              unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p(privilege)
        where c.relnamespace = 'ledger'::regnamespace and c.relkind = 'r' and r.rolname like $1
          and r.rolname not like '%\\_owner' and has_table_privilege(r.oid, c.oid, p.privilege)`,
      [`${test.rolePrefix}\\_%`],
    );
    expect(rows).toEqual([]);
    const readers = await test.admin.query<{ role: string }>(
      `select distinct r.rolname as role from pg_roles r, pg_class c
        where c.relnamespace = 'ledger'::regnamespace and c.relkind = 'r' and r.rolname like $1
          and r.rolname not like '%\\_owner' and has_table_privilege(r.oid, c.oid, 'SELECT') order by 1`,
      [`${test.rolePrefix}\\_%`],
    );
    expect(readers.rows.map((row) => row.role.slice(test.rolePrefix.length))).toEqual(["_staff", "_worker"]);
  });

  it("refuses UPDATE, DELETE and TRUNCATE even to its owner", async () => {
    const { run } = await test.world();
    await run((cx) => post(cx, arrives(1n)));
    for (const statement of [
      "update ledger.transfer set amount = amount + 1",
      "delete from ledger.transfer",
      "truncate ledger.transfer",
      "update ledger.journal set kind = 'other'",
      "delete from ledger.journal",
      "truncate ledger.journal cascade",
      "delete from ledger.account",
      "delete from ledger.hold",
    ]) {
      await expect(test.admin.query(statement), statement).rejects.toThrow(/only ever added to/);
    }
  });
});
