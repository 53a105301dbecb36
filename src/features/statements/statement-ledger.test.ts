import fc from "fast-check";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { permit } from "#access/permit.ts";
import { creditInvoice } from "#features/invoices/credit-invoice.ts";
import type { InvoiceId } from "#features/invoices/invoice.ts";
import { lockInvoicesOf } from "#features/invoices/pay-invoices.ts";
import { holdMoneyOf } from "#features/money-in/hold-money.ts";
import { receiveFromPartner } from "#features/money-in/receive-from-partner.ts";
import type { PaymentId } from "#features/payments/payment.ts";
import { sendAgain } from "#features/payouts/manage-payouts.ts";
import { allLines, readStatement, type Statement } from "#features/statements/book.ts";
import { ownBook } from "#features/statements/partner-book.ts";
import { bookOfPartner } from "#features/statements/staff-book.ts";
import { ageBuckets } from "#features/statements/statement.ts";
import { newId } from "#kernel/ids.ts";
import { money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import { type Cx, inTx } from "#platform/tx.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { raise, standsOn } from "../../../test/support/invoices.ts";
import { moneyWorld } from "../../../test/support/money.ts";
import { type PayoutWorld, payoutWorld } from "../../../test/support/payout-world.ts";

let h: TestHouse;
beforeEach(async () => {
  h = await testHouse();
}, 60_000);
afterEach(() => h.close());

/** What may happen to a partner, each told as an intent that fits whatever stands there. */
const happening = fc.oneof(
  fc.record({ what: fc.constant("earn" as const), list: fc.bigInt({ min: 100_000n, max: 900_000n }) }),
  fc.record({ what: fc.constant("earn" as const), list: fc.bigInt({ min: 1_000n, max: 900_000n }) }),
  fc.record({ what: fc.constant("refund" as const), part: fc.integer({ min: 1, max: 10 }) }),
  fc.record({ what: fc.constant("raise" as const), net: fc.bigInt({ min: 100n, max: 90_000n }), due: fc.nat(60) }),
  fc.record({ what: fc.constant("pay" as const), minor: fc.bigInt({ min: 1n, max: 120_000n }) }),
  fc.record({ what: fc.constant("credit" as const), which: fc.nat(5) }),
  fc.record({ what: fc.constant("send" as const), ending: fc.constantFrom("4321", "9101", "9201", "9301") }),
  fc.record({ what: fc.constant("wait" as const), days: fc.integer({ min: 1, max: 40 }) }),
);
type Happening = typeof happening extends fc.Arbitrary<infer H> ? H : never;

type Known = { readonly payments: PaymentId[]; readonly invoices: InvoiceId[] };

async function happen(world: PayoutWorld, known: Known, one: Happening): Promise<void> {
  const { institution, partner } = world;
  const system = <T>(work: (cx: Cx) => Promise<T>) => h.system(institution, work);
  if (one.what === "earn") known.payments.push(await world.earn(one.list));
  if (one.what === "wait") await world.pass({ hours: 24 * one.days });
  if (one.what === "raise") {
    const due = h.clock
      .now()
      .toZonedDateTimeISO("UTC")
      .toPlainDate()
      .add({ days: one.due + 1 });
    known.invoices.push((await raise(h, world, { net: one.net, due: due.toString() })).id);
  }
  if (one.what === "refund") {
    const payment = known.payments.pop();
    const list = payment && (await listOf(payment));
    if (payment && list) await world.refund(payment, (list * BigInt(one.part)) / 10n || 1n);
  }
  if (one.what === "pay") {
    await system(async (cx) => {
      await holdMoneyOf(cx, partner);
      const invoices = await lockInvoicesOf(cx, partner, "AUD");
      const ref = newId("rcv", cx.now, cx.random);
      await receiveFromPartner(
        cx,
        {
          provider: "sandbox",
          providerRef: ref,
          kind: "bank_transfer",
          payer: partner,
          amount: money(one.minor, "AUD"),
          surcharge: money(0n, "AUD"),
          reference: "",
          payerName: "",
          methodLabel: "Bank transfer",
          receivedOn: Temporal.PlainDate.from("2026-11-21"),
          attempt: undefined,
          recordedBy: "",
        },
        { partnership: partner, invoices, quiet: true },
      );
    });
  }
  if (one.what === "credit") {
    const id = known.invoices.splice(one.which % Math.max(1, known.invoices.length), 1)[0];
    if (!id) return;
    await system(async (cx) => {
      const key: InvoiceId = newId("inv", cx.now, cx.random);
      await creditInvoice(cx, permit(cx.principal, "invoices.write"), {
        key,
        invoice: id,
        wish: "all",
        reason: "Wrong",
      });
    });
  }
  if (one.what === "send") {
    await world.account(one.ending);
    await world.look();
    const failed = (await world.payouts()).filter(({ state }) => state === "failed" || state === "returned");
    for (const { id } of failed) {
      await system((cx) => sendAgain(cx, permit(cx.principal, "payouts.write"), id)).catch(() => undefined);
    }
    const waiting = (await world.payouts()).filter(({ state }) => state === "in_review");
    await world.approve(waiting.map(({ id }) => id));
    await world.look();
  }
}

async function listOf(payment: PaymentId): Promise<bigint> {
  const { rows } = await h.admin.query<{ left: bigint }>(
    "select list_minor - refunded_list_minor as left from app.payment where id = $1",
    [payment],
  );
  return BigInt(rows[0]?.left ?? 0n);
}

const days = (from: string, to: string) =>
  ({ name: "dates", from: Temporal.PlainDate.from(from), to: Temporal.PlainDate.from(to) }) as const;

/** The statement as the partner reads it, and every line of both sections. */
async function statementOf(token: string, from: string, to: string) {
  const tx = <T>(work: (cx: Cx) => Promise<T>) => inTx(h.ground, { as: "partner", token, writes: false }, work);
  const statement = await tx((cx) => readStatement(cx, ownBook, days(from, to), "AUD"));
  return { statement, lines: await linesOf(tx, statement) };
}

async function linesOf(tx: Parameters<typeof allLines>[0], statement: Statement, book = ownBook) {
  const all = [];
  for (const sums of statement.sections) {
    for await (const lines of allLines(tx, book, statement, sums))
      all.push(...lines.map((line) => ({ ...line, sums })));
  }
  return all;
}

/** Sent, returned days later, sent again; netted, overpaid and credited on the way. */
const comesBack: Happening[] = [
  { what: "earn", list: 500_000n },
  { what: "raise", net: 20_000n, due: 5 },
  { what: "wait", days: 7 },
  { what: "send", ending: "9301" },
  { what: "wait", days: 9 },
  { what: "send", ending: "4321" },
  { what: "wait", days: 2 },
  { what: "refund", part: 5 },
  { what: "raise", net: 10_000n, due: 3 },
  { what: "pay", minor: 15_000n },
  { what: "credit", which: 1 },
];

test("at any day the statement closes at what the ledger says, section by section, whatever happened before", async () => {
  const runs = inject("deep") ? 60 : 6;
  let turn = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 4, maxLength: 14 }), async (history) => {
      // Several institutions in one house: a provider's events find each by its host.
      const institution = await h.institution({ host: `college${++turn}.example` });
      const world = await payoutWorld(h, await moneyWorld(h, institution));
      const netting = history.length % 2 === 0 ? "agreed" : "off";
      await h.admin.query("update app.partnership set netting = $2 where id = $1", [world.partner, netting]);
      await world.contact();
      await world.account();
      const known: Known = { payments: [], invoices: [] };
      const checkpoints: { at: Instant; earnings: bigint; invoices: bigint }[] = [];
      for (const one of history) {
        await happen(world, known, one);
        checkpoints.push({
          at: h.clock.now(),
          earnings: await standsOn(h, "partner", world.partner),
          invoices: await owed(world),
        });
        // What happens next is on another day.
        h.clock.advance({ hours: 25 });
      }
      await world.look();
      const reader = await h.partner(world.institution, world.partner);
      for (const point of checkpoints) {
        const on = point.at.toZonedDateTimeISO("Australia/Sydney").toPlainDate();
        const { statement } = await statementOf(reader.token, "2026-01-01", on.toString());
        expect(statement.sections.map(({ closing }) => closing.minor)).toEqual([point.earnings, point.invoices]);
        const aged = ageBuckets.reduce((sum, bucket) => sum + statement.ageing[bucket].minor, 0n);
        expect(aged).toBe(point.invoices);
      }
      await expectWholeStatement(world, reader.token);
    }),
    { numRuns: runs, endOnFailure: true, examples: [[comesBack]] },
  );
}, 600_000);

