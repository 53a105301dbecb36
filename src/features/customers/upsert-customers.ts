import type { Permit } from "#access/permit.ts";
import { recordAll } from "#features/audit/record-all.ts";
import { type Customer, changesOf, customerFields, fullName } from "#features/customers/customer.ts";
import {
  type CustomerCells,
  type CustomerColumn,
  type CustomerRow,
  hasName,
  readCustomerRow,
} from "#features/customers/customer-row.ts";
import {
  insertCustomers,
  insertPayers,
  lockByExternalIds,
  type PayerGrant,
  selectPayers,
  updateCustomers,
} from "#features/customers/customer-store.ts";
import type { Partnership } from "#features/partnerships/partnership.ts";
import { partnershipsByReference } from "#features/partnerships/partnership-views.ts";
import { Cells, type RowResult } from "#kernel/cells.ts";
import { newId } from "#kernel/ids.ts";
import { cleanReference } from "#kernel/text.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * Creates or updates customers from rows, found again by the institution's own reference. A payer's address is
 * granted when it is new; an import never takes one away. A row without change writes nothing, a bad one is left out
 * as a whole. Of rows with the same reference the first good one counts.
 */
export async function upsertCustomers(
  cx: Cx,
  _may: Permit<"customers.write">,
  rows: readonly CustomerRow[],
): Promise<RowResult[]> {
  const keys = rows.map((row) => cleanReference(row.external_id));
  const taken = new Set<string>();
  const partners = await partnershipsByReference(
    cx,
    rows.map((row) => cleanReference(row.partnership_external_id)),
  );
  const found = new Map((await lockByExternalIds(cx, keys)).map((one) => [one.externalId, one]));
  const kept = await selectPayers(
    cx,
    [...found.values()].map((one) => one.id),
  );
  const granted = new Set(kept.map(grantKey));
  const created: Customer[] = [];
  const updated: Customer[] = [];
  const payers: PayerGrant[] = [];
  const results = rows.map((row): RowResult => {
    const cells = new Cells<CustomerColumn>(row);
    const read = readCustomerRow(cells);
    if (taken.has(read.externalId ?? "")) cells.refuse("external_id", "This reference stands in the file twice.");
    const before = found.get(read.externalId);
    const after = merge(cx, cells, read, before, partners);
    if (!after) return { outcome: "bad", problems: cells.problems };
    taken.add(after.externalId ?? "");
    const grant =
      read.payerEmail === undefined || read.payerEmail === after.email
        ? undefined
        : { customerId: after.id, email: read.payerEmail };
    const newGrant = grant !== undefined && !granted.has(grantKey(grant));
    if (grant && newGrant) payers.push(grant);
    const changed = !before || customerFields.some((field) => before[field] !== after[field]);
    if (changed) (before ? updated : created).push(after);
    if (!before) return { outcome: "created", id: after.id };
    return { outcome: changed || newGrant ? "updated" : "unchanged", id: after.id };
  });
  await insertCustomers(cx, created);
  await updateCustomers(cx, updated);
  await insertPayers(cx, payers);
  await recordAll(cx, entries(created, updated, payers, found));
  return results;
}

/** The customer as it will be; undefined when something is wrong with the row. */
function merge(
  cx: Cx,
  cells: Cells<CustomerColumn>,
  read: CustomerCells,
  before: Customer | undefined,
  partners: ReadonlyMap<string, Partnership>,
): Customer | undefined {
  if ((read.externalId ?? "") === "") cells.refuse("external_id", "Write your reference of this customer.");
  const partner = read.partner ? partners.get(read.partner) : undefined;
  if (read.partner && !partner)
    cells.refuse("partnership_external_id", "No partner has this reference. Import the partners first.");
  const givenName = read.givenName ?? before?.givenName ?? "";
  const familyName = read.familyName ?? before?.familyName ?? "";
  if (cells.problems.length === 0 && !hasName(givenName, familyName)) cells.refuse("family_name", "Write a name.");
  if (cells.problems.length > 0) return undefined;
  return {
    id: before?.id ?? newId("cus", cx.now, cx.random),
    externalId: read.externalId,
    givenName,
    familyName,
    name: fullName(givenName, familyName),
    email: read.email === undefined ? before?.email : (read.email ?? undefined),
    phone: read.phone ?? before?.phone ?? "",
    language: read.language ?? before?.language ?? "en-AU",
    timeZone: read.timeZone ?? before?.timeZone ?? cx.institution.timeZone,
    partnershipId: read.partner === undefined ? before?.partnershipId : partner?.id,
    createdAt: before?.createdAt ?? cx.now,
    updatedAt: cx.now,
  };
}

function grantKey(grant: PayerGrant): string {
  return `${grant.customerId} ${grant.email}`;
}

function entries(
  created: readonly Customer[],
  updated: readonly Customer[],
  payers: readonly PayerGrant[],
  found: ReadonlyMap<string | undefined, Customer>,
) {
  return [
    ...created.map((one) => {
      return {
        event: "customer.created",
        subject: one.id,
        data: { name: one.name, email: one.email ?? null, imported: true },
      };
    }),
    ...updated.map((one) => {
      const before = found.get(one.externalId) ?? one;
      return { event: "customer.edited", subject: one.id, data: { changes: changesOf(before, one), imported: true } };
    }),
    ...payers.map((one) => ({
      event: "payer.added",
      subject: one.customerId,
      data: { email: one.email, imported: true },
    })),
  ];
}
