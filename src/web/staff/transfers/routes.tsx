import { z } from "zod";
import { partnershipNames } from "#features/partnerships/partnership-views.ts";
import { transferRoutes } from "#features/tariffs/tariff.ts";
import { searchTransfers, transferFilters } from "#features/transfers/staff-transfer-list.ts";
import { page } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { toDecimal } from "#kernel/money.ts";
import { csvDownload, exportPageSize } from "#web/staff/csv-stream.ts";
import { asked, pageSize } from "#web/staff/shared.tsx";
import { TransferListPage } from "./list-page.tsx";

const filterQuery = z.object({
  status: asked.oneOf(transferFilters),
  q: asked.text,
  partner: z
    .string()
    .refine((id) => isId("prt", id))
    .optional()
    .catch(undefined),
  route: asked.oneOf(transferRoutes),
  from: asked.date,
  to: asked.date,
  currency: asked.currency,
  amount: asked.text,
});

const list = route({
  id: "staff.transfers.list",
  method: "GET",
  path: "/staff/transfers",
  opens: "staff",
  may: "transfers.read",
  query: filterQuery.extend({ before: asked.text, after: asked.text }),
  handle: async (rq, cx) => {
    const { before, after, ...filter } = rq.query;
    const found = await searchTransfers(cx, filter, { before, after, size: pageSize });
    const partners = await partnershipNames(cx);
    return page(<TransferListPage ui={rq.ui} staff={cx.principal} found={found} filter={filter} partners={partners} />);
  },
});

const header = [
  "transfer",
  "partner",
  "status",
  "route",
  "from_wallet",
  "to",
  "to_partner",
  "currency",
  "amount",
  "fee",
  "reference",
  "asked_by",
  "asked_at",
  "decided_by",
  "completed_at",
  "failed_or_returned_at",
  "failure_reason",
  "rejected_because",
  "returned_to_wallet",
];

const exported = route({
  id: "staff.transfers.export",
  method: "GET",
  path: "/staff/transfers/export.csv",
  opens: "staff",
  may: "transfers.export",
  query: filterQuery,
  outside: async (rq, tx) => {
    return await csvDownload<string>("transfers.csv", header, async (before) => {
      const found = await tx((cx) => searchTransfers(cx, rq.query, { before, size: exportPageSize }));
      const rows = found.rows.map(({ transfer, partner, fromNumber, returnedNumber, toPartner }) => [
        transfer.ref,
        partner,
        transfer.returnedAt ? "returned" : transfer.state,
        transfer.route,
        fromNumber,
        transfer.route === "bank" ? `${transfer.toName} ${transfer.toNumber}`.trim() : transfer.toNumber,
        toPartner ?? "",
        transfer.amount.currency,
        toDecimal(transfer.amount),
        toDecimal(transfer.fee),
        transfer.reference,
        transfer.requestedByName,
        transfer.createdAt.toString(),
        transfer.decidedByName,
        transfer.completedAt?.toString() ?? "",
        (transfer.returnedAt ?? transfer.failedAt)?.toString() ?? "",
        transfer.failureReason,
        transfer.failureNote,
        returnedNumber ?? "",
      ]);
      return { rows, next: found.older };
    });
  },
});

// The export stands ahead of the detail page: its name would else be taken for an id.
export default [list, exported] as Route[];
