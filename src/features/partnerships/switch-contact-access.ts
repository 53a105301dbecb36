import type { Permit } from "#access/permit.ts";
import { type ContactAccess, contactChanges } from "#features/partnerships/contact.ts";
import { tellOfContact } from "#features/partnerships/contact-news.ts";
import { updateContact } from "#features/partnerships/contact-store.ts";
import { lockContact } from "#features/partnerships/edit-contact.ts";
import { endContactSessions } from "#features/security/end-contact-sessions.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * Switches a contact's access off, which ends its sessions, or on again. Throws `not-found` for a removed contact.
 */
export async function switchContactAccess(
  cx: Cx,
  _may: Permit<"partnerships.write">,
  partnership: string,
  id: string,
  accessOn: boolean,
): Promise<ContactAccess> {
  const { contact: before } = await lockContact(cx, partnership, id);
  if (before.accessOn === accessOn) return before;
  const after: ContactAccess = { ...before, accessOn, updatedAt: cx.now };
  await updateContact(cx, after);
  // Ended and not only refused: switched on again, an old session must not open.
  if (!accessOn) await endContactSessions(cx, before.partnershipId, before.email, "access switched off");
  await tellOfContact(cx, "contact.changed", after, { changes: contactChanges(before, after) });
  return after;
}
