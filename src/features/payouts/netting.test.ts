import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import { createDraft } from "#features/invoices/invoice-draft.ts";
import { issueInvoice } from "#features/invoices/issue-invoice.ts";
import { newId } from "#kernel/ids.ts";
import { money } from "#kernel/money.ts";
import { tell } from "#platform/outbox.ts";
import { sendTransfer } from "#providers/sandbox/payer.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { invoiceRow, startPaying } from "../../../test/support/invoices.ts";
import { expectPayoutsInOrder, type PayoutWorld, payoutWorld } from "../../../test/support/payout-world.ts";

let h: TestHouse;
let world: PayoutWorld;

beforeEach(async () => {
  h = await testHouse();
  world = await payoutWorld(h);
  await world.contact();
  await world.account();
}, 60_000);
afterEach(async () => await h.close());

async function invoice(unit: bigint): Promise<string> {
  const id = newId("inv", h.clock.now(), h.random);
  await h.system(world.institution, async (cx) => {
    const may = permit(cx.principal, "invoices.write");
    const line = { description: "Portal fee", quantity: 1, unit: money(unit, "AUD"), taxBps: 1_000 };
    const dueDate = Temporal.PlainDate.from("2026-12-20");
    const draft = { partnership: world.partner, currency: "AUD", dueDate, notes: "", lines: [line] } as const;
    await createDraft(cx, may, id, draft);
    await issueInvoice(cx, may, id, { quiet: true });
  });
  return id;
}

const agree = () => h.admin.query("update app.partnership set netting = 'agreed' where id = $1", [world.partner]);
const lines = async () =>
  (await h.admin.query("select kind, net_minor + tax_minor as minor from app.payout_line order by position")).rows;
const untilCutOff = { hours: 24 * 5 + 4 };

describe("netting", () => {
  test("only what both agreed to: without it the payout is whole and the invoice open", async () => {
    const id = await invoice(3_000n);
    await world.earn(100_000n);
    await world.look();
    await world.pass(untilCutOff);
    expect(await world.states()).toEqual(["PO-000001 in_review 11000"]);
    expect((await h.admin.query("select state from app.invoice where id = $1", [id])).rows).toEqual([
      { state: "issued" },
    ]);
  });

  test("agreed: both gross amounts stand in the payout, the invoice is paid by it, the rest is paid out", async () => {
    await agree();
    const id = await invoice(3_000n);
    await world.earn(100_000n);
    await world.look();
    await world.pass(untilCutOff);
    expect(await lines()).toEqual([
      { kind: "share", minor: 11_000n },
      { kind: "netting", minor: -3_300n },
    ]);
    expect((await h.admin.query("select state from app.invoice where id = $1", [id])).rows).toEqual([
      { state: "paid" },
    ]);
    const [payout] = await world.payouts();
    await world.approve(payout ? [payout.id] : []);
    await world.look();
    await world.pass({ minutes: 1 });
    expect(await world.states()).toEqual(["PO-000001 paid 7700"]);
    await expectPayoutsInOrder(h, world);
  });

  test("an invoice above the payout takes all of it: nothing is sent, and the rest of the invoice stays open", async () => {
    await agree();
    const id = await invoice(20_000n);
    await world.earn(100_000n);
    await world.look();
    await world.pass(untilCutOff);
    expect(await world.states()).toEqual(["PO-000001 paid 0"]);
    const { rows } = await h.admin.query("select state, paid_minor from app.invoice where id = $1", [id]);
    expect(rows).toEqual([{ state: "partially_paid", paid_minor: 11_000n }]);
    expect((await h.admin.query("select count(*) from app.payout_attempt")).rows).toEqual([{ count: 0n }]);
    await expectPayoutsInOrder(h, world);
  });

  test("P7: what the partner is paying itself waits for the next payout; the rest is netted, and nothing is paid twice", async () => {
    await agree();
    const contact = await h.partner(world.institution, world.partner);
    const [paying, other] = [await invoice(3_000n), await invoice(2_000n)];
    await world.earn(100_000n);
    await world.look();
    const { path } = await startPaying(contact, { invoice: "1" }, "bank_transfer");
    await world.pass(untilCutOff);
    expect(await lines()).toEqual([
      { kind: "share", minor: 11_000n },
      { kind: "netting", minor: -2_200n },
    ]);
    expect(await invoiceRow(h, paying)).toMatchObject({ state: "issued", paid_minor: 0n });
    expect(await invoiceRow(h, other)).toMatchObject({ state: "paid" });
    const { rows } = await h.admin.query<{ reference: string }>(
      "select reference from app.payment_attempt where checkout_id = $1",
      [path.split("/").at(-1)],
    );
    const transfer = { amount: money(3_300n, "AUD"), reference: rows[0]?.reference ?? "", payerName: "Meridian" };
    await sendTransfer(world.sandbox, world.institution, transfer);
    await h.drain();
    expect(await invoiceRow(h, paying)).toMatchObject({ state: "paid", paid_minor: 3_300n });
    expect(await world.states()).toEqual(["PO-000001 in_review 8800"]);
    await expectPayoutsInOrder(h, world);
  });

  test("a credit becomes one line of the next payout, however often it is told", async () => {
    await world.earn(100_000n);
    await world.look();
    const subject = newId("rcv", h.clock.now(), h.random);
    for (let time = 0; time < 2; time++) {
      await h.system(world.institution, async (cx) => {
        const data = { partnership: world.partner, currency: "AUD", amount: "500", why: "overpaid" };
        tell(cx, "partner.credited", subject, data);
      });
      await h.drain();
    }
    expect(await lines()).toEqual([
      { kind: "share", minor: 11_000n },
      { kind: "credit", minor: 500n },
    ]);
    expect(await world.states()).toEqual(["PO-000001 scheduled 11500"]);
  });
});
