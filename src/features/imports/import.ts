import type { StaffId } from "#access/principal.ts";
import type { CellProblem } from "#kernel/cells.ts";
import type { Id } from "#kernel/ids.ts";
import { Problem } from "#kernel/problem.ts";
import type { Instant } from "#kernel/time.ts";

export type ImportId = Id<"imp">;

/** What can be imported, in the order in which one refers to the other. */
export const importKinds = ["partnerships", "contacts", "customers", "payments"] as const;
export type ImportKind = (typeof importKinds)[number];

export const importStates = ["uploaded", "queued", "running", "done", "failed"] as const;
export type ImportState = (typeof importStates)[number];

/** Where an import may go from each state. */
export const nextStates = {
  uploaded: ["queued", "failed"],
  queued: ["running"],
  running: ["done", "failed"],
  done: [],
  failed: [],
} as const satisfies Record<ImportState, readonly ImportState[]>;

/** The largest file that is taken, in bytes. */
export const largestFileBytes = 20 * 1_048_576;

/** Days for which a file waits for somebody to check its columns; then it is deleted: it holds people's data. */
export const uploadKeptDays = 7;

/** Rows that are stored in one transaction: progress shows after each. */
export const rowsInBatch = 500;

/** What was read of a file when it was uploaded. */
export type FoundInFile = {
  readonly delimiter: string;
  readonly newline: "\n" | "\r";
  readonly byteOrderMark: boolean;
  /** Physical line of the headings; the rows stand below it. */
  readonly headerLine: number;
  readonly headers: readonly string[];
  /** The first rows, cells cut to a readable length. */
  readonly sample: readonly { readonly line: number; readonly cells: readonly string[] }[];
};

/**
 * Which column of the file (counted from 0) feeds which of ours. A column of ours that is not in it is left as it is.
 */
export type Mapping = Readonly<Record<string, number>>;

export type ImportRun = {
  readonly id: ImportId;
  readonly kind: ImportKind;
  readonly fileName: string;
  readonly storageKey: string;
  readonly bytes: number;
  readonly found: FoundInFile;
  readonly state: ImportState;
  readonly mapping: Mapping;
  readonly total: number;
  readonly done: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly bad: number;
  readonly message: string;
  readonly createdBy: StaffId;
  /** The name of whoever uploaded it. */
  readonly by: string;
  readonly createdAt: Instant;
  readonly startedAt: Instant | undefined;
  readonly finishedAt: Instant | undefined;
};

export type BadCell = CellProblem & { readonly line: number };

/** Throws `conflict` unless the import still waits for its columns to be checked. */
export function assertStartable(run: ImportRun): void {
  const next: readonly ImportState[] = nextStates[run.state];
  if (next.includes("queued")) return;
  throw new Problem("conflict", "This import was already started. Open it to see how far it is.");
}

/** The problem of a file that can't be read at all, in words that say what to do. */
export function unreadable(what: string): Problem {
  return new Problem("import.unreadable", what, { fields: { file: what } });
}
