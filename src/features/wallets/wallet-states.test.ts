import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import { openWallet } from "#features/wallets/open-wallet.ts";
import { closeWallet, freezeWallet, switchPayouts, unfreezeWallet } from "#features/wallets/set-wallet-state.ts";
import { isWalletNumber, type Wallet } from "#features/wallets/wallet.ts";
import { saveWalletCurrency } from "#features/wallets/wallet-currencies.ts";
import { holderName, readWalletByNumber, walletForPayouts } from "#features/wallets/wallet-views.ts";
import { money } from "#kernel/money.ts";
import { account } from "#ledger/chart.ts";
import { placeHold } from "#ledger/holds.ts";
import { post } from "#ledger/post.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { moneyWorld } from "../../../test/support/money.ts";
import { type WalletWorld, walletWorld } from "../../../test/support/wallet-world.ts";

let h: TestHouse;
let world: WalletWorld;

beforeAll(async () => {
  h = await testHouse();
  world = await walletWorld(h);
}, 60_000);
afterEach(async () => expect(await world.broken()).toEqual([]));
afterAll(async () => await h?.close());

const aud = (minor: bigint) => money(minor, "AUD");
const change = (work: typeof freezeWallet, wallet: Wallet, why = "Asked by phone") =>
  world.as(world.first, (cx) => work(cx, permit(cx.principal, "wallets.write"), wallet.id, why));
const turn = (wallet: Wallet, takes: boolean) =>
  world.as(world.first, (cx) => switchPayouts(cx, permit(cx.principal, "wallets.write"), wallet.id, takes));

/** Sends from the wallet, as a transfer does. */
const send = (wallet: Wallet, minor: bigint, key: string) =>
  h.system(world.institution, (cx) =>
    post(cx, {
      key,
      kind: "test",
      transfers: [{ debit: account.wallet(wallet.id), credit: account.adjustments, amount: aud(minor) }],
    }),
  );

describe("opening", () => {
  test("a wallet has a number of its own and an empty account in the ledger, and its owners hear of it", async () => {
    const wallet = await world.open("general");
    expect(isWalletNumber(wallet.number)).toBe(true);
    expect(wallet).toMatchObject({ state: "active", takesPayouts: false, holder: "Meridian", currency: "AUD" });
    expect(await world.balance(wallet)).toEqual([0n, 0n]);
    expect(await world.ledgerState(wallet)).toBe("active");
    const found = await h.system(world.institution, (cx) => readWalletByNumber(cx, wallet.number));
    expect(found?.id).toBe(wallet.id);
    expect(found && holderName(found)).toBe("M•••••••");
    await h.drain();
    expect((await h.mails()).map(({ to_email, subject }) => [to_email, subject])).toContainEqual([
      world.owner.email,
      "Northbridge College opened a wallet for Meridian",
    ]);
  });

  test("a partner has one a currency and purpose, also when two people open it at once; a closed one makes room", async () => {
    const both = await Promise.allSettled([world.open("deposits"), world.open("deposits")]);
    expect(both.map((one) => one.status).sort()).toEqual(["fulfilled", "rejected"]);
    await expect(world.open("deposits")).rejects.toMatchObject({
      fields: { purpose: expect.stringContaining("has a") },
    });
    const [wallet] = both.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    await change(closeWallet, wallet as Wallet);
    const again = await world.open("deposits");
    expect(again.number).not.toBe(wallet?.number);
  });

  test("only in currencies that are enabled, and only for partners with an account; the words say what to do", async () => {
    await expect(world.open("general", "USD")).rejects.toMatchObject({
      fields: { currency: expect.stringContaining("Enable it") },
    });
    await world.as(world.first, (cx) =>
      saveWalletCurrency(cx, permit(cx.principal, "wallets.write"), {
        currency: "JPY",
        enabled: false,
        approvalAbove: undefined,
      }),
    );
    await expect(world.open("general", "JPY")).rejects.toMatchObject({ fields: { currency: expect.any(String) } });
    const { partner } = await moneyWorld(h, world.institution);
    await expect(world.open("general", "AUD", partner)).rejects.toMatchObject({
      fields: { partnership: expect.stringContaining("no partner account") },
    });
  });

  test("a viewer or operator of staff opens, freezes and closes nothing", async () => {
    const viewer = await h.staff(world.institution, "OPERATOR");
    await expect(
      world.as(viewer, (cx) => openWallet(cx, permit(cx.principal, "wallets.write"), {} as never)),
    ).rejects.toMatchObject({ code: "permission.denied" });
  });
});

