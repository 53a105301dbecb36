import { expect, test } from "vitest";
import { firstId, isId, newId } from "./ids.ts";
import { seededRandom } from "./random.ts";

const at = (milliseconds: number) => Temporal.Instant.fromEpochMilliseconds(milliseconds);

test("ids sort by time, and by the order of making within a millisecond", () => {
  const random = seededRandom(3);
  const made = [5, 5, 5, 6, 6, 1_790_000_000_000].flatMap((ms) => [
    newId("pay", at(ms), random),
    newId("pay", at(ms), random),
  ]);
  expect(made.toSorted()).toEqual(made);
  expect(new Set(made).size).toBe(made.length);
});

test("a run with the same randomness makes the same ids", () => {
  const run = () => {
    const random = seededRandom(9);
    return [newId("cus", at(7), random), newId("pay", at(7), random), newId("pay", at(8), random)];
  };
  expect(run()).toEqual(run());
});

test("an id is a UUIDv7 (RFC 9562) behind its noun", () => {
  const id = newId("pay", at(1_790_000_000_000), seededRandom(1));
  expect(isId("pay", id)).toBe(true);
  expect(isId("cus", id)).toBe(false);
  const digits = "0123456789abcdefghjkmnpqrstvwxyz";
  const value = [...id.slice(4)].reduce((sum, sign) => (sum << 5n) | BigInt(digits.indexOf(sign)), 0n);
  expect(Number(value >> 80n)).toBe(1_790_000_000_000);
  expect((value >> 76n) & 0xfn).toBe(7n);
  expect((value >> 62n) & 3n).toBe(2n);
});

test("a range of time is a range of ids", () => {
  const random = seededRandom(5);
  const before = newId("trf", at(1_789_999_999_999), random);
  const first = newId("trf", at(1_790_000_000_000), random);
  const from = firstId("trf", at(1_790_000_000_000));
  expect(isId("trf", from)).toBe(true);
  expect([first, from, before].toSorted()).toEqual([before, from, first]);
  expect(isId("trf", firstId("trf", at(-5)))).toBe(true);
});
