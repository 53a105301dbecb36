import fc from "fast-check";
import { expect, test } from "vitest";
import { contrast, defaultColour, grounds, isCorrected, type Theme, themeCss, themesOf } from "./branding.ts";

const colour = fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, "0")}`);

function expectReadable(theme: Theme, ground: readonly string[]): void {
  expect(contrast(theme.ink, theme.brand)).toBeGreaterThanOrEqual(4.5);
  expect(contrast(theme.ink, theme.strong)).toBeGreaterThanOrEqual(4.5);
  for (const under of [...ground, theme.tint]) expect(contrast(theme.text, under)).toBeGreaterThanOrEqual(4.5);
}

test("whatever colour an institution picks, its buttons and links read at 4.5:1 or better, light and dark", () => {
  fc.assert(
    fc.property(colour, (picked) => {
      const { light, dark } = themesOf(picked);
      expectReadable(light, grounds.light);
      expectReadable(dark, grounds.dark);
    }),
    { numRuns: 500, examples: [["#000000"], ["#ffffff"], ["#ffff00"], ["#808080"], ["#0000ff"], ["#ff0000"]] },
  );
});

test("a colour that is readable as it is stays as it is", () => {
  expect(themesOf(defaultColour).light.brand).toBe(defaultColour);
  expect(isCorrected(defaultColour)).toBe(false);
  expect(isCorrected("#f7f7d0")).toBe(true);
});

test("the style sheet text holds nothing but colours, whatever was stored as the colour", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), colour), (stored) => {
      expect(themeCss(stored).replace("@media (prefers-color-scheme:dark)", "")).toMatch(
        /^[:{};\w-]+(#[0-9a-f]{6}|[:{};\w-])*$/,
      );
      expect(themeCss(stored)).not.toMatch(/[<>]|url|import/i);
    }),
  );
});
