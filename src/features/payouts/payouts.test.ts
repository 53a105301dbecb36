import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Permit, permit } from "#access/permit.ts";
import { holdPayout, pausePartner, releasePayout, resumePartner, sendAgain } from "#features/payouts/manage-payouts.ts";
import type { PayoutId } from "#features/payouts/payout.ts";
import { readPayoutSettings, savePayoutLimit, savePayoutSettings } from "#features/payouts/payout-settings.ts";
import { type Cx, inTx } from "#platform/tx.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { expectPayoutsInOrder, type PayoutWorld, payoutWorld } from "../../../test/support/payout-world.ts";

let h: TestHouse;
let world: PayoutWorld;

beforeEach(async () => {
  h = await testHouse();
  world = await payoutWorld(h);
}, 60_000);
afterEach(async () => {
  await expectPayoutsInOrder(h, world);
  await h.close();
});

const untilCutOff = { hours: 24 * 5 + 4 };
const may = "payouts.write" as const;
const first = async (): Promise<PayoutId> => (await world.payouts())[0]?.id as PayoutId;
const write = async (work: (cx: Cx, may: Permit<"payouts.write">) => Promise<void>) =>
  await h.system(world.institution, async (cx) => await work(cx, permit(cx.principal, may)));
const asOwner = async (work: (cx: Cx) => Promise<void>) =>
  await inTx(h.ground, { as: "staff", token: (await h.staff(world.institution)).token }, work);
const set = async (change: Partial<Parameters<typeof savePayoutSettings>[2]>) =>
  await asOwner(async (cx) => {
    const next = { ...(await readPayoutSettings(cx)), paused: false, ...change };
    await savePayoutSettings(cx, permit(cx.principal, "payouts.settings"), next);
  });
const limit = (minimum: bigint, secondPersonAbove: bigint | undefined) =>
  asOwner(async (cx) => {
    const next = { currency: "AUD", minimum, secondPersonAbove } as const;
    await savePayoutLimit(cx, permit(cx.principal, "payouts.settings"), next);
  });

