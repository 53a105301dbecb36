import { type Answer, file } from "#http/answer.ts";
import { byteOrderMark, type CsvRow, csvLines, csvMediaType } from "#platform/csv-write.ts";

/** Rows of a file, a page at a time; `next` is where the next page begins, undefined at the end. */
export type CsvPage<Place> = { readonly rows: readonly CsvRow[]; readonly next: Place | undefined };

/** Rows that one transaction reads for a file. */
export const exportPageSize = 1_000;

/**
 * A list as a CSV download that is read while it is sent: never more than a page of it in memory, however long the
 * list.
 * The first page is read before anything is answered, so that a refusal is still a proper answer.
 */
export async function csvDownload<Place>(
  name: string,
  header: CsvRow,
  read: (from: Place | undefined) => Promise<CsvPage<Place>>,
): Promise<Answer> {
  const encoder = new TextEncoder();
  let page: CsvPage<Place> | undefined = await read(undefined);
  let head = byteOrderMark + csvLines([header]);
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const now = page ?? { rows: [], next: undefined };
      controller.enqueue(encoder.encode(head + csvLines(now.rows)));
      head = "";
      if (now.next === undefined) controller.close();
      else page = await read(now.next);
    },
  });
  return file(body, csvMediaType, name);
}
