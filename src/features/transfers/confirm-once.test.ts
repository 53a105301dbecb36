import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openBatcher } from "#ledger/batcher.ts";
import { wake } from "#platform/jobs.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { plain, prepare } from "../../../test/support/transfer-pages.ts";
import { type TransferWorld, transferWorld } from "../../../test/support/transfer-world.ts";
import { confirmations } from "./confirm-store.ts";

let h: TestHouse;
let world: TransferWorld;
let base: { wallet: string; route: string; to: string; amount: string };

beforeAll(async () => {
  h = await testHouse();
  world = await transferWorld(h);
  await world.account();
  base = { wallet: world.from.number, route: "wallet", to: world.to.number, amount: "10.00" };
}, 60_000);
afterAll(async () => await h?.close());

async function refs(): Promise<string[]> {
  const { rows } = await h.admin.query<{ ref: string }>("select ref from app.transfer order by id");
  return rows.map((row) => row.ref);
}

const news = async (ref: string) => {
  const { rows } = await h.admin.query<{ what: string }>(
    `select event as what from app.audit_entry where subject = (select id from app.transfer where ref = $1)
     union all select event || ' told' from app.outbox where subject = (select id from app.transfer where ref = $1)
     order by 1`,
    [ref],
  );
  return rows.map((row) => row.what);
};

describe("W5: one key is one transfer, whatever happens to the request", () => {
  const routes = [
    ["at once", {}, ["transfer.completed told", "transfer.confirmed"]],
    ["waiting for approval", { amount: "6000.00" }, ["transfer.waiting", "transfer.waiting told"]],
    ["to the bank", { route: "bank" }, ["transfer.confirmed"]],
  ] as const;

  test.each(routes)(
    "200 identical POSTs at once are one transfer and 200 equal answers: %s",
    async (_way, more, told) => {
      const { path, key } = await prepare(world.member, { ...base, ...more });
      const before = await refs();
      const answers = await Promise.all(Array.from({ length: 200 }, () => world.member.post(path, { key })));
      const after = (await refs()).filter((ref) => !before.includes(ref));
      expect(after).toHaveLength(1);
      const seen = new Set(answers.map(({ status, location }) => `${status} ${location}`));
      expect([...seen]).toEqual([`303 /partner/transfers/${after[0]}?done=confirmed`]);
      expect(await news(after[0] ?? "")).toEqual(told);
      await world.prove();
    },
  );

  test.each(routes)("the same key for another quote is 409 in words, and moves nothing: %s", async (_way, more) => {
    const one = await prepare(world.member, { ...base, ...more });
    const other = await prepare(world.member, { ...base, ...more, amount: "11.00" });
    expect((await world.member.post(one.path, { key: one.key })).status).toBe(303);
    const before = await refs();
    const refused = await world.member.post(other.path, { key: one.key });
    expect(refused.status).toBe(409);
    expect(plain(refused.text)).toContain("already used for another transfer");
    expect(await refs()).toEqual(before);
    // The page made a new key: pressing its button again is a new decision.
    expect((await world.member.post(other.path, { key: other.key })).status).toBe(303);
    await world.prove();
  });

  test("two quotes at once under one key: one of them is sent, whoever comes first", async () => {
    const one = await prepare(world.member, base);
    const other = await prepare(world.member, { ...base, amount: "6000.00" });
    const before = await refs();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => world.member.post((at % 2 ? one : other).path, { key: one.key })),
    );
    const sent = answers.filter(({ status }) => status === 303);
    expect(new Set(sent.map(({ location }) => location)).size).toBe(1);
    expect(sent).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(10);
    expect(await refs()).toHaveLength(before.length + 1);
    await world.prove();
  });

  test("one quote at once under twenty keys is one transfer, and the others find it", async () => {
    const { path, key } = await prepare(world.member, base);
    const before = await refs();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => world.member.post(path, { key: `${key}${String(at).padStart(2, "0")}` })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, ...Array.from({ length: 19 }, () => 409)]);
    const after = (await refs()).filter((ref) => !before.includes(ref));
    expect(after).toHaveLength(1);
    for (const shown of answers.filter(({ status }) => status === 409)) expect(shown.text).toContain(after[0]);
    await world.prove();
  });

  test("the key lives as long as its transfer; its quote is tidied away", async () => {
    const used = await prepare(world.member, base);
    const unused = await prepare(world.member, base);
    const sent = await world.member.post(used.path, { key: used.key });
    await h.admin.query("update app.transfer_quote set expires_at = $1", [
      h.clock.now().subtract({ hours: 72 }).toString(),
    ]);
    await h.system(world.institution, (cx) => wake(cx, "cleanup.expired", {}));
    await h.drain();
    expect((await h.admin.query("select from app.transfer_quote")).rowCount).toBe(0);
    expect((await world.member.post(used.path, { key: used.key })).location).toBe(sent.location);
    expect((await world.member.post(unused.path, { key: unused.key })).status).toBe(404);
    // Asked for with another quote it is still another thing.
    expect((await world.member.post(unused.path, { key: used.key })).status).toBe(404);
  });

  test("connections cut in the middle: the same key gives the one truth", async () => {
    const quotes = await Promise.all(Array.from({ length: 12 }, () => prepare(world.member, base)));
    const before = await refs();
    const cut = async () => {
      for (let turn = 0; turn < 25; turn++) {
        await h.admin.query(
          `select pg_terminate_backend(pid), pg_sleep(0.01) from pg_stat_activity
            where datname = current_database() and query like '%app.confirm_transfers%' and pid <> pg_backend_pid()`,
        );
      }
    };
    const send = () => Promise.all(quotes.map(({ path, key }) => world.member.post(path, { key })));
    const [, ...thrice] = await Promise.all([cut(), send(), send(), send()]);
    const answers = thrice.flat();
    const again = await send();
    expect(again.map(({ status }) => status)).toEqual(quotes.map(() => 303));
    expect(await refs()).toHaveLength(before.length + quotes.length);
    // Whoever was told where the transfer is was told the truth.
    for (const { status, location } of answers) {
      if (status === 303) expect(again.map((one) => one.location)).toContain(location);
      else expect(status).toBe(503);
    }
    await world.prove();
  });
});

