import { afterEach, beforeEach, expect, test } from "vitest";
import { newId } from "#kernel/ids.ts";
import { type TestHouse, testHouse } from "../../../../test/support/house.ts";
import { type MoneyWorld, moneyWorld } from "../../../../test/support/money.ts";
import { activeAccount, payoutRow } from "../../../../test/support/payout-rows.ts";

let h: TestHouse;
let world: MoneyWorld;
let contact: Awaited<ReturnType<TestHouse["partner"]>>;

beforeEach(async () => {
  h = await testHouse();
  world = await moneyWorld(h);
  contact = await h.partner(world.institution, world.partner);
});
afterEach(() => h.close());

async function words(): Promise<string> {
  const { text } = await contact.get("/partner");
  const main = text.slice(text.indexOf("<main"), text.indexOf("</main>"));
  return main
    .replaceAll(/<span class="minor">|\u00a0/g, (found) => (found.startsWith("<") ? "" : " "))
    .replaceAll(/<svg[\s\S]*?<\/svg>|<[^>]+>/g, " ")
    .replaceAll(/\s+/g, " ");
}

async function invoice(number: number, due: string, values: { paid?: number; currency?: string; state?: string } = {}) {
  await h.admin.query(
    `insert into app.invoice (institution_id, id, partnership_id, kind, number, state, currency, issue_date, due_date,
       net_minor, tax_minor, total_minor, paid_minor, snapshot, created_by, created_at, updated_at, issued_at)
     values ($1, $2, $3, 'invoice', $4, $5, $6, '2026-11-01', $7, 100000, 10000, 110000, $8, '{}', 'test', $9, $9, $9)`,
    [
      world.institution,
      newId("inv", h.clock.now(), h.random),
      world.partner,
      number,
      values.state ?? "issued",
      values.currency ?? "AUD",
      due,
      values.paid ?? 0,
      h.clock.now().toString(),
    ],
  );
}

test("a partner with nothing yet is told what will stand here", async () => {
  const shown = await words();
  expect(shown).toContain("Nothing needs you");
  expect(shown).toContain("No payouts yet");
  expect(shown).toContain("No invoice waits for you");
});

test("P6: what needs the partner stands first, each with the way to mend it, and goes away when it is mended", async () => {
  const account = await activeAccount(h, world);
  const failed = { failure: "account_closed", failedAt: "2026-11-18T00:00:00Z", account };
  await payoutRow(h, world, { number: 1, state: "failed", net: 264_000n, ...failed });
  await payoutRow(h, world, { number: 2, currency: "USD", net: 50_000n, scheduledFor: "2026-12-03" });
  // Staff's to mend: it is no business of the partner's.
  await payoutRow(h, world, {
    number: 3,
    state: "failed",
    failure: "insufficient_funds",
    net: 7_777n,
    currency: "JPY",
  });
  await payoutRow(h, world, { number: 4, state: "on_hold", hold: "paused_institution", net: 8_888n });
  await invoice(5, "2026-11-19", { paid: 30_000, state: "partially_paid" });
  const { text } = await contact.get("/partner");
  const shown = await words();
  expect(shown).toContain("PO-000001 did not reach your bank AUD 2,640.00 · The bank account is closed.");
  expect(shown).toContain("We have no bank details for USD USD 500.00 waits to be paid out.");
  expect(shown).toContain("Invoice INV-000005 is overdue AUD 800.00 was due on 19 November 2026.");
  expect(shown).not.toMatch(/PO-000003 did not|PO-000004 waits/);
  for (const href of ["/partner/payouts/1", "/partner/bank-details?currency=USD", "/partner/invoices/5"])
    expect(text).toContain(`href="${href}"`);
  await h.admin.query("update app.payout set state = 'paid', paid_at = $1 where number = 1", [
    h.clock.now().toString(),
  ]);
  await h.admin.query("update app.invoice set state = 'paid', paid_minor = total_minor");
  await activeAccount(h, world, "USD");
  expect(await words()).not.toMatch(/did not reach your bank|no bank details for USD|is overdue/);
});

test("what is owed is summed by currency, never across, less what was paid", async () => {
  await invoice(1, "2026-12-10");
  await invoice(2, "2026-12-05", { paid: 10_000, state: "partially_paid" });
  await invoice(3, "2026-12-24", { currency: "USD" });
  await invoice(4, "2026-11-01", { state: "void" });
  const shown = await words();
  expect(shown).toContain("Invoices to pay AUD 2,100.00 2 invoices, the next due on 5 December");
  expect(shown).toContain("USD 1,100.00 1 invoice, the next due on 24 December");
});

test("a month of the chart counts what arrived in it on the institution's calendar, and the table says the same", async () => {
  // The last moment of October in Sydney, and the first of November.
  await payoutRow(h, world, { number: 1, state: "paid", net: 100n, paidAt: "2026-10-31T12:59:59Z" });
  await payoutRow(h, world, { number: 2, state: "paid", net: 20_000n, paidAt: "2026-10-31T13:00:00Z" });
  // Twelve months are this one and eleven before.
  await payoutRow(h, world, { number: 3, state: "paid", net: 3_000_000n, paidAt: "2025-11-30T12:59:59Z" });
  const shown = await words();
  expect(shown).toContain("October 2026 AUD 1.00");
  expect(shown).toContain("November 2026 AUD 200.00");
  expect(shown).toContain("December 2025 AUD 0.00");
  expect(shown).toContain("Paid, last 12 months AUD 201.00");
});
