import type { Permit } from "#access/permit.ts";
import { recordAll } from "#features/audit/record-all.ts";
import { rightsInWords } from "#features/partnerships/contact.ts";
import type { Contact } from "#features/partnerships/partnership.ts";
import { type ContactRow, readContactRow } from "#features/partnerships/partnership-row.ts";
import {
  insertContacts,
  type KeptContact,
  selectByExternalIds,
  selectContacts,
  updateContacts,
} from "#features/partnerships/partnership-store.ts";
import { Cells, type RowResult } from "#kernel/cells.ts";
import { newId } from "#kernel/ids.ts";
import { cleanReference } from "#kernel/text.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * Creates or updates contacts of partnerships from rows, found again by partner and address. A contact that staff
 * removed stays removed: an old file must not give access back.
 */
export async function upsertContacts(
  cx: Cx,
  _may: Permit<"partnerships.write">,
  rows: readonly ContactRow[],
): Promise<RowResult[]> {
  const references = [...new Set(rows.map((row) => cleanReference(row.partnership_external_id)))];
  // Locked, so that two imports at once don't both create the same contact.
  const partners = new Map((await selectByExternalIds(cx, references, true)).map((one) => [one.externalId, one.id]));
  const kept = await selectContacts(cx, [...partners.values()]);
  const found = new Map(kept.map((one) => [`${one.partnershipId} ${one.email}`, one]));
  const taken = new Set<string>();
  const created: Contact[] = [];
  const updated: Contact[] = [];
  const results = rows.map((row): RowResult => {
    const cells = new Cells(row);
    const read = readContactRow(cells);
    const partner = partners.get(read.partner);
    if (read.partner !== "" && !partner) {
      cells.refuse("partnership_external_id", "No partner has this reference. Import the partners first.");
    }
    const key = `${partner} ${read.email}`;
    if (taken.has(key)) cells.refuse("email", "This address stands in the file twice for the same partner.");
    const before = found.get(key);
    if (before?.removed) cells.refuse("email", "This contact was removed. An import doesn't give access back.");
    if (!before && read.name === undefined && !cells.problems.some((one) => one.column === "name")) {
      cells.refuse("name", "Write the person's name.");
    }
    if (cells.problems.length > 0 || !partner) return { outcome: "bad", problems: cells.problems };
    taken.add(key);
    const after: Contact = before
      ? {
          ...before,
          name: read.name ?? before.name,
          phone: read.phone ?? before.phone,
          rights: read.rights ?? before.rights,
        }
      : {
          id: newId("con", cx.now, cx.random),
          partnershipId: partner,
          name: read.name ?? "",
          email: read.email,
          phone: read.phone ?? "",
          rights: read.rights ?? ["view", "pay"],
          createdAt: cx.now,
        };
    if (before && same(before, after)) return { outcome: "unchanged", id: before.id };
    (before ? updated : created).push(after);
    return { outcome: before ? "updated" : "created", id: after.id };
  });
  await insertContacts(cx, created);
  await updateContacts(cx, updated);
  await recordAll(cx, [
    ...created.map((one) => entryOf("contact.created", one)),
    ...updated.map((one) => entryOf("contact.edited", one, found.get(`${one.partnershipId} ${one.email}`))),
  ]);
  return results;
}

function same(before: KeptContact, after: Contact): boolean {
  return before.name === after.name && before.phone === after.phone && before.rights.join() === after.rights.join();
}

/** The subject is the partnership: that is where a reader of the log looks for it. */
function entryOf(event: string, contact: Contact, before?: Contact) {
  const { id, name, email, rights } = contact;
  const changes = before && { rights: { from: rightsInWords(before.rights), to: rightsInWords(rights) } };
  return {
    event,
    subject: contact.partnershipId,
    data: { contact: id, name, email, rights, imported: true, ...(changes && { changes }) },
  };
}
