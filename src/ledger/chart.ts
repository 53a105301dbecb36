import type { Id } from "#kernel/ids.ts";

type Rule = {
  /** Whether the name has an owner: `customer:<id>`. */
  readonly owned: boolean;
  /** Whether the first transfer opens it; others are opened by `openAccount`. */
  readonly opensOnUse: boolean;
  /** What available never goes under, in minor units; undefined: it may go below zero without limit. */
  readonly minimum: bigint | undefined;
};

/**
 * The chart of accounts, per institution and currency. Every balance is credit-normal: a transfer takes its amount
 * from the debit account and gives it to the credit account. So what the institution owes or has earned is positive,
 * what it holds (provider, bank) or gave away (discounts) is negative, and all balances of a currency add up to zero.
 * The table ledger.account_kind says the same; a test compares them.
 */
export const chart = {
  /** Money held at a payment provider (negative). */
  provider: { owned: true, opensOnUse: true, minimum: undefined },
  /** Money held in the institution's bank account (negative). */
  bank: { owned: false, opensOnUse: true, minimum: undefined },
  /** Money that arrived and that nobody could match with a customer yet. */
  unmatched: { owned: false, opensOnUse: true, minimum: 0n },
  /** What a customer paid and was not used yet: free credit, and, under holds, part payments. */
  customer: { owned: true, opensOnUse: true, minimum: 0n },
  /** What a partner earned and was not paid yet; below zero after a reversal. */
  partner: { owned: true, opensOnUse: true, minimum: undefined },
  wallet: { owned: true, opensOnUse: false, minimum: 0n },
  payouts_in_transit: { owned: false, opensOnUse: true, minimum: 0n },
  /** What the institution keeps of payments. */
  income: { owned: false, opensOnUse: true, minimum: undefined },
  income_fees: { owned: false, opensOnUse: true, minimum: undefined },
  /** Discounts, out of the institution's own keep (negative). */
  discounts_given: { owned: false, opensOnUse: true, minimum: undefined },
  /** What staff put into wallets (negative) or took out of them by hand. */
  adjustments: { owned: false, opensOnUse: true, minimum: undefined },
  tax_payable: { owned: false, opensOnUse: true, minimum: undefined },
} as const satisfies Record<string, Rule>;

export type AccountKind = keyof typeof chart;

/**
 * The name of an account; with a currency and an institution it is one account. `owner` is "" where the kind has
 * none.
 */
export type AccountRef = { readonly kind: AccountKind; readonly owner: string };

const single = (kind: AccountKind): AccountRef => ({ kind, owner: "" });

/** Accounts by name. Owners are ids of ours, never personal data. */
export const account = {
  provider: (name: string): AccountRef => ({ kind: "provider", owner: name }),
  customer: (id: Id<"cus">): AccountRef => ({ kind: "customer", owner: id }),
  partner: (id: Id<"prt">): AccountRef => ({ kind: "partner", owner: id }),
  wallet: (id: Id<"wal">): AccountRef => ({ kind: "wallet", owner: id }),
  bank: single("bank"),
  unmatched: single("unmatched"),
  payoutsInTransit: single("payouts_in_transit"),
  income: single("income"),
  incomeFees: single("income_fees"),
  discountsGiven: single("discounts_given"),
  taxPayable: single("tax_payable"),
  adjustments: single("adjustments"),
} as const;

/** The account as people write it: `customer:cus_…`, `income`. */
export function nameOf(ref: { readonly kind: string; readonly owner: string }): string {
  return ref.owner === "" ? ref.kind : `${ref.kind}:${ref.owner}`;
}
