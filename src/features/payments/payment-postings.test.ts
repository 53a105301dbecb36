import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CustomerId } from "#access/principal.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Payment } from "#features/payments/payment.ts";
import { earnTransfers, refundQuote, refundTransfers } from "#features/payments/payment-postings.ts";
import { priceUp } from "#features/payments/payment-pricing.ts";
import { type Share, type ShareTerms, totalOf } from "#features/payments/shares.ts";
import { money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import type { Transfer } from "#ledger/journal.ts";

const at = Temporal.Instant.from("2026-11-01T00:00:00Z");
type Currency = "AUD" | "JPY" | "KWD";

function paidPayment(list: bigint, discount: bigint, currency: Currency): Payment {
  const zero = money(0n, currency);
  return {
    id: "pay_00000000000000000000000001",
    externalId: undefined,
    customerId: "cus_a" as CustomerId,
    planId: undefined,
    item: "Tuition",
    note: "",
    list: money(list, currency),
    discount: money(discount, currency),
    paid: money(list - discount, currency),
    refundedList: zero,
    refundedCash: zero,
    dueDate: Temporal.PlainDate.from("2026-11-21"),
    state: "paid",
    allowPart: false,
    inProcess: false,
    paidAt: at,
    cancelledAt: undefined,
    createdAt: at,
    updatedAt: at,
  };
}

function sharesFor(payment: Payment, terms: readonly ShareTerms[]): Share[] {
  return priceUp(payment.list, terms, payment.discount).shares.map((amounts, index) => ({
    ...(terms[index] as ShareTerms),
    ...amounts,
    id: `shr_${index}`,
    paymentId: payment.id,
    partnershipId: `prt_${index}` as PartnershipId,
    partnershipName: "Meridian",
    reversed: money(0n, payment.list.currency),
    state: "earned",
    earnedAt: at,
  }));
}

/** Balance of each account after the lines, credit-normal. */
function balances(lines: readonly Transfer[], into: Map<string, bigint> = new Map()): Map<string, bigint> {
  const move = (ref: Transfer["debit"], by: bigint) => {
    const key = `${ref.kind}:${ref.owner}`;
    into.set(key, (into.get(key) ?? 0n) + by);
  };
  for (const line of lines) {
    expect(line.amount.minor > 0n).toBe(true);
    move(line.debit, -line.amount.minor);
    move(line.credit, line.amount.minor);
  }
  return into;
}

const seventy: ShareTerms = { rateBps: 7_000, taxMode: "none", taxBps: 0 };

describe("a payment that is paid in full", () => {
  test("the example of domain.md: 1,000.00 list, 700.00 share, 100.00 discount, 900.00 cash", () => {
    const payment = paidPayment(100_000n, 10_000n, "AUD");
    const after = balances(earnTransfers(payment, sharesFor(payment, [seventy])));
    expect(Object.fromEntries(after)).toEqual({
      "customer:cus_a": -90_000n,
      "partner:prt_0": 70_000n,
      "income:": 30_000n,
      "discounts_given:": -10_000n,
    });
  });

  test("a partner gets the same to the unit, discount or not", () => {
    const full = paidPayment(100_001n, 0n, "AUD");
    const less = paidPayment(100_001n, 12_345n, "AUD");
    const partner = (of: Payment) => balances(earnTransfers(of, sharesFor(of, [seventy]))).get("partner:prt_0");
    expect(partner(full)).toBe(partner(less));
  });
});

describe("a refund", () => {
  test("422: nothing, or more than is left, is refused", () => {
    const payment = paidPayment(100_000n, 0n, "AUD");
    expect(() => refundQuote(payment, [], money(0n, "AUD"))).toThrow(Problem);
    expect(() => refundQuote(payment, [], money(100_001n, "AUD"))).toThrow(Problem);
  });

  test("half the list amount gives back half the cash and half of each share", () => {
    const payment = paidPayment(100_000n, 10_000n, "AUD");
    const quote = refundQuote(payment, sharesFor(payment, [seventy]), money(50_000n, "AUD"));
    expect(quote.cash.minor).toBe(45_000n);
    expect(quote.reversals.map((one) => one.minor)).toEqual([35_000n]);
    expect(Object.fromEntries(balances(refundTransfers(payment, quote)))).toEqual({
      "partner:prt_0": -35_000n,
      "customer:cus_a": 45_000n,
      "income:": -15_000n,
      "discounts_given:": 5_000n,
    });
  });

  test("goodwill reverses no share: it is the institution's own", () => {
    const payment = paidPayment(100_000n, 10_000n, "AUD");
    const lines = refundTransfers(payment, { list: money(0n, "AUD"), cash: money(900n, "AUD"), reversals: [] });
    expect(Object.fromEntries(balances(lines))).toEqual({ "income:": -900n, "customer:cus_a": 900n });
  });

  test("law: refunds in any pieces end where the payment began, and never pass the whole on the way", () => {
    const anyTerms = fc.array(
      fc.record({
        rateBps: fc.integer({ min: 1, max: 3_300 }),
        taxMode: fc.constantFrom("none" as const, "inclusive" as const, "exclusive" as const),
        taxBps: fc.integer({ min: 0, max: 2_000 }),
      }),
      { maxLength: 2 },
    );
    fc.assert(
      fc.property(
        fc.bigInt(10n, 1_000_000n),
        fc.bigInt(0n, 10_000n),
        anyTerms,
        fc.array(fc.bigInt(1n, 400_000n), { maxLength: 6 }),
        fc.constantFrom<Currency>("AUD", "JPY", "KWD"),
        (list, discountRate, terms, pieces, currency) => {
          const keep = priceUp(money(list, currency), terms, money(0n, currency)).keep.minor;
          const discount = (keep * discountRate) / 10_001n;
          let payment = paidPayment(list, discount, currency);
          let shares = sharesFor(payment, terms);
          const books = balances(earnTransfers(payment, shares));
          for (const piece of [...pieces, list]) {
            const left = payment.list.minor - payment.refundedList.minor;
            if (left === 0n) break;
            const quote = refundQuote(payment, shares, money(piece < left ? piece : left, currency));
            balances(refundTransfers(payment, quote), books);
            payment = {
              ...payment,
              refundedList: money(payment.refundedList.minor + quote.list.minor, currency),
              refundedCash: money(payment.refundedCash.minor + quote.cash.minor, currency),
            };
            shares = shares.map((share) => {
              const back = quote.reversals.find((one) => one.share.id === share.id)?.minor ?? 0n;
              return { ...share, reversed: money(share.reversed.minor + back, currency) };
            });
            expect(payment.refundedCash.minor <= list - discount).toBe(true);
            for (const share of shares) expect(share.reversed.minor <= totalOf(share).minor).toBe(true);
          }
          for (const [name, balance] of books) expect([name, balance]).toEqual([name, 0n]);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
