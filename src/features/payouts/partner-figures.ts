import type { Partner } from "#access/principal.ts";
import { type BankFacts, needsPartner, type PartnerPayout } from "#features/payouts/partner-payout.ts";
import { homeCurrency, openPayouts, paidByMonth, payoutAccounts } from "#features/payouts/payout-partner-view.ts";
import { type Currency, type Money, money } from "#kernel/money.ts";
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

/** The headline figures of a partner. Nothing is ever summed across currencies. */
export type PartnerFigures = {
  /** The nearest payout of each currency that still gathers. */
  readonly next: readonly PartnerPayout[];
  readonly inReview: readonly { readonly amount: Money; readonly payouts: number; readonly payments: number }[];
  /** What goes on only when the partner does something. */
  readonly attention: readonly PartnerPayout[];
  /** Everything under way or waiting, the next day first. */
  readonly open: readonly PartnerPayout[];
  /** The partner's own currency first. */
  readonly years: readonly PaidYear[];
  /** Where payouts of a currency go now. */
  readonly accounts: ReadonlyMap<string, BankFacts>;
  readonly currency: Currency;
};

/** Reads the figures, from four small queries that leave together. */
export async function readPartnerFigures(cx: Cx<Partner>): Promise<PartnerFigures> {
  const firsts = monthsTill(todayOf(cx.institution, cx.now));
  const starts = firsts.map((first) => first.toZonedDateTime(cx.institution.timeZone).toInstant());
  const [open, paid, accounts, currency] = await Promise.all([
    openPayouts(cx),
    paidByMonth(cx, starts),
    payoutAccounts(cx),
    homeCurrency(cx),
  ]);
  const reviewed = Map.groupBy(
    open.filter((one) => one.state === "in_review"),
    (one) => one.total.currency,
  );
  return {
    open,
    next: firstOfEach(open.filter((one) => one.state === "scheduled")),
    inReview: [...reviewed].map(([of, payouts]) => ({
      amount: sumOf(payouts, of),
      payouts: payouts.length,
      payments: payouts.reduce((sum, one) => sum + one.payments, 0),
    })),
    attention: open.filter(needsPartner),
    years: [...new Set([currency, ...paid.map((one) => one.currency)])].map((of) => {
      const amounts = firsts.map((first, month) => ({ first, amount: money(inMonth(paid, of, month), of) }));
      return { currency: of, months: amounts, total: money(total(amounts.map((one) => one.amount)), of) };
    }),
    accounts,
    currency,
  };
}

/** The first days of the last twelve months, this one last. */
function monthsTill(today: PlainDate): PlainDate[] {
  const first = today.with({ day: 1 });
  return Array.from({ length: monthsShown }, (_, index) => first.subtract({ months: monthsShown - 1 - index }));
}

function inMonth(paid: readonly { currency: Currency; month: number; minor: bigint }[], of: Currency, month: number) {
  return paid.find((one) => one.currency === of && one.month === month)?.minor ?? 0n;
}

/** What payouts of one currency come to. */
export function sumOf(payouts: readonly PartnerPayout[], currency: Currency): Money {
  return money(total(payouts.map((one) => one.total).filter((one) => one.currency === currency)), currency);
}

function total(amounts: readonly Money[]): bigint {
  return amounts.reduce((sum, one) => sum + one.minor, 0n);
}

function firstOfEach(payouts: readonly PartnerPayout[]): PartnerPayout[] {
  const first = new Map<string, PartnerPayout>();
  for (const one of payouts) if (!first.has(one.total.currency)) first.set(one.total.currency, one);
  return [...first.values()];
}
