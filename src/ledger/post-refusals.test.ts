import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { money } from "#kernel/money.ts";
import { balanceOf } from "#ledger/balances.ts";
import { type AccountRef, account } from "#ledger/chart.ts";
import type { Journal } from "#ledger/journal.ts";
import { tryPost } from "#ledger/post.ts";
import { proveLedger } from "#ledger/proof.ts";
import { type Cx, inTx } from "#platform/tx.ts";
import { type LedgerTest, openLedgerTest } from "../../test/support/ledger.ts";

let test: LedgerTest;
let institution: InstitutionId;
beforeAll(async () => {
  test = await openLedgerTest();
  institution = await test.institution();
});
afterAll(() => test.close());

const run = <T>(work: (cx: Cx) => Promise<T>) => inTx(test.ground, { as: "system", institution, task: "test" }, work);
const moves = (key: string, debit: AccountRef, credit: AccountRef, minor = 5n): Journal => ({
  key,
  kind: "moved",
  transfers: [{ debit, credit, amount: money(minor, "AUD") }],
});

describe("two transactions with one key on different accounts", () => {
  it("the second waits for the first, and is then told that the key was used for something else", async () => {
    const one = moves("same-key", account.provider("a"), account.income);
    const two = moves("same-key", account.provider("b"), account.incomeFees);
    let second: Promise<string | undefined> | undefined;
    const first = await run(async (cx) => {
      const [result] = await tryPost(cx, [one]);
      second = run(async (other) => (await tryPost(other, [two]))[0]?.status);
      await waitUntilSomebodyWaits();
      return result?.status;
    });
    expect(first).toBe("done");
    expect(await second).toBe("key_reused");
    expect((await run((cx) => balanceOf(cx, account.incomeFees, "AUD"))).balance.minor).toBe(0n);
  });

  it("the second goes through when the first takes its word back", async () => {
    const two = moves("taken-back", account.provider("b"), account.incomeFees);
    let second: Promise<string | undefined> | undefined;
    const first = run(async (cx) => {
      await tryPost(cx, [moves("taken-back", account.provider("a"), account.income)]);
      second = run(async (other) => (await tryPost(other, [two]))[0]?.status);
      await waitUntilSomebodyWaits();
      throw new Error("changed my mind");
    });
    await expect(first).rejects.toThrow("changed my mind");
    expect(await second).toBe("done");
  });
});

async function waitUntilSomebodyWaits(): Promise<void> {
  for (;;) {
    const { rowCount } = await test.admin.query(
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    if (rowCount !== 0) return;
  }
}

describe("whatever is sent to ledger.post itself", () => {
  type Line = readonly [debit: string, credit: string, amount: string, kind: string];

  /** Calls the function as the worker does, with one transfer a journal written as SQL, and a good one behind them. */
  async function statusesOf(lines: readonly Line[], more: { key?: string; digest?: string; kind?: string } = {}) {
    const array = (values: readonly string[], type: string) => `array[${values.join(", ")}]::${type}[]`;
    const all: readonly Line[] = [...lines, ["1", "2", "5", "null"]];
    const of = (bad: string, good: string) => all.map((_, index) => (index < lines.length ? bad : good));
    const keys = all.map((_, index) =>
      index < lines.length ? (more.key ?? `'bad-${index}'`) : "gen_random_uuid()::text",
    );
    const client = await test.ground.pools.of("worker").connect();
    try {
      await client.query("begin");
      await client.query("select app.open_system($1)", [institution]);
      const { rows } = await client.query<{ status: string }>(`select status from ledger.post(now(),
        ${array([`'${institution}'`, `'${institution}'`, "'inst_other'"], "text")}, array['AUD', 'AUD', 'AUD'],
        array['provider', 'income', 'income'], array['a', '', ''],
        ${array(
          all.map(() => `'${institution}'`),
          "text",
        )}, ${array(keys, "text")},
        ${array(of(more.digest ?? "'\\x01'", "'\\x02'"), "bytea")}, ${array(of(more.kind ?? "'x'", "'x'"), "text")},
        ${array(
          all.map(() => "''"),
          "text",
        )},
        ${array(
          all.map((_, index) => String(index + 1)),
          "int",
        )}, ${array(
          all.map((line) => line[0]),
          "int",
        )},
        ${array(
          all.map((line) => line[1]),
          "int",
        )}, ${array(
          all.map((line) => line[2]),
          "bigint",
        )},
        ${array(
          all.map((line) => line[3]),
          "text",
        )}, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')`);
      await client.query("commit");
      return rows.map((row) => row.status);
    } finally {
      client.release();
    }
  }

  it("a line that can't be is refused alone", async () => {
    const bad: readonly Line[] = [
      ["1", "2", "0", "null"],
      ["1", "2", "-5", "null"],
      ["1", "2", "9007199254740992", "null"],
      ["1", "2", "null", "null"],
      ["1", "1", "5", "null"],
      ["0", "2", "5", "null"],
      ["1", "4", "5", "null"],
      ["null", "2", "5", "null"],
      ["1", "2", "5", "''"],
    ];
    expect(await statusesOf(bad)).toEqual([...bad.map(() => "malformed"), "done"]);
    expect(await statusesOf([["1", "3", "5", "null"]])).toEqual(["unknown_account", "done"]);
    for (const more of [
      { key: "''" },
      { key: "null" },
      { digest: "null" },
      { kind: "null" },
      { kind: "repeat('x', 61)" },
    ]) {
      expect(await statusesOf([["1", "2", "5", "null"]], more), JSON.stringify(more)).toEqual(["malformed", "done"]);
    }
    // The digests here are made up, and the proof says so; everything else holds.
    const { broken } = await run(proveLedger);
    expect(broken.filter((row) => row.law !== "as-asked")).toEqual([]);
  });

  it("an account never grows beyond 2^53 − 1, and its neighbours go through", async () => {
    const huge = 2n ** 53n - 1n;
    const results = await run((cx) =>
      tryPost(cx, [
        moves("huge-1", account.bank, account.unmatched, huge),
        moves("huge-2", account.provider("c"), account.unmatched, 1n),
        moves("huge-3", account.unmatched, account.bank, huge),
      ]),
    );
    expect(results.map((result) => result.status)).toEqual(["done", "out_of_range", "done"]);
  });

  it("nothing is posted and nothing is seen outside an institution", async () => {
    const client = await test.ground.pools.of("worker").connect();
    try {
      const { rows } = await client.query(
        `select status from ledger.post(now(), array[$1], array['AUD'], array['income'], array[''], array[$1],
           array['k'], array['\\x00'::bytea], array['x'], array[''], ${Array(15).fill("'{}'").join(", ")})`,
        [institution],
      );
      expect(rows).toEqual([{ status: "foreign_institution" }]);
      for (const table of ["account", "journal", "transfer", "hold"]) {
        expect((await client.query(`select from ledger.${table}`)).rowCount, table).toBe(0);
      }
    } finally {
      client.release();
    }
  });
});
