import { queueMail } from "#features/notifications/queue-mail.ts";
import { selectContactsById } from "#features/partnerships/contact-store.ts";
import { selectPartnerships } from "#features/partnerships/partnership-store.ts";
import { maskEmail } from "#kernel/email.ts";
import type { News, Subscriptions } from "#platform/outbox.ts";
import type { Cx } from "#platform/tx.ts";

/** What mails about contacts wait for; src/subscriptions.ts lists it. `origin` is where links lead. */
export const contactSubscriptions = (origin: string): Subscriptions => ({
  "contact.added": [(cx, news) => mailAccess(cx, news, origin)],
  "contact.changed": [(cx, news) => mailNewAddress(cx, news, origin)],
});

/** Whoever reads the new address learns that it opens the portal, and whoever reads the old one that it does not. */
async function mailNewAddress(cx: Cx, news: News, origin: string): Promise<void> {
  const { changes } = news.data as { changes?: { email?: { from?: unknown } } };
  if (changes?.email === undefined) return;
  await mailAccess(cx, news, origin);
  const [contact] = await selectContactsById(cx, [String(news.data.contact)]);
  if (!contact || typeof changes.email.from !== "string") return;
  const [partnership] = await selectPartnerships(cx, [contact.partnershipId]);
  await queueMail(cx, {
    kind: "address_changed",
    to: changes.email.from,
    locale: contact.language || cx.institution.locale,
    params: { name: contact.name, partnership: partnership?.name ?? "", email: maskEmail(contact.email) },
    dedupeKey: `${news.id}:old`,
  });
}

/** Tells a new contact of its access; imports add many at once and tell nobody. */
async function mailAccess(cx: Cx, news: News, origin: string): Promise<void> {
  const [contact] = await selectContactsById(cx, [String(news.data.contact)]);
  if (!contact || contact.removedAt || !contact.accessOn) return;
  const [partnership] = await selectPartnerships(cx, [contact.partnershipId]);
  await queueMail(cx, {
    kind: "contact_access",
    to: contact.email,
    locale: contact.language || cx.institution.locale,
    params: {
      name: contact.name,
      partnership: partnership?.name ?? "",
      link: `${origin}/partner/sign-in?email=${encodeURIComponent(contact.email)}`,
    },
    dedupeKey: news.id,
  });
}
