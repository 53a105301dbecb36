import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import { approveTransfer, rejectTransfer } from "#features/transfers/decide-transfer.ts";
import type { TransferId } from "#features/transfers/transfer.ts";
import { transferJournal } from "#features/transfers/transfer-postings.ts";
import { lockTransfer, saveTransfer } from "#features/transfers/transfer-store.ts";
import { freezeWallet, unfreezeWallet } from "#features/wallets/set-wallet-state.ts";
import { post } from "#ledger/post.ts";
import { inTx } from "#platform/tx.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { type TransferWorld, transferWorld } from "../../../test/support/transfer-world.ts";

let h: TestHouse;
let world: TransferWorld;
type Staff = Awaited<ReturnType<TestHouse["staff"]>>;
let one: Staff;
let two: Staff;

beforeAll(async () => {
  h = await testHouse();
  world = await transferWorld(h);
  await world.account();
  one = await h.staff(world.institution, "ADMIN");
  two = await h.staff(world.institution, "OWNER");
}, 60_000);
afterAll(async () => await h?.close());

const approve = (staff: Staff, id: TransferId) =>
  inTx(h.ground, { as: "staff", token: staff.token }, (cx) =>
    approveTransfer(cx, permit(cx.principal, "transfers.approve"), id),
  );
const reject = (staff: Staff, id: TransferId, why = "Not agreed with us") =>
  inTx(h.ground, { as: "staff", token: staff.token }, (cx) =>
    rejectTransfer(cx, permit(cx.principal, "transfers.approve"), id, why),
  );
const asSystem = <T>(work: (may: Parameters<typeof freezeWallet>[1], cx: Parameters<typeof freezeWallet>[0]) => T) =>
  h.system(world.institution, async (cx) => work(permit(cx.principal, "wallets.write"), cx));

/** What a member does by hand who takes it back: the same steps as its use case. */
async function cancel(id: TransferId): Promise<void> {
  await h.system(world.institution, async (cx) => {
    const transfer = await lockTransfer(cx, id);
    if (transfer?.state !== "pending_approval") throw new Error("it waits no more");
    await post(cx, transferJournal(transfer, "released"));
    await saveTransfer(cx, id, { state: "cancelled", cancelledAt: cx.now });
  });
}

