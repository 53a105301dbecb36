import type { ImportKind, ImportRun, ImportState } from "#features/imports/import.ts";
import { kinds } from "#features/imports/import-kinds.ts";
import { t } from "#web/staff/shared.tsx";
import { Chip, Status } from "#web/ui/status.tsx";

/** "1 row", "2,000 rows". */
export function rowsOf(count: number): string {
  return `${t.number(count)} ${count === 1 ? "row" : "rows"}`;
}

/** "1 customer", "2,000 customers". */
export function thingsOf(kind: ImportKind, count: number): string {
  return `${t.number(count)} ${count === 1 ? kinds[kind].one : kinds[kind].many}`;
}

export const stateNames: Readonly<Record<ImportState, string>> = {
  uploaded: "Not started",
  queued: "Waiting",
  running: "Running",
  done: "Done",
  failed: "Failed",
};

/** How an import stands. */
export function ImportStatus({ run }: { run: ImportRun }) {
  if (run.state === "uploaded") return <Chip icon="table-import" tone="info" words="Not started" />;
  if (run.state === "done" && run.bad > 0) {
    return <Status of="job" state="done_with_problems" t={t} words={`Done, ${t.number(run.bad)} bad`} />;
  }
  return <Status of="job" state={run.state} t={t} words={stateNames[run.state]} />;
}

const delimiterNames: Readonly<Record<string, string>> = {
  ",": "commas",
  ";": "semicolons",
  "\t": "tabs",
  "|": "bars",
};

/** What was found in the file, in a line: "2,000 rows, columns parted by commas, UTF-8". */
export function foundWords(run: ImportRun): string {
  const { delimiter, byteOrderMark, headers } = run.found;
  const mark = byteOrderMark ? " with a byte order mark" : "";
  const parted = delimiterNames[delimiter] ?? delimiter;
  return `${rowsOf(run.total)}, ${headers.length} columns parted by ${parted}, UTF-8${mark}`;
}

/** The heading of a column of the file, or where it stands when it has none. */
export function headingWords(headers: readonly string[], index: number): string {
  return headers[index] || `Column ${index + 1}, without a heading`;
}

/** The same, short enough for a choice on a phone: the middle goes, as long names often begin alike. */
export function shortHeading(headers: readonly string[], index: number): string {
  const letters = [...headingWords(headers, index)];
  return letters.length <= 26 ? letters.join("") : `${letters.slice(0, 15).join("")}…${letters.slice(-9).join("")}`;
}

/** A name out of a file, which may break after a mark or, where it has none, after twenty characters. */
export function Breakable({ text }: { text: string }) {
  const parts = text.match(/[^_.\s-]{1,20}[_.\s-]*|[_.\s-]+/gu) ?? [];
  return (
    <bdi>
      {parts.map((part) => (
        <>
          {part}
          <wbr />
        </>
      ))}
    </bdi>
  );
}
