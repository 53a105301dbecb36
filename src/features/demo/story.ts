import type { Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** What the chapters of the demo share: `days` is how far its dates have moved. */
export type Story = { readonly cx: Cx; readonly days: number };

/** The demo's transaction as if it ran at an instant of its past, so that what happened then says so. */
export function atTime(story: Story, at: Instant): Cx {
  return { ...story.cx, now: at };
}

/** A date of the story on the calendar of the day it is loaded. */
export function moved(story: Story, date: string): Temporal.PlainDate {
  return Temporal.PlainDate.from(date).add({ days: story.days });
}

/** Noon of a day in Sydney. */
export function noon(date: Temporal.PlainDate): Temporal.Instant {
  return date.toZonedDateTime({ timeZone: "Australia/Sydney", plainTime: "12:00" }).toInstant();
}

/**
 * Does the same for many that have nothing to do with each other, side by side in the demo's transaction: their
 * statements leave together. Its locks hold nothing apart here, so two of them must never touch one row.
 */
export async function beside<T>(many: Iterable<T>, run: (one: T) => Promise<void>): Promise<void> {
  await Promise.all(Array.from(many, run));
}
