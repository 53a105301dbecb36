import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Problem } from "#kernel/problem.ts";
import { systemRandom } from "#kernel/random.ts";
import { type BatchWork, openBatcher } from "#ledger/batcher.ts";
import { account } from "#ledger/chart.ts";
import { type PostedTransfer, plainTransfers } from "#ledger/post-transfers.ts";
import { proveLedger } from "#ledger/proof.ts";
import type { PlainTransfer } from "#ledger/transfer.ts";
import { inTx } from "#platform/tx.ts";
import { type LedgerTest, openLedgerTest } from "./support/ledger.ts";
import { type Books, batcherOf, openBooks } from "./support/ledger-batch.ts";

let test: LedgerTest;
let books: Books;
beforeAll(async () => {
  test = await openLedgerTest();
  books = await openBooks(test, [
    ["wal_a", "AUD", 1_000_000n],
    ["wal_b", "AUD", 1_000_000n],
  ]);
});
afterAll(() => test.close());

const [a, b] = [account.wallet("wal_a"), account.wallet("wal_b")];
let names = 0;
const fresh = () => `tr_${++names}`;
const move = (about = fresh(), minor = 1n) => books.transfer(about, a, b, minor);

/** The plain transfers of the ledger, with something before each call; `calls` says what was asked together. */
function watched(before: (items: readonly PlainTransfer[]) => Promise<void> = async () => {}) {
  const calls: string[][] = [];
  const real = plainTransfers(test.clock);
  const work: BatchWork<PlainTransfer, PostedTransfer> = {
    ...real,
    async one(client, item) {
      calls.push([item.reference]);
      await before([item]);
      return await real.one(client, item);
    },
    async many(client, items) {
      calls.push(items.map((item) => item.reference));
      await before(items);
      return await real.many(client, items);
    },
  };
  return { calls, work };
}

async function booked(reference: string): Promise<number> {
  const { rows } = await test.admin.query("select 1 from ledger.transfer where key = $1 and line = 1", [
    `transfer:${reference}`,
  ]);
  return rows.length;
}

async function sound(): Promise<void> {
  const opening = { as: "system", institution: books.institution, task: "test" } as const;
  expect((await inTx(test.ground, opening, proveLedger)).broken).toEqual([]);
}

