import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { needsAfter, spread } from "#features/money-in/spread.ts";

const needs = fc
  .array(fc.bigInt(0n, 10_000n), { maxLength: 12 })
  .map((all) => all.map((most, index) => ({ id: `pay_${index}`, most })));

describe("spreading money over payments", () => {
  test("oldest first: the first is filled before the second sees anything", () => {
    const both = [
      { id: "pay_old", most: 1_000n },
      { id: "pay_new", most: 1_000n },
    ];
    expect(spread(1_200n, both)).toEqual({
      parts: [
        { id: "pay_old", minor: 1_000n },
        { id: "pay_new", minor: 200n },
      ],
      left: 0n,
    });
  });

  test("law: nothing is lost or above its need, and an earlier need is full before a later one is fed", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 50_000n), needs, (amount, all) => {
        const { parts, left } = spread(amount, all);
        expect(parts.reduce((sum, part) => sum + part.minor, left)).toBe(amount);
        const rest = needsAfter(all, parts);
        expect(rest.every(({ most }) => most >= 0n)).toBe(true);
        const firstHungry = rest.findIndex(({ most }) => most > 0n);
        const lastFed = all.findLastIndex(({ id }) => parts.some((part) => part.id === id));
        if (firstHungry !== -1) expect(lastFed).toBeLessThanOrEqual(firstHungry);
        if (left > 0n) expect(firstHungry).toBe(-1);
      }),
      { numRuns: 2_000 },
    );
  });
});
