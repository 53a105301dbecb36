import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import { rejectAdjustment, withdrawAdjustment } from "#features/wallets/adjust-wallet.ts";
import { freezeWallet } from "#features/wallets/set-wallet-state.ts";
import type { Wallet } from "#features/wallets/wallet.ts";
import { newId } from "#kernel/ids.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { type WalletWorld, walletWorld } from "../../../test/support/wallet-world.ts";

let h: TestHouse;
let world: WalletWorld;
let wallet: Wallet;

beforeAll(async () => {
  h = await testHouse();
  world = await walletWorld(h);
  wallet = await world.open();
}, 60_000);
afterEach(async () => expect(await world.broken()).toEqual([]));
afterAll(async () => await h?.close());

const journals = async () =>
  Number((await h.admin.query("select count(*) from ledger.journal where kind = 'adjustment'")).rows[0].count);
const reject = (id: string, by = world.second) =>
  world.as(by, (cx) => rejectAdjustment(cx, permit(cx.principal, "wallets.adjust"), id, "Not ours"));

describe("an adjustment", () => {
  test("moves nothing until somebody else approves it, then moves its amount at once, and the owner hears of it", async () => {
    const proposed = await world.propose(wallet, 12_345n, { reason: "Refund of a fee" });
    expect(await world.balance(wallet)).toEqual([0n, 0n]);
    const done = await world.agree(proposed.id);
    expect(done).toMatchObject({ state: "approved", decidedByName: "Priya OWNER", proposedByName: "Priya ADMIN" });
    expect(await world.balance(wallet)).toEqual([12_345n, 0n]);
    await h.drain();
    const mail = (await h.mails()).find((one) => one.subject.includes("was added to wallet"));
    expect(mail?.to_email).toBe(world.owner.email);
    expect(mail?.text_body).toContain("Refund of a fee");
  });

  test("is never approved or rejected by who proposed it, in another session neither, and the database agrees", async () => {
    const { id } = await world.propose(wallet, 100n);
    await expect(world.agree(id, world.first)).rejects.toMatchObject({ code: "permission.denied" });
    await expect(reject(id, world.first)).rejects.toMatchObject({ code: "permission.denied" });
    const by = `update app.wallet_adjustment set state = $2, decided_by = proposed_by, decided_at = now()
      where id = $1`;
    for (const state of ["approved", "rejected"]) {
      await expect(h.admin.query(by, [id, state])).rejects.toThrow("violates check constraint");
    }
    await reject(id);
    expect(await world.balance(wallet)).toEqual([12_345n, 0n]);
  });

  test("is decided once: of ten approvals at once one moves the money, the others are told", async () => {
    const before = await journals();
    const { id } = await world.propose(wallet, 55n);
    const others = await Promise.all(Array.from({ length: 4 }, () => h.staff(world.institution, "ADMIN")));
    const all = await Promise.allSettled(others.flatMap((one) => [world.agree(id, one), world.agree(id, one)]));
    expect(all.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    for (const one of all) if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "conflict" });
    expect(await journals()).toBe(before + 1);
    await expect(reject(id)).rejects.toMatchObject({ code: "conflict" });
  });

  test("sent twice under one key is one proposal; the same key for something else is refused", async () => {
    const key = newId("adj", h.clock.now(), h.random);
    const one = await world.propose(wallet, 70n, { key });
    expect((await world.propose(wallet, 70n, { key })).id).toBe(one.id);
    await expect(world.propose(wallet, 71n, { key })).rejects.toMatchObject({ code: "idempotency.key-reused" });
    await expect(world.propose(wallet, 70n, { key, reason: "Another" })).rejects.toMatchObject({
      code: "idempotency.key-reused",
    });
    const both = newId("adj", h.clock.now(), h.random);
    const raced = await Promise.all([
      world.propose(wallet, 9n, { key: both }),
      world.propose(wallet, 9n, { key: both }),
    ]);
    expect(raced[0].id).toBe(raced[1].id);
    for (const { id } of [one, raced[0]]) await reject(id);
  });

  test("takes out no more than is available: it says how much that is, and waits on", async () => {
    const [available = 0n] = await world.balance(wallet);
    const { id } = await world.propose(wallet, -available - 1n);
    await expect(world.agree(id)).rejects.toMatchObject({
      code: "ledger.insufficient-funds",
      message: expect.stringContaining("Only AUD 124.00 of wallet"),
    });
    expect(await world.balance(wallet)).toEqual([available, 0n]);
    await world.adjust(wallet, 1n);
    await world.agree(id);
    expect(await world.balance(wallet)).toEqual([0n, 0n]);
  });

  test("can be taken back by who proposed it, and by nobody else", async () => {
    const { id } = await world.propose(wallet, 30n);
    const back = (by: typeof world.first) =>
      world.as(by, (cx) => withdrawAdjustment(cx, permit(cx.principal, "wallets.adjust"), id));
    await expect(back(world.second)).rejects.toMatchObject({ code: "permission.denied" });
    await back(world.first);
    await expect(world.agree(id)).rejects.toMatchObject({ code: "conflict" });
    expect(await world.balance(wallet)).toEqual([0n, 0n]);
  });

  test("out of a frozen wallet waits until it is unfrozen; into it goes on", async () => {
    await world.adjust(wallet, 500n);
    const out = await world.propose(wallet, -100n);
    await world.as(world.first, (cx) => freezeWallet(cx, permit(cx.principal, "wallets.write"), wallet.id, "A report"));
    await expect(world.agree(out.id)).rejects.toThrow("Unfreeze it first");
    await world.adjust(wallet, 20n);
    expect(await world.balance(wallet)).toEqual([520n, 0n]);
  });
});
