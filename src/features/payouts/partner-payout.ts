import { failureWords, type PayoutState } from "#features/payouts/payout.ts";
import { type Money, money } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";

/** A payout as the partner that it is for sees it (domain.md rule 20): its own facts and times, and nothing else. */
export type PartnerPayout = {
  /** For further reading only; no page and no address shows it. */
  readonly id: string;
  /** Counts within the partnership. */
  readonly number: bigint;
  readonly state: PayoutState;
  /** The day it is planned for, or was. */
  readonly scheduledFor: PlainDate;
  /** What shares come to before tax, less what refunds took back. */
  readonly commission: Money;
  readonly tax: Money;
  /** What was taken off against invoices: zero or below. */
  readonly netted: Money;
  /** What credit notes gave back, and what was paid too much. */
  readonly credited: Money;
  /** All of these together. */
  readonly total: Money;
  /** Below it a payout is carried over. */
  readonly minimum: Money;
  readonly payments: number;
  readonly holdReason: string;
  readonly failureReason: string;
  readonly createdAt: Instant;
  readonly sentAt: Instant | undefined;
  readonly paidAt: Instant | undefined;
  readonly failedAt: Instant | undefined;
  /** The payout that its lines were moved to. */
  readonly carriedTo: bigint | undefined;
  /** Where it went, or goes, once that is settled. */
  readonly to: PaidTo | undefined;
};

/** A bank account as anybody may see it: never more than the last four digits. */
export type BankFacts = { readonly bankName: string; readonly last4: string; readonly holder: string };

/** Where a payout goes: to a bank account, or to a wallet of the partner's own by its number. */
export type PaidTo = BankFacts | { readonly wallet: string };

/** The ready-made views of the list, and which states each shows. */
export const payoutTabs = {
  scheduled: ["scheduled"],
  in_review: ["in_review"],
  processing: ["processing", "sent"],
  paid: ["paid"],
  on_hold: ["on_hold"],
  failed: ["failed", "returned"],
} as const satisfies Record<string, readonly PayoutState[]>;
export type PayoutTab = keyof typeof payoutTabs;
export const payoutTabNames = Object.keys(payoutTabs) as [PayoutTab, ...PayoutTab[]];

/** Why a payout waits that only the partner itself can mend. */
const partnersToMend = ["no_bank_details", "open_failure", "no_contact"];

/** Whether a failure is mended by other bank details; where not, the institution sends again. */
export function isBankToMend(failureReason: string): boolean {
  const known = (failureWords as Readonly<Record<string, { readonly details: boolean }>>)[failureReason];
  return known?.details ?? true;
}

/** Whether the partner has to do something before this payout goes on. */
export function needsPartner(payout: Pick<PartnerPayout, "state" | "holdReason" | "failureReason">): boolean {
  const { state, holdReason, failureReason } = payout;
  if (state === "failed" || state === "returned") return isBankToMend(failureReason);
  return state === "on_hold" && partnersToMend.includes(holdReason);
}

/** Whether it goes its way towards its day, which is an expectation until then. On hold there is none to expect. */
export function isExpected(payout: Pick<PartnerPayout, "state" | "total" | "minimum">): boolean {
  if (carriesOver(payout)) return false;
  return payout.state === "scheduled" || payout.state === "in_review" || payout.state === "processing";
}

/** Whether it would be carried over to the next one as it stands: it is not above zero, or below the minimum. */
export function carriesOver({ state, total, minimum }: Pick<PartnerPayout, "state" | "total" | "minimum">): boolean {
  return state === "scheduled" && (total.minor <= 0n || total.minor < minimum.minor);
}

/** Whether what the partner owed took all of it: it counts as paid, and nothing was sent. */
export function isSettled({ state, total }: Pick<PartnerPayout, "state" | "total">): boolean {
  return state === "paid" && total.minor === 0n;
}

/** The number in `PO-000012`, `po-12` or `12`; undefined when it is none. */
export function readPayoutNumber(text: string): bigint | undefined {
  const digits = /^(?:po-?)?0*([1-9]\d{0,14})$/i.exec(text.trim())?.[1];
  return digits === undefined ? undefined : BigInt(digits);
}

/** What the partner sees of one share of its own. */
export type PartnerShare = {
  readonly customerRef: string;
  readonly customer: string;
  readonly item: string;
  readonly dueDate: PlainDate;
  readonly kind: "percent" | "flat" | "percent_of_share" | "remainder";
  /** What the rate was taken of; undefined where there is no rate. */
  readonly base: Money | undefined;
  readonly rateBps: number;
  readonly taxMode: "none" | "inclusive" | "exclusive";
  readonly taxBps: number;
  readonly net: Money;
  readonly tax: Money;
  readonly reversed: Money;
  readonly status: PartnerShareStatus;
  readonly earnedAt: Instant | undefined;
};

export type PartnerShareStatus = "scheduled" | "due" | "overdue" | "paid" | "refunded";

/** By which days Scheduled, Due and Overdue are told apart: `soon` is the last day that counts as due. */
export type Calendar = { readonly today: PlainDate; readonly soon: PlainDate };

/**
 * Where a payment stands, for a partner: read from its own share and the due date, never from the payment. So a part
 * payment, a debit under way and a refund out of the keep change nothing (domain.md rule 20).
 */
export function shareStatus(state: string, due: PlainDate, { today, soon }: Calendar): PartnerShareStatus {
  if (state === "reversed") return "refunded";
  if (state !== "agreed") return "paid";
  if (Temporal.PlainDate.compare(due, today) < 0) return "overdue";
  return Temporal.PlainDate.compare(due, soon) > 0 ? "scheduled" : "due";
}

/** What the partner gets of a share: net and tax, less what refunds took back. */
export function shareTotal({ net, tax, reversed }: Pick<PartnerShare, "net" | "tax" | "reversed">): Money {
  return money(net.minor + tax.minor - reversed.minor, net.currency);
}
