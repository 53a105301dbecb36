import type { Permit } from "#access/permit.ts";
import { actorOf, type Partner } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import type { Id } from "#kernel/ids.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";
import { partnershipsOfAddress, turnToPartnership } from "./grant-store.ts";

export type PartnershipChoice = { readonly id: Id<"prt">; readonly name: string };

/** The partnerships that this session's address is a contact or a member of. */
export async function partnershipsOfSession(
  cx: Cx<Partner>,
  _may: Permit<"partner.account">,
): Promise<readonly PartnershipChoice[]> {
  return await partnershipsOfAddress(cx as Cx);
}

/** Goes on for another partnership of the same address. Throws `not-found` for any other. */
export async function choosePartnership(cx: Cx<Partner>, _may: Permit<"partner.account">, id: string): Promise<void> {
  if (id === cx.principal.partnership) return;
  record(cx as Cx, { event: "sign-in.switched", subject: actorOf(cx.principal).id, data: { to: id } });
  if (!(await turnToPartnership(cx as Cx, id))) throw notFound();
}
