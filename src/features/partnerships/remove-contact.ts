import type { Permit } from "#access/permit.ts";
import type { ContactAccess } from "#features/partnerships/contact.ts";
import { tellOfContact } from "#features/partnerships/contact-news.ts";
import { updateContact } from "#features/partnerships/contact-store.ts";
import { lockContact } from "#features/partnerships/edit-contact.ts";
import { endContactSessions } from "#features/security/end-contact-sessions.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * Removes a contact: its sessions end, and its next request is refused. The row stays, for the log and for coming back.
 * With the last one gone the partner's payouts wait. Throws `not-found` for one that is removed already.
 */
export async function removeContact(
  cx: Cx,
  _may: Permit<"partnerships.write">,
  partnership: string,
  id: string,
): Promise<ContactAccess> {
  const { contact: before } = await lockContact(cx, partnership, id);
  const after: ContactAccess = { ...before, removedAt: cx.now, updatedAt: cx.now };
  await updateContact(cx, after);
  await endContactSessions(cx, before.partnershipId, before.email, "contact removed");
  await tellOfContact(cx, "contact.removed", after);
  return after;
}
