import type { InvoiceLine } from "#features/invoices/invoice.ts";
import { type Currency, largestMinor, type Money, money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { type BasisPoints, divideRounded } from "#kernel/rate.ts";

/** A line as it is written: what it is for, how many, at what price without tax, and at which rate. */
export type LineInput = {
  readonly description: string;
  readonly quantity: number;
  readonly unit: Money;
  readonly taxBps: BasisPoints;
};

export type Amounts = {
  readonly lines: readonly InvoiceLine[];
  readonly net: Money;
  readonly tax: Money;
  readonly total: Money;
};

const whole = 10_000n;

/**
 * The tax of each line, in minor units. Tax is rounded once, on the whole document, half away from zero; each line has
 * its part by largest remainder (ties go to the earlier line), so the lines always add up to it, and none is off by a
 * whole unit.
 */
export function taxOf(lines: readonly { readonly net: bigint; readonly bps: BasisPoints }[]): bigint[] {
  const exact = lines.map(({ net, bps }) => net * BigInt(bps));
  const total = divideRounded(
    exact.reduce((sum, one) => sum + one, 0n),
    whole,
  );
  const parts = exact.map((one, index) => ({ index, minor: one / whole, rest: one % whole }));
  let left = total - parts.reduce((sum, part) => sum + part.minor, 0n);
  const order = [...parts].sort((a, b) => (b.rest > a.rest ? 1 : b.rest < a.rest ? -1 : a.index - b.index));
  for (const part of order) {
    if (left === 0n) break;
    part.minor += 1n;
    left -= 1n;
  }
  return parts.map((part) => part.minor);
}

/**
 * Net, tax and total of lines in one currency. Throws `amount.invalid` where an amount is beyond 2^53 − 1 minor units.
 */
export function amountsOf(lines: readonly LineInput[], currency: Currency): Amounts {
  const nets = lines.map((line) => bounded(BigInt(line.quantity) * line.unit.minor));
  const taxes = taxOf(lines.map((line, index) => ({ net: nets[index] ?? 0n, bps: line.taxBps })));
  const net = bounded(nets.reduce((sum, one) => sum + one, 0n));
  const tax = taxes.reduce((sum, one) => sum + one, 0n);
  return {
    lines: lines.map((line, index) => ({
      ...line,
      position: index + 1,
      net: money(nets[index] ?? 0n, currency),
      tax: money(taxes[index] ?? 0n, currency),
    })),
    net: money(net, currency),
    tax: money(bounded(tax), currency),
    total: money(bounded(net + tax), currency),
  };
}

function bounded(minor: bigint): bigint {
  if (minor <= largestMinor) return minor;
  const words = "The invoice comes to more than can be booked. Make it smaller, or several of it.";
  throw new Problem("amount.invalid", words, { fields: { "": words } });
}

/** What decides how much of the money on an invoice is tax: all in minor units, tax within `total`. */
export type Standing = {
  readonly total: bigint;
  readonly tax: bigint;
  readonly credited: bigint;
  readonly creditedTax: bigint;
  /** What was put on it and not given back. */
  readonly kept: bigint;
};

/**
 * How much of the money kept on an invoice is tax: in proportion to what is left of it after credit notes, rounded
 * half up. Each payment books the difference between after and before, so the parts of any number of payments add up to
 * the tax exactly, and each is between nothing and the payment.
 */
export function taxWithin({ total, tax, credited, creditedTax, kept }: Standing): bigint {
  const all = total - credited;
  return all === 0n ? 0n : (kept * (tax - creditedTax) * 2n + all) / (all * 2n);
}
