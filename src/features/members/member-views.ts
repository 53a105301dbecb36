import type { Permit } from "#access/permit.ts";
import type { Invitation, Member, Workspace } from "#features/members/member.ts";
import {
  selectInvitation,
  selectInvitations,
  selectMember,
  selectMembers,
  selectWorkspace,
} from "#features/members/member-store.ts";
import { isId } from "#kernel/ids.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/** A partner account as staff see it. */
export type Account = {
  readonly workspace: Workspace;
  /** By name, without those who were removed. */
  readonly members: readonly Member[];
  /** Newest first, answered ones too. */
  readonly invitations: readonly Invitation[];
};

/** Who may look at members. */
export type Reading = Permit<"members.read"> | Permit<"members.write"> | Permit<"partnerships.read">;

/** The account of a partnership; undefined where none was provisioned. */
export async function partnerAccount(cx: Cx, _may: Reading, partnership: string): Promise<Account | undefined> {
  const [workspace, members, invitations] = await Promise.all([
    selectWorkspace(cx, partnership),
    selectMembers(cx, partnership),
    selectInvitations(cx, partnership),
  ]);
  return workspace && { workspace, members, invitations };
}

/** One member of an account; throws `not-found` for one that was removed, or is another's. */
export async function readMember(cx: Cx, _may: Reading, partnership: string, id: string): Promise<Member> {
  const found = isId("mbr", id) ? await selectMember(cx, id) : undefined;
  if (!found || found.partnershipId !== partnership || found.removedAt) throw notFound();
  return found;
}

/** One invitation to an account; throws `not-found` for another's. */
export async function readInvitation(cx: Cx, _may: Reading, partnership: string, id: string): Promise<Invitation> {
  const found = isId("ivt", id) ? await selectInvitation(cx, id) : undefined;
  if (!found || found.partnershipId !== partnership) throw notFound();
  return found;
}

/** Whether somebody else is an owner who can sign in: without one an owner can't be removed or become less. */
export function isLastOwner(members: readonly Member[], member: Member): boolean {
  const isOwner = (one: Member) => one.role === "OWNER" && !one.suspendedAt && !one.removedAt;
  return member.role === "OWNER" && !members.some((one) => one.id !== member.id && isOwner(one));
}
