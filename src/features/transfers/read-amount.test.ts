import { expect, test } from "vitest";
import { money } from "#kernel/money.ts";
import { translator } from "#platform/i18n/messages.ts";
import { readAmount } from "./read-amount.ts";

const t = translator("en");

test("W5: an amount is read in the currency of its wallet, and refused in words that say what to write instead", () => {
  expect(readAmount(t, " 1850.5 ", "AUD")).toEqual(money(185_050n, "AUD"));
  expect(readAmount(t, "1850", "JPY")).toEqual(money(1_850n, "JPY"));
  expect(readAmount(t, "1.234", "KWD")).toEqual(money(1_234n, "KWD"));
  expect(readAmount(t, "90071992547409.91", "AUD")).toEqual(money(9_007_199_254_740_991n, "AUD"));
  expect(readAmount(t, "1850.50", "JPY")).toBe("JPY has no decimals: write it like 1850.");
  expect(readAmount(t, "1.2345", "KWD")).toBe("KWD has at most 3 decimals: write it like 1850.000.");
  expect(readAmount(t, "9007199254740992", "JPY")).toBe("This amount is too large.");
  for (const typed of ["-0", "−5", "1,5", "1e3", "NaN", "٥٠", "0x10", "5 0", "+5", ".5", "5."]) {
    expect(readAmount(t, typed, "AUD"), typed).toMatch(/^Write the amount as digits/);
  }
  for (const typed of ["0", "0.00", "000"]) expect(readAmount(t, typed, "AUD")).toBe("Write an amount above zero.");
  // Without its wallet nobody knows the currency: what could be an amount waits for that.
  expect(readAmount(t, "1850.50", undefined)).toBeUndefined();
  expect(readAmount(t, "much", undefined)).toMatch(/digits/);
});
