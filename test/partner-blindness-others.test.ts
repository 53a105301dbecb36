import fc from "fast-check";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { blindHouses } from "./support/blind-pair.ts";
import { otherPairs } from "./support/blind-worlds.ts";

vi.mock(import("#platform/pdf/printer.ts"), async (real) => {
  const { modelPrinter } = await import("./support/blind-prints.ts");
  return modelPrinter(await real());
});

// The other half of the worlds are those of test/partner-blindness.test.ts, in a process of their own.
const worlds = inject("deep") ? 2_500 : 250;

let houses: Awaited<ReturnType<typeof blindHouses>>;
beforeAll(async () => {
  houses = await blindHouses();
}, 60_000);
afterAll(async () => await houses?.close());

test("worlds that differ in other partners' shares, surcharges and discounts look the same to a partner", {
  timeout: 3_600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(otherPairs, async (pair) => {
      expect(await houses.compare(pair)).toBeUndefined();
    }),
    { numRuns: worlds, endOnFailure: true },
  );
});
