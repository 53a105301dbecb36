import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import { openWallet } from "#features/wallets/open-wallet.ts";
import { walletInPlaceOf } from "#features/wallets/replace-wallet.ts";
import { closeWallet } from "#features/wallets/set-wallet-state.ts";
import { formatWalletNumber, type Wallet, type WalletPurpose } from "#features/wallets/wallet.ts";
import { readWallet } from "#features/wallets/wallet-views.ts";
import { setAccountState } from "#ledger/balances.ts";
import { account } from "#ledger/chart.ts";
import type { Cx } from "#platform/tx.ts";
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

const placeOf = async ({ id }: Wallet) =>
  await h.system(world.institution, async (cx) => await walletInPlaceOf(cx, await readWallet(cx, id)));

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
    const row = `${transfer.ref},`;
    for (const [browser, path] of [
      [member, `/partner/transfers.csv?wallet=${world.from.number}&q=${transfer.ref}`],
      [await h.staff(world.institution), "/staff/transfers/export.csv"],
    ] as const) {
      const lines = (await browser.get(path)).text.split(/\r?\n/);
      const at = lines[0]?.split(",").indexOf("returned_to_wallet") ?? -1;
      expect(lines.find((line) => line.startsWith(row))?.split(",")[at]).toBe(world.from.number);
    }
    const { rows } = await h.admin.query<{ to: string }>(
      "select data ->> 'returnedTo' as to from app.audit_entry where subject = $1 and event = 'transfer.returned'",
      [id],
    );
    expect(rows).toEqual([{ to: world.from.id }]);
    const said = (await h.mails()).map((mail) => mail.text_body).join("\n");
    expect(said).toContain(`is closed, so it is in your wallet ${number}, and the fee with it.`);
  });

  test("the same purpose before the general wallet, in use before frozen; where none is open, a new one in its place", async () => {
    const reserve = await open(world.partner, "reserve");
    await close(reserve);
    const next = await open(world.partner, "reserve");
    expect(await placeOf(reserve)).toMatchObject({ id: next.id });
    await close(next);
    const deposits = await open(world.partner, "deposits");
    expect(await placeOf(reserve)).toMatchObject({ id: world.from.id });
    await close(deposits);

    await close(world.to);
    // Two banks at once, for two wallets of one purpose that were closed one after the other: one new one takes both.
    const second = await open(world.other, "general");
    await close(second);
    const [made, again] = await Promise.all([placeOf(world.to), placeOf(second)]);
    expect(again.id).toBe(made.id);
    expect(made).toMatchObject({ partnership: world.other, purpose: "general", currency: "AUD", state: "active" });
    expect([world.from.id, world.to.id]).not.toContain(made.id);
    expect(await world.balance(made)).toEqual([0n, 0n]);
    expect(await placeOf(world.to)).toMatchObject({ id: made.id });
    await turn(made, "frozen");
    expect(await placeOf(world.to)).toMatchObject({ id: made.id });
    await world.prove();
  });

  test("one that staff close, or open, at that moment: the money goes where it can, and nothing is refused", async () => {
    const closed = await open(world.partner, "commission");
    await close(closed);
    const next = await open(world.partner, "commission");
    const slowly = async (work: (cx: Cx) => Promise<unknown>) => {
      const begun = Promise.withResolvers<void>();
      const done = h.system(world.institution, async (cx) => {
        await work(cx);
        begun.resolve();
        await setTimeout(300);
      });
      await begun.promise;
      return { done };
    };
    const closing = await slowly((cx) => closeWallet(cx, permit(cx.principal, "wallets.write"), next.id, "Not needed"));
    const place = placeOf(closed);
    await closing.done;
    expect((await place).state).toBe("active");
    expect((await place).id).not.toBe(next.id);
    const opening = await slowly((cx) =>
      openWallet(cx, permit(cx.principal, "wallets.write"), {
        partnership: world.partner,
        currency: "AUD",
        purpose: "commission",
      }),
    );
    const another = placeOf(closed);
    await opening.done;
    expect(await another).toMatchObject({ purpose: "commission", state: "active" });
  });
});
