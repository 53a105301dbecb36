import { CsvReader, type CsvRecord } from "#platform/csv-read.ts";
import type { FoundInFile } from "./import.ts";

/** The records of a stored file, in pieces, in bounded memory. Throws a TypeError where the bytes are not UTF-8. */
export async function* readRecords(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  dialect: Pick<FoundInFile, "delimiter" | "newline">,
): AsyncGenerator<CsvRecord[]> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const reader = new CsvReader(dialect);
  for await (const piece of bytes) {
    const records = reader.push(decoder.decode(piece, { stream: true }));
    if (records.length > 0) yield records;
  }
  const last = [...reader.push(decoder.decode()), ...reader.end()];
  if (last.length > 0) yield last;
}

/** Whether a record is a row: one that holds nothing but empty cells is what spreadsheets leave below the last one. */
export function isRow(record: CsvRecord): boolean {
  return "problem" in record || record.cells.some((cell) => cell.trim() !== "");
}
