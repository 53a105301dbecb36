import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import { savePayoutLimit } from "#features/payouts/payout-settings.ts";
import { beginPayouts } from "#features/payouts/send-payouts.ts";
import { closeWallet, freezeWallet, switchPayouts, unfreezeWallet } from "#features/wallets/set-wallet-state.ts";
import { formatWalletNumber, type Wallet } from "#features/wallets/wallet.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { type WalletWorld, walletWorld } from "../../../test/support/wallet-world.ts";

let h: TestHouse;
let world: WalletWorld;
let wallet: Wallet;

beforeEach(async () => {
  h = await testHouse();
  world = await walletWorld(h);
  await world.contact();
  wallet = await world.open("commission");
  await turn(true);
}, 60_000);
afterEach(async () => {
  expect(await world.broken()).toEqual([]);
  await h.close();
});

const untilCutOff = { hours: 24 * 7 };
const turn = (takes: boolean, by = world.first) =>
  world.as(by, (cx) => switchPayouts(cx, permit(cx.principal, "wallets.write"), wallet.id, takes));
const attempts = async () => Number((await h.admin.query("select count(*) from app.payout_attempt")).rows[0].count);
const movements = async () =>
  (await h.admin.query<{ kind: string; minor: bigint }>("select kind, minor from app.partner_movement order by id"))
    .rows;

/** Earns, and lets time pass until it waits for approval. */
async function waiting(list = 100_000n) {
  await world.earn(list);
  await world.look();
  await world.pass(untilCutOff);
  return (await world.payouts()).filter((one) => one.state === "in_review").map((one) => one.id);
}

describe("a payout whose wallet takes it", () => {
  test("needs no bank details, is in the wallet as soon as it is approved, once, and never goes to a provider", async () => {
    const ids = await waiting();
    expect(await world.states()).toEqual(["PO-000001 in_review 11000"]);
    await world.approve(ids);
    await world.look();
    await world.look();
    expect(await world.payouts()).toMatchObject([{ state: "paid", walletId: wallet.id, bankAccountId: undefined }]);
    expect(await world.balance(wallet)).toEqual([11_000n, 0n]);
    expect(await attempts()).toBe(0);
    expect(await movements()).toEqual([{ kind: "payout_sent", minor: -11_000n }]);
    const shares = await h.admin.query("select distinct state from app.share");
    expect(shares.rows).toEqual([{ state: "paid_out" }]);
  });

  test("says so to everybody: mail, the partner's pages and files, staff's, and the statement", async () => {
    await world.approve(await waiting());
    await world.look();
    const number = formatWalletNumber(wallet.number);
    const mail = (await h.mails()).find((one) => one.subject.includes("is in your wallet"));
    expect(mail?.text_body).toContain(number);
    expect((await h.mails()).filter((one) => one.subject.includes("bank"))).toEqual([]);
    const partner = await h.partner(world.institution, world.partner);
    for (const path of [
      "/partner/payouts",
      "/partner/payouts/1",
      "/partner/payouts/export.csv",
      "/partner/statement",
    ]) {
      expect((await partner.get(path)).text, path).toContain(number);
    }
    const page = (await partner.get("/partner/payouts/1")).text;
    expect(page).toContain("Paid into your wallet");
    expect(page).not.toContain("your bank");
    const staff = await h.staff(world.institution);
    const [payout] = await world.payouts();
    for (const path of [
      "/staff/payouts",
      `/staff/payouts/${payout?.id}`,
      "/staff/payouts/export.csv",
      `/staff/partnerships/${world.partner}/statement`,
    ]) {
      expect((await staff.get(path)).text, path).toContain(number);
    }
  });

  test("still needs a contact", async () => {
    await h.admin.query("update app.contact set access_on = false");
    await waiting();
    expect(await world.payouts()).toMatchObject([{ state: "on_hold", holdReason: "no_contact" }]);
  });

  test("minds neither a cooling-off period, nor a failure at the bank, nor details in review there", async () => {
    await turn(false);
    await world.account("9201");
    await world.approve(await waiting());
    await world.look();
    await world.pass({ minutes: 1 });
    const before = await world.states();
    expect(before).toEqual([expect.stringMatching(/^PO-000001 (failed|returned) 11000$/)]);
    await turn(true);
    await world.approve(await waiting(200_000n));
    await world.look();
    expect(await world.states()).toEqual([before[0], "PO-000002 paid 22000"]);
    expect(await world.balance(wallet)).toEqual([22_000n, 0n]);
  });

  test("goes into a frozen wallet too; with a closed one it goes to the bank", async () => {
    const change = (work: typeof freezeWallet) =>
      world.as(world.first, (cx) => work(cx, permit(cx.principal, "wallets.write"), wallet.id, "A report"));
    await change(freezeWallet);
    await world.approve(await waiting());
    await world.look();
    expect(await world.balance(wallet)).toEqual([11_000n, 0n]);
    await change(unfreezeWallet);
    await world.adjust(wallet, -11_000n);
    const ids = await waiting(200_000n);
    await change(closeWallet);
    await world.look();
    expect(await world.states()).toContain("PO-000002 on_hold 22000");
    await world.account();
    await world.look();
    await world.approve(ids);
    await world.look();
    await world.pass({ minutes: 1 });
    expect(await world.states()).toContain("PO-000002 paid 22000");
    expect(await attempts()).toBe(1);
  });

  test("that was held for want of bank details goes on by itself when its payouts are turned to a wallet", async () => {
    await turn(false);
    await waiting();
    expect(await world.payouts()).toMatchObject([{ state: "on_hold", holdReason: "no_bank_details" }]);
    await turn(true);
    await h.drain();
    expect(await world.states()).toEqual(["PO-000001 in_review 11000"]);
  });

  test("above the limit has two people behind it, and neither of them is who turned it to the wallet as the second", async () => {
    await world.as(world.second, (cx) =>
      savePayoutLimit(cx, permit(cx.principal, "payouts.settings"), {
        currency: "AUD",
        minimum: 0n,
        secondPersonAbove: 5_000n,
      }),
    );
    const ids = await waiting();
    await world.approve(ids);
    await world.as(world.first, async () => undefined);
    const [own] = await world.approve(ids, world.first.token);
    expect(own).toMatchObject({ outcome: "refused", why: expect.stringContaining("turned these payouts to a wallet") });
    await world.approve(ids);
    await world.look();
    expect(await world.states()).toEqual(["PO-000001 paid 11000"]);
  });

  test("is paid once, however many jobs send at once", async () => {
    await world.approve(await waiting());
    await Promise.all(
      Array.from({ length: 4 }, () => h.system(world.institution, (cx) => beginPayouts(cx, "sandbox", 100))),
    );
    expect(await world.balance(wallet)).toEqual([11_000n, 0n]);
  });
});
