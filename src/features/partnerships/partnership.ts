import type { ContactRight } from "#access/principal.ts";
import type { Id } from "#kernel/ids.ts";
import type { Currency } from "#kernel/money.ts";
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

export type Partnership = {
  readonly id: PartnershipId;
  readonly externalId: string | undefined;
  readonly name: string;
  readonly kind: PartnershipKind;
  readonly legalName: string;
  readonly taxId: string;
  readonly taxRegistered: boolean;
  readonly currency: Currency;
  /** The share that a new payment starts with, in basis points. */
  readonly commissionBps: number;
  readonly commissionTax: CommissionTax;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

/** What a choice or a filter shows of a partnership. */
export type PartnershipName = Pick<Partnership, "id" | "name" | "commissionBps">;

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
