import type { Permit } from "#access/permit.ts";
import type { Staff } from "#access/principal.ts";
import { type BankDetailsText, maskedOf, type StaffBankAccount } from "#features/bank-accounts/bank-account.ts";
import { hasOtherReviewer, insertAccount, replaceActive } from "#features/bank-accounts/bank-account-store.ts";
import { openAccountsOf, readBankAccount, sealNumbers } from "#features/bank-accounts/bank-account-views.ts";
import { last4Of } from "#features/bank-accounts/bank-numbers.ts";
import { checkBankDetails } from "#features/bank-accounts/check-bank-details.ts";
import { recordBankDetails } from "#features/bank-accounts/record-bank-details.ts";
import { holdPartnership } from "#features/partnerships/partnership-views.ts";
import { isId, newId } from "#kernel/ids.ts";
import { Problem } from "#kernel/problem.ts";
import { translator } from "#platform/i18n/messages.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * Staff add or replace an account of a partner. Where somebody else may review it, it waits for them: one person
 * alone must not turn a partner's money. Where nobody else is, it counts at once. Throws `form.invalid`, `conflict`
 * while another change waits, `not-found`.
 */
export async function setBankDetails(
  cx: Cx<Staff>,
  _may: Permit<"bank-details.write">,
  partnership: string,
  text: BankDetailsText,
): Promise<StaffBankAccount> {
  const owner = await holdPartnership(cx, partnership);
  const id = isId("bac", text.key) ? text.key : newId("bac", cx.now, cx.random);
  const input = checkBankDetails(text, cx.institution.currencies, translator("en"));
  const open = await openAccountsOf(cx, owner.id);
  const sent = open.find((one) => one.id === id);
  if (sent) return sent;
  if (open.some((one) => one.currency === input.currency && one.state === "in_review")) {
    throw new Problem("conflict", "A change of these details waits for review. Decide on it first, then enter yours.");
  }
  const state = (await hasOtherReviewer(cx, cx.principal.id)) ? "in_review" : "active";
  const before = state === "active" ? await replaceActive(cx, owner.id, input.currency) : undefined;
  const { currency, country, holderName, bankName, numbers } = input;
  const written = await insertAccount(cx, {
    ...{ id, currency, country, holderName, bankName, state },
    partnershipId: owner.id,
    sealed: sealNumbers(cx, id, input),
    last4: last4Of(numbers),
    proposedByKind: "staff",
    proposedBy: cx.principal.id,
  });
  if (!written) throw new Problem("conflict", "These details were sent before. Look at them, then change them.");
  const account = await readBankAccount(cx, id);
  const event = state === "active" ? "bank-details.approved" : "bank-details.proposed";
  await recordBankDetails(cx, event, account, before === undefined ? "" : maskedOf({ last4: before }));
  return account;
}
