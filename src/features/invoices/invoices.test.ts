import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { permit } from "#access/permit.ts";
import { creditInvoice } from "#features/invoices/credit-invoice.ts";
import type { InvoiceId } from "#features/invoices/invoice.ts";
import { createDraft, type DraftInput, dropDraft } from "#features/invoices/invoice-draft.ts";
import { issueInvoice } from "#features/invoices/issue-invoice.ts";
import { voidInvoice } from "#features/invoices/void-invoice.ts";
import { recordInvoicePayment } from "#features/money-in/record-invoice-payment.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { newId } from "#kernel/ids.ts";
import { type Currency, money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";
import { type TestHouse, testHouse } from "../../../test/support/house.ts";
import { expectBooksProved, invoiceRow, raise, standsOn } from "../../../test/support/invoices.ts";
import { type MoneyWorld, moneyWorld } from "../../../test/support/money.ts";

let h: TestHouse;
let world: MoneyWorld;

beforeAll(async () => {
  h = await testHouse();
  world = await moneyWorld(h);
}, 60_000);
afterAll(async () => await h?.close());

const may = (cx: Cx) => permit(cx.principal, "invoices.write");

function input(values: Partial<DraftInput> = {}): DraftInput {
  return {
    partnership: world.partner as PartnershipId,
    currency: "AUD",
    dueDate: Temporal.PlainDate.from("2026-12-20"),
    notes: "",
    lines: [{ description: "Portal fee", quantity: 1, unit: money(10_000n, "AUD"), taxBps: 1_000 }],
    ...values,
  };
}

async function numbersOf(partner: string): Promise<bigint[]> {
  const { rows } = await h.admin.query<{ number: bigint }>(
    "select number from app.invoice where partnership_id = $1 and number is not null order by number",
    [partner],
  );
  return rows.map((row) => row.number);
}

describe("numbers", () => {
  test("law: issued at once, with some rolled back and some drafts dropped, they have no gap and no twin", async () => {
    const others = [await moneyWorld(h, world.institution), await moneyWorld(h, world.institution)];
    const plan = fc.array(fc.record({ whose: fc.nat(1), ends: fc.constantFrom("issued", "rolled back", "dropped") }), {
      minLength: 10,
      maxLength: 24,
    });
    await fc.assert(
      fc.asyncProperty(plan, async (wishes) => {
        await Promise.all(
          wishes.map(async ({ whose, ends }) => {
            const partnership = others[whose]?.partner as PartnershipId;
            const id = newId("inv", h.clock.now(), h.random);
            const work = h.system(world.institution, async (cx) => {
              await createDraft(cx, may(cx), id, input({ partnership }));
              if (ends === "dropped") return await dropDraft(cx, may(cx), id);
              await issueInvoice(cx, may(cx), id, { quiet: true });
              if (ends === "rolled back") throw new Problem("conflict", "not after all");
            });
            await work.catch((error: unknown) => {
              if (!(error instanceof Problem)) throw error;
            });
          }),
        );
        for (const { partner } of others) {
          const numbers = await numbersOf(partner);
          expect(numbers).toEqual(numbers.map((_, index) => BigInt(index + 1)));
        }
      }),
      { numRuns: 6 },
    );
    await expectBooksProved(h, world);
  });

  test("one draft issued by 10 at once is issued once; what is issued is never changed or deleted", async () => {
    const id = newId("inv", h.clock.now(), h.random);
    await h.system(world.institution, (cx) => createDraft(cx, may(cx), id, input()));
    const tries = await Promise.allSettled(
      Array.from({ length: 10 }, () => h.system(world.institution, (cx) => issueInvoice(cx, may(cx), id))),
    );
    expect(tries.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    await expect(h.system(world.institution, (cx) => dropDraft(cx, may(cx), id))).rejects.toThrow("issued already");
  });

  test("each partner counts for itself; a void invoice keeps its number", async () => {
    const other = await moneyWorld(h, world.institution);
    const first = await raise(h, other);
    await h.system(world.institution, (cx) => voidInvoice(cx, may(cx), first.id));
    const second = await raise(h, other);
    expect([first.number, second.number]).toEqual([1n, 2n]);
    expect(await invoiceRow(h, first.id)).toMatchObject({ state: "void", number: 1n });
    await expectBooksProved(h, world);
  });
});

describe("the snapshot", () => {
  test("says names, addresses and tax ids of the day of issue, whatever changes later", async () => {
    await h.admin.query("update app.partnership set address = 'Old Street 1', tax_id = '11' where id = $1", [
      world.partner,
    ]);
    const { id } = await raise(h, world, { notes: "=1+1 <b>bold</b>\nsecond line" });
    await h.admin.query("update app.partnership set address = 'New Street 2', name = 'Renamed' where id = $1", [
      world.partner,
    ]);
    const { rows } = await h.admin.query<{ snapshot: unknown }>("select snapshot from app.invoice where id = $1", [id]);
    expect(rows[0]?.snapshot).toMatchObject({
      partner: { name: "Meridian", address: "Old Street 1", taxId: "11" },
      institution: { name: "Northbridge College", taxId: "ABN 12 345 678 901" },
      notes: "=1+1 <b>bold</b>\nsecond line",
      net: "100000",
      tax: "10000",
      total: "110000",
    });
  });
});

describe("credit notes", () => {
  const credit = async (invoice: InvoiceId, wish: "all" | ReadonlyMap<number, bigint>) =>
    await h.system(world.institution, (cx) => {
      const key = newId("inv", cx.now, cx.random);
      return creditInvoice(cx, may(cx), { key, invoice, wish, reason: "Agreed on the phone", quiet: true });
    });
  const pay = async (invoice: InvoiceId, minor: bigint, owedBefore: bigint, currency: Currency = "AUD") =>
    await h.system(world.institution, (cx) =>
      recordInvoicePayment(cx, may(cx), {
        invoice,
        amount: money(minor, currency),
        receivedOn: Temporal.PlainDate.from("2026-11-20"),
        methodLabel: "Bank transfer",
        note: "",
        owedBefore,
      }),
    );

  test("of an unpaid invoice: less is owed, by line and with its tax; of all of it: nothing, and it reads credited", async () => {
    const { id } = await raise(h, world);
    await credit(id, new Map([[1, 25_000n]]));
    expect(await invoiceRow(h, id)).toMatchObject({ state: "issued", credited_minor: 27_500n });
    await expect(credit(id, new Map([[1, 75_001n]]))).rejects.toThrow("more than is left");
    await credit(id, "all");
    expect(await invoiceRow(h, id)).toMatchObject({ state: "paid", credited_minor: 110_000n, paid_minor: 0n });
    await expect(credit(id, "all")).rejects.toThrow("All of this invoice is credited");
    await expectBooksProved(h, world);
  });

  test("of a paid invoice: what was paid too much is owed to the partner, and goes out with its next payout", async () => {
    const other = await moneyWorld(h, world.institution);
    const { id } = await raise(h, other);
    await pay(id, 110_000n, 110_000n);
    await credit(id, new Map([[1, 40_000n]]));
    expect(await invoiceRow(h, id)).toMatchObject({ state: "paid", returned_minor: 44_000n });
    expect(await standsOn(h, "partner", other.partner)).toBe(44_000n);
    await expectBooksProved(h, world);
  });

  test("a payment sent twice, or beyond what is owed, is refused", async () => {
    const { id } = await raise(h, world);
    await pay(id, 10_000n, 110_000n);
    await expect(pay(id, 10_000n, 110_000n)).rejects.toThrow("has changed");
    await expect(pay(id, 100_001n, 100_000n)).rejects.toThrow("more than is owed");
    await expect(h.system(world.institution, (cx) => voidInvoice(cx, may(cx), id))).rejects.toThrow("was paid");
  });

  test("law: payments and credit notes in any order, in AUD, JPY and KWD, keep every law of the books", async () => {
    const step = fc.record({
      does: fc.constantFrom("pay", "credit"),
      line: fc.nat(1),
      part: fc.integer({ min: 1, max: 100 }),
    });
    const history = fc.record({
      currency: fc.constantFrom<Currency>("AUD", "JPY", "KWD"),
      net: fc.bigInt(1n, 99_999n),
      bps: fc.constantFrom(0, 700, 1_000, 2_500),
      steps: fc.array(step, { minLength: 1, maxLength: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(history, async ({ currency, net, bps, steps }) => {
        const lines = [
          { description: "A", quantity: 3, unit: money(net, currency), taxBps: bps },
          { description: "B", quantity: 1, unit: money(7n, currency), taxBps: 1_000 },
        ];
        const { id } = await raise(h, world, { currency, lines });
        for (const { does, line, part } of steps) {
          const row = await invoiceRow(h, id);
          const owed = row.total_minor - row.credited_minor - row.paid_minor + row.returned_minor;
          if (does === "pay" && owed > 0n) {
            await pay(id, (owed * BigInt(part) + 99n) / 100n, owed, currency);
          } else if (does === "credit") {
            const most = line === 0 ? net * 3n : 7n;
            const wish = new Map([[line + 1, (most * BigInt(part) + 99n) / 100n]]);
            await credit(id, wish).catch((error: unknown) => {
              if (!(error instanceof Problem)) throw error;
            });
          }
        }
      }),
      { numRuns: 15 },
    );
    await expectBooksProved(h, world);
  });
});

describe("drafts", () => {
  test("refused in words: no line, too many, too long, a foreign partner, nothing to pay", async () => {
    const id = newId("inv", h.clock.now(), h.random);
    const draft = (values: Partial<DraftInput>) =>
      h.system(world.institution, (cx) => createDraft(cx, may(cx), id, input(values)));
    const [line] = input().lines;
    const one = line ?? expect.fail();
    await expect(draft({ lines: [] })).rejects.toThrow("at least one line");
    await expect(draft({ lines: Array.from({ length: 5_000 }, () => one) })).rejects.toThrow("at most 100 lines");
    await expect(draft({ lines: [{ ...one, unit: money(0n, "AUD") }] })).rejects.toThrow("comes to nothing");
    await expect(draft({ lines: [{ ...one, quantity: 0 }] })).rejects.toThrow("line 1");
    await expect(draft({ lines: [{ ...one, quantity: -1 }] })).rejects.toThrow("line 1");
    await expect(draft({ notes: "x".repeat(4_001) })).rejects.toThrow("at most 4000");
    await expect(draft({ currency: "EUR", lines: [{ ...one, unit: money(1n, "EUR") }] })).rejects.toThrow(
      "not among your currencies",
    );
    await expect(draft({ partnership: newId("prt", h.clock.now(), h.random) })).rejects.toThrow();
  });

  test("issued, its contacts who may pay get one mail each, in their language, with the way to it", async () => {
    const other = await moneyWorld(h, world.institution);
    const payer = await h.partner(world.institution, other.partner, ["view", "pay"]);
    const viewer = await h.partner(world.institution, other.partner, ["view"]);
    await h.admin.query("update app.contact set language = 'ar' where email = $1", [payer.email]);
    await raise(h, other, { quiet: false });
    await h.drain();
    const mails = (await h.mails()).filter((mail) => [payer.email, viewer.email].includes(mail.to_email));
    expect(mails.map((mail) => mail.to_email)).toEqual([payer.email]);
    expect(mails[0]?.text_body).toContain("/partner/invoices/1");
    expect(mails[0]?.subject).toContain("INV-000001");
    expect(mails[0]?.subject).toContain("الفاتورة");
  });
});
