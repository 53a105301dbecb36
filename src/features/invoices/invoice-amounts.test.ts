import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Currency, largestMinor, money } from "#kernel/money.ts";
import { divideRounded } from "#kernel/rate.ts";
import { amountsOf, taxOf, taxWithin } from "./invoice-amounts.ts";

const line = fc.record({ net: fc.bigInt(0n, 10n ** 12n), bps: fc.integer({ min: 0, max: 10_000 }) });

describe("tax of an invoice, in AUD, JPY and KWD", () => {
  test("law: the lines' tax adds up to the tax of the whole, rounded once, and no line is off by a whole unit", () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), (lines) => {
        const taxes = taxOf(lines);
        const exact = lines.reduce((sum, one) => sum + one.net * BigInt(one.bps), 0n);
        expect(taxes.reduce((sum, one) => sum + one, 0n)).toBe(divideRounded(exact, 10_000n));
        for (const [index, tax] of taxes.entries()) {
          const { net, bps } = lines[index] as (typeof lines)[number];
          const off = tax * 10_000n - net * BigInt(bps);
          expect(off < 10_000n && off > -10_000n).toBe(true);
          if (bps === 0) expect(tax).toBe(0n);
        }
      }),
    );
  });

  test("law: net, tax and total of any lines add up in each currency", () => {
    const lines = fc.array(
      fc.record({
        quantity: fc.integer({ min: 1, max: 1_000 }),
        unit: fc.bigInt(0n, 10n ** 9n),
        taxBps: fc.constantFrom(0, 500, 1_000, 1_250, 2_000, 10_000),
      }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(lines, fc.constantFrom<Currency>("AUD", "JPY", "KWD"), (wanted, currency) => {
        const input = wanted.map((one) => ({ ...one, description: "Fee", unit: money(one.unit, currency) }));
        const amounts = amountsOf(input, currency);
        const sum = (key: "net" | "tax") => amounts.lines.reduce((all, one) => all + one[key].minor, 0n);
        expect(sum("net")).toBe(amounts.net.minor);
        expect(sum("tax")).toBe(amounts.tax.minor);
        expect(amounts.total).toEqual(money(amounts.net.minor + amounts.tax.minor, currency));
      }),
    );
  });

  test("amounts beyond 2^53 − 1 minor units are refused in words, never rounded", () => {
    const huge = { description: "Fee", quantity: 2, unit: money(largestMinor, "AUD"), taxBps: 0 };
    expect(() => amountsOf([huge], "AUD")).toThrow("more than can be booked");
    const whole = { ...huge, quantity: 1 };
    expect(() => amountsOf([whole, { ...whole, unit: money(1n, "AUD") }], "AUD")).toThrow("more than can be booked");
    expect(() => amountsOf([{ ...whole, taxBps: 1 }], "AUD")).toThrow("more than can be booked");
    expect(amountsOf([whole], "AUD").total.minor).toBe(largestMinor);
  });
});

test("law: however an invoice is paid in parts, the tax of the parts adds up, each between nothing and its part", () => {
  const paid = fc.record({
    net: fc.bigInt(1n, 10n ** 12n),
    bps: fc.integer({ min: 0, max: 10_000 }),
    cuts: fc.array(fc.bigInt(0n, 10n ** 12n), { maxLength: 12 }),
  });
  fc.assert(
    fc.property(paid, ({ net, bps, cuts }) => {
      const tax = divideRounded(net * BigInt(bps), 10_000n);
      const total = net + tax;
      const at = (kept: bigint) => taxWithin({ total, tax, credited: 0n, creditedTax: 0n, kept });
      const stops = [0n, ...cuts.map((cut) => cut % (total + 1n)).sort((a, b) => (a < b ? -1 : 1)), total];
      for (let index = 1; index < stops.length; index++) {
        const [from = 0n, to = 0n] = [stops[index - 1], stops[index]];
        const part = at(to) - at(from);
        expect(part >= 0n && part <= to - from).toBe(true);
      }
      expect(at(0n)).toBe(0n);
      expect(at(total)).toBe(tax);
    }),
  );
});
