import { type Currency, type Money, moneySum } from "#kernel/money.ts";
import { daysBetween, type PlainDate } from "#kernel/time.ts";
import { owedOf, type PaymentStatus, priceOf, type ShownPayment, statusOf } from "./payment.ts";

/** A payment with what it is today. */
export type Standing<P extends ShownPayment = ShownPayment> = {
  readonly payment: P;
  readonly status: PaymentStatus;
  readonly owed: Money;
};

/** What a customer's overview says in one currency. Nothing is ever summed across currencies. */
export type CurrencyOverview = {
  readonly currency: Currency;
  /** Due and overdue together: what the headline shows and "Pay" pays. */
  readonly due: Money;
  readonly overdue: Money;
  readonly overdueSince: PlainDate | undefined;
  /** What is due and not overdue, by the next date. */
  readonly next: { readonly date: PlainDate; readonly amount: Money } | undefined;
  /** What was paid and not refunded. */
  readonly paid: Money;
  readonly later: Money;
  /** Paid, due and later together. */
  readonly whole: Money;
};

/** What each payment is today. */
export function standingsOf<P extends ShownPayment>(
  payments: readonly P[],
  today: PlainDate,
  dueWindowDays: number,
): Standing<P>[] {
  return payments.map((payment) => ({
    payment,
    status: statusOf(payment, today, dueWindowDays),
    owed: owedOf(payment),
  }));
}

/** Whether it belongs to the amount that is due now. What is in processing does not: it is on its way. */
export function isDueNow(standing: Standing, today: PlainDate, dueWindowDays: number): boolean {
  const { status, owed, payment } = standing;
  if (owed.minor === 0n || status === "processing" || status === "scheduled") return false;
  // Due and overdue say it already; part paid says nothing of the date.
  return status !== "partially_paid" || daysBetween(today, payment.dueDate) <= dueWindowDays;
}

/** The figures of the overview, one entry a currency, the one with the most due first. */
export function overviewOf(
  standings: readonly Standing[],
  today: PlainDate,
  dueWindowDays: number,
): CurrencyOverview[] {
  const live = standings.filter(({ status }) => status !== "cancelled" && status !== "draft");
  const byCurrency = Map.groupBy(live, ({ payment }) => payment.list.currency);
  return [...byCurrency]
    .map(([currency, of]) => inCurrency(currency, of, today, dueWindowDays))
    .sort((a, b) => (b.due.minor > a.due.minor ? 1 : b.due.minor < a.due.minor ? -1 : 0));
}

function inCurrency(currency: Currency, of: readonly Standing[], today: PlainDate, window: number): CurrencyOverview {
  const sum = (some: readonly Standing[], amount: (one: Standing) => bigint) =>
    moneySum(
      some.reduce((total, one) => total + amount(one), 0n),
      currency,
    );
  const dueNow = of.filter((one) => isDueNow(one, today, window));
  const overdue = dueNow.filter((one) => one.status === "overdue");
  const coming = dueNow.filter((one) => one.status !== "overdue");
  const nextDate = coming.map((one) => one.payment.dueDate).sort(Temporal.PlainDate.compare)[0];
  const due = sum(dueNow, (one) => one.owed.minor);
  const owed = sum(of, (one) => one.owed.minor);
  return {
    currency,
    due,
    overdue: sum(overdue, (one) => one.owed.minor),
    overdueSince: overdue.map((one) => one.payment.dueDate).sort(Temporal.PlainDate.compare)[0],
    next: nextDate && {
      date: nextDate,
      amount: sum(
        coming.filter((one) => one.payment.dueDate.equals(nextDate)),
        (one) => one.owed.minor,
      ),
    },
    paid: sum(of, (one) => asked(one) - one.owed.minor),
    later: moneySum(owed.minor - due.minor, currency),
    whole: sum(of, asked),
  };
}

/** What of a payment's price is paid or to be paid, in minor units: what was refunded is neither any more. */
function asked({ payment }: Standing): bigint {
  return priceOf(payment).minor - payment.refundedCash.minor;
}
