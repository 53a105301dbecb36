import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import { walletForReturn } from "#features/transfers/return-wallet.ts";
import { openWallet } from "#features/wallets/open-wallet.ts";
import { formatWalletNumber, type Wallet, type WalletPurpose } from "#features/wallets/wallet.ts";
import { readWallet } from "#features/wallets/wallet-views.ts";
import { setAccountState } from "#ledger/balances.ts";
import { account } from "#ledger/chart.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { type TransferWorld, transferWorld } from "../../../test/support/transfer-world.ts";

let h: TestHouse;
let world: TransferWorld;

beforeAll(async () => {
  h = await testHouse();
  world = await transferWorld(h);
}, 60_000);
afterAll(async () => await h?.close());

const open = (partnership: string, purpose: WalletPurpose) =>
  h.system(world.institution, (cx) =>
    openWallet(cx, permit(cx.principal, "wallets.write"), { partnership, currency: "AUD", purpose }),
  );

/** Staff wait ten days before they close a wallet from which money went to a bank; this bank took longer. */
const close = (wallet: Wallet) => turn(wallet, "closed");

async function turn({ id }: Wallet, state: "frozen" | "closed"): Promise<void> {
  await h.system(world.institution, (cx) => setAccountState(cx, account.wallet(id), "AUD", state));
  await h.admin.query("update app.wallet set state = $2 where id = $1", [id, state]);
}

const returnsTo = async ({ id }: Wallet) =>
  await h.system(world.institution, async (cx) => await readWallet(cx, await walletForReturn(cx, { wallet: id })));

describe("W6: a bank sends money back after the wallet that it left was closed", () => {
  test("it is in another wallet of the partner, the fee with it, and the pages and the mail say where", async () => {
    await world.account("9304");
    const reserve = await open(world.partner, "reserve");
    await world.fund(reserve, 100_150n);
    const [before = 0n] = await world.balance();
    const id = await world.ask({ from: reserve });
    await world.wait({ minutes: 1 });
    await world.wait({ minutes: 5 });
    expect([(await world.read(id)).state, await world.balance(reserve)]).toEqual(["completed", [0n, 0n]]);
    await close(reserve);
    await world.wait({ hours: 24 * 4 });
    const transfer = await world.read(id);
    expect([transfer.state, transfer.returnedTo]).toEqual(["failed", world.from.id]);
    expect(await world.balance()).toEqual([before + 100_150n, 0n]);
    await world.prove();

    const number = formatWalletNumber(world.from.number);
    const member = await h.member(world.institution, world.partner);
    const partner = await member.get(`/partner/transfers/${transfer.ref}`);
    expect(partner.text).toContain(`is closed, so all of it, with the fee, is in your wallet ${number}.`);
    expect(partner.text).toContain("Sent back by the bank");
    const staff = await (await h.staff(world.institution)).get(`/staff/transfers/${id}`);
    expect(staff.text).toContain(`href="/staff/wallets/${world.from.id}"`);
    expect(staff.text).toContain("the wallet was closed, so amount and fee are in wallet");
    const said = (await h.mails()).map((mail) => mail.text_body).join("\n");
    expect(said).toContain(`is closed, so it is in your wallet ${number}, and the fee with it.`);
  });

  test("the same purpose before the general wallet, in use before frozen; where none is open, a new one in its place", async () => {
    const reserve = await open(world.partner, "reserve");
    expect(await returnsTo(reserve)).toMatchObject({ id: reserve.id });
    await close(reserve);
    const next = await open(world.partner, "reserve");
    expect(await returnsTo(reserve)).toMatchObject({ id: next.id });
    await close(next);
    const deposits = await open(world.partner, "deposits");
    expect(await returnsTo(reserve)).toMatchObject({ id: world.from.id });
    await close(deposits);

    await close(world.to);
    // Two banks at once: one new wallet takes both.
    const [made, again] = await Promise.all([returnsTo(world.to), returnsTo(world.to)]);
    expect(again.id).toBe(made.id);
    expect(made).toMatchObject({ partnership: world.other, purpose: "general", currency: "AUD", state: "active" });
    expect([world.from.id, world.to.id]).not.toContain(made.id);
    expect(await world.balance(made)).toEqual([0n, 0n]);
    expect(await returnsTo(world.to)).toMatchObject({ id: made.id });
    await turn(made, "frozen");
    expect(await returnsTo(world.to)).toMatchObject({ id: made.id });
    await world.prove();
  });
});
