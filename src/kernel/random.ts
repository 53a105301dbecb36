import { randomBytes } from "node:crypto";

/** Randomness is injected, so that a test or the simulator can replay a run. */
export type Random = { bytes(count: number): Uint8Array };

/** The machine's own randomness. */
export const systemRandom: Random = { bytes: (count) => randomBytes(count) };

/** A replayable stream of bytes (xorshift32): for tests and demo data, never for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state & 0xff;
  };
  return { bytes: (count) => Uint8Array.from({ length: count }, next) };
}

/** A whole number from 0 up to, not including, `below` (at most 2^32). Unbiased enough for demo data. */
export function randomBelow(random: Random, below: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = random.bytes(4);
  return Math.floor(((a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) / 2 ** 32) * below);
}

/** A secret of 256 bits, URL-safe (43 characters): sign-in links, sessions, keys. */
export function secretToken(random: Random): string {
  return Buffer.from(random.bytes(32)).toString("base64url");
}

/** Six decimal digits, each value equally likely (rejection sampling). */
export function sixDigits(random: Random): string {
  for (;;) {
    const [a = 0, b = 0, c = 0] = random.bytes(3);
    const value = a * 65_536 + b * 256 + c;
    if (value < 16_000_000) return String(value % 1_000_000).padStart(6, "0");
  }
}
