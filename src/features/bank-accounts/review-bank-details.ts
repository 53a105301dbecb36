import type { Permit } from "#access/permit.ts";
import type { Staff } from "#access/principal.ts";
import { maskedOf, type StaffBankAccount } from "#features/bank-accounts/bank-account.ts";
import {
  decide,
  gaveAccess,
  hasOtherReviewer,
  replaceActive,
  selectCoolingOffDays,
} from "#features/bank-accounts/bank-account-store.ts";
import { readBankAccount } from "#features/bank-accounts/bank-account-views.ts";
import { recordBankDetails } from "#features/bank-accounts/record-bank-details.ts";
import { holdPartnership } from "#features/partnerships/partnership-views.ts";
import { Problem } from "#kernel/problem.ts";
import { readLine } from "#kernel/text.ts";
import type { Cx } from "#platform/tx.ts";

type MayReview = Permit<"bank-details.review">;

/** Whether this member may decide on it: what staff entered needs somebody else. */
export function mayDecide(account: Pick<StaffBankAccount, "proposedByKind" | "proposedBy">, staff: Staff): boolean {
  return account.proposedByKind !== "staff" || account.proposedBy !== staff.id;
}

/**
 * Approves an account that waits: the former one of its currency is replaced. What a partner proposed can be used
 * after the cooling-off period; in it, whoever did not ask for the change can still say so. Throws `conflict` when it
 * waits no more, `permission.denied` for who entered it or let the asking contact in, `not-found`.
 */
export async function approveBankDetails(cx: Cx<Staff>, _may: MayReview, id: string): Promise<StaffBankAccount> {
  const account = await lockWaiting(cx, id);
  await assertNotOwnContact(cx, account);
  const coolingOffDays = await selectCoolingOffDays(cx);
  const usableFrom = account.proposedByKind === "partner" ? cx.now.add({ hours: 24 * coolingOffDays }) : undefined;
  const before = await replaceActive(cx, account.partnershipId, account.currency);
  const decision = { state: "active", ...(usableFrom && { usableFrom }) } as const;
  if (!(await decide(cx, id, cx.principal.id, decision))) throw decidedMeanwhile();
  await recordBankDetails(
    cx,
    "bank-details.approved",
    account,
    before === undefined ? "" : maskedOf({ last4: before }),
  );
  return await readBankAccount(cx, id);
}

/** Rejects an account that waits, with the reason for the partner to read. The former one stays. Throws as above. */
export async function rejectBankDetails(cx: Cx<Staff>, _may: MayReview, id: string, why: string): Promise<void> {
  const account = await lockWaiting(cx, id);
  const reason = readLine(why, 300);
  const words = typeof reason === "string" ? "Write why, so that the partner knows what to correct." : reason.problem;
  if (typeof reason !== "string" || reason === "") {
    throw new Problem("form.invalid", words, { fields: { reason: words } });
  }
  if (!(await decide(cx, id, cx.principal.id, { state: "rejected", why: reason }))) throw decidedMeanwhile();
  await recordBankDetails(cx, "bank-details.rejected", account, "", reason);
}

const lately = { hours: 24 * 30 };

/**
 * Nobody lets somebody in as a contact and then approves the account that this contact asks for: that is how one person
 * alone would turn a partner's money to themselves. Where there is no other reviewer it has to be.
 */
async function assertNotOwnContact(cx: Cx<Staff>, account: StaffBankAccount): Promise<void> {
  if (account.proposedByKind !== "partner") return;
  const contact = { partnership: account.partnershipId, id: account.proposedBy };
  if (!(await gaveAccess(cx, cx.principal.id, contact, cx.now.subtract(lately)))) return;
  if (!(await hasOtherReviewer(cx, cx.principal.id))) return;
  throw new Problem(
    "permission.denied",
    "You added or changed the contact who asks for this in the last 30 days: somebody else has to approve it.",
  );
}

/** The partner is locked, so that of two who decide at once the second one sees what the first one did. */
async function lockWaiting(cx: Cx<Staff>, id: string): Promise<StaffBankAccount> {
  const found = await readBankAccount(cx, id);
  await holdPartnership(cx, found.partnershipId);
  const account = await readBankAccount(cx, id);
  if (account.state !== "in_review") throw decidedMeanwhile();
  if (!mayDecide(account, cx.principal)) {
    throw new Problem("permission.denied", "You entered these details yourself: somebody else has to review them.");
  }
  return account;
}

function decidedMeanwhile(): Problem {
  return new Problem(
    "conflict",
    "These details wait no more: somebody decided on them, or the partner took them back.",
  );
}
