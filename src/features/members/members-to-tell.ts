import type { Member } from "#features/members/member.ts";
import { selectMember, selectMembers } from "#features/members/member-store.ts";
import type { Cx } from "#platform/tx.ts";

/** Who of an account hears of what happens to it: who is suspended gets no mail. By name. */
export async function membersToTell(cx: Cx, partnership: string): Promise<readonly Member[]> {
  return (await selectMembers(cx, partnership)).filter((one) => one.suspendedAt === undefined);
}

/** The address that a member signs in with, or signed in with before it was removed. */
export async function addressOfMember(cx: Cx, id: string): Promise<string | undefined> {
  return (await selectMember(cx, id))?.email;
}
