import { expect, test } from "vitest";
import { directionOfText, inVisualOrder, levelsOf, mirror } from "./bidi.ts";

/**
 * The text as it stands on paper from left to right; capitals stand for Hebrew letters, as in the examples of UAX #9.
 */
function shown(text: string, direction: "ltr" | "rtl"): string {
  const real = text.replace(/[A-Z]/g, (letter) => String.fromCodePoint(0x5d0 + letter.charCodeAt(0) - 65));
  const levels = levelsOf(real, direction);
  const pieces = [...real].map((letter, index) => ({ letter, level: levels[index] ?? 0 }));
  return inVisualOrder(pieces)
    .map(({ letter, level }) => (level % 2 === 1 ? mirror(letter) : letter))
    .join("")
    .replace(/[\u2066-\u2069]/g, "")
    .replace(/[\u05d0-\u05e9]/g, (letter) => String.fromCodePoint(65 + (letter.codePointAt(0) ?? 0) - 0x5d0));
}

test.each([
  ["car means CAR.", "ltr", "car means RAC."],
  ["car MEANS CAR.", "rtl", ".RAC SNAEM car"],
  ["he said CAR MEANS car.", "ltr", "he said SNAEM RAC car."],
  ["THE (CAR) IS 25 km", "rtl", "km 25 SI (RAC) EHT"],
  ["PAID 1,234.50 IN 2026", "rtl", "2026 NI 1,234.50 DIAP"],
  ["TOTAL: -5%", "rtl", "5%- :LATOT"],
  ["a (B) c", "ltr", "a (B) c"],
  ["A (b) C", "rtl", "C (b) A"],
  ["CALL \u2068+61 2 5550\u2069 NOW", "rtl", "WON +61 2 5550 LLAC"],
  ["name \u2068AB 12\u2069, 3 items", "ltr", "name 12 BA, 3 items"],
  ["X \u2068unclosed y", "rtl", "unclosed y X"],
] as const)("%s (%s) reads %s", (text, direction, expected) => {
  expect(shown(text, direction)).toBe(expected);
});

test("the first strong letter decides, digits and marks do not", () => {
  expect(directionOfText("2027: ליל")).toBe("rtl");
  expect(directionOfText("+61 2 5550")).toBe("ltr");
  expect(directionOfText("\u2068ليلى\u2069 paid")).toBe("ltr");
});
