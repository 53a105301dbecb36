import type { Permit } from "#access/permit.ts";
import {
  type AuditRecord,
  selectAbout,
  selectEntries,
  selectSeal,
  selectStaff,
  selectSubjects,
} from "#features/audit/audit-store.ts";
import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** Who did what, as whom, when and from where. */
export type AuditEntry = {
  /** The place in the log, and what pages continue from. */
  readonly seq: bigint;
  readonly at: Instant;
  readonly actorKind: string;
  readonly actorName: string;
  readonly actingAs: string;
  readonly event: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly ip: string;
};

export type AuditFilter = {
  readonly q?: string | undefined;
  /** Instants: from inclusive, to exclusive. */
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
  /** The noun in front of the event: `payment`. */
  readonly kind?: string | undefined;
  /** A kind of actor (`staff`, `customer`, `system`, `visitor`), or one member of staff by id. */
  readonly actor?: string | undefined;
};

export type AuditPage = {
  readonly rows: readonly AuditEntry[];
  readonly newer: bigint | undefined;
  readonly older: bigint | undefined;
};

type Paging = { readonly before?: bigint | undefined; readonly after?: bigint | undefined; readonly size: number };

/** A page of the log, newest first. */
export async function listAudit(
  cx: Cx,
  _may: Permit<"audit.read">,
  filter: AuditFilter,
  paging: Paging,
): Promise<AuditPage> {
  const { before, size } = paging;
  const after = before === undefined ? paging.after : undefined;
  const place = { ...(before !== undefined && { before }), ...(after !== undefined && { after }), limit: size + 1 };
  const records = await selectEntries(cx, filter, place);
  const more = records.length > size;
  const shown = !more ? records : after !== undefined ? records.slice(1) : records.slice(0, -1);
  return {
    rows: shown.map(entryOf),
    newer: before !== undefined || (after !== undefined && more) ? shown[0]?.seq : undefined,
    older: after !== undefined || more ? shown.at(-1)?.seq : undefined,
  };
}

/** What happened to one thing, newest first: for its own page. Whoever may read the thing may read this. */
export async function activityOf(cx: Cx, subject: string, limit = 20): Promise<AuditEntry[]> {
  return (await selectAbout(cx, subject, limit)).map(entryOf);
}

function entryOf(row: AuditRecord): AuditEntry {
  return {
    seq: row.seq,
    at: row.at,
    actorKind: row.actor_kind,
    actorName: row.actor_name,
    actingAs: row.acting_as,
    event: row.event,
    subject: row.subject,
    data: row.data,
    ip: row.ip,
  };
}

/** What an entry is about, for people; `of` is the customer behind a payment. */
export type Subject = { readonly name: string; readonly of: string | undefined };

/** The names behind the subjects of these entries, by id. Things without a name are left out. One query. */
export async function subjectsOf(
  cx: Cx,
  _may: Permit<"audit.read">,
  entries: readonly AuditEntry[],
): Promise<ReadonlyMap<string, Subject>> {
  const ids = new Set(entries.map((entry) => entry.subject).filter((id) => id !== ""));
  const rows = await selectSubjects(cx, [...ids]);
  return new Map(rows.map((row) => [row.id, { name: row.name, of: row.of ?? undefined }]));
}

/** How far the log is sealed against changes. `head` is the newest seal in hex. */
export type SealState = {
  readonly sealedAt: Instant;
  readonly sealed: bigint;
  readonly waiting: bigint;
  readonly head: string;
};

/** The state of the seals; undefined before the first one. */
export async function sealState(cx: Cx, _may: Permit<"audit.read">): Promise<SealState | undefined> {
  const row = await selectSeal(cx);
  return row && { sealedAt: row.sealed_at, sealed: row.sealed, waiting: row.waiting, head: row.hash.toString("hex") };
}

/** Members of staff to choose from as actors, by name. */
export async function auditStaff(
  cx: Cx,
  _may: Permit<"audit.read">,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  return await selectStaff(cx);
}
