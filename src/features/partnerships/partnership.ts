import type { ContactRight } from "#access/principal.ts";
import type { Id } from "#kernel/ids.ts";
import type { Currency, Money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";

export type PartnershipId = Id<"prt">;

export const partnershipKinds = ["agent", "school", "master_agent", "sub_agent", "sales_rep"] as const;
export type PartnershipKind = (typeof partnershipKinds)[number];

/** How people read each kind. */
export const kindWords: Readonly<Record<PartnershipKind, string>> = {
  agent: "Agent",
  school: "School",
  master_agent: "Master agent",
  sub_agent: "Sub-agent",
  sales_rep: "Sales representative",
};

/** Whether tax is inside the commission or comes on top of it; it applies only to who is registered for tax. */
export type CommissionTax = "inclusive" | "exclusive";

/** How often a partner is paid. */
export const payoutSchedules = ["daily", "weekly", "fortnightly", "monthly"] as const;
export type PayoutSchedule = (typeof payoutSchedules)[number];

export const scheduleWords: Readonly<Record<PayoutSchedule, string>> = {
  daily: "Every weekday",
  weekly: "Every week",
  fortnightly: "Every second week",
  monthly: "Once a month",
};

/** What a new payment starts with: a part of the list amount, a fixed amount, or a part of another partner's share. */
export const defaultShareKinds = ["percent", "flat", "percent_of_share"] as const;
export type DefaultShareKind = (typeof defaultShareKinds)[number];
export type DefaultShare =
  | { readonly kind: "percent"; readonly bps: number }
  | { readonly kind: "flat"; readonly amount: Money }
  | { readonly kind: "percent_of_share"; readonly bps: number; readonly of: PartnershipId };

export type Partnership = {
  readonly id: PartnershipId;
  readonly externalId: string | undefined;
  readonly name: string;
  readonly kind: PartnershipKind;
  readonly legalName: string;
  readonly address: string;
  readonly taxId: string;
  /** As it stands today; what it was or will be on another day is in tax-status.ts. */
  readonly taxRegistered: boolean;
  readonly currency: Currency;
  readonly defaultShare: DefaultShare;
  /** The rate of the default share, in basis points; 0 where that is a fixed amount. */
  readonly commissionBps: number;
  readonly commissionTax: CommissionTax;
  readonly payoutSchedule: PayoutSchedule;
  /** Since when and why nothing is paid out to it. */
  readonly payoutsPaused: { readonly at: Instant; readonly why: string } | undefined;
  /** Whether what it owes is set off against its payouts: only once it agreed. */
  readonly netting: "off" | "proposed" | "agreed";
  /** The language its mails and documents are in; empty: the institution's. */
  readonly language: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

/** What a choice or a filter shows of a partnership. */
export type PartnershipName = Pick<Partnership, "id" | "name" | "commissionBps"> & {
  readonly shareKind: DefaultShareKind;
};

export const rightWords: Readonly<Record<ContactRight, string>> = {
  view: "View",
  pay: "Pay",
  bank_details: "Bank details",
};

/** A person at a partner who may sign in to its portal. */
export type Contact = {
  readonly id: Id<"con">;
  readonly partnershipId: PartnershipId;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly rights: readonly ContactRight[];
  readonly createdAt: Instant;
};

/** What a share of this partner is made of: its rate, and the tax its registration and agreement call for. */
export function shareTermsOf(
  partnership: Pick<Partnership, "taxRegistered" | "commissionTax">,
  rateBps: number,
  taxBps: number,
): { readonly rateBps: number; readonly taxMode: "none" | "inclusive" | "exclusive"; readonly taxBps: number } {
  // Who is not registered for the tax may not charge it.
  if (!partnership.taxRegistered || taxBps === 0) return { rateBps, taxMode: "none", taxBps: 0 };
  return { rateBps, taxMode: partnership.commissionTax, taxBps };
}
