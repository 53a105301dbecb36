import type { Permit } from "#access/permit.ts";
import {
  type ContactAccess,
  type ContactText,
  checkContact,
  contactChanges,
  rightsInWords,
} from "#features/partnerships/contact.ts";
import { tellOfContact } from "#features/partnerships/contact-news.ts";
import { insertContact, selectContactAccess, updateContact } from "#features/partnerships/contact-store.ts";
import { lockPartnership } from "#features/partnerships/partnership-store.ts";
import { isId, newId } from "#kernel/ids.ts";
import { keyReused, notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * Adds a contact of a partnership, with access at once; a mail says so. `key` is an id that the form was given when it
 * was drawn, so that a form sent twice adds one. An address that was removed before comes back as the contact it was.
 * Throws `form.invalid` with the words for each field, `idempotency.key-reused` where the key stands for another one.
 */
export async function addContact(
  cx: Cx,
  _may: Permit<"partnerships.write">,
  partnership: string,
  text: ContactText,
  key?: string,
): Promise<ContactAccess> {
  // Locked, so that two who add the same address at once add one contact.
  const partner = isId("prt", partnership) ? await lockPartnership(cx, partnership) : undefined;
  if (!partner) throw notFound();
  const all = await selectContactAccess(cx, partner.id);
  const twice = all.find((one) => one.id === key && one.removedAt === undefined);
  const input = checkContact(text, (email) =>
    all.some((one) => one !== twice && one.email === email && one.removedAt === undefined)
      ? "Somebody with this address is a contact of this partner already."
      : undefined,
  );
  if (twice) {
    if (Object.keys(contactChanges(twice, { ...twice, ...input })).length > 0) throw keyReused();
    return twice;
  }
  const before = all.find((one) => one.email === input.email);
  const contact: ContactAccess = {
    ...input,
    id: before?.id ?? (isId("con", key) ? key : newId("con", cx.now, cx.random)),
    partnershipId: partner.id,
    accessOn: true,
    removedAt: undefined,
    lastSeenAt: before?.lastSeenAt,
    updatedAt: cx.now,
  };
  await (before ? updateContact(cx, contact) : insertContact(cx, contact));
  const { rights } = contact;
  const changes = before && { rights: { from: rightsInWords(before.rights), to: rightsInWords(rights) } };
  await tellOfContact(cx, "contact.added", contact, { rights, ...(before && { again: true, changes }) });
  return contact;
}
