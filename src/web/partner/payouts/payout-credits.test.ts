import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import { creditInvoice } from "#features/invoices/credit-invoice.ts";
import type { InvoiceId } from "#features/invoices/invoice.ts";
import { recordInvoicePayment } from "#features/money-in/record-invoice-payment.ts";
import { present } from "#kernel/assert.ts";
import { newId } from "#kernel/ids.ts";
import { money } from "#kernel/money.ts";
import { sendTransfer } from "#providers/sandbox/payer.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { expectBooksProved, raise, startPaying } from "../../../../test/support/invoices.ts";
import { wordsOf } from "../../../../test/support/page-words.ts";
import { type PayoutWorld, payoutWorld } from "../../../../test/support/payout-world.ts";

// A payout of a share of 1,100.00, of which a refund took back 220.00, a credit note on INV-000002 that gives back
// 550.00, and a transfer of 1,100.00 for INV-000001 that was sent twice; what INV-000003 asks for is netted: 330.00.
let h: TestHouse;
let world: PayoutWorld;
let contact: Awaited<ReturnType<TestHouse["partner"]>>;
let reference = "";

async function credit(invoice: InvoiceId): Promise<void> {
  await h.system(world.institution, async (cx) => {
    const may = permit(cx.principal, "invoices.write");
    const [receivedOn, methodLabel] = [Temporal.PlainDate.from("2026-11-20"), "Cheque"];
    const amount = money(55_000n, "AUD");
    await recordInvoicePayment(cx, may, { invoice, amount, receivedOn, methodLabel, note: "", owedBefore: 55_000n });
    const key = newId("inv", cx.now, cx.random);
    await creditInvoice(cx, may, { key, invoice, wish: "all", reason: "Raised twice", quiet: true });
  });
}

async function payTwice(): Promise<void> {
  await startPaying(contact, { invoice: "1" }, "bank_transfer");
  const { rows } = await h.admin.query<{ reference: string }>("select reference from app.payment_attempt");
  reference = present(rows[0], "an attempt").reference;
  for (let time = 0; time < 2; time++) {
    const transfer = { amount: money(110_000n, "AUD"), reference, payerName: "Meridian Pty Ltd" };
    await sendTransfer(world.sandbox, world.institution, transfer);
    await h.drain();
  }
}

beforeAll(async () => {
  h = await testHouse();
  world = await payoutWorld(h);
  await world.contact();
  await world.account();
  await h.admin.query("update app.channel_product set surcharge_bps = 0");
  contact = await h.partner(world.institution, world.partner);
  await raise(h, world);
  const second = await raise(h, world, { net: 50_000n });
  const payment = await world.earn(1_000_000n);
  await world.look();
  await credit(second.id);
  await payTwice();
  await world.look();
  await world.refund(payment, 200_000n);
  await world.look();
  await raise(h, world, { net: 30_000n });
  await h.admin.query("update app.partnership set netting = 'agreed' where id = $1", [world.partner]);
  await world.pass({ hours: 24 * 5 + 4 });
  // The session from before the cut-off has ended meanwhile.
  contact = await h.partner(world.institution, world.partner);
}, 60_000);
afterAll(async () => await h?.close());

const page = async (path: string) => (await contact.get(path)).text;

/** The position of the line that says this. */
async function lineOf(words: string): Promise<string> {
  const text = await page("/partner/payouts/1");
  const line = new RegExp(`/partner/payouts/1/lines/(\\d+)"(?:(?!</a>)[\\s\\S])*${words}`).exec(text);
  return `/partner/payouts/1/lines/${present(line?.[1], `a line that says ${words}`)}`;
}

