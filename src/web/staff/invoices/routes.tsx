import { z } from "zod";
import { invoiceNumber, invoiceStatuses, invoiceStatusOf, owedOf } from "#features/invoices/invoice.ts";
import { listInvoices } from "#features/invoices/invoice-list.ts";
import { partnershipNames } from "#features/partnerships/partnership-views.ts";
import { page } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { toDecimal } from "#kernel/money.ts";
import { todayOf } from "#platform/institution.ts";
import { csvDownload, exportPageSize } from "#web/staff/csv-stream.ts";
import { asked, pageSize } from "#web/staff/shared.tsx";
import { InvoiceListPage } from "./list-page.tsx";

const filterQuery = z.object({
  status: z.enum(invoiceStatuses).optional().catch(undefined),
  partner: z
    .string()
    .refine((id) => isId("prt", id))
    .optional()
    .catch(undefined),
  q: asked.text,
  currency: asked.currency,
  from: asked.date,
  to: asked.date,
});

const list = route({
  id: "staff.invoices.list",
  method: "GET",
  path: "/staff/invoices",
  opens: "staff",
  may: "invoices.read",
  query: filterQuery.extend({ before: asked.text, after: asked.text }),
  handle: async (rq, cx, may) => {
    const { before, after, ...filter } = rq.query;
    const [found, partners] = await Promise.all([
      listInvoices(cx, may, filter, { before, after, size: pageSize }),
      partnershipNames(cx),
    ]);
    const today = todayOf(cx.institution, cx.now);
    return page(<InvoiceListPage {...{ ui: rq.ui, staff: cx.principal, found, filter, partners, today }} />);
  },
});

const headings = [
  ...["invoice", "partner", "issued_on", "due_on", "status", "currency", "net", "tax", "total", "paid", "credited"],
  "owed",
];

const exported = route({
  id: "staff.invoices.export",
  method: "GET",
  path: "/staff/invoices/export.csv",
  opens: "staff",
  may: "invoices.export",
  query: filterQuery,
  outside: async (rq, tx) => {
    return await csvDownload<string>("invoices.csv", headings, async (before) => {
      const { found, today } = await tx(async (cx, may) => ({
        found: await listInvoices(cx, may, rq.query, { before, size: exportPageSize }),
        today: todayOf(cx.institution, cx.now),
      }));
      const rows = found.rows.map(({ invoice, partner }) => [
        invoice.number === undefined ? "" : invoiceNumber("invoice", invoice.number),
        partner,
        invoice.issueDate?.toString() ?? "",
        invoice.dueDate?.toString() ?? "",
        invoiceStatusOf(invoice, today),
        invoice.currency,
        toDecimal(invoice.net),
        toDecimal(invoice.tax),
        toDecimal(invoice.total),
        toDecimal(invoice.paid),
        toDecimal(invoice.credited),
        toDecimal(owedOf(invoice)),
      ]);
      return { rows, next: found.behind ? found.rows.at(-1)?.invoice.id : undefined };
    });
  },
});

// The export stands ahead of the detail page: its name would else be taken for an id.
export default [list, exported] as Route[];
