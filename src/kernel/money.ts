import { assert } from "#kernel/assert.ts";

/** An ISO 4217 code that Portico knows. */
export type Currency = keyof typeof exponents;

/** Whole minor units (cents, yen, fils) of one currency. Never a float, never without its currency. */
export type Money = { readonly minor: bigint; readonly currency: Currency };

// ISO 4217, list one (2024-06-25): minor-unit exponents of the currencies on offer.
const exponents = {
  AED: 2,
  AUD: 2,
  BHD: 3,
  BRL: 2,
  CAD: 2,
  CHF: 2,
  CLP: 0,
  CNY: 2,
  COP: 2,
  CZK: 2,
  DKK: 2,
  EUR: 2,
  FJD: 2,
  GBP: 2,
  HKD: 2,
  HUF: 2,
  IDR: 2,
  ILS: 2,
  INR: 2,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KES: 2,
  KRW: 0,
  KWD: 3,
  LKR: 2,
  MXN: 2,
  MYR: 2,
  NGN: 2,
  NOK: 2,
  NPR: 2,
  NZD: 2,
  OMR: 3,
  PEN: 2,
  PHP: 2,
  PKR: 2,
  PLN: 2,
  QAR: 2,
  RON: 2,
  SAR: 2,
  SEK: 2,
  SGD: 2,
  THB: 2,
  TND: 3,
  TRY: 2,
  TWD: 2,
  UGX: 0,
  USD: 2,
  VND: 0,
  ZAR: 2,
} as const;

/** The largest amount in minor units: 2^53 − 1, so that JSON can carry it. */
export const largestMinor = 2n ** 53n - 1n;

export const currencies = Object.keys(exponents) as readonly Currency[];

/** Whether the text is a currency code that Portico knows (upper case). */
export function isCurrency(text: string): text is Currency {
  return Object.hasOwn(exponents, text);
}

/** Digits behind the point: AUD 2, JPY 0, KWD 3. */
export function exponentOf(currency: Currency): number {
  return exponents[currency];
}

/** Makes money from minor units; throws beyond ±(2^53 − 1). */
export function money(minor: bigint, currency: Currency): Money {
  assert(minor <= largestMinor && minor >= -largestMinor, "amount beyond 2^53 - 1 minor units");
  return { minor, currency };
}

/**
 * A sum of amounts that is shown or exported: exact, however large. Only what is moved or stored as one amount has a
 * bound: a page must not fail because its rows, each within the bound, come to more together.
 */
export function moneySum(minor: bigint, currency: Currency): Money {
  return { minor, currency };
}

/** What a person typed, as money; or why not, in words that say what to write instead. Never negative. */
export function parseMoney(text: string, currency: Currency): Money | { readonly problem: string } {
  const places = exponentOf(currency);
  const example = places === 0 ? "1850" : `1850.${"0".repeat(places)}`;
  const found = /^(\d{1,30})(?:\.(\d+))?$/.exec(text.trim());
  if (!found) return { problem: `Write the amount as digits, like ${example}, without signs or thousands separators.` };
  const [, whole = "", fraction = ""] = found;
  if (fraction.length > places) {
    return {
      problem:
        places === 0
          ? `${currency} has no decimals: write it like ${example}.`
          : `${currency} has at most ${places} decimals: write it like ${example}.`,
    };
  }
  const minor = BigInt(whole + fraction.padEnd(places, "0"));
  if (minor > largestMinor) return { problem: "This amount is too large." };
  return { minor, currency };
}

/** The amount as plain digits for files and form fields: `1850.00`, `-0.5` never without its zeros. */
export function toDecimal(value: Money): string {
  const places = exponentOf(value.currency);
  const sign = value.minor < 0n ? "-" : "";
  const digits = (value.minor < 0n ? -value.minor : value.minor).toString().padStart(places + 1, "0");
  return places === 0 ? sign + digits : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
