import { invitationSeal } from "#features/members/invite-member.ts";
import { inviterOf } from "#features/members/member.ts";
import { selectInvitation, selectMember, wipeInvitationNews } from "#features/members/member-store.ts";
import { membersToTell } from "#features/members/members-to-tell.ts";
import { queueMail } from "#features/notifications/queue-mail.ts";
import { partnershipsByIds } from "#features/partnerships/partnership-views.ts";
import type { News, Subscriptions } from "#platform/outbox.ts";
import type { Cx } from "#platform/tx.ts";

/** What mails about members wait for; src/subscriptions.ts lists it. `origin` is where links lead. */
export const memberSubscriptions = (origin: string): Subscriptions => ({
  "member.invited": [(cx, news) => mailInvitation(cx, news, origin)],
  "member.joined": [mailJoined],
});

/** Mails an invitation while it waits for its answer. Then the sealed token is wiped. */
async function mailInvitation(cx: Cx, news: News, origin: string): Promise<void> {
  const invitation = await selectInvitation(cx, news.subject);
  if (invitation?.state === "pending") {
    const sealed = Buffer.from(String(news.data.sealed), "base64url");
    const token = cx.keys.open(invitationSeal, invitation.id, sealed).toString("utf8");
    const { name, role, expiresAt: until } = invitation;
    const link = `${origin}/partner/invitations/${token}`;
    const invitedBy = inviterOf(cx.institution, invitation.invitedByName);
    const partnership = await partnershipName(cx, invitation.partnershipId);
    await queueMail(cx, {
      kind: "member_invited",
      to: invitation.email,
      locale: invitation.language || cx.institution.locale,
      params: { name, partnership, invitedBy, role, until, link },
      dedupeKey: news.id,
      dropAfter: until,
    });
  }
  await wipeInvitationNews(cx, news.id);
}

/** Tells the owners of an account that somebody joined: nobody gets in behind their backs. */
async function mailJoined(cx: Cx, news: News): Promise<void> {
  const member = await selectMember(cx, String(news.data.member));
  if (!member) return;
  const { partnershipId, name: who, email, role } = member;
  const partnership = await partnershipName(cx, partnershipId);
  for (const owner of await membersToTell(cx, partnershipId)) {
    if (owner.role !== "OWNER" || owner.id === member.id) continue;
    await queueMail(cx, {
      kind: "member_joined",
      to: owner.email,
      locale: owner.language || cx.institution.locale,
      params: { name: owner.name, partnership, who, email, role },
      dedupeKey: `${news.id}:${owner.id}`,
    });
  }
}

async function partnershipName(cx: Cx, id: string): Promise<string> {
  return (await partnershipsByIds(cx, [id])).get(id)?.name ?? "";
}