describe("payouts", () => {
  test("a share earned is a line of a numbered payout at once; at the cut-off it waits for review, is sent and paid", async () => {
    await world.contact();
    await world.account();
    await world.earn(100_000n);
    await world.look();
    // Saturday 21 November and two holding days: the first Thursday behind them is the 26th.
    expect(await world.payouts()).toMatchObject([
      { number: 1n, state: "scheduled", payments: 1, net: { minor: 10_000n }, tax: { minor: 1_000n } },
    ]);
    expect((await world.payouts())[0]?.scheduledFor.toString()).toBe("2026-11-26");
    await world.pass({ hours: 24 * 5 + 4 });
    expect(await world.states()).toEqual(["PO-000001 in_review 11000"]);
    const [payout] = await world.payouts();
    await world.approve(payout ? [payout.id] : []);
    await world.look();
    expect(await world.states()).toEqual(["PO-000001 sent 11000"]);
    await world.pass({ minutes: 1 });
    expect(await world.states()).toEqual(["PO-000001 paid 11000"]);
  });

  test("below the minimum, or below zero, it is carried over, with every line; nothing is lost", async () => {
    await world.contact();
    await world.account();
    await limit(20_000n, undefined);
    const payment = await world.earn(100_000n);
    await world.look();
    await world.pass(untilCutOff);
    expect((await world.payouts()).map((one) => one.scheduledFor.toString())).toEqual(["2026-12-03"]);
    await world.earn(100_000n);
    await world.look();
    await world.pass({ hours: 24 * 7 });
    expect(await world.states()).toEqual(["PO-000001 in_review 22000"]);
    await world.approve([await first()]);
    await world.look();
    await world.pass({ minutes: 1 });
    expect(await world.states()).toEqual(["PO-000001 paid 22000"]);
    // Paid out, and then taken back: the next payout shows it, and what comes after makes up for it.
    await world.refund(payment, 50_000n);
    await world.look();
    expect(await world.states()).toEqual(["PO-000001 paid 22000", "PO-000002 scheduled -5500"]);
    await world.pass({ hours: 24 * 8 });
    expect(await world.states()).toEqual(["PO-000001 paid 22000", "PO-000002 scheduled -5500"]);
    await world.earn(500_000n);
    await world.look();
    await world.pass({ hours: 24 * 14 });
    expect(await world.states()).toEqual(["PO-000001 paid 22000", "PO-000002 in_review 49500"]);
  });

  test("a payout carried over into one that is there already is cancelled and names it", async () => {
    await world.contact();
    await world.account();
    await limit(20_000n, undefined);
    await world.earn(100_000n);
    await world.look();
    // On Wednesday the holding days reach past this Thursday, so another payout gathers for the next one.
    await world.pass({ hours: 24 * 4 });
    await world.earn(300_000n);
    await world.look();
    expect(await world.states()).toEqual(["PO-000001 scheduled 11000", "PO-000002 scheduled 33000"]);
    await world.pass({ hours: 28 });
    expect(await world.states()).toEqual(["PO-000001 cancelled 0", "PO-000002 scheduled 44000"]);
    expect((await world.payouts())[0]).toMatchObject({ carriedTo: 2n, payments: 0 });
    expect((await world.payouts())[1]).toMatchObject({ payments: 2 });
  });

  test("without a contact it is on hold; adding one lets it go on, removing the last one holds it again", async () => {
    await world.account();
    await world.earn(100_000n);
    await world.look();
    await world.pass(untilCutOff);
    expect((await world.payouts())[0]).toMatchObject({ state: "on_hold", holdReason: "no_contact" });
    const contact = await world.contact();
    await world.look();
    expect((await world.payouts())[0]).toMatchObject({ state: "in_review", holdReason: "" });
    await h.admin.query("update app.contact set removed_at = now() where id = $1", [contact]);
    await world.look();
    expect((await world.payouts())[0]).toMatchObject({ state: "on_hold", holdReason: "no_contact" });
  });

  test("an approved payout that was held goes on where it was, and a hold of staff only they release", async () => {
    await world.contact();
    await world.account();
    await world.earn(100_000n);
    await world.look();
    await world.pass(untilCutOff);
    const id = await first();
    await write((cx, by) => holdPayout(cx, by, id, "Asked by phone"));
    await world.look();
    expect((await world.payouts())[0]).toMatchObject({ state: "on_hold", holdNote: "Asked by phone" });
    await write((cx, by) => releasePayout(cx, by, id, ""));
    expect(await world.states()).toEqual(["PO-000001 in_review 11000"]);
    await write((cx, by) => pausePartner(cx, by, world.partner, "Under review"));
    await world.look();
    expect((await world.payouts())[0]).toMatchObject({ state: "on_hold", holdReason: "paused_partner" });
    await write((cx, by) => resumePartner(cx, by, world.partner));
    await world.look();
    await world.approve([id]);
    // Paused between approval and sending: it stays approved, and goes on by itself.
    await set({ paused: true });
    await world.look();
    expect((await world.payouts())[0]).toMatchObject({ state: "on_hold", holdReason: "paused_institution" });
    await set({ paused: false });
    await world.look();
    expect(await world.states()).toEqual(["PO-000001 sent 11000"]);
  });

  test("above the limit a second person approves: not the first one, and not who entered the bank details", async () => {
    await world.contact();
    await limit(0n, 10_000n);
    await world.earn(100_000n);
    await world.look();
    await world.pass(untilCutOff);
    const one = await h.staff(world.institution, "ADMIN");
    const two = await h.staff(world.institution, "ADMIN");
    const typist = await h.staff(world.institution, "ADMIN");
    await world.account("4321", "AUD", typist.staffId);
    await world.look();
    const id = await first();
    expect(await world.approve([id], one.token)).toMatchObject([{ outcome: "first" }]);
    expect(await world.approve([id], one.token)).toMatchObject([{ outcome: "refused", why: /a second person/ }]);
    expect(await world.approve([id], typist.token)).toMatchObject([{ outcome: "refused", why: /bank details/ }]);
    expect(await world.states()).toEqual(["PO-000001 in_review 11000"]);
    expect(await world.approve([id], two.token)).toMatchObject([{ outcome: "approved" }]);
    await world.look();
    expect(await world.states()).toEqual(["PO-000001 sent 11000"]);
  });

  test("who raises the limit is held to the former one: nobody approves alone what needed two; another may", async () => {
    await world.contact();
    await world.account();
    await limit(0n, 10_000n);
    const raise = async (token: string, secondPersonAbove: bigint | undefined) =>
      await inTx(h.ground, { as: "staff", token }, async (cx) => {
        const next = { currency: "AUD", minimum: 0n, secondPersonAbove } as const;
        await savePayoutLimit(cx, permit(cx.principal, "payouts.settings"), next);
      });
    await world.earn(100_000n);
    await world.look();
    await world.pass(untilCutOff);
    const [id, one] = [await first(), await h.staff(world.institution, "ADMIN")];
    await raise(one.token, 20_000n);
    await raise(one.token, undefined);
    expect(await world.approve([id], one.token)).toMatchObject([{ outcome: "first" }]);
    await write((cx, by) => holdPayout(cx, by, id, "To get round it"));
    await write((cx, by) => releasePayout(cx, by, id, ""));
    await world.look();
    expect(await world.states()).toEqual(["PO-000001 in_review 11000"]);
    expect(await world.approve([id])).toMatchObject([{ outcome: "approved" }]);
    await world.look();
    expect(await world.states()).toEqual(["PO-000001 sent 11000"]);
  });

  test("ten people who press at once approve once", async () => {
    await world.contact();
    await world.account();
    await world.earn(100_000n);
    await world.look();
    await world.pass(untilCutOff);
    const id = await first();
    const people: { readonly token: string }[] = [];
    while (people.length < 10) people.push(await h.staff(world.institution, "ADMIN"));
    const outcomes = await Promise.all(people.map((person) => world.approve([id], person.token)));
    expect(outcomes.flat().filter((one) => one.outcome === "approved")).toHaveLength(1);
    const { rows } = await h.admin.query("select count(*) from app.audit_entry where event = 'payout.approved'");
    expect(rows).toEqual([{ count: 1n }]);
  });

  test("it fails: the partner's other payouts wait, sending again is refused until the details change, then is one click", async () => {
    await world.contact();
    await world.account("9201");
    await world.earn(100_000n);
    await world.look();
    await world.pass(untilCutOff);
    const id = await first();
    await world.approve([id]);
    await world.look();
    await world.pass({ minutes: 1 });
    expect((await world.payouts())[0]).toMatchObject({ state: "failed", failureReason: "account_closed" });
    await world.earn(200_000n);
    await world.look();
    await world.pass({ hours: 24 * 7 });
    expect((await world.payouts())[1]).toMatchObject({ state: "on_hold", holdReason: "open_failure" });
    await expect(write((cx, by) => sendAgain(cx, by, id))).rejects.toThrow(/once the bank details have changed/);
    await world.account("1111");
    await world.look();
    expect((await world.payouts())[1]).toMatchObject({ state: "in_review" });
    await write((cx, by) => sendAgain(cx, by, id));
    await world.look();
    await world.pass({ minutes: 1 });
    expect((await world.payouts())[0]).toMatchObject({ state: "paid", number: 1n, failureReason: "" });
    const { rows } = await h.admin.query("select state from app.payout_attempt where payout_id = $1 order by id", [id]);
    expect(rows).toEqual([{ state: "failed" }, { state: "succeeded" }]);
  });

  test("refused at once nothing was ever in transit; returned days later the money is the partner's again", async () => {
    await world.contact();
    await world.account("9302");
    await world.earn(100_000n);
    await world.look();
    await world.pass(untilCutOff);
    await world.approve([await first()]);
    await world.look();
    await world.pass({ minutes: 1 });
    expect(await world.states()).toEqual(["PO-000001 paid 11000"]);
    await expectPayoutsInOrder(h, world);
    await world.pass({ hours: 24 * 3 });
    expect((await world.payouts())[0]).toMatchObject({ state: "returned", failureReason: "account_frozen" });
    expect(await balance()).toBe(11_000n);
    await world.account("9103");
    await write((cx, by) => first().then((id) => sendAgain(cx, by, id)));
    await world.look();
    expect((await world.payouts())[0]).toMatchObject({ state: "failed", failureReason: "incorrect_account_number" });
    expect(await balance()).toBe(11_000n);
  });

  test("returned, and no event ever told of it: the daily look-up finds it", async () => {
    Object.assign(world.sandbox.faults, { events: "never" });
    await world.contact();
    await world.account("9305");
    await world.earn(100_000n);
    await world.look();
    await world.pass(untilCutOff);
    await world.approve([await first()]);
    await world.look();
    await world.pass({ minutes: 1 });
    expect(await world.states()).toEqual(["PO-000001 paid 11000"]);
    for (let day = 0; day < 4; day++) await world.pass({ hours: 25 });
    expect((await world.payouts())[0]).toMatchObject({ state: "returned", failureReason: "bank_ownership_changed" });
  });

  test("contacts who may look are told, in their language, and what failed says what to do", async () => {
    await world.contact(["view", "bank_details"]);
    await world.contact(["pay"]);
    await h.admin.query("update app.contact set language = 'ar' where 'bank_details' = any(rights)");
    await world.account("9201");
    await world.earn(100_000n);
    await world.look();
    await world.pass(untilCutOff);
    await world.approve([await first()]);
    await world.look();
    await world.pass({ minutes: 1 });
    await h.drain();
    const mails = (await h.mails()).filter((mail) => mail.subject.includes("PO-000001"));
    expect(mails.map((mail) => mail.subject)).toEqual([
      expect.stringContaining("أرسلت Northbridge College"),
      expect.stringContaining("تعذّر دفع الدفعة"),
    ]);
    expect(mails[1]?.text_body).toContain("/partner/bank-details?currency=AUD");
    expect(new Set(mails.map((mail) => mail.to_email)).size).toBe(1);
  });
});

async function balance(): Promise<bigint> {
  const { rows } = await h.admin.query<{ balance: bigint }>(
    "select balance from ledger.account where kind = 'partner' and owner = $1",
    [world.partner],
  );
  return rows[0]?.balance ?? 0n;
}
