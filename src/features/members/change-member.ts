import type { Permit } from "#access/permit.ts";
import { type Role, roles } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { type Member, roleWords } from "#features/members/member.ts";
import { selectMembers, updateMember } from "#features/members/member-store.ts";
import { isLastOwner } from "#features/members/member-views.ts";
import { holdPartnership } from "#features/partnerships/partnership-views.ts";
import { endContactSessions } from "#features/security/end-contact-sessions.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

type Write = Permit<"members.write">;
type Held = { readonly member: Member; readonly all: readonly Member[] };

/** A member and its fellows, held against changes by others until commit. Throws `not-found` for a removed one. */
async function lockMember(cx: Cx, partnership: string, id: string): Promise<Held> {
  const { id: partnershipId } = await holdPartnership(cx, partnership);
  const all = await selectMembers(cx, partnershipId);
  const member = all.find((one) => one.id === id);
  if (!member) throw notFound();
  return { member, all };
}

/** There remains an owner: somebody answers for the account. */
function assertOwnerRemains({ member, all }: Held): void {
  if (!isLastOwner(all, member)) return;
  const only = `${member.name} is the only owner of this account who can sign in.`;
  throw new Problem("conflict", `${only} Make another member an owner first, or invite one; then come back.`);
}

/**
 * Writes a change of a member, and ends what is open with what was before: the next request is refused, and whoever
 * signs in again has what holds now.
 */
async function write(cx: Cx, before: Member, after: Member, event: string, data: Readonly<Record<string, unknown>>) {
  await updateMember(cx, after);
  await endContactSessions(cx, before.partnershipId, before.email, event.replace(".", " "));
  const { id, name, email } = before;
  record(cx, { event, subject: before.partnershipId, data: { member: id, name, email, ...data } });
}

/**
 * Gives a member another role. `version` is `updatedAt` as the form was drawn with. Throws `form.invalid`, `conflict`
 * for the last owner and where somebody was faster, `not-found`.
 */
export async function changeRole(
  cx: Cx,
  _may: Write,
  partnership: string,
  id: string,
  to: { readonly role: string; readonly version?: string | undefined },
): Promise<void> {
  const held = await lockMember(cx, partnership, id);
  const { member } = held;
  const role: Role | undefined = roles.find((one) => one === to.role);
  if (!role) {
    throw new Problem("form.invalid", "Please check what is marked.", {
      fields: { role: "Choose what the person may do." },
    });
  }
  if (to.version !== undefined && to.version !== member.updatedAt.toString()) {
    throw new Problem(
      "conflict",
      "Somebody changed this member meanwhile. Look at what is stored now, then save again.",
    );
  }
  if (role === member.role) return;
  assertOwnerRemains(held);
  const as = `${roleWords[member.role].is} → ${roleWords[role].is}`;
  await write(cx, member, { ...member, role }, "member.role-changed", { role, as });
}

/**
 * Suspends a member, who is signed out and gets in no more, or lets them in again. The only owner can be suspended,
 * too: who has to be kept out is kept out at once. Throws `not-found`.
 */
export async function suspendMember(
  cx: Cx,
  _may: Write,
  partnership: string,
  id: string,
  suspended: boolean,
): Promise<void> {
  const { member } = await lockMember(cx, partnership, id);
  if ((member.suspendedAt !== undefined) === suspended) return;
  const after = { ...member, suspendedAt: suspended ? cx.now : undefined };
  await write(cx, member, after, suspended ? "member.suspended" : "member.readmitted", {});
}

/**
 * Removes a member. The row stays, for the log and for what they did; the address can be invited again. Throws
 * `conflict` for the last owner, `not-found`.
 */
export async function removeMember(cx: Cx, _may: Write, partnership: string, id: string): Promise<void> {
  const held = await lockMember(cx, partnership, id);
  assertOwnerRemains(held);
  await write(cx, held.member, { ...held.member, removedAt: cx.now }, "member.removed", {});
}
