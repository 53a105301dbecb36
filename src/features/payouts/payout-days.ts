import type { PayoutSchedule } from "#features/partnerships/partnership.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";

/** What decides the day of a payout. `weekday` is 1 (Monday) to 7; `cutOff` is HH:MM in the institution's time zone. */
export type PayoutDays = { readonly holdingDays: number; readonly weekday: number; readonly cutOff: string };

/** A Monday: fortnights are counted from its week on. */
const firstFortnight = Temporal.PlainDate.from("2024-01-01");

/**
 * The first payout day on or after a date: from Monday to Friday (daily), each week on the institution's weekday, every
 * second week on it, or on the first one of a month.
 */
export function payoutDayFrom(date: PlainDate, schedule: PayoutSchedule, weekday: number): PlainDate {
  if (schedule === "daily") return date.dayOfWeek <= 5 ? date : date.add({ days: 8 - date.dayOfWeek });
  const next = date.add({ days: (weekday - date.dayOfWeek + 7) % 7 });
  if (schedule === "weekly") return next;
  if (schedule === "fortnightly") {
    const weeks = Math.floor(firstFortnight.until(next, { largestUnit: "days" }).days / 7);
    return weeks % 2 === 0 ? next : next.add({ days: 7 });
  }
  if (next.day <= 7) return next;
  const month = next.with({ day: 1 }).add({ months: 1 });
  return month.add({ days: (weekday - month.dayOfWeek + 7) % 7 });
}

/** The cut-off of a day, as an instant. */
export function cutOffAt(day: PlainDate, cutOff: string, timeZone: string): Instant {
  return day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(cutOff) }).toInstant();
}

/** The first day whose cut-off is still to come. */
export function openDay(now: Instant, cutOff: string, timeZone: string): PlainDate {
  const today = now.toZonedDateTimeISO(timeZone).toPlainDate();
  return Temporal.Instant.compare(now, cutOffAt(today, cutOff, timeZone)) < 0 ? today : today.add({ days: 1 });
}
