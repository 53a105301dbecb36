import type { PartnershipId } from "#features/partnerships/partnership.ts";
import type { Id } from "#kernel/ids.ts";
import { type Currency, type Money, money } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";

export type InvoiceId = Id<"inv">;

/** Raised on a partner, issued in its name, or correcting one of them. */
export const invoiceKinds = ["invoice", "self_billed", "credit_note"] as const;
export type InvoiceKind = (typeof invoiceKinds)[number];

export type InvoiceState = "draft" | "issued" | "partially_paid" | "paid" | "void" | "disputed";

/** What may follow what. From issue on only money, credit notes, a dispute and voiding move it; nothing edits it. */
const nextStates: Readonly<Record<InvoiceState, readonly InvoiceState[]>> = {
  draft: ["issued"],
  issued: ["issued", "partially_paid", "paid", "void", "disputed"],
  partially_paid: ["partially_paid", "paid", "disputed"],
  // A credit note may take more off it than was owed; then some of what was paid goes back.
  paid: ["paid", "disputed"],
  void: [],
  disputed: ["issued", "paid"],
};

/** Whether one state may follow another. */
export function mayBecome(from: InvoiceState, to: InvoiceState): boolean {
  return nextStates[from].includes(to);
}

/** What a reader is told: overdue comes from the date, credited from a credit note that left nothing to pay. */
export type InvoiceStatus = InvoiceState | "overdue" | "credited";
export const invoiceStatuses = [
  ...["draft", "issued", "overdue", "partially_paid", "paid", "credited", "void"],
] as readonly InvoiceStatus[];

/** One line. `net` is quantity × unit; `tax` is its part of the document's tax (see `taxOf`). */
export type InvoiceLine = {
  readonly position: number;
  readonly description: string;
  readonly quantity: number;
  readonly unit: Money;
  readonly taxBps: number;
  readonly net: Money;
  readonly tax: Money;
};

/** A document of account: what a row of app.invoice says. */
export type Invoice = {
  readonly id: InvoiceId;
  readonly partnership: PartnershipId;
  readonly kind: InvoiceKind;
  /** What a credit note corrects. */
  readonly corrects: InvoiceId | undefined;
  /** Drafts have none. */
  readonly number: bigint | undefined;
  readonly state: InvoiceState;
  readonly currency: Currency;
  readonly issueDate: PlainDate | undefined;
  readonly dueDate: PlainDate | undefined;
  /** Plain text, everywhere. */
  readonly notes: string;
  readonly net: Money;
  readonly tax: Money;
  readonly total: Money;
  /** All money that was ever put on it. */
  readonly paid: Money;
  /** What credit notes took off it, tax included. */
  readonly credited: Money;
  /** The tax within `credited`. */
  readonly creditedTax: Money;
  /** What of `paid` a credit note gave back: it stands on the partner's account. */
  readonly returned: Money;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly issuedAt: Instant | undefined;
  readonly paidAt: Instant | undefined;
  readonly voidedAt: Instant | undefined;
};

type Sums = Pick<Invoice, "state" | "total" | "paid" | "credited" | "returned">;

/** What is still to pay of it; zero for drafts, void ones and those that nobody pays. */
export function owedOf(invoice: Sums): Money {
  const { total, paid, credited, returned, state } = invoice;
  const open = state === "issued" || state === "partially_paid";
  return money(open ? total.minor - credited.minor - paid.minor + returned.minor : 0n, total.currency);
}

/** The state after money or a credit note moved its sums. */
export function stateAfter(sums: Omit<Sums, "state">): "issued" | "partially_paid" | "paid" {
  const kept = sums.paid.minor - sums.returned.minor;
  if (kept + sums.credited.minor >= sums.total.minor) return "paid";
  return kept > 0n ? "partially_paid" : "issued";
}

/** How it reads today: Overdue once its due date has passed and something is owed. */
export function invoiceStatusOf(invoice: Sums & Pick<Invoice, "kind" | "dueDate">, today: PlainDate): InvoiceStatus {
  const { state, dueDate, total, credited } = invoice;
  if (invoice.kind !== "invoice") return state;
  if (state === "paid" && credited.minor === total.minor) return "credited";
  const late = dueDate !== undefined && Temporal.PlainDate.compare(dueDate, today) < 0;
  return late && owedOf(invoice).minor > 0n ? "overdue" : state;
}

const prefixes = { invoice: "INV", self_billed: "RCTI", credit_note: "CN" } as const satisfies Record<
  InvoiceKind,
  string
>;

/** `INV-000003`, `RCTI-000007`, `CN-000001`; longer numbers take the room they need. It counts within the partner. */
export function invoiceNumber(kind: InvoiceKind, number: bigint): string {
  return `${prefixes[kind]}-${number.toString().padStart(6, "0")}`;
}

/** How staff read each kind. */
export const kindWords = {
  invoice: "Invoice",
  self_billed: "Self-billed invoice",
  credit_note: "Credit note",
} as const satisfies Record<InvoiceKind, string>;

/** How staff read each status in a filter. */
export const statusWords = {
  draft: "Draft",
  issued: "Issued",
  overdue: "Overdue",
  partially_paid: "Part paid",
  paid: "Paid",
  credited: "Credited",
  void: "Void",
  disputed: "Disputed",
} as const satisfies Record<InvoiceStatus, string>;
