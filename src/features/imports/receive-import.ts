import type { Permit } from "#access/permit.ts";
import type { Staff } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import type { Cx } from "#platform/tx.ts";
import type { FoundInFile, ImportId, ImportKind } from "./import.ts";
import { insertImport } from "./import-store.ts";

export type Received = {
  readonly id: ImportId;
  readonly kind: ImportKind;
  readonly fileName: string;
  readonly bytes: number;
  readonly storageKey: string;
  readonly found: FoundInFile;
  /** Rows below the headings. */
  readonly rows: number;
};

/** Where the file of an import is kept. */
export function storageKeyOf(institution: string, id: ImportId): string {
  return `${institution}/imports/${id}`;
}

/** Keeps note of a file that was examined and stored: it waits for its columns to be checked. */
export async function receiveImport(cx: Cx<Staff>, _may: Permit<"imports.run">, file: Received): Promise<ImportId> {
  const { rows, ...rest } = file;
  await insertImport(cx, { ...rest, fileName: nameOf(file.fileName), total: rows, createdBy: cx.principal.id });
  record(cx, {
    event: "import.uploaded",
    subject: file.id,
    data: { kind: file.kind, file: nameOf(file.fileName), rows },
  });
  return file.id;
}

/** The last part of the name, as a line of text; browsers of old sent whole paths. */
function nameOf(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? "";
  const clean = last
    .normalize("NFC")
    .replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "")
    .toWellFormed()
    .trim();
  return clean.slice(0, 120).toWellFormed() || "import.csv";
}
