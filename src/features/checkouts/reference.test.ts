import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { distanceTo, isReference, newReference, referencesIn, spacedReference } from "#features/checkouts/reference.ts";
import { seededRandom } from "#kernel/random.ts";

const references = fc.integer({ min: 1, max: 2 ** 30 }).map((seed) => newReference(seededRandom(seed)));

describe("references that people type", () => {
  test("law: every wrong sign and every swap of two neighbours is noticed", () => {
    fc.assert(
      fc.property(references, fc.nat(7), fc.nat(30), (reference, at, other) => {
        expect(isReference(reference)).toBe(true);
        const sign = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"[other] ?? "";
        const changed = reference.slice(0, at) + sign + reference.slice(at + 1);
        if (changed !== reference) expect(isReference(changed)).toBe(false);
        const swapped = [...reference];
        [swapped[at], swapped[at + 1]] = [swapped[at + 1] ?? "", swapped[at] ?? ""];
        if (at < 7 && swapped.join("") !== reference) expect(isReference(swapped.join(""))).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  test("it is found in what a bank passes on: spaces, dashes, small letters, words around it", () => {
    const reference = newReference(seededRandom(5));
    const typed = spacedReference(reference).toLowerCase();
    for (const text of [typed, `Tuition ${typed} Aiko`, ` ${reference.split("").join(" ")} `, `REF:${reference}/NB`]) {
      expect(referencesIn(text)).toContain(reference);
    }
    expect(referencesIn("thank you")).toEqual([]);
  });

  test("a mistyped one is close, and still not read", () => {
    const reference = newReference(seededRandom(9));
    const wrong = reference.slice(0, 7) + (reference.endsWith("A") ? "B" : "A");
    expect(referencesIn(wrong)).not.toContain(reference);
    expect(distanceTo(reference, `pay ${wrong}`)).toBe(1);
  });
});
