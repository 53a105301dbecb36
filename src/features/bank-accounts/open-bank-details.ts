import type { StaffBankAccount } from "#features/bank-accounts/bank-account.ts";
import { selectSealed } from "#features/bank-accounts/bank-account-store.ts";
import { readBankAccount } from "#features/bank-accounts/bank-account-views.ts";
import type { Numbers } from "#features/bank-accounts/bank-numbers.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/** An account with its numbers: for the call to the provider, and for nothing that a person or a log reads. */
export type BankDetails = { readonly account: StaffBankAccount; readonly numbers: Numbers };

/** Opens the numbers of an account. Throws `not-found`, and when they were sealed by a key that is gone. */
export async function openBankDetails(cx: Cx, id: string): Promise<BankDetails> {
  const account = await readBankAccount(cx, id);
  const sealed = await selectSealed(cx, id);
  if (!sealed) throw notFound();
  const numbers = JSON.parse(cx.keys.open("bank-account", account.id, sealed).toString("utf8")) as Numbers;
  return { account, numbers };
}
