import { expect, test } from "vitest";
import { daysBetween, parseDate } from "./time.ts";

const date = (text: string) => Temporal.PlainDate.from(text);

test.each([
  ["2026-11-21", "2026-11-21"],
  ["2026-11-21", "2026-11-20"],
  ["2027-12-31", "2028-03-01"],
  ["2100-02-28", "2100-03-01"],
  ["2000-02-28", "2000-03-01"],
  ["0001-01-01", "0101-01-01"],
  ["1969-12-31", "1970-01-01"],
  ["2026-11-21", "9998-12-31"],
])("the days from %s to %s are those of the calendar", (from, to) => {
  expect(daysBetween(date(from), date(to))).toBe(date(from).until(date(to), { largestUnit: "days" }).days);
});

test.each([
  "0000-01-01",
  "0000-12-31",
  "0001-01-01",
  "9999-12-31",
  "2026-02-30",
  "2026-1-1",
  "12026-01-01",
  "-002026-01-01",
  "",
])("%s is no date that is read: the database knows none like it", (text) => {
  expect(parseDate(text)).toBeUndefined();
});

test("a date of the calendar is read", () => {
  expect(["1000-01-01", "2028-02-29", "9998-12-31"].map((text) => parseDate(text)?.toString())).toEqual([
    "1000-01-01",
    "2028-02-29",
    "9998-12-31",
  ]);
});