describe("what is no share in a payout", () => {
  test("X2: a credit note is named by its own number with its invoice, and leads to both", async () => {
    const text = await page("/partner/payouts/1");
    expect(text).toContain('<a href="/partner/invoices/2">Credit note CN-000001 on INV-000002</a>');
    expect(wordsOf(text)).toContain("Why this amount? Credit note CN-000001 on INV-000002");
    const why = await page(await lineOf("Credit note CN-000001"));
    expect(why).toContain('href="/partner/credit-notes/1"');
    expect(why).toContain('href="/partner/invoices/2"');
    expect(wordsOf(why)).toContain("The credit note comes to AUD 550.00");
    expect((await contact.get("/partner/credit-notes/1")).status).toBe(200);
  });

  test("X2: money that was paid twice says when it arrived, how much it was and by which reference", async () => {
    const words = wordsOf(await page("/partner/payouts/1"));
    expect(words).toContain("Money that you paid beyond what was owed AUD 1,100.00 arrived on 21 Nov 2026");
    expect(words).toContain(`reference ${reference}`);
    expect(words).not.toContain("Credit from");
    const why = wordsOf(await page(await lineOf("Money that you paid")));
    expect(why).toContain("Arrived on 21 Nov 2026 What you paid AUD 1,100.00");
    expect(why).toContain(`Reference ${reference} Credited in this payout AUD 1,100.00`);
  });

  test("X2: each opens to the entries of the partner's own account behind it, and to no others", async () => {
    const rows = (text: string) => (text.match(/<tbody>[\s\S]*<\/tbody>/)?.[0].match(/<tr/g) ?? []).length;
    const [note, twice, netted] = await Promise.all(
      ["Credit note CN-000001", "Money that you paid", "Netted against invoice INV-000003"].map(async (words) =>
        page(await lineOf(words)),
      ),
    );
    expect(wordsOf(note ?? "")).toMatch(/credit note .* 500\.00 AUD .* credit note .* 50\.00 AUD/);
    expect(wordsOf(twice ?? "")).toMatch(/Your money arrived .* 1,100\.00 AUD/);
    expect(wordsOf(netted ?? "")).toMatch(/Put on an invoice .* −300\.00 AUD .* −30\.00 AUD/);
    expect([note, twice, netted].map((text) => rows(text ?? ""))).toEqual([2, 1, 2]);
    // Somebody else's line has none, whoever asks for it.
    const countFor = async (partner: string) =>
      (
        await h.admin.query(
          `with held as materialized (select set_config('portico.institution', $1, true) as institution,
             set_config('portico.partnership', $2, true) as partner)
           select count(*) from held, app.payout_line l, lateral partner.entries_of_line(l.payout_id, l.position)
            where held.partner <> ''`,
          [world.institution, partner],
        )
      ).rows;
    expect(await countFor(world.partner)).toEqual([{ count: 5n }]);
    expect(await countFor("prt_rival")).toEqual([{ count: 0n }]);
  });

  test("X2: staff see the entry in the books behind a credit note, and the invoice that it corrects", async () => {
    const [payout] = await world.payouts();
    const staff = await h.staff(world.institution, "VIEWER");
    const { rows } = await h.admin.query<{ position: number }>(
      "select position from app.payout_line where credit_of like 'inv_%'",
    );
    const { text } = await staff.get(`/staff/payouts/${payout?.id}/lines/${rows[0]?.position}`);
    expect(wordsOf(text)).toMatch(/Your income → Meridian [^→]*AUD 500\.00/);
    expect(wordsOf(text)).toMatch(/Tax payable → Meridian [^→]*AUD 50\.00/);
    // What the invoice was paid with is no part of it.
    expect(wordsOf(text)).not.toContain("Meridian →");
    expect(wordsOf(text)).toContain("Credit note No. 1 On invoice No. 2");
  });

  test("P6: shares are shares alone beside what was taken back, netted and credited; both gross amounts are shown", async () => {
    const words = wordsOf(await page("/partner/payouts/1"));
    expect(words).toContain(
      "Your shares 1,100.00 Taken back after refunds −220.00 Netted against invoices −330.00 Credited to you 1,650.00",
    );
    // No line of the payout calls its credit or what is netted a commission.
    expect(words).toMatch(/CN-000001 on INV-000002 – – – 550\.00 Why/);
    expect(words).toContain("your shares come to AUD 1,100.00");
    expect(words).toContain("Invoice INV-000003 asks for AUD 330.00");
  });

  test("P6 S3: the files have commission and tax of shares alone; with netted and credited they add up to the total", async () => {
    const file = (await contact.get("/partner/payouts/export.csv")).text.trim().split("\r\n");
    expect(file[1]).toMatch(/,800\.00,80\.00,-330\.00,1650\.00,2200\.00,AUD$/);
    const staff = await h.staff(world.institution);
    const theirs = (await staff.get("/staff/payouts/export.csv")).text.trim().split("\r\n");
    expect(theirs[0]).toContain("payments,net,tax,netted,credited,total");
    expect(theirs[1]).toContain(",800.00,80.00,-330.00,1650.00,2200.00,");
    expect(wordsOf(await page("/partner/payouts"))).toContain(
      "800.00 80.00 AUD 2,200.00 −330.00 netted 1,650.00 credited",
    );
  });

  test("every line has a name of its own to hear, in Arabic too, and the books are in order", async () => {
    const text = await page("/partner/payouts/1");
    expect(wordsOf(text)).not.toMatch(/Why this amount\? ,/);
    const arabic = await h.partner(world.institution, world.partner);
    arabic.with("portico-language", "ar");
    const words = wordsOf((await arabic.get("/partner/payouts/1")).text).replace(/[\u2066-\u2069]/g, "");
    expect(words).toContain("إشعار دائن CN-000001 على INV-000002");
    await expectBooksProved(h, world);
  });
});
