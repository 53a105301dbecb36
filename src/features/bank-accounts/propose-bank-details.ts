import type { Permit } from "#access/permit.ts";
import type { Partner } from "#access/principal.ts";
import type { BankAccountId, BankDetailsText } from "#features/bank-accounts/bank-account.ts";
import { ownAccounts } from "#features/bank-accounts/bank-account-partner-view.ts";
import { insertAccount, withdraw } from "#features/bank-accounts/bank-account-store.ts";
import { sealNumbers } from "#features/bank-accounts/bank-account-views.ts";
import { last4Of } from "#features/bank-accounts/bank-numbers.ts";
import { checkBankDetails } from "#features/bank-accounts/check-bank-details.ts";
import { recordBankDetails } from "#features/bank-accounts/record-bank-details.ts";
import { present } from "#kernel/assert.ts";
import { isId, newId } from "#kernel/ids.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import type { T } from "#platform/i18n/messages.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * A contact proposes an account for a currency; nothing goes to it before staff have looked at it. One proposal of a
 * currency waits at a time. Throws `form.invalid` and `conflict` in the reader's language.
 */
export async function proposeBankDetails(
  cx: Cx<Partner>,
  _may: Permit<"partner.bank-details">,
  text: BankDetailsText,
  t: T,
): Promise<void> {
  const id: BankAccountId = isId("bac", text.key) ? text.key : newId("bac", cx.now, cx.random);
  const input = checkBankDetails(text, cx.institution.currencies, t);
  const { currency, country, holderName, bankName, numbers } = input;
  const account = {
    ...{ id, currency, country, holderName, bankName, last4: last4Of(numbers) },
    partnershipId: cx.principal.partnership,
    proposedByKind: "partner",
    proposedBy: present(cx.principal.contact, "the contact whose right this is"),
  } as const;
  const written = await insertAccount(cx, { ...account, state: "in_review", sealed: sealNumbers(cx, id, input) });
  if (!written) {
    const own = await ownAccounts(cx);
    // The same form sent twice is one proposal.
    if (own.some((one) => one.id === id)) return;
    throw new Problem("conflict", t("bank.problem.waiting", { currency }));
  }
  await recordBankDetails(cx, "bank-details.proposed", account, "");
}

/** A contact takes a proposal back while it waits. Throws `conflict` when it waits no more, `not-found`. */
export async function withdrawBankDetails(
  cx: Cx<Partner>,
  _may: Permit<"partner.bank-details">,
  currency: string,
  t: T,
): Promise<void> {
  const own = await ownAccounts(cx);
  const account = own.find((one) => one.currency === currency && one.state === "in_review");
  if (!account) {
    if (own.some((one) => one.currency === currency)) throw new Problem("conflict", t("bank.problem.decided"));
    throw notFound();
  }
  if (!(await withdraw(cx, account.id))) throw new Problem("conflict", t("bank.problem.decided"));
  await recordBankDetails(cx, "bank-details.withdrawn", account, "");
}
