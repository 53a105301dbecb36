import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { money } from "#kernel/money.ts";
import { balanceOf, openAccount, setAccountState } from "#ledger/balances.ts";
import { account } from "#ledger/chart.ts";
import { openHolds, placeHold, releaseExpiredHolds, releaseHold } from "#ledger/holds.ts";
import type { Journal } from "#ledger/journal.ts";
import { post, tryPost } from "#ledger/post.ts";
import { type LedgerTest, openLedgerTest } from "../../test/support/ledger.ts";

let test: LedgerTest;
beforeAll(async () => {
  test = await openLedgerTest();
});
afterAll(() => test.close());

const aud = (minor: bigint) => money(minor, "AUD");
const mia = account.customer("cus_mia");
const sandbox = account.provider("sandbox");
const arrives = (minor: bigint): Journal => ({
  key: "received:rcv_1",
  kind: "money.received",
  transfers: [{ debit: sandbox, credit: mia, amount: aud(minor) }],
});

describe("holds", () => {
  it("take money out of available, and give it back or let a journal use it", async () => {
    const { run } = await test.world();
    await run((cx) => post(cx, arrives(100n)));
    const hold = await run((cx) =>
      placeHold(cx, { key: "part:1", account: mia, amount: aud(70n), reference: "pay_1" }),
    );
    await run((cx) => placeHold(cx, { key: "part:2", account: mia, amount: aud(20n), reference: "pay_1" }));
    const held = await run((cx) => balanceOf(cx, mia, "AUD"));
    expect([held.balance.minor, held.held.minor, held.available.minor]).toEqual([100n, 90n, 10n]);
    await expect(
      run((cx) => placeHold(cx, { key: "part:3", account: mia, amount: aud(11n), reference: "pay_1" })),
    ).rejects.toMatchObject({ code: "ledger.insufficient-funds" });
    await run((cx) => releaseHold(cx, { key: "release:1", hold }));
    expect((await run((cx) => tryPost(cx, [{ key: "release:2", kind: "x", release: [hold] }])))[0]?.status).toBe(
      "hold_closed",
    );
    const [open] = await run((cx) => openHolds(cx, { reference: "pay_1" }));
    expect([open?.name, open?.amount.minor]).toEqual(["part:2", 20n]);
    await run((cx) =>
      post(cx, {
        key: "settled",
        kind: "payment.settled",
        capture: open ? [open] : [],
        transfers: [{ debit: mia, credit: account.income, amount: aud(100n) }],
      }),
    );
    const after = await run((cx) => balanceOf(cx, mia, "AUD"));
    expect([after.balance.minor, after.held.minor]).toEqual([0n, 0n]);
  });

  it("placed before a wallet was frozen can still be used, for their amount and no more", async () => {
    const { run } = await test.world();
    const wallet = account.wallet("wal_1");
    const out = (minor: bigint) => ({ debit: wallet, credit: account.payoutsInTransit, amount: aud(minor) });
    const hold = { account: wallet, currency: "AUD", name: "way" } as const;
    await run((cx) => openAccount(cx, wallet, "AUD"));
    await run((cx) =>
      post(cx, [
        { key: "in", kind: "moved", transfers: [{ debit: sandbox, credit: wallet, amount: aud(100n) }] },
        { key: "way", kind: "held", holds: [{ name: "way", account: wallet, amount: aud(40n) }] },
      ]),
    );
    await run((cx) => setAccountState(cx, wallet, "AUD", "frozen"));
    const results = await run((cx) =>
      tryPost(cx, [
        { key: "released", kind: "sent", release: [hold], transfers: [out(40n)] },
        { key: "more", kind: "sent", capture: [hold], transfers: [out(41n)] },
        { key: "twice", kind: "sent", capture: [hold], transfers: [out(40n), out(1n)] },
        { key: "another", kind: "held", holds: [{ name: "another", account: wallet, amount: aud(1n) }] },
        { key: "right", kind: "sent", capture: [hold], transfers: [out(30n), out(10n)] },
      ]),
    );
    expect(results.map((result) => result.status)).toEqual(["frozen", "frozen", "frozen", "frozen", "done"]);
    const after = await run((cx) => balanceOf(cx, wallet, "AUD"));
    expect([after.balance.minor, after.held.minor, after.state]).toEqual([60n, 0n, "frozen"]);
  });

  it("are given back when their time is over", async () => {
    const { run } = await test.world();
    await run((cx) => post(cx, arrives(100n)));
    await run((cx) =>
      placeHold(cx, {
        key: "h1",
        account: mia,
        amount: aud(40n),
        reference: "",
        expiresAt: cx.now.add({ minutes: 10 }),
      }),
    );
    expect(await run((cx) => releaseExpiredHolds(cx))).toBe(0);
    test.clock.advance({ minutes: 11 });
    expect(await run((cx) => releaseExpiredHolds(cx))).toBe(1);
    expect((await run((cx) => balanceOf(cx, mia, "AUD"))).held.minor).toBe(0n);
  });
});
