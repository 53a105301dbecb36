import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CustomerId } from "#access/principal.ts";
import type { Payment } from "#features/payments/payment.ts";
import { type Share, totalOf } from "#features/payments/shares.ts";
import {
  limitsOf,
  quoteKeep,
  quoteList,
  type Refundable,
  type RefundQuote,
  refundTransfers,
} from "#features/refunds/refund-quote.ts";
import { money } from "#kernel/money.ts";
import { account, nameOf } from "#ledger/chart.ts";

const at = Temporal.Instant.from("2026-11-01T00:00:00Z");

function payment(list: bigint, discount: bigint): Payment {
  const zero = money(0n, "AUD");
  return {
    id: "pay_00000000000000000000000001",
    externalId: undefined,
    customerId: "cus_00000000000000000000000001" as CustomerId,
    planId: undefined,
    item: "Tuition",
    note: "",
    list: money(list, "AUD"),
    discount: money(discount, "AUD"),
    paid: money(list - discount, "AUD"),
    refundedList: zero,
    refundedCash: zero,
    dueDate: Temporal.PlainDate.from("2026-11-01"),
    state: "paid",
    allowPart: false,
    inProcess: false,
    paidAt: at,
    cancelledAt: undefined,
    createdAt: at,
    updatedAt: at,
  };
}

function share(index: number, gross: bigint): Share {
  return {
    id: `shr_0000000000000000000000000${index}`,
    paymentId: "pay_00000000000000000000000001",
    partnershipId: `prt_0000000000000000000000000${index}`,
    partnershipName: "",
    position: index,
    kind: "percent",
    base: undefined,
    rateBps: 1_000,
    taxMode: "none",
    taxBps: 0,
    net: money(gross - gross / 7n, "AUD"),
    tax: money(gross / 7n, "AUD"),
    reversed: money(0n, "AUD"),
    state: "earned",
    earnedAt: at,
  };
}

function refunded(of: Refundable, quote: RefundQuote): Refundable {
  const { payment: before } = of;
  return {
    payment: {
      ...before,
      refundedList: money(before.refundedList.minor + quote.list.minor, "AUD"),
      refundedCash: money(before.refundedCash.minor + quote.cash.minor, "AUD"),
    },
    shares: of.shares.map((one) => {
      const back = quote.reversals.find((reversal) => reversal.share.id === one.id)?.minor ?? 0n;
      return { ...one, reversed: money(one.reversed.minor + back, "AUD") };
    }),
    discountBack: of.discountBack + quote.discount.minor,
  };
}

/** A list amount that comes apart into shares, discount and a rest; as tight as it likes. */
const worlds = fc
  .tuple(fc.bigInt(1n, 50_000n), fc.array(fc.bigInt(0n, 400n), { maxLength: 4 }), fc.bigInt(0n, 1_000n))
  .map(([list, parts, off]) => {
    const gross = parts.map((part) => (list * part) / 2_000n);
    const keep = gross.reduce((left, one) => left - one, list);
    const most = keep < list ? keep : list - 1n;
    const discount = (most * off) / 1_000n;
    return { payment: payment(list, discount), shares: gross.map((one, index) => share(index, one)), discountBack: 0n };
  });
const steps = fc.array(fc.tuple(fc.constantFrom("list", "list", "list", "keep"), fc.bigInt(1n, 1_000n)), {
  minLength: 1,
  maxLength: 8,
});

describe("refunds by rule 6", () => {
  test("1,000.00 list, 700.00 share, 100.00 discount: half the list is 450.00 in cash and 350.00 of the share", () => {
    const of = { payment: payment(100_000n, 10_000n), shares: [share(1, 70_000n)], discountBack: 0n };
    const quote = quoteList(of, 50_000n);
    expect([quote.cash.minor, quote.discount.minor, quote.reversals[0]?.minor]).toEqual([45_000n, 5_000n, 35_000n]);
    expect(quoteKeep(of, 20_000n).reversals).toEqual([]);
    expect(limitsOf(of)).toEqual({ list: 100_000n, keep: 20_000n, cash: 90_000n });
  });

  test("law: never above what was paid, in any order; a list refunded whole leaves nothing anywhere", () => {
    fc.assert(
      fc.property(worlds, steps, (world, wishes) => {
        let of: Refundable = world;
        const back = new Map(world.shares.map((one) => [one.id, { net: 0n, tax: 0n }]));
        for (const [kind, size] of wishes) {
          const most = limitsOf(of)[kind as "list" | "keep"];
          if (most < 1n) continue;
          const amount = (most * size) / 1_000n || 1n;
          const quote = kind === "list" ? quoteList(of, amount) : quoteKeep(of, amount);
          expectSound(of, quote);
          takeBack(back, quote);
          of = refunded(of, quote);
        }
        const rest = limitsOf(of).list;
        if (rest > 0n) {
          const quote = quoteList(of, rest);
          expectSound(of, quote);
          takeBack(back, quote);
          of = refunded(of, quote);
        }
        for (const { id, net, tax } of of.shares) expect(back.get(id)).toEqual({ net: net.minor, tax: tax.minor });
        expect(of.payment.refundedCash.minor).toBe(of.payment.list.minor - of.payment.discount.minor);
        expect(of.discountBack).toBe(of.payment.discount.minor);
        for (const one of of.shares) expect(one.reversed.minor).toBe(totalOf(one).minor);
      }),
      { numRuns: 3_000 },
    );
  });

  test("law: the customer's account ends where it began, and the provider gave the cash", () => {
    fc.assert(
      fc.property(worlds, fc.bigInt(1n, 1_000n), (world, size) => {
        const amount = (limitsOf(world).list * size) / 1_000n || 1n;
        const quote = quoteList(world, amount);
        const moved = new Map<string, bigint>();
        for (const { debit, credit, amount: line } of refundTransfers(world.payment, quote, account.provider("x"))) {
          moved.set(nameOf(debit), (moved.get(nameOf(debit)) ?? 0n) - line.minor);
          moved.set(nameOf(credit), (moved.get(nameOf(credit)) ?? 0n) + line.minor);
        }
        expect(moved.get(`customer:${world.payment.customerId}`) ?? 0n).toBe(0n);
        expect(moved.get("provider:x") ?? 0n).toBe(quote.cash.minor);
        expect(moved.get("discounts_given") ?? 0n).toBe(quote.discount.minor);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Net and tax by themselves: neither is ever taken back below zero, and together they are what was taken back. */
function takeBack(back: Map<string, { net: bigint; tax: bigint }>, quote: RefundQuote): void {
  for (const { share: of, net, tax, minor } of quote.reversals) {
    expect(net >= 0n && tax >= 0n && net + tax === minor).toBe(true);
    const before = back.get(of.id) ?? { net: 0n, tax: 0n };
    back.set(of.id, { net: before.net + net, tax: before.tax + tax });
  }
}

function expectSound(of: Refundable, quote: RefundQuote): void {
  expect(quote.cash.minor >= 0n && quote.discount.minor >= 0n).toBe(true);
  expect(quote.reversals.every(({ minor }) => minor > 0n)).toBe(true);
  const next = refunded(of, quote);
  expect(next.payment.refundedCash.minor <= of.payment.list.minor - of.payment.discount.minor).toBe(true);
  expect(next.payment.refundedList.minor <= of.payment.list.minor).toBe(true);
  for (const one of next.shares) expect(one.reversed.minor <= totalOf(one).minor).toBe(true);
}
