import { expect, test } from "vitest";
import { csvLines } from "#platform/csv-write.ts";

test.each([
  "=1+1",
  "+61 400 000 001",
  "-1+1",
  "-",
  "-5%",
  "-3,34",
  "- 3",
  "-1e3",
  "@SUM(A1)",
  "\tx",
  "\0=1",
  "＝1",
  "－3",
])("a cell that a spreadsheet might run is text: %j", (cell) => expect(csvLines([[cell]])).toContain(`'${cell}`));

test("a carriage return in front is text, too", () => expect(csvLines([["\r=1"]])).toContain("'\r=1"));

test.each(["-3.34", "-110.00", "-1", "0.00", "1850", ""])("a plain number is written as it is: %j", (cell) =>
  expect(csvLines([["a", cell]])).toBe(`a,${cell}\r\n`),
);

test("one that only begins like a number is not plain, on whatever line the rest stands", () =>
  expect(csvLines([["-3.34\n=1"]])).toBe('"\'-3.34\n=1"\r\n'));
