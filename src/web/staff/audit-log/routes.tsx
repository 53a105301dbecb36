import { z } from "zod";
import { type AuditFilter, listAudit } from "#features/audit/audit-views.ts";
import { page } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Route, route } from "#http/route.ts";
import type { PlainDate } from "#kernel/time.ts";
import { csvDownload, exportPageSize } from "#web/staff/csv-stream.ts";
import { asked, pageSize } from "#web/staff/shared.tsx";
import { actorKinds, AuditLogPage, type AuditQuery, nouns } from "./page.tsx";

const filterQuery = z.object({
  q: asked.text,
  from: asked.date,
  to: asked.date,
  kind: asked.oneOf(Object.keys(nouns) as [string, ...string[]]),
  actor: asked.oneOf(Object.keys(actorKinds) as [string, ...string[]]),
});
const place = z
  .string()
  .regex(/^\d{1,18}$/)
  .optional()
  .catch(undefined)
  .transform((text) => (text === undefined ? undefined : BigInt(text)));

/** Days of the institution's calendar as instants: from the start of the first to the end of the last. */
function filterOf({ q, from, to, kind, actor }: AuditQuery, ui: Pick<Ui, "institution">): AuditFilter {
  const start = (day: PlainDate) => day.toZonedDateTime(ui.institution.timeZone).toInstant();
  return { q, kind, actor, from: from && start(from), to: to && start(to.add({ days: 1 })) };
}

const list = route({
  id: "staff.audit-log.list",
  method: "GET",
  path: "/staff/audit-log",
  opens: "staff",
  may: "audit.read",
  query: filterQuery.extend({ before: place, after: place }),
  handle: async (rq, cx, may) => {
    const { before, after, ...query } = rq.query;
    const found = await listAudit(cx, may, filterOf(query, rq.ui), { before, after, size: pageSize });
    return page(<AuditLogPage ui={rq.ui} staff={cx.principal} found={found} query={query} />);
  },
});

const header = ["number", "at", "who_kind", "who", "acting_as", "event", "subject", "ip", "data"];

const exported = route({
  id: "staff.audit-log.export",
  method: "GET",
  path: "/staff/audit-log/export.csv",
  opens: "staff",
  may: "audit.read",
  query: filterQuery,
  outside: async (rq, tx) => {
    return await csvDownload<bigint>("audit-log.csv", header, async (before) => {
      const filter = filterOf(rq.query, rq.ui);
      const found = await tx((cx, may) => listAudit(cx, may, filter, { before, size: exportPageSize }));
      const rows = found.rows.map((entry) => [
        entry.seq.toString(),
        entry.at.toString(),
        entry.actorKind,
        entry.actorName,
        entry.actingAs,
        entry.event,
        entry.subject,
        entry.ip,
        JSON.stringify(entry.data),
      ]);
      return { rows, next: found.older };
    });
  },
});

export default [list, exported] as Route[];
