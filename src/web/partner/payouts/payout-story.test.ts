import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import { sendAgain } from "#features/payouts/manage-payouts.ts";
import { newId } from "#kernel/ids.ts";
import { inTx } from "#platform/tx.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { raise } from "../../../../test/support/invoices.ts";
import { wordsOf } from "../../../../test/support/page-words.ts";
import { payoutRow, payoutShareLine } from "../../../../test/support/payout-rows.ts";
import { type PayoutWorld, payoutWorld } from "../../../../test/support/payout-world.ts";

let h: TestHouse;
let world: PayoutWorld;
const untilCutOff = { hours: 24 * 5 + 4 };

beforeEach(async () => {
  await h?.close();
  h = await testHouse();
  world = await payoutWorld(h);
  await world.contact();
}, 60_000);
afterAll(async () => await h?.close());

/** The words of a page as the partner reads it now; its sessions end while time passes. */
async function words(path: string): Promise<string> {
  return wordsOf((await (await h.partner(world.institution, world.partner)).get(path)).text);
}

const csv = async () =>
  (await (await h.partner(world.institution, world.partner)).get("/partner/payouts/export.csv")).text
    .trim()
    .split("\r\n");

async function again(): Promise<void> {
  const { token } = await h.staff(world.institution);
  const [payout] = await world.payouts();
  await inTx(h.ground, { as: "staff", token }, async (cx) => {
    if (payout) await sendAgain(cx, permit(cx.principal, "payouts.write"), payout.id);
  });
  await world.look();
}

async function send(): Promise<void> {
  const [payout] = await world.payouts();
  await world.approve(payout ? [payout.id] : []);
  await world.look();
  await world.pass({ minutes: 1 });
}

describe("what became of a payout", () => {
  test("P6: one that invoices took whole says that it was settled and nothing was sent, on every page and by mail", async () => {
    await world.account();
    await h.admin.query("update app.partnership set netting = 'agreed' where id = $1", [world.partner]);
    await raise(h, world, { net: 20_000n });
    await world.earn(100_000n);
    await world.look();
    await world.pass(untilCutOff);
    expect(await world.states()).toEqual(["PO-000001 paid 0"]);
    const page = await words("/partner/payouts/1");
    expect(page).toContain("Where it goes What you owed took all of this payout, as agreed. Nothing was sent.");
    expect(page).toContain("Timeline Settled against your invoices");
    expect(page).not.toMatch(/Arrived at|Sent to|Account holder|4321/);
    const list = await words("/partner/payouts");
    expect(list).toContain("Nothing was sent 1 100.00 10.00 AUD 0.00 −110.00 netted");
    const mails = (await h.mails()).filter((one) => one.subject.includes("PO-000001"));
    expect(mails.map((one) => one.subject)).toEqual([
      expect.stringMatching(/^Payout PO-000001 from .* was settled against invoices$/),
    ]);
    const [payout] = await world.payouts();
    const staff = await h.staff(world.institution);
    const theirs = wordsOf((await staff.get(`/staff/payouts/${payout?.id}`)).text);
    expect(theirs).toContain("Nothing was sent: it was netted against invoices");
    expect(theirs).not.toContain("4321");
  });

  test("P6: what is not above zero, or below the minimum, is not announced: it is carried over, and until when", async () => {
    await world.account();
    await payoutRow(h, world, { number: 1, net: -75_000n, scheduledFor: "2026-12-03" });
    const carried = "Carried over to the next payout until it is above zero";
    for (const path of ["/partner", "/partner/payouts"])
      expect(await words(path), path).toContain(`Next payout − AUD 750.00 ${carried}`);
    expect(await words("/partner/payouts")).not.toMatch(/[Ee]xpected/);
    const page = await words("/partner/payouts/1");
    expect(page).toContain(`No customer payments, ${carried}`);
    expect(page).not.toMatch(/expected|Planned to be paid out|first share/);
    await h.admin.query("update app.payout set net_minor = 4000, total_minor = 4000");
    expect(await words("/partner/payouts")).toContain("AUD 40.00 Expected Thursday 3 December, to Sample Bank");
    await h.admin.query(
      "insert into app.payout_limit (institution_id, currency, minimum_minor) values ($1, 'AUD', 5000)",
      [world.institution],
    );
    const below = "Carried over to the next payout until it comes to AUD 50.00";
    expect(await words("/partner/payouts")).toContain(`Next payout AUD 40.00 ${below}`);
    expect(await words("/partner/payouts/1")).toContain(below);
  });

  test("P11: one that came back and was sent again tells all of it in order, and is paid only once it is", async () => {
    await world.account("9302");
    await world.earn(100_000n);
    await world.look();
    await world.pass(untilCutOff);
    await send();
    await world.pass({ hours: 24 * 3 });
    expect(await world.states()).toEqual(["PO-000001 returned 11000"]);
    const back = /Your bank sent it back.*Arrived at your bank.*Sent to your bank.*The first share was earned/;
    expect(await words("/partner/payouts/1")).toMatch(back);
    expect((await csv())[1]).toContain("PO-000001,2026-11-26,returned,,");
    await world.account("1111");
    await again();
    expect(await world.states()).toEqual(["PO-000001 sent 11000"]);
    const timeline = (await words("/partner/payouts/1")).split("Timeline")[1];
    expect(timeline).toMatch(new RegExp(`^ Sent to your bank .*${back.source}`));
    expect(timeline).toContain("The bank account is frozen.");
    expect((await csv())[1]).toContain("PO-000001,2026-11-26,sent,,");
    const staff = await h.staff(world.institution);
    expect((await staff.get("/staff/payouts/export.csv")).text).toMatch(/,sent,.*Z,\r\n/);
    await world.pass({ minutes: 1 });
    expect(await world.states()).toEqual(["PO-000001 paid 11000"]);
    const told = (await words("/partner/payouts/1")).split("Timeline")[1];
    expect(told).toMatch(/^ Arrived at your bank .*Sent to your bank .*The money came back .*Sent to your bank/);
    expect((await csv())[1]).toContain("PO-000001,2026-11-26,paid,2026-11-29,");
  });

  test("P11: one that failed before it arrived says so, also once it was sent again", async () => {
    await world.account("9201");
    await world.earn(100_000n);
    await world.look();
    await world.pass(untilCutOff);
    await send();
    expect(await world.states()).toEqual(["PO-000001 failed 11000"]);
    await world.account("1111");
    await again();
    const timeline = (await words("/partner/payouts/1")).split("Timeline")[1];
    expect(timeline).toMatch(/^ Sent to your bank .*Did not reach your bank .*is closed.* Sent to your bank/);
    expect(timeline).not.toContain("Arrived");
  });

  test("P6: one that began with a credit does not say that a share was earned first", async () => {
    await payoutRow(h, world, { number: 1, net: 500n });
    await h.admin.query(
      `insert into app.payout_line (institution_id, payout_id, position, partnership_id, kind, credit_of, currency,
         net_minor, tax_minor, created_at)
       select institution_id, id, 1, partnership_id, 'credit', 'rcv_x', currency, 500, 0, created_at from app.payout`,
    );
    const page = await words("/partner/payouts/1");
    expect(page).toMatch(/Timeline Planned to be paid out Thursday 26 November Begun 21 Nov 2026/);
    expect(page).toContain("Credit on your account");
    expect(page).toContain("Why this amount? Credit on your account");
    expect(await words("/partner/payouts/1/lines/1")).toContain("Nothing on your account stands behind this line.");
  });
});

