import type { Partner } from "#access/principal.ts";
import { needsPartner, type PaidTo, type PartnerPayout } from "#features/payouts/partner-payout.ts";
import {
  homeCurrency,
  nextPayouts,
  type OpenSum,
  openSums,
  paidByMonth,
  payoutAccounts,
  stoppedPayouts,
} from "#features/payouts/payout-partner-view.ts";
import { type Currency, type Money, moneySum } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

const monthsShown = 12;

/** What reached the partner in the last twelve months in one currency, this month last. */
export type PaidYear = {
  readonly currency: Currency;
  readonly months: readonly { readonly first: PlainDate; readonly amount: Money }[];
  readonly total: Money;
};

/** What several payouts of one currency come to. */
export type Sum = { readonly amount: Money; readonly payouts: number; readonly payments: number };

/** The headline figures of a partner. Nothing is ever summed across currencies. */
export type PartnerFigures = {
  /** The nearest payout of each currency that still gathers. */
  readonly next: readonly PartnerPayout[];
  readonly inReview: readonly Sum[];
  /** What goes on only when the partner does something: what failed, and what is held. */
  readonly failed: readonly Sum[];
  readonly held: readonly Sum[];
  /** The latest of those, to be named one by one. */
  readonly attention: readonly PartnerPayout[];
  /** How many of those there are. */
  readonly waiting: number;
  /** Everything that is not paid yet. */
  readonly open: readonly Sum[];
  /** The partner's own currency first. */
  readonly years: readonly PaidYear[];
  /** Where payouts of a currency go now. */
  readonly accounts: ReadonlyMap<string, PaidTo>;
  readonly currency: Currency;
};

/** As many are named one by one; the rest is counted. */
const namedMost = 20;

/** Reads the figures, from small queries that leave together. */
export async function readPartnerFigures(cx: Cx<Partner>): Promise<PartnerFigures> {
  const firsts = monthsTill(todayOf(cx.institution, cx.now));
  const starts = firsts.map((first) => first.toZonedDateTime(cx.institution.timeZone).toInstant());
  const [next, sums, stopped, paid, accounts, currency] = await Promise.all([
    nextPayouts(cx),
    openSums(cx),
    stoppedPayouts(cx, namedMost),
    paidByMonth(cx, starts),
    payoutAccounts(cx),
    homeCurrency(cx),
  ]);
  const partners = sums.filter(needsPartner);
  const years = [...new Set([currency, ...paid.map((one) => one.currency)])];
  return {
    next,
    inReview: byCurrency(sums.filter((one) => one.state === "in_review")),
    failed: byCurrency(partners.filter((one) => one.state !== "on_hold")),
    held: byCurrency(partners.filter((one) => one.state === "on_hold")),
    attention: stopped.filter(needsPartner),
    waiting: partners.reduce((count, one) => count + one.payouts, 0),
    open: byCurrency(sums),
    years: years.map((of) => {
      const months = firsts.map((first, month) => ({ first, amount: moneySum(inMonth(paid, of, month), of) }));
      return { currency: of, months, total: moneySum(total(months.map((one) => one.amount)), of) };
    }),
    accounts,
    currency,
  };
}

function byCurrency(sums: readonly OpenSum[]): Sum[] {
  return [...Map.groupBy(sums, (one) => one.total.currency)].map(([currency, all]) => ({
    amount: moneySum(total(all.map((one) => one.total)), currency),
    payouts: all.reduce((count, one) => count + one.payouts, 0),
    payments: all.reduce((count, one) => count + one.payments, 0),
  }));
}

/** The first days of the last twelve months, this one last. */
function monthsTill(today: PlainDate): PlainDate[] {
  const first = today.with({ day: 1 });
  return Array.from({ length: monthsShown }, (_, index) => first.subtract({ months: monthsShown - 1 - index }));
}

function inMonth(paid: readonly { currency: Currency; month: number; minor: bigint }[], of: Currency, month: number) {
  return paid.find((one) => one.currency === of && one.month === month)?.minor ?? 0n;
}

function total(amounts: readonly Money[]): bigint {
  return amounts.reduce((sum, one) => sum + one.minor, 0n);
}
