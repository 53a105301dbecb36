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

/** Reads `2026-12-05`, and nothing else; undefined when it is not a date of the calendar. */
export function parseDate(text: string): PlainDate | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" });
  } catch {
    return undefined;
  }
}

/** Whole days from one date to the next; negative when `to` is earlier. */
export function daysBetween(from: PlainDate, to: PlainDate): number {
  return from.until(to, { largestUnit: "days" }).days;
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