/** A gate that calls wait at until it is opened. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

describe("a batcher", () => {
  it("sends a lone item at once and by itself, and all that came meanwhile in one call", async () => {
    const { opened, open } = gate();
    const { calls, work } = watched(async () => await (calls.length === 1 ? opened : undefined));
    const batcher = batcherOf(test, { work, lanes: 1 });
    const first = batcher.submit(move());
    await expect.poll(() => calls.length).toBe(1);
    const others = Array.from({ length: 30 }, () => batcher.submit(move()));
    open();
    const results = await Promise.all([first, ...others]);
    expect(results.map((result) => result.status)).toEqual(Array.from({ length: 31 }, () => "done"));
    expect(calls.map((call) => call.length)).toEqual([1, 30]);
    await batcher.close();
  });

  it("makes one transfer of 200 identical items that come at once, and answers all 200 alike", async () => {
    const { calls, work } = watched();
    const batcher = batcherOf(test, { work });
    const same = move();
    const results = await Promise.all(Array.from({ length: 200 }, () => batcher.submit({ ...same })));
    expect(new Set(results.map((result) => result.journal)).size).toBe(1);
    const statuses = results.map((result) => result.status);
    expect(statuses.filter((status) => status === "done")).toHaveLength(1);
    expect(statuses.filter((status) => status === "replayed")).toHaveLength(199);
    expect(calls.flat()).toHaveLength(1);
    expect(await booked(same.reference)).toBe(1);
    await batcher.close();
  });

  it("never has one key twice in a call or in two at once: other content waits and hears that it is used", async () => {
    const now = new Set<string>();
    const { calls, work } = watched(async (items) => {
      for (const { reference } of items) expect(now.has(reference)).toBe(false);
      for (const { reference } of items) now.add(reference);
      await new Promise((resolve) => setImmediate(resolve));
      for (const { reference } of items) now.delete(reference);
    });
    const batcher = batcherOf(test, { work });
    const about = fresh();
    const asked = [1n, 2n, 1n, 3n].map((minor) => batcher.submit(move(about, minor)));
    expect((await Promise.all([...asked, batcher.submit(move())])).map((result) => result.status)).toEqual([
      "done",
      "key_reused",
      "replayed",
      "key_reused",
      "done",
    ]);
    for (const call of calls) expect(new Set(call).size).toBe(call.length);
    await batcher.close();
  });

  it("lets an item that a call throws on fail alone", async () => {
    const batcher = batcherOf(test, { lanes: 1 });
    const good = Array.from({ length: 40 }, () => move());
    const poison = { ...move(), debitId: 2n ** 80n };
    const results = await Promise.allSettled(
      [...good.slice(0, 17), poison, ...good.slice(17)].map((item) => batcher.submit(item)),
    );
    const failed = results.flatMap((result, index) => (result.status === "rejected" ? [index] : []));
    expect(failed).toEqual([17]);
    for (const { reference } of good) expect(await booked(reference)).toBe(1);
    expect(await booked(poison.reference)).toBe(0);
    await batcher.close();
    await sound();
  });

  it("asks again with the same keys when connections are ended under it: all are done, and each once", async () => {
    const batcher = batcherOf(test, { batch: 20 });
    const asked = Array.from({ length: 600 }, () => move());
    const results = Promise.all(asked.map((item) => batcher.submit(item)));
    let ended = 0;
    while (ended < 6) {
      const { rowCount } = await test.admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and query like '%ledger.post_transfer%' and pid <> pg_backend_pid()`,
      );
      ended += rowCount ?? 0;
      if (
        (await test.admin.query("select count(*) from ledger.transfer where key like 'transfer:tr_%'")).rows[0].count >=
        600
      )
        break;
    }
    const told = (await results).map((result) => result.status);
    expect(told.every((status) => status === "done" || status === "replayed")).toBe(true);
    for (const { reference } of asked.slice(0, 50)) expect(await booked(reference)).toBe(1);
    expect(ended).toBeGreaterThan(0);
    await batcher.close();
    await sound();
  });

  it("does nothing twice when the connection is lost behind the commit", async () => {
    const real = plainTransfers(test.clock);
    let lost = 0;
    const lose = async <T>(answer: Promise<T>): Promise<T> => {
      const result = await answer;
      if (lost++ > 0) return result;
      throw Object.assign(new Error("Connection terminated unexpectedly"), { code: "08006" });
    };
    const work = {
      ...real,
      one: (client: pg.ClientBase, item: PlainTransfer) => lose(real.one(client, item)),
      many: (client: pg.ClientBase, items: readonly PlainTransfer[]) => lose(real.many(client, items)),
    };
    const batcher = batcherOf(test, { work, lanes: 1 });
    const asked = Array.from({ length: 5 }, () => move());
    const told = await Promise.all(asked.map((item) => batcher.submit(item)));
    expect(told.map((result) => result.status)).toEqual(Array.from({ length: 5 }, () => "replayed"));
    for (const { reference } of asked) expect(await booked(reference)).toBe(1);
    await batcher.close();
  });

  it("leaves a server that does not answer, and asks for the same over another connection", async () => {
    const real = plainTransfers(test.clock);
    let calls = 0;
    const one = async (client: pg.ClientBase, item: PlainTransfer) => {
      calls += 1;
      if (calls === 1) await client.query("select pg_sleep(60)");
      return await real.one(client, item);
    };
    const batcher = batcherOf(test, { work: { ...real, one }, silenceSeconds: 0.5 });
    expect((await batcher.submit(move())).status).toBe("done");
    expect(calls).toBe(2);
    await batcher.close();
  });

  it("turns away what comes when too many wait, and says when to come back", async () => {
    const { opened, open } = gate();
    const { work } = watched(() => opened);
    const batcher = batcherOf(test, { work, lanes: 1, queue: 3 });
    const first = batcher.submit(move());
    await new Promise((resolve) => setTimeout(resolve, 5));
    const waiting = [batcher.submit(move()), batcher.submit(move()), batcher.submit(move())];
    const tooMany = move();
    const refused = await batcher.submit(tooMany).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Problem);
    expect(refused).toMatchObject({ code: "unavailable", status: 503, retryAfterSeconds: 2 });
    open();
    expect((await Promise.all([first, ...waiting])).map((result) => result.status)).toEqual([
      "done",
      "done",
      "done",
      "done",
    ]);
    expect((await batcher.submit(tooMany)).status).toBe("done");
    await batcher.close();
  });

  it("gives up in bounded time while the database stays away", async () => {
    const batcher = openBatcher({
      connect: () => new pg.Client({ host: "127.0.0.1", port: 1, user: "nobody" }),
      work: plainTransfers(test.clock),
      random: systemRandom,
      patienceSeconds: 0.1,
    });
    const refused = await Promise.all(
      [move(), move()].map((item) => batcher.submit(item).catch((error) => error.code)),
    );
    expect(refused).toEqual(["unavailable", "unavailable"]);
    await batcher.close();
  });

  it("answers all that wait before it closes, and takes nothing more", async () => {
    const batcher = batcherOf(test, { batch: 2, lanes: 1 });
    const asked = Array.from({ length: 9 }, () => batcher.submit(move()));
    const closed = batcher.close();
    await expect(batcher.submit(move())).rejects.toMatchObject({ code: "unavailable" });
    expect((await Promise.all(asked)).map((result) => result.status)).toEqual(Array.from({ length: 9 }, () => "done"));
    await closed;
  });
});
