import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tells } from "#features/refunds/words-for-partners.ts";
import { money, toDecimal } from "#kernel/money.ts";

const aud = (minor: bigint) => money(minor, "AUD");
/** 1,000.00 with a discount of 210.00: 790.00 was paid, and is given back. */
const untold = { list: aud(100_000n), discount: aud(21_000n), secrets: [aud(79_000n), aud(21_000n)] };

describe("words for partners beside a refund", () => {
  test.each([
    ...["790.00 back", "of 790 paid", "AUD 7 9 0", "7\u200b9\u200b0", "Term 7 / 9 / 0", "7-9-0", "7·9·0", "(7)(9)(0)"],
    ...["paid ७९०", "دُفع ٧٩٠", "۷۹۰٫۰۰", "７９０．００", "๗๙๐", "𝟟𝟡𝟘", "᭗᭙᭐"],
    ...[
      "Discount of 21%",
      "21 %",
      "21％",
      "21 per cent",
      "21 Percent",
      "21.0 %",
      "21,00%",
      "٢١٪",
      "21 في المئة",
      "%21",
    ],
    ...["79% of it", "79 pct", "৭৯%"],
  ])("422: %s", (words) => expect(tells(words, untold)).toBe(true));

  test.each([
    ...[
      "",
      "Left in week 3",
      "Left after the first term",
      "Half of it, 50%",
      "20% of the course was over",
      "Room 7, floor 9",
    ],
  ])("pass: %s", (words) => expect(tells(words, untold)).toBe(false));

  test("a percentage that is rounded tells as well; without a discount none does", () => {
    const odd = { list: aud(100_000n), discount: aud(7_450n), secrets: [aud(92_550n), aud(7_450n)] };
    for (const words of ["7%", "8%", "7.4%", "7.5 %", "7.45%", "92.55%", "93%"]) expect(tells(words, odd)).toBe(true);
    for (const words of ["6%", "9%", "7.3%", "10%"]) expect(tells(words, odd)).toBe(false);
    const whole = { list: aud(100_000n), discount: aud(0n), secrets: [aud(100_000n), aud(0n)] };
    expect(tells("100% of the fee", whole)).toBe(false);
  });

  test("law: whatever stands between and around its digits, in whatever script, what was paid is found", () => {
    const zeros = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10, 0x1d7ce, 0x1e950, 0x116d0];
    const between = fc.string({
      unit: fc.constantFrom(" ", ".", ",", "/", "-", "_", "'", "·", "\u200b", "\u0332"),
      maxLength: 3,
    });
    fc.assert(
      fc.property(
        fc.bigInt(1_000n, 99_999_999n),
        fc.constantFrom(...zeros),
        fc.array(between, { minLength: 12, maxLength: 12 }),
        (minor, zero, gaps) => {
          const digits = toDecimal(aud(minor)).replace(".", "");
          const words = [...digits]
            .map((one, index) => String.fromCodePoint(zero + Number(one)) + gaps[index])
            .join("");
          expect(tells(`Paid: ${words}x`, { ...untold, secrets: [aud(minor)] })).toBe(true);
        },
      ),
    );
  });
});
