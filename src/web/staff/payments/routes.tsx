import { z } from "zod";
import { readCustomer } from "#features/customers/customer-views.ts";
import { priceOf } from "#features/payments/payment.ts";
import { listPayments, statusFilters, writePlace } from "#features/payments/payment-list.ts";
import { page } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { toDecimal } from "#kernel/money.ts";
import { csvDownload, exportPageSize } from "#web/staff/csv-stream.ts";
import { asked, pageSize } from "#web/staff/shared.tsx";
import { PaymentListPage } from "./list-page.tsx";

const filterQuery = z.object({
  status: asked.oneOf(statusFilters),
  q: asked.text,
  from: asked.date,
  to: asked.date,
  currency: asked.currency,
  customer: z
    .string()
    .refine((id) => isId("cus", id))
    .optional()
    .catch(undefined),
});

const list = route({
  id: "staff.payments.list",
  method: "GET",
  path: "/staff/payments",
  opens: "staff",
  may: "payments.read",
  query: filterQuery.extend({ before: asked.text, after: asked.text }),
  handle: async (rq, cx) => {
    const { before, after, ...filter } = rq.query;
    const customer = filter.customer === undefined ? undefined : await readCustomer(cx, filter.customer);
    const found = await listPayments(cx, filter, { before, after, size: pageSize });
    const shown = { ui: rq.ui, staff: cx.principal, found, filter, customer };
    return page(<PaymentListPage {...shown} />);
  },
});

const header = [
  "customer_external_id",
  "customer",
  "external_id",
  "item",
  "amount",
  "currency",
  "due_date",
  "status",
  "discount",
  "to_pay",
  "paid",
  "owed",
  "refunded",
];

const exported = route({
  id: "staff.payments.export",
  method: "GET",
  path: "/staff/payments/export.csv",
  opens: "staff",
  may: "payments.export",
  query: filterQuery,
  outside: async (rq, tx) => {
    return await csvDownload<string>("payments.csv", header, async (before) => {
      const found = await tx((cx) => listPayments(cx, rq.query, { before, size: exportPageSize }));
      const rows = found.rows.map(({ payment, status, owed, customerName, customerReference }) => [
        customerReference ?? "",
        customerName,
        payment.externalId ?? "",
        payment.item,
        toDecimal(payment.list),
        payment.list.currency,
        payment.dueDate.toString(),
        status,
        toDecimal(payment.discount),
        toDecimal(priceOf(payment)),
        toDecimal(payment.paid),
        toDecimal(owed),
        toDecimal(payment.refundedCash),
      ]);
      return { rows, next: writePlace(found.older) };
    });
  },
});

// The export stands ahead of the detail page: its name would else be taken for an id.
export default [list, exported] as Route[];
