import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { Problem } from "#kernel/problem.ts";
import { examineFile } from "./examine-file.ts";

const fixtures = new URL("../../../test/fixtures/", import.meta.url);
const bytes = (text: string) => new TextEncoder().encode(text);

async function refusal(content: Uint8Array): Promise<string> {
  const error = await examineFile(content).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Problem)) throw new Error("the file was taken");
  expect(error.code).toBe("import.unreadable");
  return error.message;
}

describe("examineFile", () => {
  test("finds delimiter, headings, first rows and the number of rows", async () => {
    const { found, rows } = await examineFile(await readFile(new URL("northbridge/customers.csv", fixtures)));
    expect(rows).toBe(2000);
    expect(found).toMatchObject({ delimiter: ",", newline: "\n", byteOrderMark: false, headerLine: 1 });
    expect(found.headers).toHaveLength(9);
    expect(found.sample.map((row) => row.line)).toEqual([2, 3, 4, 5, 6]);
  });

  test("takes a byte order mark, semicolons, CRLF, tabs, a sep= line, empty lines above and below", async () => {
    const one = await examineFile(bytes("\ufeffexternal_id;given_name\r\n1;Zoë\r\n;\r\n\r\n"));
    expect(one).toMatchObject({
      rows: 1,
      found: { delimiter: ";", byteOrderMark: true, headers: ["external_id", "given_name"] },
    });
    const two = await examineFile(bytes("\n\nexternal_id\tgiven_name\n1\tZoë\n"));
    expect(two).toMatchObject({ rows: 1, found: { delimiter: "\t", headerLine: 3 } });
    const three = await examineFile(bytes('sep=;\nexternal_id;"given, name"\n1;Zoë\n'));
    expect(three).toMatchObject({
      rows: 1,
      found: { delimiter: ";", headerLine: 2, headers: ["external_id", "given, name"] },
    });
    const four = await examineFile(bytes("external_id,given_name\r1,Zoë\r2,Mei\r"));
    expect(four).toMatchObject({ rows: 2, found: { newline: "\r" } });
  });

  test("refuses an empty file, one of headings only, and one with a single column", async () => {
    expect(await refusal(await readFile(new URL("dirty/empty.csv", fixtures)))).toContain("This file is empty");
    expect(await refusal(bytes("\ufeff \r\n\r\n"))).toContain("This file is empty");
    expect(await refusal(bytes("external_id,given_name\n\n,\n"))).toContain("no rows below them");
    expect(await refusal(bytes("Dear reader\nthis is a letter\n"))).toContain("Only one column");
  });

  test("refuses Latin-1 as a whole, names the line, and says how to save as UTF-8", async () => {
    const said = await refusal(await readFile(new URL("dirty/latin1-customers.csv", fixtures)));
    expect(said).toContain("line 2 has a letter that can't be read");
    expect(said).toContain("CSV UTF-8");
  });

  test("refuses pictures, workbooks, PDFs and UTF-16, and says what they are", async () => {
    expect(await refusal(await readFile(new URL("dirty/not-a-csv.csv", fixtures)))).toContain("not a text file");
    expect(await refusal(Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0]))).toContain("workbook");
    expect(await refusal(bytes("%PDF-1.7\n1,2\n"))).toContain("PDF");
    expect(await refusal(Buffer.from("\ufeffa,b\n1,2\n", "utf16le"))).toContain("UTF-16");
  });
});
