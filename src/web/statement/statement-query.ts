import { z } from "zod";
import type { Statement } from "#features/statements/book.ts";
import { type Period, periodNames, periodOf } from "#features/statements/period.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";
import { asked } from "#web/staff/shared.tsx";

/** What the address of a statement says: which days, which currency. Its files take the same. */
export const statementQuery = z.object({
  period: asked.oneOf(periodNames),
  from: asked.date,
  to: asked.date,
  currency: asked.currency,
  /** What the form showed when it was sent: whoever changes dates and leaves the period alone means the dates. */
  was: asked.text,
});

const line = z.coerce.number().int().min(1).max(10_000_000).optional().catch(undefined);

/** The page besides: from which entry on each section is shown. */
export const statementPageQuery = statementQuery.extend({ earnings: line, invoices: line });

/** Entries of a section on a page. */
export const entriesOnPage = 100;

/** The days that an address asks for, where the institution is. */
export function askedPeriod(cx: Cx, query: z.output<typeof statementQuery>): Period {
  const [name, from, to] = (query.was ?? "").split("~");
  const typed = query.period === name && (query.from?.toString() !== from || query.to?.toString() !== to);
  const wish = typed ? { ...query, period: "dates" as const } : query;
  return periodOf(wish, todayOf(cx.institution, cx.now), cx.institution.country);
}

/** The address of this statement, of its page or of a file of it. */
export function queryOf({ period, range }: Statement): Record<string, string | undefined> {
  const dates = period.name === "dates" ? { from: period.from.toString(), to: period.to.toString() } : {};
  return { period: period.name, ...dates, currency: range.currency };
}
