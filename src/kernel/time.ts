export type Instant = Temporal.Instant;
export type PlainDate = Temporal.PlainDate;

/** The clock is injected, so that a test can bend it. */
export type Clock = { now(): Instant };

/** The machine's own clock. */
export const systemClock: Clock = { now: () => Temporal.Now.instant() };

/** A clock that moves only when told: for tests, the simulator and demo data. */
export function manualClock(
  start: string,
): Clock & { set(to: string): void; advance(duration: Temporal.DurationLike): void } {
  let at = Temporal.Instant.from(start);
  return {
    now: () => at,
    set: (to) => {
      at = Temporal.Instant.from(to);
    },
    advance: (duration) => {
      at = at.add(duration);
    },
  };
}

/** The calendar date in a time zone (IANA name) at an instant. */
export function dateIn(timeZone: string, at: Instant): PlainDate {
  return at.toZonedDateTimeISO(timeZone).toPlainDate();
}

/**
 * Reads `2026-12-05`, and nothing else; undefined when it is not a date of the calendar. No year before 1000 and none
 * behind 9998: PostgreSQL knows no year 0 and reads none of five digits, and a day's first instant, or the day after,
 * may lie in the year beside.
 */
export function parseDate(text: string): PlainDate | undefined {
  if (!/^(?!9999)[1-9]\d{3}-\d{2}-\d{2}$/.test(text)) return undefined;
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" });
  } catch {
    return undefined;
  }
}

/** Whole days from one date to the next; negative when `to` is earlier. */
export function daysBetween(from: PlainDate, to: PlainDate): number {
  return dayNumber(to) - dayNumber(from);
}

/**
 * Days since some day long ago. Ten times as fast as asking Temporal for the time between two dates, which every
 * payment of every list is asked for.
 */
function dayNumber(date: PlainDate): number {
  // 2,000 years later every date falls on the same day of its era; Date.UTC takes the years 0 to 99 for 1900 to 1999.
  return Date.UTC(date.year + 2_000, date.month - 1, date.day) / 86_400_000;
}

/** Whether the program knows this IANA time zone. */
export function isTimeZone(text: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text);
    return !/^[+-]/.test(text);
  } catch {
    return false;
  }
}

/** The engine's old date object, for libraries that want one. */
export function legacyDate(at: Instant): Date {
  return new Date(at.epochMilliseconds);
}
