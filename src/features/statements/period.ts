import { type Instant, type PlainDate, parseDate } from "#kernel/time.ts";

export const periodNames = ["this-month", "last-month", "quarter", "financial-year", "dates"] as const;
export type PeriodName = (typeof periodNames)[number];

/** The days of a statement, both included. */
export type Period = { readonly name: PeriodName; readonly from: PlainDate; readonly to: PlainDate };

/** The days of which the opening and the closing balance are true. */
export type BalanceDays = { readonly opening: PlainDate; readonly closing: PlainDate };

/** What was asked for: a period by its name, or any dates. */
export type PeriodWish = {
  readonly period?: PeriodName | undefined;
  readonly from?: PlainDate | undefined;
  readonly to?: PlainDate | undefined;
};

// The first month of the year in which companies and tax are counted: ato.gov.au, ird.govt.nz, gov.uk (corporation
// tax), incometax.gov.in, nta.go.jp, iras.gov.sg. Elsewhere the calendar's.
const firstMonths: Readonly<Record<string, number>> = { AU: 7, NZ: 4, GB: 4, IN: 4, JP: 4 };

const earliest = parseDate("1990-01-01") as PlainDate;
const latest = parseDate("2200-12-31") as PlainDate;

/**
 * The days that were asked for. Dates alone mean any dates; what is missing or turned round is put right, so that an
 * address never leads to an error: nothing means this month.
 */
export function periodOf(wish: PeriodWish, today: PlainDate, country: string): Period {
  const name = wish.period ?? (wish.from || wish.to ? "dates" : "this-month");
  const month = today.with({ day: 1 });
  switch (name) {
    case "this-month":
      return { name, ...months(month, 1) };
    case "last-month":
      return { name, ...months(month.subtract({ months: 1 }), 1) };
    case "quarter":
      return { name, ...months(month.subtract({ months: (month.month - 1) % 3 }), 3) };
    case "financial-year": {
      const first = firstMonths[country] ?? 1;
      return { name, ...months(month.subtract({ months: (month.month - first + 12) % 12 }), 12) };
    }
    case "dates": {
      const from = within(wish.from ?? wish.to ?? month);
      const to = within(wish.to ?? today);
      return Temporal.PlainDate.compare(from, to) <= 0 ? { name, from, to } : { name, from: to, to: from };
    }
  }
}

function months(from: PlainDate, count: number): { from: PlainDate; to: PlainDate } {
  return { from, to: from.add({ months: count }).subtract({ days: 1 }) };
}

function within(date: PlainDate): PlainDate {
  if (Temporal.PlainDate.compare(date, earliest) < 0) return earliest;
  return Temporal.PlainDate.compare(date, latest) > 0 ? latest : date;
}

/**
 * The days on which the balances of a statement stand: those of its period, or today where these are still to come,
 * since nobody knows what is so on a day that was not yet.
 */
export function balanceDaysOf({ from, to }: Pick<Period, "from" | "to">, today: PlainDate): BalanceDays {
  const known = (date: PlainDate) => (Temporal.PlainDate.compare(date, today) > 0 ? today : date);
  return { opening: known(from), closing: known(to) };
}

/** The instants at which the days begin, and at which the day behind them begins, where the institution is. */
export function instantsOf(
  { from, to }: Pick<Period, "from" | "to">,
  timeZone: string,
): { from: Instant; to: Instant } {
  const start = (date: PlainDate) => date.toZonedDateTime({ timeZone }).toInstant();
  return { from: start(from), to: start(to.add({ days: 1 })) };
}
