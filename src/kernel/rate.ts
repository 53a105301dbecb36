/** A rate in basis points: 1,250 is 12.5 %. Whole, from 0 up to 10,000 where it is a part of something. */
export type BasisPoints = number;

/** `amount × bps / 10,000`, rounded half away from zero. Amount in minor units. */
export function portion(minor: bigint, bps: BasisPoints): bigint {
  return divideRounded(minor * BigInt(bps), 10_000n);
}

/** `a / b` rounded half away from zero; b > 0. */
export function divideRounded(a: bigint, b: bigint): bigint {
  const twice = a < 0n ? -a * 2n + b : a * 2n + b;
  const quotient = twice / (b * 2n);
  return a < 0n ? -quotient : quotient;
}

/**
 * Reads a percentage like `12.5` into basis points; undefined when it is not one of 0 to 100 with two decimals at
 * most.
 */
export function parsePercent(text: string): BasisPoints | undefined {
  const found = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (!found) return undefined;
  const bps = Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0"));
  return bps <= 10_000 ? bps : undefined;
}

/** `12.5` for 1,250. */
export function toPercent(bps: BasisPoints): string {
  return String(bps / 100);
}

/** Splits a total over weights so that the parts add up to it (largest remainder; ties go to the earlier part). */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum === 0n) return weights.map(() => 0n);
  const parts = weights.map((weight, index) => ({
    index,
    whole: (total * weight) / sum,
    rest: (total * weight) % sum,
  }));
  let left = total - parts.reduce((a, part) => a + part.whole, 0n);
  const order = [...parts].sort((a, b) => (b.rest > a.rest ? 1 : b.rest < a.rest ? -1 : a.index - b.index));
  for (const part of order) {
    if (left === 0n) break;
    part.whole += 1n;
    left -= 1n;
  }
  return parts.map((part) => part.whole);
}
