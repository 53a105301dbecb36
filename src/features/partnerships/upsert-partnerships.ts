import type { Permit } from "#access/permit.ts";
import { recordAll } from "#features/audit/record-all.ts";
import { takeCurrencies } from "#features/institution/take-currencies.ts";
import type { Partnership } from "#features/partnerships/partnership.ts";
import { type PartnershipRow, partnershipColumns, readPartnershipRow } from "#features/partnerships/partnership-row.ts";
import {
  insertPartnerships,
  selectByExternalIds,
  updatePartnerships,
} from "#features/partnerships/partnership-store.ts";
import { upsertTaxStatuses } from "#features/partnerships/tax-status-store.ts";
import { Cells, type RowResult } from "#kernel/cells.ts";
import { newId } from "#kernel/ids.ts";
import { cleanReference } from "#kernel/text.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * Creates or updates partnerships from rows, found again by the institution's own reference. A row without change
 * writes nothing, a bad one is left out as a whole; of rows with the same reference the first good one counts. The
 * results stand in the order of the rows.
 */
export async function upsertPartnerships(
  cx: Cx,
  _may: Permit<"partnerships.write">,
  rows: readonly PartnershipRow[],
): Promise<RowResult[]> {
  const keys = rows.map((row) => cleanReference(row.external_id));
  const taken = new Set<string>();
  const found = new Map((await selectByExternalIds(cx, keys, true)).map((one) => [one.externalId, one]));
  const created: Partnership[] = [];
  const updated: Partnership[] = [];
  const results = rows.map((row): RowResult => {
    const cells = new Cells(row);
    const read = readPartnershipRow(cells);
    if (taken.has(read.externalId)) cells.refuse("external_id", "This reference stands in the file twice.");
    const before = found.get(read.externalId);
    const missing = before ? [] : partnershipColumns.filter((one) => one.required && !cells.has(one.name));
    for (const column of missing) cells.refuse(column.name, "A new partner needs this column.");
    if (cells.problems.length > 0) return { outcome: "bad", problems: cells.problems };
    taken.add(read.externalId);
    const after = named(withShare({ ...(before ?? newPartnership(cx)), ...read }));
    if (before && same(before, after)) return { outcome: "unchanged", id: before.id };
    (before ? updated : created).push(after);
    return { outcome: before ? "updated" : "created", id: after.id };
  });
  await takeCurrencies(
    cx,
    [...created, ...updated].map((one) => one.currency),
  );
  await insertPartnerships(cx, created);
  await updatePartnerships(cx, updated);
  const taxed = updated.filter((one) => !sameTax(found.get(one.externalId), one));
  await upsertTaxStatuses(
    cx,
    [...created, ...taxed].map((one) => statusFromToday(cx, one)),
  );
  await recordAll(cx, [
    ...created.map((one) => ({
      event: "partnership.created",
      subject: one.id,
      data: { name: one.name, imported: true },
    })),
    ...updated.map((one) => ({
      event: "partnership.edited",
      subject: one.id,
      data: { imported: true, changes: changes(found.get(one.externalId), one) },
    })),
  ]);
  return results;
}

function newPartnership(cx: Cx): Partnership {
  return {
    id: newId("prt", cx.now, cx.random),
    externalId: undefined,
    name: "",
    legalName: "",
    address: "",
    kind: "agent",
    taxId: "",
    taxRegistered: false,
    currency: cx.institution.currencies[0] ?? "AUD",
    defaultShare: { kind: "percent", bps: 0 },
    commissionBps: 0,
    commissionTax: "exclusive",
    payoutSchedule: "weekly",
    payoutsPaused: undefined,
    netting: "off",
    language: "",
    createdAt: cx.now,
    updatedAt: cx.now,
  };
}

/** A file knows shares in percent only: a rate in it replaces a fixed amount, and stays a part of what it was of. */
function withShare(partnership: Partnership): Partnership {
  const { defaultShare: share, commissionBps: bps } = partnership;
  if (share.kind === "flat" && bps === 0) return partnership;
  return {
    ...partnership,
    defaultShare: share.kind === "percent_of_share" ? { ...share, bps } : { kind: "percent", bps },
  };
}

/** A file has no days: what it says of tax holds from the day on which it comes in. */
function statusFromToday(cx: Cx, { id, taxRegistered, taxId }: Partnership) {
  return { partnershipId: id, from: todayOf(cx.institution, cx.now), registered: taxRegistered, taxId };
}

function sameTax(before: Partnership | undefined, after: Partnership): boolean {
  return before?.taxRegistered === after.taxRegistered && before.taxId === after.taxId;
}

/** Who has no legal name of its own goes by its name. */
function named(partnership: Partnership): Partnership {
  return partnership.legalName === "" ? { ...partnership, legalName: partnership.name } : partnership;
}

const fields = [
  "name",
  "kind",
  "legalName",
  "taxId",
  "taxRegistered",
  "currency",
  "commissionBps",
  "commissionTax",
] as const;

function same(before: Partnership, after: Partnership): boolean {
  return fields.every((field) => before[field] === after[field]);
}

function changes(before: Partnership | undefined, after: Partnership): Record<string, unknown> {
  const changed = fields.filter((field) => before?.[field] !== after[field]);
  return Object.fromEntries(changed.map((field) => [field, { from: before?.[field], to: after[field] }]));
}
