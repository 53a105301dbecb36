import type { NumberField, Numbers } from "#features/bank-accounts/bank-numbers.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Id } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";

export type BankAccountId = Id<"bac">;

/** In review until staff decide; one account of a currency is active, and what it took the place of is replaced. */
export type BankAccountState = "in_review" | "active" | "replaced" | "rejected" | "withdrawn";

/** A partner's bank account in one currency. Its numbers are sealed: nobody reads more of them here than `last4`. */
export type BankAccount = {
  readonly id: BankAccountId;
  readonly partnershipId: PartnershipId;
  readonly currency: Currency;
  readonly holderName: string;
  readonly bankName: string;
  /** Where the account is, not where the partner is. */
  readonly country: string;
  readonly last4: string;
  readonly state: BankAccountState;
  readonly rejectedWhy: string;
  readonly proposedByKind: "staff" | "partner";
  readonly reviewedAt: Instant | undefined;
  /** No payout goes to it before; undefined: at once. */
  readonly usableFrom: Instant | undefined;
  readonly createdAt: Instant;
};

/** An account as staff see it: with who entered it. */
export type StaffBankAccount = BankAccount & {
  readonly proposedBy: string;
  readonly proposedByName: string;
  readonly partnershipName: string;
};

/** `•••• 5678`: how an account is told from another wherever people see one. */
export function maskedOf({ last4 }: Pick<BankAccount, "last4">): string {
  return `•••• ${last4}`;
}

/** What was typed of an account, as text. `key` is an id made with the form, so that a form sent twice makes one. */
export type BankDetailsText = {
  readonly [K in "currency" | "country" | "holder_name" | "bank_name" | "key" | NumberField]?: string | undefined;
};

/** An account as it was read from a form: with its numbers, which leave memory sealed only. */
export type BankDetailsInput = Pick<BankAccount, "currency" | "country" | "holderName" | "bankName"> & {
  readonly numbers: Numbers;
};

/** Whether a payout can go to a partner in a currency, and to which account; or why not. */
export type Usable =
  | { readonly ok: true; readonly account: BankAccount }
  | { readonly ok: false; readonly why: "no_bank_details" | "bank_details_in_review" }
  | { readonly ok: false; readonly why: "cooling_off"; readonly until: Instant };

/**
 * The account that payouts go to, out of a partner's accounts of one currency. While a change waits for review
 * nothing is paid out: either the old account is no good any more, or somebody tries to turn money to another.
 */
export function usableOf(accounts: readonly BankAccount[], now: Instant): Usable {
  if (accounts.some((one) => one.state === "in_review")) return { ok: false, why: "bank_details_in_review" };
  const account = accounts.find((one) => one.state === "active");
  if (!account) return { ok: false, why: "no_bank_details" };
  const until = account.usableFrom;
  if (until && Temporal.Instant.compare(until, now) > 0) return { ok: false, why: "cooling_off", until };
  return { ok: true, account };
}
