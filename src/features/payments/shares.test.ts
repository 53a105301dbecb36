import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { priceUp } from "#features/payments/payment-pricing.ts";
import { computeShare, keepOf, type ShareTerms } from "#features/payments/shares.ts";
import { type Currency, type Money, money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";

const aud = (minor: bigint) => money(minor, "AUD");
const anyMoney = (): fc.Arbitrary<Money> =>
  fc.record({
    minor: fc.oneof(fc.bigInt(1n, 10_000n), fc.bigInt(1n, 2n ** 53n - 1n)),
    currency: fc.constantFrom<Currency>("AUD", "JPY", "KWD"),
  });
const anyTerms = (): fc.Arbitrary<ShareTerms> =>
  fc.record({
    rateBps: fc.integer({ min: 1, max: 10_000 }),
    taxMode: fc.constantFrom("none" as const, "inclusive" as const, "exclusive" as const),
    taxBps: fc.integer({ min: 0, max: 3_000 }),
  });

describe("shares of a list amount", () => {
  test("percent of the list amount: plain, with tax inside, with tax on top", () => {
    const list = aud(100_000n);
    expect(computeShare(list, { rateBps: 7_000, taxMode: "none", taxBps: 1_000 })).toEqual({
      net: aud(70_000n),
      tax: aud(0n),
    });
    expect(computeShare(list, { rateBps: 1_100, taxMode: "inclusive", taxBps: 1_000 })).toEqual({
      net: aud(10_000n),
      tax: aud(1_000n),
    });
    expect(computeShare(list, { rateBps: 1_000, taxMode: "exclusive", taxBps: 1_000 })).toEqual({
      net: aud(10_000n),
      tax: aud(1_000n),
    });
  });

  test("half a unit stays with the institution, and odd amounts add up", () => {
    const yen = money(101n, "JPY");
    const half = { rateBps: 5_000, taxMode: "none", taxBps: 0 } as const;
    const { net } = computeShare(yen, half);
    expect(net.minor).toBe(50n);
    expect(keepOf(yen, [computeShare(yen, half), computeShare(yen, half)]).minor).toBe(1n);
    expect(computeShare(money(1_000_500n, "KWD"), { rateBps: 1_250, taxMode: "inclusive", taxBps: 500 })).toEqual({
      net: money(119_107n, "KWD"),
      tax: money(5_955n, "KWD"),
    });
  });

  test("law: parts and keep add up to the list amount, each within a unit of its exact part, none below zero", () => {
    fc.assert(
      fc.property(anyMoney(), fc.array(anyTerms(), { maxLength: 4 }), (list, terms) => {
        const shares = [];
        try {
          for (const term of terms) shares.push(computeShare(list, term));
          const keep = keepOf(list, shares);
          const sum = shares.reduce((total, share) => total + share.net.minor + share.tax.minor, keep.minor);
          expect(sum).toBe(list.minor);
          expect(keep.minor >= 0n).toBe(true);
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
          // Refused only when the exact shares fill the whole amount, but for a unit of rounding each.
          const exact = terms.reduce((total, term) => total + exactPart(list, term), 0n);
          expect(exact + BigInt(terms.length) * 2n >= list.minor).toBe(true);
        }
        for (const [index, share] of shares.entries()) {
          const term = terms[index] as ShareTerms;
          expect(share.net.minor >= 0n && share.tax.minor >= 0n).toBe(true);
          const off = share.net.minor + share.tax.minor - exactPart(list, term);
          expect(off >= -2n && off <= 2n).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("law: a share is the same whatever the other shares and the discount are", () => {
    fc.assert(
      fc.property(anyMoney(), anyTerms(), anyTerms(), (list, own, other) => {
        try {
          const alone = priceUp(list, [own], money(0n, list.currency)).shares[0];
          expect(priceUp(list, [own, other], money(0n, list.currency)).shares[0]).toEqual(alone);
          expect(priceUp(list, [other, own], money(1n, list.currency)).shares[1]).toEqual(alone);
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Net and tax together, rounded down. */
function exactPart(list: Money, terms: ShareTerms): bigint {
  const onTop = terms.taxMode === "exclusive" ? 10_000n + BigInt(terms.taxBps) : 10_000n;
  return (list.minor * BigInt(terms.rateBps) * onTop) / 100_000_000n;
}

describe("the discount", () => {
  const ten = { rateBps: 7_000, taxMode: "none", taxBps: 0 } as const;

  test("comes out of the keep alone: the price falls, the shares stay", () => {
    const priced = priceUp(aud(100_000n), [ten], aud(10_000n));
    expect(priced.shares[0]?.net).toEqual(aud(70_000n));
    expect(priced.price).toEqual(aud(90_000n));
    expect(priced.keep).toEqual(aud(30_000n));
    expect(priced.left).toEqual(aud(20_000n));
  });

  test("422: above the keep it is refused, with the most that is possible", () => {
    expect(() => priceUp(aud(100_000n), [ten], aud(30_001n))).toThrow(/at most AUD 300.00/);
    expect(priceUp(aud(100_000n), [ten], aud(30_000n)).left).toEqual(aud(0n));
  });

  test("422: one that leaves nothing to pay is refused", () => {
    expect(() => priceUp(aud(5_000n), [], aud(5_000n))).toThrow(/leave something to pay/);
  });

  test("422: shares of more than the whole are refused", () => {
    expect(() => priceUp(aud(100n), [{ rateBps: 9_500, taxMode: "exclusive", taxBps: 1_000 }], aud(0n))).toThrow(
      Problem,
    );
    expect(() => priceUp(aud(100n), [ten, ten], aud(0n))).toThrow(/more than the amount/);
  });
});
