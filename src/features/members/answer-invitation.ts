import type { Permit } from "#access/permit.ts";
import type { MemberId, Role } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { type InvitationState, inviterOf, roleWords, stateAt } from "#features/members/member.ts";
import { acceptRow, declineRow, type InvitationAt, selectInvitationAt } from "#features/members/member-store.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { openForInvited } from "#features/security/open-for-invited.ts";
import { newId } from "#kernel/ids.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * How an invitation stands for whoever opens it. `member`: the address is of a member already. Nothing is told of
 * tokens that never were, or were another institution's.
 */
export type InvitationStanding = InvitationState | "unknown" | "member";

/** What the page behind the link of an invitation says. */
export type InvitationView = {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly partnership: string;
  /** Empty where it is the institution itself. */
  readonly invitedBy: string;
  readonly expiresAt: InvitationAt["expiresAt"];
};

type Looked = { readonly standing: InvitationStanding; readonly invitation: InvitationView | undefined };

function standingOf(cx: Cx, found: InvitationAt | undefined): InvitationStanding {
  if (!found) return "unknown";
  const state = stateAt(found.state, found.expiresAt, cx.now);
  return state === "pending" && found.isMember ? "member" : state;
}

/** Looks at an invitation. It spends nothing, however often a mail scanner does it. */
export async function lookAtInvitation(cx: Cx, _may: Permit<"sign-in">, token: string): Promise<Looked> {
  const found = await selectInvitationAt(cx, token);
  const standing = standingOf(cx, found);
  if (!found) return { standing, invitation: undefined };
  const { name, email, role, partnershipName: partnership, expiresAt } = found;
  const invitedBy = inviterOf(cx.institution, found.invitedByName);
  return { standing, invitation: { name, email, role, partnership, invitedBy, expiresAt } };
}

export type Joined = { readonly member: MemberId; readonly partnership: PartnershipId; readonly email: string };

/**
 * Makes the member of an invitation: of a hundred at once one does, the others learn that it is accepted. It asks
 * nothing but the token, which was mailed to the address alone; the member gets that address, whoever is signed in here
 * as anybody else.
 */
export async function joinByInvitation(
  cx: Cx,
  _may: Permit<"sign-in"> | Permit<"members.write">,
  token: string,
): Promise<Joined | Exclude<InvitationStanding, "pending">> {
  const found = await selectInvitationAt(cx, token);
  const standing = standingOf(cx, found);
  if (!found || standing !== "pending") return standing === "pending" ? "unknown" : standing;
  const member = newId("mbr", cx.now, cx.random);
  if (!(await acceptRow(cx, token, member))) {
    const now = standingOf(cx, await selectInvitationAt(cx, token));
    return now === "pending" ? "unknown" : now;
  }
  const { name, email, role, partnershipId: partnership } = found;
  const data = { member, invitation: found.id, name, email, role, as: roleWords[role].is };
  record(cx, { event: "member.joined", subject: partnership, data, outbox: true });
  return { member, partnership, email };
}

/** The browser that accepts, and the session it had before. */
type Accepting = { readonly userAgent: string; readonly replaces: string | undefined };

/** Accepts an invitation, and signs in the browser that pressed. Answers its token, or how the invitation stands. */
export async function acceptInvitation(
  cx: Cx,
  may: Permit<"sign-in">,
  token: string,
  browser: Accepting,
): Promise<{ readonly session: string } | Exclude<InvitationStanding, "pending">> {
  const joined = await joinByInvitation(cx, may, token);
  if (typeof joined === "string") return joined;
  const { partnership, email, member } = joined;
  return { session: await openForInvited(cx, { partnership, email, member, ...browser }) };
}

/** Declines an invitation. It makes nobody a member, and signs nobody in. */
export async function declineInvitation(cx: Cx, _may: Permit<"sign-in">, token: string): Promise<InvitationStanding> {
  const found = await selectInvitationAt(cx, token);
  if (found && (await declineRow(cx, token))) {
    const { name, email } = found;
    const data = { invitation: found.id, name, email };
    record(cx, { event: "member.invitation-declined", subject: found.partnershipId, data });
    return "declined";
  }
  return standingOf(cx, found);
}
