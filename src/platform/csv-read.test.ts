import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CsvReader, type CsvRecord } from "#platform/csv-read.ts";

/** Reads a text in pieces that end at the given places. */
function read(text: string, delimiter = ",", cuts: readonly number[] = [], newline: "\n" | "\r" = "\n"): CsvRecord[] {
  const reader = new CsvReader({ delimiter, newline });
  const records: CsvRecord[] = [];
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    records.push(...reader.push(text.slice(from, Math.max(from, cut))));
    from = Math.max(from, cut);
  }
  records.push(...reader.push(text.slice(from)), ...reader.end());
  return records;
}

const rows = (records: readonly CsvRecord[]) =>
  records.map((one) => ("cells" in one ? [one.line, ...one.cells] : [one.line]));

describe("CsvReader", () => {
  test("names the physical line on which each record begins, whatever stands inside quotes", () => {
    expect(rows(read('a,b\n1,"x\ny\nz"\n2,w\n'))).toEqual([
      [1, "a", "b"],
      [2, "1", "x\ny\nz"],
      [5, "2", "w"],
    ]);
  });

  test("reads CRLF, LF and lone CR, a byte order mark, and a last line without an end", () => {
    expect(rows(read('\ufeffa;b\r\n"1";2\r\n\r\n3;"4"', ";"))).toEqual([
      [1, "a", "b"],
      [2, "1", "2"],
      [4, "3", "4"],
    ]);
    expect(rows(read('a,b\r1,"2\r2"\r3,4', ",", [], "\r"))).toEqual([
      [1, "a", "b"],
      [2, "1", "2\r2"],
      [4, "3", "4"],
    ]);
  });

  test("a doubled quote is a quote, and one inside an unquoted cell is itself", () => {
    expect(rows(read('"say ""hi""",5" pipe\n'))).toEqual([[1, 'say "hi"', '5" pipe']]);
  });

  test("a quote that never closes costs its own line and no other", () => {
    const records = read('a,b\n1,"open\n2,fine\n3,fine\n');
    expect(rows(records)).toEqual([[1, "a", "b"], [2], [3, "2", "fine"], [4, "3", "fine"]]);
    expect(records[1]).toMatchObject({
      problem: "A quote opens on line 2 and never closes. Close it, or take it away.",
    });
  });

  test("a quote that closes at the next row's quote costs its own line, too", () => {
    const records = read('1,"open,x\n2,"closed",x\n3,y,z\n');
    expect(rows(records)).toEqual([[1], [2, "2", "closed", "x"], [3, "3", "y", "z"]]);
    expect(records[0]).toMatchObject({ problem: expect.stringContaining("text behind its closing quote") });
  });

  test("a line of more than 100,000 characters is a problem, and those after it are read", () => {
    const records = read(`a,b\n${"x".repeat(250_000)},1\n2,3\n`, ",", [50_000, 120_000, 240_000]);
    expect(rows(records)).toEqual([[1, "a", "b"], [2], [3, "2", "3"]]);
  });

  test("where a file is cut into pieces changes nothing", () => {
    const text = fc.string({
      unit: fc.constantFrom("a", "b", ",", '"', "\n", "\r\n", "\r", " ", "é", "😀"),
      maxLength: 60,
    });
    fc.assert(
      fc.property(text, fc.array(fc.nat(80), { maxLength: 6 }), (content, cuts) => {
        expect(read(content, ",", cuts)).toEqual(read(content));
      }),
      { numRuns: 3_000 },
    );
  });

  test("what is written by the rules comes back as it was, each record on its line", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "x", "é", " ", "="), maxLength: 8 });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(table, fc.array(fc.nat(200), { maxLength: 4 }), (cells, cuts) => {
        const lines = cells.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(","));
        let line = 1;
        const expected = cells.map((row, index) => {
          const begins = line;
          line += lines[index]?.split("\n").length ?? 1;
          return { line: begins, cells: row };
        });
        expect(read(lines.join("\n"), ",", cuts)).toEqual(expected);
      }),
      { numRuns: 2_000 },
    );
  });
});
