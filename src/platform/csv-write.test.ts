import { expect, test } from "vitest";
import { csvLines } from "#platform/csv-write.ts";

test("what a spreadsheet would run gets an apostrophe; an amount below zero stays a number", () => {
  const cells = ["-330.00", "-7", "=1+1", "+1", "@x", "-1+1", "-2.5e3", "- 1", 'say "hi", you', "−1"];
  expect(csvLines([cells])).toBe(`-330.00,-7,'=1+1,'+1,'@x,'-1+1,'-2.5e3,'- 1,"say ""hi"", you",−1\r\n`);
});
