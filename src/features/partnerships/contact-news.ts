import { record } from "#features/audit/record.ts";
import type { ContactAccess } from "#features/partnerships/contact.ts";
import { selectContactAccess } from "#features/partnerships/contact-store.ts";
import type { Cx } from "#platform/tx.ts";

type Event = "contact.added" | "contact.changed" | "contact.removed";

/**
 * Writes into the log what became of a contact, and tells those above: payouts wait while `left`, the number of
 * contacts who can sign in, is nought. The subject is the partnership: that is where a reader of the log looks for it.
 */
export async function tellOfContact(
  cx: Cx,
  event: Event,
  contact: ContactAccess,
  data: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const all = await selectContactAccess(cx, contact.partnershipId);
  const left = all.filter((one) => one.removedAt === undefined && one.accessOn).length;
  const { id, name, email } = contact;
  record(cx, {
    event,
    subject: contact.partnershipId,
    data: { contact: id, name, email, left, ...data },
    outbox: true,
  });
}
