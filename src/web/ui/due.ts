import { daysBetween, type PlainDate } from "#kernel/time.ts";
import type { T } from "#platform/i18n/messages.ts";

/** "Due in 14 days", "6 days overdue": for the chip of a payment. Both dates in the institution's time zone. */
export function dueWords(t: T, today: PlainDate, due: PlainDate): string {
  const days = daysBetween(today, due);
  if (days < 0) return t("due.overdue", { count: -days });
  if (days === 0) return t("due.today");
  return days === 1 ? t("due.tomorrow") : t("due.in", { count: days });
}

/** "Today", "Tomorrow", "In 3 days", "3 days ago". */
export function relativeDays(t: T, today: PlainDate, date: PlainDate): string {
  const days = daysBetween(today, date);
  if (days === 0) return t("day.today");
  if (days === 1) return t("day.tomorrow");
  if (days === -1) return t("day.yesterday");
  return days > 0 ? t("day.in", { count: days }) : t("day.ago", { count: -days });
}
