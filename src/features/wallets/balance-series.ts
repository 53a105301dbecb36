import { type Currency, type Money, money } from "#kernel/money.ts";
import { dateIn, type Instant, type PlainDate } from "#kernel/time.ts";

/** Over what time a chart shows a balance: the last 30 days, 13 weeks, or 12 months. */
export const seriesSpans = ["days", "weeks", "months"] as const;
export type SeriesSpan = (typeof seriesSpans)[number];

/** The balance of a wallet at the end of some days, the oldest first; the last one is today's, as it stands. */
export type BalanceSeries = {
  readonly span: SeriesSpan;
  readonly points: readonly { readonly day: PlainDate; readonly balance: Money }[];
};

const steps = {
  days: { count: 30, step: (by: number) => ({ days: by }) },
  weeks: { count: 13, step: (by: number) => ({ weeks: by }) },
  months: { count: 12, step: (by: number) => ({ months: by }) },
} as const;

/** The days whose ends a chart shows. None before the wallet was opened, but for the day before it. */
export function seriesDays(span: SeriesSpan, openedAt: Instant, now: Instant, zone: string): PlainDate[] {
  const today = dateIn(zone, now);
  const first = dateIn(zone, openedAt).subtract({ days: 1 });
  const { count, step } = steps[span];
  const days = Array.from({ length: count + 1 }, (_, index) => today.subtract(step(count - index)));
  const known = days.filter((day) => day.since(first).sign >= 0);
  const begins = known[0];
  return begins && known.length < days.length && !begins.equals(first) ? [first, ...known] : known;
}

/** The moments at which those days are over. */
export function endsOf(days: readonly PlainDate[], zone: string): Instant[] {
  return days.map((day) => day.add({ days: 1 }).toZonedDateTime(zone).toInstant());
}

/** The series of these days from what the ledger said of their ends. */
export function seriesOf(
  span: SeriesSpan,
  days: readonly PlainDate[],
  minor: readonly (bigint | string)[],
  currency: Currency,
): BalanceSeries {
  return { span, points: days.map((day, index) => ({ day, balance: money(BigInt(minor[index] ?? 0), currency) })) };
}
