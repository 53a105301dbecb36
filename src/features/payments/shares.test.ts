import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { computeShare, computeShares } from "#features/payments/compute-shares.ts";
import { priceUp } from "#features/payments/payment-pricing.ts";
import { keepOf, type PartnerTerms, type ShareAmount, type ShareKind } from "#features/payments/shares.ts";
import { present } from "#kernel/assert.ts";
import { type Currency, type Money, money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { portion } from "#kernel/rate.ts";

const aud = (minor: bigint) => money(minor, "AUD");
const anyMoney = (): fc.Arbitrary<Money> =>
  fc.record({
    minor: fc.oneof(fc.bigInt(1n, 10_000n), fc.bigInt(1n, 2n ** 53n - 1n)),
    currency: fc.constantFrom<Currency>("AUD", "JPY", "KWD"),
  });
const partnerNo = (index: number) => `prt_0000000000000000000000000${index}` as const;

/** Terms of the partner at this place. What a percentage of a share hangs on may not be there at all. */
const anyTerms = (list: Money, index: number): fc.Arbitrary<PartnerTerms> =>
  fc
    .record({
      kind: fc.constantFrom<ShareKind>("percent", "percent", "flat", "percent_of_share", "remainder"),
      rateBps: fc.oneof(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 1, max: 10_000 })),
      taxMode: fc.constantFrom("none" as const, "inclusive" as const, "exclusive" as const),
      taxBps: fc.integer({ min: 0, max: 3_000 }),
      flat: fc.oneof(fc.bigInt(0n, list.minor / 4n), fc.bigInt(0n, list.minor)),
      of: fc.integer({ min: 0, max: 4 }),
    })
    .map(({ flat, of, ...terms }) => ({
      ...terms,
      partnershipId: partnerNo(index),
      ...(terms.kind === "flat" && { rateBps: 0, flat: { ...list, minor: flat } }),
      ...(terms.kind === "percent_of_share" && { of: partnerNo(of) }),
    }));
const anyWorld = (most = 5): fc.Arbitrary<{ list: Money; terms: PartnerTerms[] }> =>
  anyMoney().chain((list) =>
    fc.record({
      list: fc.constant(list),
      terms: fc
        .integer({ min: 0, max: most })
        .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => anyTerms(list, index)))),
    }),
  );
