import { z } from "zod";
import {
  listReceived,
  type ReceivedFilter,
  type ReceivedPlace,
  readReceivedPlace,
  receivedStates,
  writeReceivedPlace,
} from "#features/money-in/received-list.ts";
import { readOverview } from "#features/overview/overview.ts";
import { page } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { toDecimal } from "#kernel/money.ts";
import { todayOf } from "#platform/institution.ts";
import { csvDownload, exportPageSize } from "#web/staff/csv-stream.ts";
import { asked, pageSize } from "#web/staff/shared.tsx";
import { OverviewPage } from "./overview-page.tsx";
import { ReceivedPage } from "./received-page.tsx";

const overview = route({
  id: "staff.overview",
  method: "GET",
  path: "/staff",
  opens: "staff",
  may: "staff.overview",
  handle: async (rq, cx, may) => {
    const found = await readOverview(cx, may);
    const today = todayOf(cx.institution, cx.now);
    const { ui } = rq;
    const staff = cx.principal;
    return page(<OverviewPage ui={ui} staff={staff} overview={found} today={today} />);
  },
});

const filterQuery = z.object({
  q: asked.text,
  state: asked.oneOf(receivedStates),
  currency: asked.currency,
  from: asked.date,
  to: asked.date,
});

const received = route({
  id: "staff.money-received.list",
  method: "GET",
  path: "/staff/money-received",
  opens: "staff",
  may: "payments.read",
  query: filterQuery.extend({ before: asked.text, after: asked.text }),
  handle: async (rq, cx, may) => {
    const { before, after, ...filter } = rq.query;
    const paging = { before: readReceivedPlace(before), after: readReceivedPlace(after), size: pageSize };
    const found = await listReceived(cx, may, filter, paging);
    return page(<ReceivedPage ui={rq.ui} staff={cx.principal} found={found} filter={filter} />);
  },
});

const headings = [
  "received_on",
  "customer",
  "payer",
  "amount",
  "surcharge",
  "currency",
  "method",
  "reference",
  "state",
];

const exported = route({
  id: "staff.money-received.export",
  method: "GET",
  path: "/staff/money-received/export.csv",
  opens: "staff",
  may: "payments.export",
  query: filterQuery,
  outside: async (rq, tx) => {
    const filter: ReceivedFilter = rq.query;
    return await csvDownload<ReceivedPlace>("money-received.csv", headings, async (before) => {
      const found = await tx((cx, may) => listReceived(cx, may, filter, { before, size: exportPageSize }));
      const rows = found.rows.map((row) => [
        row.receivedOn.toString(),
        row.customer?.name ?? row.partner?.name ?? "",
        row.payerName,
        toDecimal(row.amount),
        toDecimal(row.surcharge),
        row.amount.currency,
        row.methodLabel,
        row.reference,
        row.state,
      ]);
      return { rows, next: found.behind ? readReceivedPlace(writeReceivedPlace(found.rows.at(-1))) : undefined };
    });
  },
});

export default [overview, received, exported] as Route[];
