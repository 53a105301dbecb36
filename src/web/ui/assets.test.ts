import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { asset, surfaces } from "./assets.ts";

const dist = new URL("../../../node_modules/htmx.org/dist/", import.meta.url);
const headOf = (file: string) => readFileSync(new URL(file, dist), "utf8").slice(0, 400);

test("P6: htmx and its streams come to partners in one file, so that no page is looked through between the two", () => {
  const script = new TextDecoder().decode(asset(surfaces.partner.js[0]).body);
  const [library, streams] = [headOf("htmx.min.js"), headOf("ext/hx-sse.min.js")];
  expect(script.startsWith(library)).toBe(true);
  expect(script.indexOf(streams)).toBeGreaterThan(library.length);
  expect(surfaces.partner.js).toHaveLength(2);
});