describe("W5: an answer that is lost behind the commit", () => {
  test("is found again under the same key: nothing is done twice", async () => {
    const { path, key } = await prepare(world.member, base);
    const before = await refs();
    let lost = 0;
    const lossy = openBatcher({
      connect: () => h.house.pools.alone("worker"),
      random: h.random,
      work: {
        ...confirmations,
        one: async (client, item) => {
          const answer = await confirmations.one(client, item);
          if (lost++ < 2) throw Object.assign(new Error("Connection terminated unexpectedly"), { code: "ECONNRESET" });
          return answer;
        },
      },
    });
    const usual = h.house.transfers;
    Object.assign(h.house, { transfers: lossy });
    const sent = await world.member.post(path, { key });
    Object.assign(h.house, { transfers: usual });
    await lossy.close();
    const after = (await refs()).filter((ref) => !before.includes(ref));
    expect(lost).toBe(3);
    expect([sent.status, sent.location]).toEqual([303, `/partner/transfers/${after[0]}?done=confirmed`]);
    expect(after).toHaveLength(1);
    await world.prove();
  });
});

describe("W5: too much at once is answered with a time to come back, and nothing that was typed is lost", () => {
  test("503 with Retry-After on the page with the button and the same key", async () => {
    const { path, key } = await prepare(world.member, base);
    const before = await refs();
    const usual = h.house.transfers;
    const full = openBatcher({
      connect: () => h.house.pools.alone("worker"),
      work: confirmations,
      random: h.random,
      queue: 0,
    });
    Object.assign(h.house, { transfers: full });
    const refused = await world.member.post(path, { key });
    Object.assign(h.house, { transfers: usual });
    await full.close();
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(refused.text).toContain(`name="key" value="${key}"`);
    expect(plain(refused.text)).toContain("Nothing was sent of this yet");
    expect(await refs()).toEqual(before);
    expect((await world.member.post(path, { key })).status).toBe(303);
  });
});
