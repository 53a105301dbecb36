import type { Permit } from "#access/permit.ts";
import { type ContactAccess, type ContactText, checkContact, contactChanges } from "#features/partnerships/contact.ts";
import { tellOfContact } from "#features/partnerships/contact-news.ts";
import { selectContactAccess, updateContact } from "#features/partnerships/contact-store.ts";
import { lockPartnership } from "#features/partnerships/partnership-store.ts";
import { endContactSessions } from "#features/security/end-contact-sessions.ts";
import { isId } from "#kernel/ids.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

export type HeldContact = { readonly contact: ContactAccess; readonly all: readonly ContactAccess[] };

/** A contact and its fellows, held against changes by others until commit. Throws `not-found` for a removed one. */
export async function lockContact(cx: Cx, partnership: string, id: string): Promise<HeldContact> {
  const partner = isId("prt", partnership) ? await lockPartnership(cx, partnership) : undefined;
  const all = partner ? await selectContactAccess(cx, partner.id) : [];
  const contact = all.find((one) => one.id === id && one.removedAt === undefined);
  if (!contact) throw notFound();
  return { contact, all };
}

/**
 * Changes a contact's details and rights; rights hold from its next request on. A new address ends what is open with
 * the old one. `version` is `updatedAt` as the form was drawn with. Throws `form.invalid`, `conflict`, `not-found`.
 */
export async function editContact(
  cx: Cx,
  _may: Permit<"partnerships.write">,
  partnership: string,
  id: string,
  text: ContactText,
  version?: string,
): Promise<ContactAccess> {
  const { contact: before, all } = await lockContact(cx, partnership, id);
  if (version !== undefined && version !== before.updatedAt.toString()) {
    throw new Problem(
      "conflict",
      "Somebody changed this contact meanwhile. Compare with what is stored now, then save again.",
    );
  }
  const input = checkContact(text, (email) => {
    const other = all.find((one) => one.email === email && one.id !== id);
    if (!other) return undefined;
    return other.removedAt === undefined
      ? "Somebody with this address is a contact of this partner already."
      : "This address was removed from this partner before. Add it again instead, and remove this one.";
  });
  const after: ContactAccess = { ...before, ...input, updatedAt: cx.now };
  const changes = contactChanges(before, after);
  if (Object.keys(changes).length === 0) return before;
  await updateContact(cx, after);
  if (after.email !== before.email) {
    await endContactSessions(cx, before.partnershipId, before.email, "address changed");
  }
  await tellOfContact(cx, "contact.changed", after, { changes });
  return after;
}
