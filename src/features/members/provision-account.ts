import type { Permit } from "#access/permit.ts";
import { actorOf } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { checkInvite, type Invited, type InviteText, sendInvitation } from "#features/members/invite-member.ts";
import type { Workspace } from "#features/members/member.ts";
import { insertWorkspace, selectInvitations, selectWorkspace } from "#features/members/member-store.ts";
import { holdPartnership } from "#features/partnerships/partnership-views.ts";
import { Cells } from "#kernel/cells.ts";
import { newId } from "#kernel/ids.ts";
import { Problem } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/** The name of the account, and whom to invite as its first owner. */
export type ProvisionText = Omit<InviteText, "role"> & { readonly account?: string };

/** Without an invitation where the form was sent twice. */
export type Provisioned = Partial<Invited> & { readonly workspace: Workspace };

/**
 * Provisions the account of a partnership, once, and invites its first member, as an owner (W1): nobody registers a
 * partner account themselves. `key` is an id that the form was given when it was drawn, so that a form sent twice
 * provisions once. Throws `form.invalid` with the words for each field, `conflict` where there is an account,
 * `not-found`.
 */
export async function provisionAccount(
  cx: Cx,
  may: Permit<"members.write">,
  partnership: string,
  text: ProvisionText,
  key?: string,
): Promise<Provisioned> {
  // Held, so that of two who provision it at once one does.
  const { id: partnershipId } = await holdPartnership(cx, partnership);
  const there = await selectWorkspace(cx, partnershipId);
  if (there) {
    if ((await selectInvitations(cx, partnershipId)).some((one) => one.id === key)) return { workspace: there };
    throw new Problem("conflict", "This partner has an account already. Open it to invite more members.");
  }
  const cells = new Cells<"account">({ account: text.account ?? "" });
  const name = cells.line("account", 200, "Write a name for the account.") ?? "";
  const person = { ...text, role: "OWNER" };
  const input = await checkInvite(cx, partnershipId, person, cells.problems);
  const workspace: Workspace = { id: newId("wsp", cx.now, cx.random), partnershipId, name, createdAt: cx.now };
  await insertWorkspace(cx, workspace, actorOf(may.by).id);
  record(cx, { event: "account.provisioned", subject: partnershipId, data: { workspace: workspace.id, name } });
  return { workspace, ...(await sendInvitation(cx, may, partnershipId, input, key)) };
}
