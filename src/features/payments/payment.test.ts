import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CustomerId } from "#access/principal.ts";
import {
  assertCancellable,
  assertEditable,
  assertPayable,
  assertRefundable,
  isPayable,
  owedOf,
  type Payment,
  type PaymentState,
  statusOf,
} from "#features/payments/payment.ts";
import { money } from "#kernel/money.ts";

const at = Temporal.Instant.from("2026-11-01T00:00:00Z");
const today = Temporal.PlainDate.from("2026-11-21");

function payment(over: Partial<Payment> = {}): Payment {
  const zero = money(0n, "AUD");
  return {
    id: "pay_00000000000000000000000001",
    externalId: undefined,
    customerId: "cus_00000000000000000000000001" as CustomerId,
    planId: undefined,
    item: "Tuition",
    note: "",
    list: money(100_000n, "AUD"),
    discount: zero,
    paid: zero,
    refundedList: zero,
    refundedCash: zero,
    dueDate: today,
    state: "open",
    allowPart: false,
    inProcess: false,
    paidAt: undefined,
    cancelledAt: undefined,
    createdAt: at,
    updatedAt: at,
    ...over,
  };
}

describe("what a payment is today", () => {
  test("the date decides: the day itself is due, the next is overdue, beyond the window it is scheduled", () => {
    const on = (days: number) => statusOf(payment({ dueDate: today.add({ days }) }), today, 30);
    expect([on(-1), on(0), on(30), on(31)]).toEqual(["overdue", "due", "due", "scheduled"]);
  });

  test("part paid shows until the date has passed; then it is overdue", () => {
    expect(statusOf(payment({ state: "partially_paid" }), today, 30)).toBe("partially_paid");
    expect(statusOf(payment({ state: "partially_paid", dueDate: today.subtract({ days: 1 }) }), today, 30)).toBe(
      "overdue",
    );
  });

  test("processing is never paid, and hides the date", () => {
    expect(statusOf(payment({ inProcess: true, dueDate: today.subtract({ days: 9 }) }), today, 30)).toBe("processing");
    expect(isPayable(payment({ inProcess: true }))).toBe(true);
  });

  test("what is settled stays what it is, whatever the date", () => {
    const settled: PaymentState[] = ["paid", "partially_refunded", "refunded", "cancelled", "draft"];
    for (const state of settled) expect(statusOf(payment({ state, inProcess: true }), today, 0)).toBe(state);
  });

  test("owed is list − discount − paid, and nothing once it is settled", () => {
    const part = payment({ discount: money(10_000n, "AUD"), paid: money(40_000n, "AUD"), state: "partially_paid" });
    expect(owedOf(part)).toEqual(money(50_000n, "AUD"));
    expect(owedOf({ ...part, state: "cancelled" })).toEqual(money(0n, "AUD"));
    expect(owedOf({ ...part, state: "refunded" })).toEqual(money(0n, "AUD"));
  });
});

describe("what may be done", () => {
  test("409: what is paid can't be edited, cancelled or paid again", () => {
    const paid = payment({ state: "paid", paid: money(100_000n, "AUD") });
    expect(() => assertEditable(paid)).toThrow(/can't be changed/);
    expect(() => assertCancellable(paid)).toThrow(/Refund it/);
    expect(() => assertPayable(paid)).toThrow(/Nothing is owed/);
    expect(() => assertRefundable(paid)).not.toThrow();
  });

  test("409: while an attempt is in processing nothing is changed or cancelled", () => {
    expect(() => assertEditable(payment({ inProcess: true }))).toThrow(/being processed/);
    expect(() => assertCancellable(payment({ inProcess: true }))).toThrow(/being processed/);
  });

  test("409: a part-paid payment can't be cancelled, and is not refunded as a paid one", () => {
    const part = payment({ state: "partially_paid", paid: money(1n, "AUD") });
    expect(() => assertCancellable(part)).toThrow(/Refund it/);
    expect(() => assertRefundable(part)).toThrow(/not paid in full/);
    expect(() => assertEditable(part)).not.toThrow();
  });

  test("law: what can be paid owes something, for every state and amount", () => {
    fc.assert(
      fc.property(
        fc.constantFrom<PaymentState>(
          "draft",
          "open",
          "partially_paid",
          "paid",
          "partially_refunded",
          "refunded",
          "cancelled",
        ),
        fc.bigInt(0n, 100_000n),
        (state, paid) => {
          const one = payment({ state, paid: money(paid, "AUD") });
          expect(isPayable(one)).toBe(owedOf(one).minor > 0n);
          expect(owedOf(one).minor >= 0n).toBe(true);
        },
      ),
    );
  });
});