describe("freezing", () => {
  test("a frozen wallet receives and does not send, until it is unfrozen; its partner reads why", async () => {
    const wallet = await world.open("reserve");
    await world.adjust(wallet, 10_000n);
    await change(freezeWallet, wallet, "We look into a report");
    expect(await world.read(wallet)).toMatchObject({ state: "frozen", stateWhy: "We look into a report" });
    expect(await world.ledgerState(wallet)).toBe("frozen");
    await world.adjust(wallet, 500n);
    await expect(send(wallet, 1n, "frozen:1")).rejects.toMatchObject({ code: "ledger.refused" });
    expect(await world.balance(wallet)).toEqual([10_500n, 0n]);
    await expect(change(freezeWallet, wallet)).rejects.toMatchObject({ code: "conflict" });
    await change(unfreezeWallet, wallet, "");
    await world.adjust(wallet, -10_500n);
    expect(await world.balance(wallet)).toEqual([0n, 0n]);
    await h.drain();
    const mails = (await h.mails()).filter((one) => one.subject.includes("is frozen"));
    expect(mails.map((one) => one.to_email)).toEqual([world.owner.email]);
    expect(mails[0]?.text_body).toContain("We look into a report");
  });

  test("no reason, no change", async () => {
    const wallet = await world.open("commission");
    for (const work of [freezeWallet, closeWallet]) {
      await expect(change(work, wallet, "  ")).rejects.toMatchObject({ fields: { reason: expect.any(String) } });
      await expect(change(work, wallet, "x".repeat(301))).rejects.toMatchObject({ code: "form.invalid" });
    }
    expect(await world.read(wallet)).toMatchObject({ state: "active" });
  });
});

describe("closing", () => {
  test("only at zero, with nothing pending and nothing waiting; then for ever, in the ledger too", async () => {
    const own = await walletNamed("deposits");
    await world.adjust(own, 1n);
    await expect(change(closeWallet, own)).rejects.toThrow("There is money in it");
    const hold = { key: "hold:1", account: account.wallet(own.id), amount: aud(1n), reference: "test" };
    const rolledBack = h.system(world.institution, async (cx) => {
      await placeHold(cx, hold);
      await closeWallet(cx, permit(cx.principal, "wallets.write"), own.id, "x");
    });
    await expect(rolledBack).rejects.toThrow("Money of it is on its way");
    await world.adjust(own, -1n);
    const waiting = await world.propose(own, 5n);
    await expect(change(closeWallet, own)).rejects.toThrow("An adjustment of it waits");
    await world.agree(waiting.id);
    await world.adjust(own, -5n);
    await change(closeWallet, own, "No longer needed");
    expect(await world.ledgerState(own)).toBe("closed");
    await expect(change(unfreezeWallet, own)).rejects.toMatchObject({ code: "conflict" });
    await expect(world.propose(own, 5n)).rejects.toMatchObject({ code: "conflict" });
    await expect(turn(own, true)).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("payouts", () => {
  test("one wallet a currency takes them: turning them to another takes them from the first, closing gives them back", async () => {
    const [one, two] = [await walletNamed("general"), await walletNamed("reserve")];
    const taking = () =>
      h.system(world.institution, async (cx) => (await walletForPayouts(cx, one.partnership, "AUD"))?.id);
    await turn(one, true);
    expect(await taking()).toBe(one.id);
    await turn(two, true);
    expect(await taking()).toBe(two.id);
    await change(closeWallet, two);
    expect(await taking()).toBeUndefined();
    await turn(one, true);
    await turn(one, false);
    expect(await taking()).toBeUndefined();
  });
});

async function walletNamed(purpose: string): Promise<Wallet> {
  const { rows } = await h.admin.query<{ number: string }>(
    "select number from app.wallet where purpose = $1 and currency = 'AUD' and state <> 'closed'",
    [purpose],
  );
  return (await h.system(world.institution, (cx) => readWalletByNumber(cx, rows[0]?.number ?? ""))) as Wallet;
}
