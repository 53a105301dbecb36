import { daysBetween, type PlainDate } from "#kernel/time.ts";
import type { T } from "#platform/i18n/messages.ts";

/** "Due in 14 days", "6 days overdue": for the chip of a payment. Both dates in the institution's time zone. */
export function dueWords(t: T, today: PlainDate, due: PlainDate): string {
  const days = daysBetween(today, due);
  if (days < 0) return t("due.overdue", { count: -days });
  if (days === 0) return t("due.today");
  return days === 1 ? t("due.tomorrow") : t("due.in", { count: days });
}
