import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { type AssetName, asset, assets, type Surface, sheets, surfaces } from "./assets.ts";

const budgets: Record<Surface, { css: number; js: number }> = {
  customer: { css: 12_000, js: 8_000 },
  partner: { css: 16_000, js: 40_000 },
  staff: { css: 18_000, js: 60_000 },
};

function zipped(names: readonly AssetName[]): number {
  return names.reduce((sum, name) => sum + gzipSync(asset(name).body, { level: 6 }).length, 0);
}

test("every surface stays within its budget of style and script", () => {
  for (const [surface, budget] of Object.entries(budgets) as [Surface, { css: number; js: number }][]) {
    expect(zipped(surfaces[surface].css), `${surface} css`).toBeLessThanOrEqual(budget.css);
    expect(zipped(surfaces[surface].js), `${surface} js`).toBeLessThanOrEqual(budget.js);
  }
});

test("customers load nothing but our own few lines", () => {
  expect(surfaces.customer.js).toEqual(["customer.js"]);
});

const folder = new URL("../styles/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".css"));

test("no sheet names left, right, top, bottom, width or height: right-to-left needs no second sheet", () => {
  const sides = "left|right|top|bottom";
  const boxes = "margin|padding|border|scroll-margin|scroll-padding|inset";
  const names = `(?:${boxes})-(?:${sides})|${sides}|(?:(?:min|max)-)?(?:width|height)|float|clear`;
  const physical = new RegExp(`(?<![\\w-])(?:${names})\\s*:|text-align:\\s*(?:left|right)`);
  for (const name of files) {
    const lines = readFileSync(new URL(name, folder), "utf8").split("\n");
    // Media conditions have no logical names; `columns` and line widths are not affected.
    const wrong = lines.filter((line) => !line.includes("@media") && physical.test(line));
    expect(wrong, name).toEqual([]);
  }
});

test("every sheet is loaded by some surface", () => {
  const loaded = new Set<string>(Object.values(sheets).flat());
  expect(files.map((name) => name.replace(".css", "")).filter((name) => !loaded.has(name))).toEqual([]);
});

test("an asset's path changes with its content and is found again by it", () => {
  for (const [path, { type }] of assets())
    expect(`${path} ${type}`).toMatch(/^\/assets\/[a-z]+\.[\w-]{10}\.(css text\/css|js text\/javascript)/);
});