describe("a transfer above the limit", () => {
  test("is not approved by whoever asked for it, staff though they are; somebody else approves it", async () => {
    const { rows } = await h.admin.query<{ email: string }>("select m.email from app.member m where m.id = $1", [
      world.member.memberId,
    ]);
    const set = (email: string) =>
      h.admin.query("update app.member set email = $2 where id = $1", [world.member.memberId, email]);
    await h.admin.query(
      "update app.member set email = (select email from app.staff_member where id = $2) where id = $1",
      [world.member.memberId, one.staffId],
    );
    const id = await world.ask({ route: "wallet", minor: 900_000n, waits: true });
    await expect(approve(one, id)).rejects.toMatchObject({ code: "conflict" });
    expect((await world.read(id)).state).toBe("pending_approval");
    await approve(two, id);
    expect((await world.read(id)).state).toBe("completed");
    await set(rows[0]?.email ?? "");
  });

  test("to a wallet: approved, what was held moves at once, amount and fee; pressed again it moves nothing", async () => {
    const [available = 0n, held = 0n] = await world.balance();
    const [there = 0n] = await world.balance(world.to);
    const id = await world.ask({ route: "wallet", minor: 900_000n, fee: 250n, waits: true });
    expect(await world.balance()).toEqual([available - 900_250n, held + 900_250n]);
    await approve(one, id);
    expect(await world.balance()).toEqual([available - 900_250n, held]);
    expect(await world.balance(world.to)).toEqual([there + 900_000n, 0n]);
    const transfer = await world.read(id);
    expect([transfer.state, transfer.decidedBy]).toEqual(["completed", one.staffId]);
    await approve(one, id);
    expect(await world.balance(world.to)).toEqual([there + 900_000n, 0n]);
    await world.prove();
  });

  test("to the bank: approved, it goes on its way and arrives", async () => {
    const id = await world.ask({ waits: true });
    await approve(one, id);
    expect((await world.read(id)).state).toBe("processing");
    await world.wait({ minutes: 1 });
    await world.wait({ minutes: 1 });
    expect((await world.read(id)).state).toBe("completed");
    await world.prove();
  });

  test("rejected with a reason: nothing moved, the money is available again, and no one decides twice", async () => {
    const before = await world.balance();
    const id = await world.ask({ route: "wallet", waits: true });
    await expect(reject(one, id, "  ")).rejects.toMatchObject({ code: "form.invalid", fields: { why: /reads it/ } });
    await reject(one, id);
    await reject(one, id);
    const transfer = await world.read(id);
    expect([transfer.state, transfer.failureReason, transfer.failureNote]).toEqual([
      "failed",
      "rejected",
      "Not agreed with us",
    ]);
    expect(await world.balance()).toEqual(before);
    await expect(approve(two, id)).rejects.toMatchObject({ code: "conflict", message: /Priya ADMIN rejected/ });
    await expect(approve(one, id)).rejects.toMatchObject({ code: "conflict" });
    await world.prove();
  });

  test("of many who press at once, approving and rejecting, one decides, and the others read who did", async () => {
    for (let round = 0; round < 4; round++) {
      const id = await world.ask({ route: "wallet", waits: true });
      const ends = await Promise.allSettled([approve(one, id), reject(two, id), approve(two, id), reject(one, id)]);
      const { state, failureReason } = await world.read(id);
      expect(state === "completed" || failureReason === "rejected").toBe(true);
      // Whoever decided may have pressed the other button as well: that one is refused.
      expect(ends.filter((end) => end.status === "rejected").length).toBeGreaterThanOrEqual(2);
      await world.prove();
    }
  });

  test("cancelled by its partner meanwhile: the approval says so, and nothing moves", async () => {
    const before = await world.balance();
    const id = await world.ask({ route: "wallet", waits: true });
    await cancel(id);
    await expect(approve(one, id)).rejects.toMatchObject({ code: "conflict", message: /cancelled/ });
    await expect(reject(one, id)).rejects.toMatchObject({ code: "conflict" });
    expect(await world.balance()).toEqual(before);
    const next = await world.ask({ route: "wallet", waits: true });
    await Promise.allSettled([approve(one, next), cancel(next)]);
    expect(["completed", "cancelled"]).toContain((await world.read(next)).state);
    await world.prove();
  });

  test("from a wallet that was frozen meanwhile: it waits on, with words; unfrozen, it goes", async () => {
    const id = await world.ask({ route: "wallet", waits: true });
    await asSystem((may, cx) => freezeWallet(cx, may, world.from.id, "Under review"));
    await expect(approve(one, id)).rejects.toMatchObject({ code: "conflict", message: /is frozen/ });
    expect((await world.read(id)).state).toBe("pending_approval");
    await asSystem((may, cx) => unfreezeWallet(cx, may, world.from.id, ""));
    await approve(one, id);
    expect((await world.read(id)).state).toBe("completed");
    await world.prove();
  });

  test("to a frozen wallet it goes: that receives; to one that is closed it can only be rejected", async () => {
    const id = await world.ask({ route: "wallet", waits: true });
    await asSystem((may, cx) => freezeWallet(cx, may, world.to.id, "Under review"));
    await approve(one, id);
    expect((await world.read(id)).state).toBe("completed");
    const late = await world.ask({ route: "wallet", waits: true });
    await h.admin.query("update app.wallet set state = 'closed' where id = $1", [world.to.id]);
    await expect(approve(one, late)).rejects.toMatchObject({ code: "conflict", message: /is closed. Reject/ });
    await h.admin.query("update app.wallet set state = 'frozen' where id = $1", [world.to.id]);
    expect((await world.read(late)).state).toBe("pending_approval");
    await reject(one, late);
    await asSystem((may, cx) => unfreezeWallet(cx, may, world.to.id, ""));
    await world.prove();
  });

  test("to bank details that changed meanwhile: it waits on, with words", async () => {
    const id = await world.ask({ waits: true });
    await world.account("8765");
    await expect(approve(one, id)).rejects.toMatchObject({ code: "conflict", message: /bank details have changed/ });
    await reject(one, id);
    await world.prove();
  });

  test("another institution's staff, and who is no administrator, decide nothing", async () => {
    const id = await world.ask({ route: "wallet", waits: true });
    const foreign = await h.staff(await h.institution({ host: "elsewhere.example" }), "OWNER");
    await expect(approve(foreign, id)).rejects.toMatchObject({ code: "not-found" });
    await expect(approve(await h.staff(world.institution, "OPERATOR"), id)).rejects.toMatchObject({
      code: "permission.denied",
    });
    await reject(one, id);
  });
});
