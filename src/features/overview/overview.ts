import type { Permit } from "#access/permit.ts";
import {
  type Age,
  type AttentionRecord,
  type CollectedRecord,
  type OwedRecord,
  selectAttention,
  selectCollected,
  selectOwedByAge,
} from "#features/overview/overview-store.ts";
import { type PayoutsDue, payoutsDue } from "#features/payouts/payout-list.ts";
import { type Currency, type Money, money, moneySum } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

/** What somebody should look at first. Nothing of it is ticked by hand: it goes away when its rows do. */
export type Attention = {
  readonly setUp: boolean;
  readonly unmatched: number;
  /** Payments still owed whose last attempt failed, and how many of those failed in the last seven days. */
  readonly failed: number;
  readonly failedLately: number;
  readonly withoutEmail: number;
  /** New bank details of partners that wait for review. */
  readonly bankDetails: number;
  /** Adjustments of wallets that wait for a second person. */
  readonly adjustments: number;
  /** Transfers out of wallets that are above the limit and wait for approval. */
  readonly transfers: number;
  /** The latest import of a kind, where it refused rows or stopped. */
  readonly imports: readonly { id: string; fileName: string; stopped: boolean; badRows: number }[];
  readonly refunds: readonly { payment: string; customer: string; cash: Money }[];
  /** When the books were last looked at and did not hold. */
  readonly booksFailedAt: Instant | undefined;
};

/** An amount, how many rows it is the sum of, and the dates (both inclusive) that the rows lie between. */
export type Figure = {
  readonly amount: Money;
  readonly count: number;
  readonly from: PlainDate | undefined;
  readonly to: PlainDate | undefined;
};

export type OverdueAge = Figure & { readonly age: Exclude<Age, "soon"> };

/** The figures of one currency. Nothing is ever summed across currencies. */
export type CurrencyFigures = {
  readonly currency: Currency;
  /** The last twelve months, this one last. */
  readonly months: readonly Figure[];
  readonly collected: Figure;
  readonly dueSoon: Figure;
  readonly overdue: Figure;
  readonly ages: readonly OverdueAge[];
};

export type Overview = {
  readonly attention: Attention;
  readonly currencies: readonly CurrencyFigures[];
  readonly payouts: readonly PayoutsDue[];
};

/** How many days ahead "due soon" looks. */
export const soonDays = 30;
const monthsShown = 12;

/** The first page of staff, from four queries. */
export async function readOverview(cx: Cx, _may: Permit<"staff.overview">): Promise<Overview> {
  const today = todayOf(cx.institution, cx.now);
  const firstMonth = today.with({ day: 1 }).subtract({ months: monthsShown - 1 });
  const attention = await selectAttention(cx, cx.now.subtract({ hours: 7 * 24 }));
  const owed = await selectOwedByAge(cx, today, today.add({ days: soonDays }));
  const collected = await selectCollected(cx, firstMonth);
  const seen = new Set([...owed, ...collected].map((row) => row.currency as Currency));
  const order = [...cx.institution.currencies, ...[...seen].sort()];
  const shown = [...new Set(order)].filter((currency) => seen.has(currency));
  return {
    payouts: await payoutsDue(cx),
    attention: attentionOf(attention, cx.institution.isLive),
    currencies: shown.map((currency) =>
      figuresOf(
        currency,
        today,
        owed.filter((row) => row.currency === currency),
        collected.filter((row) => row.currency === currency),
      ),
    ),
  };
}

function attentionOf(row: AttentionRecord, isLive: boolean): Attention {
  return {
    setUp: !isLive,
    unmatched: Number(row.unmatched),
    failed: Number(row.failed),
    failedLately: Number(row.failed_lately),
    withoutEmail: Number(row.without_email),
    bankDetails: Number(row.bank_details),
    adjustments: Number(row.adjustments),
    transfers: Number(row.transfers),
    imports: row.imports.map((one) => {
      return { id: one.id, fileName: one.file, stopped: one.state === "failed", badRows: one.bad };
    }),
    refunds: row.refunds.map((one) => {
      return { payment: one.payment, customer: one.customer, cash: money(BigInt(one.minor), one.currency as Currency) };
    }),
    booksFailedAt: row.books && !row.books.ok ? Temporal.Instant.from(row.books.at) : undefined,
  };
}

function figuresOf(
  currency: Currency,
  today: PlainDate,
  owed: readonly OwedRecord[],
  collected: readonly CollectedRecord[],
): CurrencyFigures {
  const ofAge = (age: Age, from: number | undefined, to: number): Figure => {
    const row = owed.find((one) => one.age === age);
    return {
      amount: moneySum(row?.minor ?? 0n, currency),
      count: Number(row?.payments ?? 0n),
      from: from === undefined ? undefined : today.add({ days: from }),
      to: today.add({ days: to }),
    };
  };
  const months = monthsUntil(today).map((month): Figure => {
    const row = collected.find((one) => one.month.equals(month));
    const last = month.add({ months: 1 }).subtract({ days: 1 });
    return { amount: moneySum(row?.minor ?? 0n, currency), count: Number(row?.arrivals ?? 0n), from: month, to: last };
  });
  const ages: readonly OverdueAge[] = [
    { age: "1-30", ...ofAge("1-30", -30, -1) },
    { age: "31-60", ...ofAge("31-60", -60, -31) },
    { age: "61-90", ...ofAge("61-90", -90, -61) },
    { age: "91", ...ofAge("91", undefined, -91) },
  ];
  return {
    currency,
    months,
    collected: months[months.length - 1] as Figure,
    dueSoon: ofAge("soon", 0, soonDays),
    overdue: {
      amount: moneySum(
        ages.reduce((sum, one) => sum + one.amount.minor, 0n),
        currency,
      ),
      count: ages.reduce((sum, one) => sum + one.count, 0),
      from: undefined,
      to: undefined,
    },
    ages,
  };
}

function monthsUntil(today: PlainDate): PlainDate[] {
  const first = today.with({ day: 1 }).subtract({ months: monthsShown - 1 });
  return Array.from({ length: monthsShown }, (_, index) => first.add({ months: index }));
}
