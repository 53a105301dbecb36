import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InstitutionId } from "#access/principal.ts";
import { newId } from "#kernel/ids.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { type MoneyWorld, moneyWorld } from "../../../../test/support/money.ts";
import { wordsOf } from "../../../../test/support/page-words.ts";
import { activeAccount, payoutRow, payoutShareLine } from "../../../../test/support/payout-rows.ts";
import { type PayoutWorld, payoutWorld } from "../../../../test/support/payout-world.ts";

type Contact = Awaited<ReturnType<TestHouse["partner"]>>;

async function openRival(h: TestHouse, institution: InstitutionId): Promise<Contact> {
  const rival = newId("prt", h.clock.now(), h.random);
  await h.admin.query(
    `insert into app.partnership (institution_id, id, name, kind, legal_name, currency, commission_bps,
       commission_tax, created_at, updated_at)
     values ($1, $2, 'Rival', 'agent', 'Rival Pty Ltd', 'AUD', 1000, 'exclusive', $3, $3)`,
    [institution, rival, h.clock.now().toString()],
  );
  return await h.partner(institution, rival);
}

describe("the list of payouts", () => {
  let h: TestHouse;
  let world: MoneyWorld;
  let contact: Contact;

  beforeAll(async () => {
    h = await testHouse();
    world = await moneyWorld(h);
    contact = await h.partner(world.institution, world.partner);
    const anz = await activeAccount(h, world);
    const usd = await activeAccount(h, world, "USD", "2207");
    // Thirty payouts that arrived, a week apart; the newest on Saturday 14 November.
    for (let number = 1; number <= 30; number++) {
      const day = Temporal.PlainDate.from("2026-11-14").subtract({ weeks: 30 - number });
      const paidAt = `${day}T03:00:00Z`;
      const facts = { number, state: "paid", scheduledFor: day.toString(), paidAt, sentAt: paidAt, account: anz };
      await payoutRow(h, world, { ...facts, net: BigInt(number * 1_000), tax: BigInt(number * 100) });
    }
    const failed = { state: "failed", failure: "account_closed", failedAt: "2026-11-18T03:00:00Z", account: usd };
    await payoutRow(h, world, { number: 31, currency: "USD", net: 264_000n, scheduledFor: "2026-11-17", ...failed });
    await payoutRow(h, world, { number: 32, state: "in_review", net: 612_000n, tax: 61_200n });
    const next = await payoutRow(h, world, { number: 33, scheduledFor: "2026-12-03" });
    const aiko = await world.customer("Aiko");
    const payment = await world.payment(aiko, { list: 1_850_000n, shareBps: 1_000 });
    await payoutShareLine(h, world, next, payment);
  });
  afterAll(() => h.close());

  test("P6: says what comes next and when, what is in review, what needs the partner, and the last twelve months", async () => {
    const words = wordsOf((await contact.get("/partner/payouts")).text);
    expect(words).toContain("Next payout AUD 2,035.00 Expected Thursday 3 December, to ANZ •••• 8841");
    expect(words).toContain("In review AUD 6,732.00 1 payout, 0 customer payments");
    expect(words).toContain("Needs your attention USD 2,640.00 1 failed, check bank details");
    // 30 payouts of 1.1 times their number in dollars, less those before December 2025 (none).
    expect(words).toContain("Paid, last 12 months AUD 5,115.00");
    expect(words).toContain("November 2026 AUD 649.00");
    const { text } = await contact.get("/partner/payouts");
    expect(text).toContain('href="/partner/bank-details?currency=USD"');
    expect(text).toMatch(/aria-label="Paid out each month, December 2025 to November 2026\. Highest: October 2026/);
  });

  test("P6: a row has the expected day until it is paid, the account by its last digits, commission, tax and net", async () => {
    const words = wordsOf((await contact.get("/partner/payouts")).text);
    expect(words).toContain("3 Dec 2026 expected Scheduled ANZ •••• 8841 1 1,850.00 185.00 AUD 2,035.00");
    expect(words).toContain("17 Nov 2026 Failed ANZ •••• 2207 Fix bank details 0 2,640.00 – USD 2,640.00");
    expect(words).not.toContain("14 Nov 2026 expected");
  });

  test("tabs count what passes the other filters; a date range, a currency, a number and a customer narrow", async () => {
    const counts = (html: string) =>
      [...html.matchAll(/>([A-Z][a-z ]+)<span class="count[ a-z]*">(\d+)/g)].map(
        ([, name, count]) => `${name} ${count}`,
      );
    const all = (await contact.get("/partner/payouts")).text;
    expect(counts(all)).toEqual(
      expect.arrayContaining([
        "All 33",
        "Scheduled 1",
        "In review 1",
        "Processing 0",
        "Paid 30",
        "On hold 0",
        "Failed 1",
      ]),
    );
    const november = (await contact.get("/partner/payouts?from=2026-11-01&to=2026-11-30&status=paid")).text;
    expect(counts(november)).toEqual(expect.arrayContaining(["All 4", "Paid 2", "Failed 1", "Scheduled 0"]));
    const numbers = async (query: string) =>
      [...(await contact.get(`/partner/payouts?${query}`)).text.matchAll(/>(PO-\d{6})</g)].map(([, number]) => number);
    expect(await numbers("from=2026-11-01&to=2026-11-30&status=paid")).toEqual(["PO-000030", "PO-000029"]);
    expect(await numbers("currency=USD")).toEqual(["PO-000031"]);
    expect(await numbers("q=po-12")).toEqual(["PO-000012"]);
    expect(await numbers("q=tanaka+aiko")).toEqual(["PO-000033"]);
    expect(await numbers("q=nobody")).toEqual([]);
  });

  test("Older and Newer lead through all of them, none twice and none left out", async () => {
    const seen: string[] = [];
    let at: string | undefined = "/partner/payouts";
    let back: string | undefined;
    while (at !== undefined) {
      const { text } = await contact.get(at);
      seen.push(...[...text.matchAll(/>(PO-\d{6})</g)].map(([, number]) => number ?? ""));
      back = /href="([^"]*after=[^"]*)"/.exec(text)?.[1]?.replaceAll("&amp;", "&");
      at = /href="([^"]*before=[^"]*)"/.exec(text)?.[1]?.replaceAll("&amp;", "&");
    }
    expect(seen.length).toBe(33);
    expect(new Set(seen).size).toBe(33);
    expect(seen[0]).toBe("PO-000033");
    expect((await contact.get(back ?? "")).text).toContain("PO-000033");
  });

  test("the CSV file holds exactly the rows that the filter leaves", async () => {
    const file = await contact.get("/partner/payouts/export.csv?status=paid&to=2026-05-02");
    const lines = file.text.replace("\ufeff", "").trim().split("\r\n");
    expect(lines[0]).toBe(
      "payout,planned_for,status,paid_on,bank,account_ending,wallet,payments," +
        "commission,tax,netted,credited,net,currency",
    );
    expect(lines.slice(1).map((line) => line.split(",")[0])).toEqual(["PO-000002", "PO-000001"]);
    expect(lines[2]).toBe("PO-000001,2026-04-25,paid,2026-04-25,ANZ,8841,,0,10.00,1.00,0.00,0.00,11.00,AUD");
  });

  test("404: a number that is another partner's answers like one that does not exist, and no figure of it shows", async () => {
    const rival = await openRival(h, world.institution);
    expect((await rival.get("/partner/payouts/33")).status).toBe(404);
    expect((await rival.get("/partner/payouts/33/lines/1")).status).toBe(404);
    expect(wordsOf((await rival.get("/partner/payouts")).text)).toContain("No payouts yet");
    expect((await contact.get("/partner/payouts/99")).status).toBe(404);
    for (const path of ["/partner/payouts/0", "/partner/payouts/1.5", "/partner/payouts/33/lines/0"])
      expect((await contact.get(path)).status).toBe(404);
  });

  test("the page of a failed payout says why in plain words and leads to the bank details of its currency", async () => {
    const { text } = await contact.get("/partner/payouts/31");
    expect(wordsOf(text)).toContain("This payout did not reach your bank");
    expect(wordsOf(text)).toContain("The bank account is closed. Give us another account, and it is sent again.");
    expect(text).toContain('href="/partner/bank-details?currency=USD"');
  });

  test("in Arabic every word is Arabic, right to left, with numbers and codes whole", async () => {
    const arabic = await h.partner(world.institution, world.partner);
    arabic.with("portico-language", "ar");
    const { text } = await arabic.get("/partner/payouts");
    expect(text).toContain('<html lang="ar" dir="rtl">');
    expect(wordsOf(text)).toContain("الدفعة التالية");
    expect(wordsOf(text).match(/\b(?!AUD|USD|JPY|KWD|PO|ANZ|CSV|All)[A-Za-z]{4,}\b/g) ?? []).toEqual([]);
  });
});

describe("what a payout is made of", () => {
  let h: TestHouse;
  let world: PayoutWorld;
  let contact: Contact;

  beforeAll(async () => {
    h = await testHouse();
    world = await payoutWorld(h);
    contact = await h.partner(world.institution, world.partner);
    await world.account();
  });
  afterAll(() => h.close());

  test("X2: an amount opens to the payment, the share, the tax and the entries of the partner's own account", async () => {
    await world.earn(1_000_000n);
    const payment = await world.earn(500_000n);
    await world.look();
    const { text } = await contact.get("/partner/payouts/1");
    expect(wordsOf(text)).toContain("10% of 5,000.00 500.00 50.00 550.00");
    const why = wordsOf((await contact.get("/partner/payouts/1/lines/2")).text);
    expect(why).toContain("10% of AUD 5,000.00 is AUD 500.00");
    expect(why).toContain("GST at 10% on AUD 500.00 is AUD 50.00");
    expect(why).toContain("Your share in all AUD 550.00");
    // The second entry of its own account, with the balance after it: 1,100.00 and 550.00.
    expect(why).toMatch(/2 Share earned .* 550\.00 AUD 1,650\.00/);
    expect(why).toContain("Aiko Tanaka");
    expect(why).not.toContain(payment);
  });

  test("a reversal is one negative line with its reason, and its entry stands beside the one that was earned", async () => {
    const payment = await world.earn(200_000n);
    await world.look();
    await world.refund(payment, 100_000n);
    await world.look();
    const words = wordsOf((await contact.get("/partner/payouts/1")).text);
    expect(words).toMatch(/Taken back[^−]*−100\.00 −10\.00 −110\.00/);
    expect(words).toContain("Taken back after refunds −110.00");
    const why = wordsOf((await contact.get("/partner/payouts/1/lines/4")).text);
    expect(why).toContain("Taken back so far −110.00 What you keep AUD 110.00");
    expect(why).toMatch(/Share earned .* 220\.00 .* Taken back after a refund .* −110\.00/);
  });

  test("what is netted stands beside both gross amounts", async () => {
    const id = newId("inv", h.clock.now(), h.random);
    await h.admin.query(
      `insert into app.invoice (institution_id, id, partnership_id, kind, number, state, currency, issue_date, due_date,
         net_minor, tax_minor, total_minor, snapshot, created_by, created_at, updated_at, issued_at)
       values ($1, $2, $3, 'invoice', 7, 'issued', 'AUD', '2026-11-01', '2026-11-15', 60000, 6000, 66000, '{}', 'test',
         $4, $4, $4)`,
      [world.institution, id, world.partner, h.clock.now().toString()],
    );
    const payout = await payoutRow(h, world, { number: 77, state: "processing" });
    const payment = await world.payment(await world.customer("Mei"), { list: 1_000_000n, shareBps: 1_000 });
    await payoutShareLine(h, world, payout, payment);
    await h.admin.query(
      `insert into app.payout_line (institution_id, payout_id, position, partnership_id, kind, invoice_id, currency,
         net_minor, tax_minor, created_at) values ($1, $2, 2, $3, 'netting', $4, 'AUD', -66000, 0, $5)`,
      [world.institution, payout, world.partner, id, h.clock.now().toString()],
    );
    const words = wordsOf((await contact.get("/partner/payouts/77")).text);
    expect(words).toContain("Netted against invoice INV-000007");
    expect(words).toContain("Invoice INV-000007 asks for AUD 660.00; your shares come to AUD 1,100.00");
    const why = wordsOf((await contact.get("/partner/payouts/77/lines/2")).text);
    expect(why).toContain("The invoice asks for AUD 660.00 Your shares in this payout AUD 1,100.00");
  });
});
