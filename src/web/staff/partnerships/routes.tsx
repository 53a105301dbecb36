import { z } from "zod";
import { partnershipKinds } from "#features/partnerships/partnership.ts";
import { shareWords } from "#features/partnerships/partnership-input.ts";
import { listPartnerships, type PartnershipFilter, partnershipOnly } from "#features/partnerships/partnership-list.ts";
import { page } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { toPercent } from "#kernel/rate.ts";
import { csvDownload, exportPageSize } from "#web/staff/csv-stream.ts";
import { asked, pageSize } from "#web/staff/shared.tsx";
import { PartnershipListPage } from "./list-page.tsx";

const filterQuery = z.object({
  q: asked.text,
  kind: asked.oneOf(partnershipKinds),
  only: asked.oneOf(partnershipOnly),
});

const list = route({
  id: "staff.partnerships.list",
  method: "GET",
  path: "/staff/partnerships",
  opens: "staff",
  may: "partnerships.read",
  query: filterQuery.extend({ before: asked.text, after: asked.text }),
  handle: async (rq, cx, may) => {
    const { before, after, ...filter } = rq.query;
    const found = await listPartnerships(cx, may, filter, { before, after, size: pageSize });
    return page(<PartnershipListPage ui={rq.ui} staff={cx.principal} found={found} filter={filter} />);
  },
});

// The columns of the import come first and under its names: the file can be changed and imported again.
const headings = [
  ...["external_id", "name", "kind", "legal_name", "tax_id", "tax_registered", "currency", "commission_percent"],
  ...["commission_tax", "address", "default_share", "payout_schedule", "payouts_paused", "bank_accounts"],
  ...["contacts", "customers"],
];

const exported = route({
  id: "staff.partnerships.export",
  method: "GET",
  path: "/staff/partnerships/export.csv",
  opens: "staff",
  may: "partnerships.export",
  query: filterQuery,
  outside: async (rq, tx) => {
    const filter: PartnershipFilter = rq.query;
    return await csvDownload<string>("partnerships.csv", headings, async (after) => {
      const found = await tx((cx, may) => listPartnerships(cx, may, filter, { after, size: exportPageSize }));
      const rows = found.rows.map(({ partnership: one, contacts, customers, accounts }) => [
        one.externalId ?? "",
        one.name,
        one.kind,
        one.legalName,
        one.taxId,
        one.taxRegistered ? "yes" : "no",
        one.currency,
        toPercent(one.commissionBps),
        one.commissionTax,
        one.address.replaceAll("\n", ", "),
        shareWords(one.defaultShare, new Map()),
        one.payoutSchedule,
        one.payoutsPaused ? "yes" : "no",
        accounts.join(" "),
        String(contacts),
        String(customers),
      ]);
      return { rows, next: found.behind ? found.rows.at(-1)?.partnership.id : undefined };
    });
  },
});

// The export stands ahead of the detail page: its name would else be taken for an id.
export default [list, exported] as Route[];