describe("how a share is worked out", () => {
  test("X2: what is left, or agreed, with the tax inside is said with it", async () => {
    const payout = await payoutRow(h, world, { number: 1 });
    const payment = await world.payment(world.customerOfAll, { list: 100_000n, shareBps: 1_000 });
    await h.admin.query("update app.share set kind = 'remainder', rate_bps = 0, base_minor = null");
    await h.admin.query("update app.share set tax_mode = 'inclusive', net_minor = 3400, tax_minor = 300");
    await payoutShareLine(h, world, payout, payment);
    expect(await words("/partner/payouts/1/lines/1")).toContain(
      "What other shares leave of the price is AUD 37.00, GST included: AUD 34.00 and AUD 3.00",
    );
    await h.admin.query("update app.share set kind = 'flat'");
    expect(await words("/partner/payouts/1/lines/1")).toContain(
      "A fixed amount of AUD 37.00 was agreed, GST included: AUD 34.00 and AUD 3.00",
    );
  });

  test("X2: after a reissue the share leads to the self-billed invoice that stands", async () => {
    const payout = await payoutRow(h, world, { number: 1 });
    await payoutShareLine(
      h,
      world,
      payout,
      await world.payment(world.customerOfAll, { list: 100_000n, shareBps: 500 }),
    );
    for (const [number, credited] of [
      [1, 5_500],
      [2, 0],
    ]) {
      await h.admin.query(
        `insert into app.invoice (institution_id, id, partnership_id, kind, number, state, currency, issue_date,
           net_minor, tax_minor, total_minor, credited_minor, share_id, snapshot, created_by, created_at, updated_at,
           issued_at)
         select institution_id, $1, partnership_id, 'self_billed', $2, 'issued', 'AUD', '2026-11-01', 5000, 500, 5500,
           $3, id, '{}', 'test', $4, $4, $4 from app.share`,
        [newId("inv", h.clock.now(), h.random), number, credited, h.clock.now().toString()],
      );
    }
    expect(await words("/partner/payouts/1/lines/1")).toContain("Self-billed invoice RCTI-000002");
  });
});
