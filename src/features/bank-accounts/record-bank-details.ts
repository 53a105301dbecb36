import { record } from "#features/audit/record.ts";
import { type BankAccount, maskedOf } from "#features/bank-accounts/bank-account.ts";
import { tell } from "#platform/outbox.ts";
import type { Cx } from "#platform/tx.ts";

type Happening = `bank-details.${"proposed" | "approved" | "rejected" | "withdrawn"}`;

/**
 * Writes down what became of an account, under the partner: that is where a reader of the log looks for it. The news
 * is about the account. Neither holds more of a number than its last four.
 */
export async function recordBankDetails(
  cx: Cx,
  event: Happening,
  account: Pick<BankAccount, "id" | "partnershipId" | "currency" | "holderName" | "last4" | "proposedByKind">,
  before: string,
  reason?: string,
): Promise<void> {
  const words = `${account.currency} ${maskedOf(account)}, ${account.holderName}`;
  const data = {
    bankAccount: account.id,
    ...(before === "" ? { name: words } : { changes: { account: { from: before, to: words } } }),
    ...(reason !== undefined && { reason }),
  };
  record(cx, { event, subject: account.partnershipId, data });
  const { partnershipId: partnership, currency, proposedByKind: by } = account;
  tell(cx, event, account.id, { partnership, currency, by });
}
