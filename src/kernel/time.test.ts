import { expect, test } from "vitest";
import { daysBetween } from "./time.ts";

const date = (text: string) => Temporal.PlainDate.from(text);

test.each([
  ["2026-11-21", "2026-11-21"],
  ["2026-11-21", "2026-11-20"],
  ["2027-12-31", "2028-03-01"],
  ["2100-02-28", "2100-03-01"],
  ["2000-02-28", "2000-03-01"],
  ["0001-01-01", "0101-01-01"],
  ["1969-12-31", "1970-01-01"],
  ["2026-11-21", "9999-12-31"],
])("the days from %s to %s are those of the calendar", (from, to) => {
  expect(daysBetween(date(from), date(to))).toBe(date(from).until(date(to), { largestUnit: "days" }).days);
});
