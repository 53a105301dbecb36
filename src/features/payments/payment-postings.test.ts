import { describe, expect, test } from "vitest";
import type { CustomerId } from "#access/principal.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Payment } from "#features/payments/payment.ts";
import { earnTransfers } from "#features/payments/payment-postings.ts";
import { priceUp } from "#features/payments/payment-pricing.ts";
import type { PartnerTerms, Share } from "#features/payments/shares.ts";
import { money } from "#kernel/money.ts";
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

function sharesFor(payment: Payment, terms: readonly PartnerTerms[]): Share[] {
  return priceUp(payment.list, terms, payment.discount).shares.map((amounts, index) => ({
    ...(terms[index] as PartnerTerms),
    ...amounts,
    id: `shr_${index}`,
    paymentId: payment.id,
    partnershipName: "Meridian",
    position: index,
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

const seventy: PartnerTerms = {
  kind: "percent",
  partnershipId: "prt_0" as PartnershipId,
  rateBps: 7_000,
  taxMode: "none",
  taxBps: 0,
};

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
