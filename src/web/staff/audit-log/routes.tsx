import { z } from "zod";
import {
  type AuditEntry,
  type AuditFilter,
  auditStaff,
  listAudit,
  type Subject,
  sealState,
  subjectsOf,
} from "#features/audit/audit-views.ts";
import { page } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import type { PlainDate } from "#kernel/time.ts";
import { csvDownload, exportPageSize } from "#web/staff/csv-stream.ts";
import { actorWords, eventDetail, eventLook } from "#web/staff/event-words.ts";
import { asked, pageSize } from "#web/staff/shared.tsx";
import { AuditLogPage, type AuditQuery } from "./audit-page.tsx";
import { eventKindNames, isActor } from "./audit-words.ts";

const seq = z
  .string()
  .regex(/^\d{1,18}$/)
  .transform(BigInt)
  .optional()
  .catch(undefined);

const filterQuery = z.object({
  q: asked.text,
  from: asked.date,
  to: asked.date,
  actor: z.string().refine(isActor).optional().catch(undefined),
  kind: asked.oneOf(eventKindNames),
});
type Asked = z.output<typeof filterQuery>;

/** Dates of the institution's calendar, both inclusive, as instants. */
function filterOf({ from, to, ...rest }: Asked, timeZone: string): AuditFilter {
  const begin = (date: PlainDate) => date.toZonedDateTime(timeZone).toInstant();
  return { ...rest, from: from && begin(from), to: to && begin(to.add({ days: 1 })) };
}

function queryOf({ from, to, ...rest }: Asked): AuditQuery {
  return { ...rest, from: from?.toString(), to: to?.toString() };
}

const list = route({
  id: "staff.audit-log.list",
  method: "GET",
  path: "/staff/audit-log",
  opens: "staff",
  may: "audit.read",
  query: filterQuery.extend({ before: seq, after: seq }),
  handle: async (rq, cx, may) => {
    const { before, after, ...filter } = rq.query;
    const narrowed = filterOf(filter, cx.institution.timeZone);
    const found = await listAudit(cx, may, narrowed, { before, after, size: pageSize });
    const subjects = await subjectsOf(cx, may, found.rows);
    const members = await auditStaff(cx, may);
    const seal = await sealState(cx, may);
    const shown = { ui: rq.ui, staff: cx.principal, found, subjects, members, seal, query: queryOf(filter) };
    return page(<AuditLogPage {...shown} />);
  },
});

const headings = [
  ...["number", "at", "actor_kind", "actor", "what", "about", "customer", "details", "from_address"],
  ...["event", "subject", "data"],
];

function rowOf(entry: AuditEntry, subject: Subject | undefined): readonly string[] {
  return [
    entry.seq.toString(),
    entry.at.toString(),
    entry.actorKind,
    actorWords(entry),
    eventLook(entry.event).words,
    subject?.name ?? "",
    subject?.of ?? "",
    eventDetail(entry),
    entry.ip,
    entry.event,
    entry.subject,
    JSON.stringify(entry.data),
  ];
}

const exported = route({
  id: "staff.audit-log.export",
  method: "GET",
  path: "/staff/audit-log/export.csv",
  opens: "staff",
  may: "audit.read",
  query: filterQuery,
  outside: async (rq, tx) =>
    await csvDownload<bigint>("audit-log.csv", headings, (before) =>
      tx(async (cx, may) => {
        const filter = filterOf(rq.query, cx.institution.timeZone);
        const found = await listAudit(cx, may, filter, { before, size: exportPageSize });
        const subjects = await subjectsOf(cx, may, found.rows);
        return { rows: found.rows.map((entry) => rowOf(entry, subjects.get(entry.subject))), next: found.older };
      }),
    ),
});

export default [list, exported] as Route[];
