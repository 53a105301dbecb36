import {
  type BankAccountId,
  type BankDetailsInput,
  type StaffBankAccount,
  type Usable,
  usableOf,
} from "#features/bank-accounts/bank-account.ts";
import {
  hasOtherReviewer,
  selectAccount,
  selectOpenAccounts,
  selectWaiting,
} from "#features/bank-accounts/bank-account-store.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { isId } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/** Whether a payout can go to this partner in this currency now, and to which account; or why not. */
export async function usableBankAccount(cx: Cx, partnership: PartnershipId, currency: Currency): Promise<Usable> {
  const accounts = await selectOpenAccounts(cx, partnership);
  return usableOf(
    accounts.filter((one) => one.currency === currency),
    cx.now,
  );
}

/** The accounts of a partner that count or wait, by currency. */
export async function openAccountsOf(cx: Cx, partnership: PartnershipId): Promise<readonly StaffBankAccount[]> {
  return await selectOpenAccounts(cx, partnership);
}

/** One account; throws `not-found` when it is missing or foreign. */
export async function readBankAccount(cx: Cx, id: string): Promise<StaffBankAccount> {
  const found = isId("bac", id) ? await selectAccount(cx, id) : undefined;
  if (!found) throw notFound();
  return found;
}

const mostWaiting = 200;

/** What waits for a member of staff to review it, the oldest first. */
export async function waitingBankDetails(cx: Cx): Promise<readonly StaffBankAccount[]> {
  return await selectWaiting(cx, mostWaiting);
}

/** Whether somebody besides this member of staff may review and approve. */
export async function hasColleague(cx: Cx, staff: string): Promise<boolean> {
  return await hasOtherReviewer(cx, staff);
}

/** What the numbers are sealed for and where: opened for another account, they do not open. */
export function sealNumbers(cx: Cx, id: BankAccountId, { numbers }: BankDetailsInput): Buffer {
  return cx.keys.seal(cx.random, "bank-account", id, JSON.stringify(numbers));
}