async function owed(world: PayoutWorld): Promise<bigint> {
  return await h.system(world.institution, async (cx) => {
    const { rows } = await sql<{ minor: bigint }>`
      select coalesce(sum(total_minor - credited_minor - paid_minor + returned_minor), 0)::bigint as minor
        from app.invoice where partnership_id = ${world.partner} and kind = 'invoice'
         and state in ('issued', 'partially_paid')`.execute(cx.db);
    return rows[0]?.minor ?? 0n;
  });
}

/** Opening + lines = closing in every part of time, and staff read the same lines. */
async function expectWholeStatement(world: PayoutWorld, token: string): Promise<void> {
  const whole = await statementOf(token, "2026-01-01", "2199-12-31");
  const middle = whole.lines[Math.floor(whole.lines.length / 2)]?.at ?? h.clock.now();
  const cut = middle.toZonedDateTimeISO("Australia/Sydney").toPlainDate();
  const [early, late] = await Promise.all([
    statementOf(token, "2026-01-01", cut.toString()),
    statementOf(token, cut.add({ days: 1 }).toString(), "2199-12-31"),
  ]);
  expect(early.lines.length + late.lines.length).toBe(whole.lines.length);
  for (const [index, sums] of whole.statement.sections.entries()) {
    expect(sums.opening.minor).toBe(0n);
    expect(late.statement.sections[index]?.opening).toEqual(early.statement.sections[index]?.closing);
    const own = whole.lines.filter((line) => line.sums.section === sums.section);
    expect(own.at(-1)?.balance ?? sums.closing).toEqual(sums.closing);
    expect(own.length).toBe(sums.count);
  }
  const person = await h.staff(world.institution, "VIEWER");
  const staff = <T>(work: (cx: Cx) => Promise<T>) => inTx(h.ground, { as: "staff", token: person.token }, work);
  const book = await staff(async (cx) => bookOfPartner(permit(cx.principal, "partnerships.read"), world.partner));
  const seen = await staff((cx) => readStatement(cx, book, days("2026-01-01", "2199-12-31"), "AUD"));
  const withoutSums = (lines: typeof whole.lines) => lines.map(({ sums: _, ...line }) => line);
  expect(withoutSums(await linesOf(staff, seen, book))).toEqual(withoutSums(whole.lines));
  expect(seen.ageing).toEqual(whole.statement.ageing);
}
