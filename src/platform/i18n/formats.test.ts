import { describe, expect, test } from "vitest";
import { type Currency, currencies, exponentOf, largestMinor, money, toDecimal } from "#kernel/money.ts";
import {
  formatBytes,
  formatDate,
  formatInstant,
  formatMoney,
  formatMoneyParts,
  formatRate,
  type MoneyStyle,
} from "./formats.ts";
import type { Locale } from "./locales.ts";

function shown(minor: bigint, currency: Currency, locale: Locale, style?: MoneyStyle): string {
  return formatMoney(money(minor, currency), locale, style).replaceAll("\u00a0", " ");
}

describe("money", () => {
  test("every currency shows its own decimals: two, none, three", () => {
    expect(shown(435_000n, "AUD", "en")).toBe("A$4,350.00");
    expect(shown(435_000n, "JPY", "en")).toBe("JP¥435,000");
    expect(shown(4_350_125n, "KWD", "en")).toBe("KWD 4,350.125");
    expect(shown(5n, "KWD", "en", "code")).toBe("KWD 0.005");
  });

  test("two dollars never look alike", () => {
    const dollars = (["AUD", "USD", "NZD", "CAD", "SGD", "HKD"] as const).map((code) => shown(100n, code, "en"));
    expect(new Set(dollars).size).toBe(dollars.length);
    expect(shown(264_000n, "USD", "en")).toBe("US$2,640.00");
  });

  test("Arabic pages write the code, then Latin digits, with no direction marks inside", () => {
    expect(shown(435_000n, "AUD", "ar")).toBe("AUD 4,350.00");
    expect(formatMoney(money(435_000n, "KWD"), "ar")).not.toMatch(/[\u200e\u200f\u061c٠-٩]/);
  });

  test("no currency beside the column that names it, and a true minus sign", () => {
    expect(shown(-70_000n, "AUD", "en", "none")).toBe("−700.00");
    expect(shown(-70_000n, "AUD", "en")).toBe("−A$700.00");
  });

  test("every currency reads exactly as Intl writes it, whatever the size", () => {
    for (const currency of currencies) {
      const intl = new Intl.NumberFormat("en-GB", { style: "currency", currency, currencyDisplay: "code" });
      const places = intl.resolvedOptions().maximumFractionDigits === exponentOf(currency);
      for (const minor of places ? [0n, 7n, 99_999n, 100_000n, 123_456_789n] : []) {
        const decimal = toDecimal(money(minor, currency)) as Intl.StringNumericLiteral;
        expect(formatMoney(money(minor, currency), "en", "code")).toBe(intl.format(decimal));
      }
    }
  });

  test("the largest amount keeps its last digit: no float stands in between", () => {
    expect(shown(largestMinor, "AUD", "en", "code")).toBe("AUD 90,071,992,547,409.91");
  });

  test("the parts of an amount, joined, are the whole", () => {
    const { sign, currency, whole, fraction } = formatMoneyParts(money(-123_456n, "AUD"), "en");
    expect([sign, currency, whole, fraction]).toEqual(["−", "A$", "1,234", ".56"]);
  });
});

describe("dates", () => {
  const due = Temporal.PlainDate.from("2026-12-05");

  test("months are words, so that nobody reads May for December", () => {
    expect(formatDate(due, "en")).toBe("5 Dec 2026");
    expect(formatDate(due, "en", "weekday")).toBe("Saturday 5 December");
    expect(formatDate(due, "ar")).toBe("5 ديسمبر 2026");
  });

  test("an instant is shown in the zone that was asked for, with its name where a cut-off matters", () => {
    const at = Temporal.Instant.from("2026-11-20T23:30:00Z");
    expect(formatInstant(at, "en", "Australia/Sydney", "medium")).toBe("21 Nov 2026");
    expect(formatInstant(at, "en", "Asia/Tokyo", "clock")).toBe("08:30");
    expect(formatInstant(at, "en", "Australia/Sydney", "zoned")).toMatch(/21 Nov 2026.*10:30.*AEDT/);
  });
});

test("rates are exact to the basis point", () => {
  expect([1250, 10_000, 5, 0, -250].map((points) => formatRate(points, "en"))).toEqual([
    "12.5%",
    "100%",
    "0.05%",
    "0%",
    "−2.5%",
  ]);
});

test("sizes read as people say them", () => {
  expect([999, 340_000, 2_400_000].map((size) => formatBytes(size, "en").replace("\u00a0", " "))).toEqual([
    "999 B",
    "340 kB",
    "2.4 MB",
  ]);
});