const plain = (rateBps: number, index = 1): PartnerTerms => ({
  kind: "percent",
  partnershipId: partnerNo(index),
  rateBps,
  taxMode: "none",
  taxBps: 0,
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

  test("law: whatever kinds and tax, shares and keep add up to the list amount, none below zero; the order decides nothing", () => {
    let computed = 0;
    fc.assert(
      fc.property(anyWorld(), ({ list, terms }) => {
        const shares = tried(list, terms);
        expect(tried(list, terms.toReversed())?.toReversed()).toEqual(shares);
        if (!shares) return;
        computed += 1;
        const keep = keepOf(list, shares);
        const sum = shares.reduce((total, share) => total + share.net.minor + share.tax.minor, keep.minor);
        expect(sum).toBe(list.minor);
        for (const [index, share] of shares.entries()) expectNear(list, terms, shares, index, share);
      }),
      { numRuns: 5_000 },
    );
    expect(computed).toBeGreaterThan(1_000);
  });

  test("law: a remainder takes all but the others' shares and the institution's own part, to the unit", () => {
    fc.assert(
      fc.property(anyWorld(4), fc.integer({ min: 0, max: 5_000 }), ({ list, terms }, rateBps) => {
        const others = terms.filter((one) => one.kind !== "remainder");
        const last = { ...plain(rateBps, 9), kind: "remainder", taxMode: "inclusive", taxBps: 1_000 } as const;
        const shares = tried(list, [...others, last]);
        if (shares) expect(keepOf(list, shares)).toEqual(money(portion(list.minor, rateBps), list.currency));
      }),
      { numRuns: 2_000 },
    );
  });

  test("law: a percentage of the amount and a flat share are the same whatever the others and the discount are", () => {
    fc.assert(
      fc.property(anyWorld(), fc.bigInt(0n, 100n), ({ list, terms }, off) => {
        if (!tried(list, terms)) return;
        const discount = money(list.minor > 100n ? off : 0n, list.currency);
        for (const [index, own] of terms.entries()) {
          if (own.kind !== "percent" && own.kind !== "flat") continue;
          const alone = computeShares(list, [own])[0];
          expect(computeShares(list, terms)[index]).toEqual(alone);
          try {
            expect(priceUp(list, terms, discount).shares[index]).toEqual(alone);
          } catch (error) {
            if (!(error instanceof Problem)) throw error;
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("a percentage of a share is taken of its net amount, with tax of its own, in any order", () => {
    const agent = { ...plain(2_000), taxMode: "exclusive", taxBps: 1_000 } as const;
    const sub = { ...plain(2_500, 2), kind: "percent_of_share", of: agent.partnershipId } as const;
    const of = { net: aud(5_000n), tax: aud(0n), base: aud(20_000n) };
    expect(computeShares(aud(100_000n), [agent, sub])[1]).toEqual(of);
    expect(computeShares(aud(100_000n), [sub, agent])[0]).toEqual(of);
  });

  test("a flat share: tax inside it, on top of it, none", () => {
    const flat = { ...plain(0), kind: "flat", flat: aud(11_000n), taxBps: 1_000 } as const;
    const of = (taxMode: "none" | "inclusive" | "exclusive") => {
      const [share] = computeShares(aud(100_000n), [{ ...flat, taxMode }]);
      return [share?.net.minor, share?.tax.minor, share?.base];
    };
    expect(of("none")).toEqual([11_000n, 0n, undefined]);
    expect(of("inclusive")).toEqual([10_000n, 1_000n, undefined]);
    expect(of("exclusive")).toEqual([11_000n, 1_100n, undefined]);
  });

  test.each([
    [aud(100_002n), [3_333, 3_333, 3_334], "none", "AUD 0.01"],
    [aud(100_002n), [3_333, 3_333, 3_334], "inclusive", "AUD 0.01"],
    [money(101n, "JPY"), [3_333, 3_333, 3_333], "none", "JPY 1"],
  ] as const)(
    "422: %o in %o, tax %s: each rounded by itself is %s above the amount, and the words say what to do",
    (list, rates, taxMode, over) => {
      const terms = rates.map((rate, index): PartnerTerms => ({ ...plain(rate, index), taxMode, taxBps: 1_000 }));
      expect(() => computeShares(list, terms)).toThrow(
        `rounded by itself, and that makes them ${over} more than the amount. Give one of them what is left over`,
      );
      const rest: PartnerTerms = { ...present(terms[2], "the third"), kind: "remainder", rateBps: 0 };
      expect(keepOf(list, computeShares(list, [...terms.slice(0, 2), rest])).minor).toBe(0n);
    },
  );

  test("law: shares are said to be above the amount only where they are, before they are rounded", () => {
    let rounded = 0;
    const kinds = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 2, maxLength: 5 });
    const taxes = fc.constantFrom("none" as const, "inclusive" as const, "exclusive" as const);
    const lists = fc.bigInt(1n, 300n).map(aud);
    fc.assert(
      fc.property(lists, kinds, taxes, fc.boolean(), (list, rates, taxMode, whole) => {
        const sum = rates.reduce((all, rate) => all + rate, 0);
        // Rates that come to 100 % are where rounding decides.
        const filled = whole && sum < 10_000 ? [...rates, 10_000 - sum] : rates;
        const terms = filled.map((rate, index): PartnerTerms => ({ ...plain(rate, index), taxMode, taxBps: 1_000 }));
        const tenths = taxMode === "exclusive" ? 11 : 10;
        const fits = filled.reduce((all, rate) => all + rate, 0) * tenths <= 100_000;
        try {
          keepOf(list, computeShares(list, terms));
        } catch (error) {
          const why = error instanceof Problem ? error.message : String(error);
          expect(why).toMatch(fits ? /^Each share is rounded by itself/ : /come to more than the amount/);
          rounded += fits ? 1 : 0;
        }
      }),
      { numRuns: 2_000 },
    );
    expect(rounded).toBeGreaterThan(10);
  });

  test("422: circles, two remainders, a share of nobody's, another currency, and nothing left over: each in clear words", () => {
    const share = (index: number, of: number): PartnerTerms => ({
      ...plain(1_000, index),
      kind: "percent_of_share",
      of: partnerNo(of),
    });
    const rest = (index: number): PartnerTerms => ({ ...plain(0, index), kind: "remainder" });
    const refused = (words: RegExp, ...terms: PartnerTerms[]) =>
      expect(() => computeShares(aud(100_000n), terms)).toThrow(words);
    refused(/percentages of each other/, share(1, 2), share(2, 1));
    refused(/percentages of each other/, share(1, 1));
    refused(/Only one partner can get what is left over/, rest(1), rest(2));
    refused(/take from its own base/, rest(1), share(2, 1));
    refused(/with a share of this payment/, plain(100), share(2, 7));
    refused(/write it in AUD/, { ...plain(0), kind: "flat", flat: money(1n, "JPY") });
    refused(/leave nothing over/, plain(10_000), rest(2));
  });
});

/** The shares, or undefined where they are refused. */
function tried(list: Money, terms: readonly PartnerTerms[]): ShareAmount[] | undefined {
  try {
    const shares = computeShares(list, terms);
    keepOf(list, shares);
    return shares;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return undefined;
  }
}

/** Each share is within a unit, each of net and tax, of its exact part; none is below zero. */
function expectNear(
  list: Money,
  terms: readonly PartnerTerms[],
  shares: readonly ShareAmount[],
  index: number,
  { net, tax }: ShareAmount,
): void {
  expect(net.minor >= 0n && tax.minor >= 0n).toBe(true);
  const term = terms[index] as PartnerTerms;
  if (term.kind === "remainder") return;
  const source = shares[terms.findIndex((one) => one.partnershipId === term.of)];
  const base = { percent: list.minor, flat: term.flat?.minor, percent_of_share: source?.net.minor }[term.kind] ?? 0n;
  const onTop = term.taxMode === "exclusive" ? 10_000n + BigInt(term.taxBps) : 10_000n;
  const rate = term.kind === "flat" ? 10_000n : BigInt(term.rateBps);
  const off = net.minor + tax.minor - (base * rate * onTop) / 100_000_000n;
  expect(off >= -2n && off <= 2n).toBe(true);
}

describe("the discount", () => {
  const ten = plain(7_000);

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
    expect(() => priceUp(aud(100n), [{ ...plain(9_500), taxMode: "exclusive", taxBps: 1_000 }], aud(0n))).toThrow(
      Problem,
    );
    expect(() => priceUp(aud(100n), [ten, plain(7_000, 2)], aud(0n))).toThrow(/more than the amount/);
  });
});
