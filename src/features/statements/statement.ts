import { type Currency, type Money, moneySum } from "#kernel/money.ts";
import { daysBetween, type Instant, type PlainDate } from "#kernel/time.ts";

/**
 * The parts of a partner's statement, never netted with each other: what the institution owes it, and what it owes the
 * institution.
 */
export const partnerSections = ["earnings", "invoices"] as const;
export type Section = (typeof partnerSections)[number];

/** What a line is about; each section has its own. Pages and files have the words. */
export const lineKinds = {
  earnings: ["share", "reversal", "payout_sent", "payout_back", "given_back", "surplus", "netted"],
  invoices: ["issued", "credit_note", "returned", "payment", "payment_netted", "voided"],
} as const satisfies Record<Section, readonly string[]>;
export type LineKind = (typeof lineKinds)[Section][number];

/** What a line names: by numbers that count within the partner. */
export type LineReference = { readonly kind: "payout" | "invoice" | "self_billed" | "credit_note"; number: bigint };

export type StatementLine = {
  readonly at: Instant;
  readonly kind: LineKind;
  /** Signed: what adds to the balance is positive. */
  readonly amount: Money;
  /** The tax within the amount; nothing where the line is a movement of money. */
  readonly tax: Money;
  readonly customer: string;
  readonly item: string;
  readonly references: readonly LineReference[];
  /** Why (a reversal), why not (a payout that came back), which wallet (a payout to one), how (a payment's method). */
  readonly detail: string;
  readonly dueDate: PlainDate | undefined;
};

/** A line with the balance behind it. */
export type BalancedLine = StatementLine & { readonly balance: Money };

/** Which movements: from one instant to before another, of one currency. */
export type Range = { readonly currency: Currency; readonly from: Instant; readonly to: Instant };

/** Where the next lines of a section begin: the place of the last one read. */
export type Place = { readonly at: string; readonly rank: number; readonly tie: string; readonly id: string };

/** What each kind of line comes to before the period and within it. */
export type KindSum = {
  readonly kind: LineKind;
  readonly before: Money;
  readonly within: Money;
  readonly count: number;
};

/** One section: opening balance + movements = closing balance. */
export type SectionSums = {
  readonly section: Section;
  readonly opening: Money;
  readonly closing: Money;
  /** Only kinds that occur in the period. */
  readonly kinds: readonly KindSum[];
  readonly count: number;
};

/** Adds up what each kind comes to. */
export function sumUp(section: Section, currency: Currency, kinds: readonly KindSum[]): SectionSums {
  const all = (one: "before" | "within") => kinds.reduce((sum, kind) => sum + kind[one].minor, 0n);
  const order: readonly string[] = lineKinds[section];
  return {
    section,
    opening: moneySum(all("before"), currency),
    closing: moneySum(all("before") + all("within"), currency),
    kinds: [...kinds].filter((kind) => kind.count > 0).sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)),
    count: kinds.reduce((sum, kind) => sum + kind.count, 0),
  };
}

/** Gives each line the balance behind it. */
export function balanced(lines: readonly StatementLine[], opening: Money): BalancedLine[] {
  let minor = opening.minor;
  return lines.map((line) => {
    minor += line.amount.minor;
    return { ...line, balance: moneySum(minor, line.amount.currency) };
  });
}

/** How long something is due, in days (domain.md rule 15). */
export const ageBuckets = ["current", "1-30", "31-60", "61-90", "90+"] as const;
export type AgeBucket = (typeof ageBuckets)[number];

/** What is owed by how long it is due. Its parts add up to what is owed. */
export type Ageing = Readonly<Record<AgeBucket, Money>>;

/** In which bucket a due date falls on a day. What is due that day is current. */
export function bucketOf(due: PlainDate | undefined, on: PlainDate): AgeBucket {
  const days = due ? daysBetween(due, on) : 0;
  if (days <= 0) return "current";
  if (days <= 30) return "1-30";
  if (days <= 60) return "31-60";
  return days <= 90 ? "61-90" : "90+";
}

export type OpenItem = { readonly due: PlainDate | undefined; readonly owed: Money };

/** Puts what is owed into buckets, as of a day. */
export function ageingOf(items: readonly OpenItem[], on: PlainDate, currency: Currency): Ageing {
  const sums = new Map<AgeBucket, bigint>();
  for (const { due, owed } of items) {
    const bucket = bucketOf(due, on);
    sums.set(bucket, (sums.get(bucket) ?? 0n) + owed.minor);
  }
  return Object.fromEntries(
    ageBuckets.map((bucket) => [bucket, moneySum(sums.get(bucket) ?? 0n, currency)]),
  ) as unknown as Ageing;
}
