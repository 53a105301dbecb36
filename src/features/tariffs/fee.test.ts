import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { feeOf, type Pricing, type Tier, tierOf } from "#features/tariffs/tariff.ts";
import { type Currency, money } from "#kernel/money.ts";

const amounts = fc.bigInt({ min: 1n, max: 9_007_199_254_740n });
const currency = fc.constantFrom<Currency>("AUD", "JPY", "KWD");
const tier = fc.record({ fixed: fc.bigInt({ min: 0n, max: 5_000n }), rateBps: fc.integer({ min: 0, max: 10_000 }) });
const edges = fc.uniqueArray(fc.bigInt({ min: 1n, max: 100_000_000n }), { maxLength: 5 });

const pricings: fc.Arbitrary<Pricing> = fc
  .tuple(currency, edges, fc.array(tier, { minLength: 6, maxLength: 6 }), fc.nat(10_000), fc.option(fc.nat(100_000)))
  .map(([code, from, costs, minimum, above]) => ({
    currency: code,
    tiers: [0n, ...from.toSorted((a, b) => (a < b ? -1 : 1))].map((start, index): Tier => {
      return { from: start, fixed: 0n, rateBps: 0, ...costs[index] };
    }),
    minimum: BigInt(minimum),
    maximum: above === null ? undefined : BigInt(minimum + above),
  }));

const plain: Pricing = {
  currency: "AUD",
  tiers: [{ from: 0n, fixed: 0n, rateBps: 0 }],
  minimum: 0n,
  maximum: undefined,
};
const fee = (pricing: Partial<Pricing>, minor: bigint) => {
  const whole = { ...plain, ...pricing };
  return feeOf(whole, money(minor, whole.currency)).minor;
};

describe("a fee", () => {
  test("law: it is never below the minimum and never above the maximum, in AUD, JPY and KWD", () => {
    fc.assert(
      fc.property(pricings, amounts, (pricing, minor) => {
        const found = feeOf(pricing, money(minor, pricing.currency));
        expect(found.currency).toBe(pricing.currency);
        expect(found.minor).toBeGreaterThanOrEqual(pricing.minimum);
        if (pricing.maximum !== undefined) expect(found.minor).toBeLessThanOrEqual(pricing.maximum);
      }),
    );
  });

  test("law: within a tier it does not fall as the amount grows", () => {
    fc.assert(
      fc.property(pricings, amounts, fc.bigInt({ min: 0n, max: 1_000_000n }), (pricing, minor, more) => {
        fc.pre(tierOf(pricing.tiers, minor) === tierOf(pricing.tiers, minor + more));
        expect(fee(pricing, minor + more)).toBeGreaterThanOrEqual(fee(pricing, minor));
      }),
    );
  });

  test("law: it is at most half a minor unit away from what the rate says", () => {
    fc.assert(
      fc.property(currency, amounts, fc.integer({ min: 0, max: 10_000 }), (code, minor, rateBps) => {
        const exact = minor * BigInt(rateBps);
        const off = fee({ currency: code, tiers: [{ from: 0n, fixed: 0n, rateBps }] }, minor) * 10_000n - exact;
        expect(off > -5_000n && off <= 5_000n).toBe(true);
      }),
    );
  });

  test.each([
    ["AUD", 101n, 50, 1n], // 0.505 of a cent
    ["AUD", 100n, 50, 1n], // half a cent goes up
    ["AUD", 99n, 50, 0n],
    ["JPY", 1_999n, 250, 50n], // 49.975 yen
    ["KWD", 12_345n, 150, 185n], // 185.175 fils
  ] as const)("%s %d at %d basis points costs %d: rounded half up to the minor unit of its currency", (...row) => {
    const [code, minor, rateBps, expected] = row;
    expect(fee({ currency: code, tiers: [{ from: 0n, fixed: 0n, rateBps }] }, minor)).toBe(expected);
  });

  test("the tier that holds the amount counts for the whole of it, from its first minor unit on", () => {
    const tiers: Tier[] = [
      { from: 0n, fixed: 100n, rateBps: 100 },
      { from: 100_000n, fixed: 0n, rateBps: 50 },
    ];
    expect(fee({ tiers }, 99_999n)).toBe(1_100n);
    expect(fee({ tiers }, 100_000n)).toBe(500n);
    expect(fee({ tiers, minimum: 600n }, 100_000n)).toBe(600n);
    expect(fee({ tiers, maximum: 450n }, 100_000n)).toBe(450n);
  });
});
