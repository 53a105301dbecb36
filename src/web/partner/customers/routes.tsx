import { z } from "zod";
import type { ListedCustomer } from "#features/shared-customers/shared-customer-partner-view.ts";
import {
  sharedCustomer,
  sharedCustomers,
  sharedPayments,
} from "#features/shared-customers/shared-customer-partner-view.ts";
import { page } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { type Currency, moneySum, toDecimal } from "#kernel/money.ts";
import { notFound } from "#kernel/problem.ts";
import { calendarOf } from "#web/partner/payouts/payout.tsx";
import { csvDownload, exportPageSize } from "#web/staff/csv-stream.ts";
import { asked, pageSize } from "#web/staff/shared.tsx";
import { CustomerPage } from "./customer-page.tsx";
import { CustomersPage } from "./list-page.tsx";

const list = route({
  id: "partner.customers",
  method: "GET",
  path: "/partner/customers",
  opens: "partner",
  may: "partner.view",
  query: z.object({ q: asked.text, before: asked.text, after: asked.text }),
  handle: async (rq, cx) => {
    const { q, before, after } = rq.query;
    const found = await sharedCustomers(cx, { q }, { before, after, size: pageSize }, calendarOf(cx));
    return page(<CustomersPage ui={rq.ui} partner={cx.principal} found={found} q={q} />);
  },
});

const header = ["customer", "currency", "payments", "scheduled", "due", "overdue", "paid", "refunded"];
const statuses = ["scheduled", "due", "overdue", "paid", "refunded"] as const;

/** A customer as rows of the file: one a currency. */
function csvRows({ name, sums }: ListedCustomer): string[][] {
  const byCurrency = Map.groupBy(sums, (one) => one.total.currency);
  return [...byCurrency].map(([currency, own]: [Currency, typeof sums]) => [
    name,
    currency,
    String(own.reduce((count, one) => count + one.count, 0)),
    ...statuses.map((status) => {
      const minor = own.filter((one) => one.status === status).reduce((sum, one) => sum + one.total.minor, 0n);
      return toDecimal(moneySum(minor, currency));
    }),
  ]);
}

const exported = route({
  id: "partner.customers.export",
  method: "GET",
  path: "/partner/customers/export.csv",
  opens: "partner",
  may: "partner.view",
  query: z.object({ q: asked.text }),
  outside: async (rq, tx) => {
    return await csvDownload<string>("customers.csv", header, async (before) => {
      const size = exportPageSize;
      const found = await tx((cx) => sharedCustomers(cx, rq.query, { before, size }, calendarOf(cx)));
      return { rows: found.rows.flatMap(csvRows), next: found.older };
    });
  },
});

const one = route({
  id: "partner.customer",
  method: "GET",
  path: "/partner/customers/:ref",
  opens: "partner",
  may: "partner.view",
  params: z.object({ ref: z.string().regex(/^[0-9a-f]{20}$/) }),
  query: z.object({ before: asked.text, after: asked.text }),
  handle: async (rq, cx) => {
    const calendar = calendarOf(cx);
    const { ref } = rq.params;
    const [customer, found] = await Promise.all([
      sharedCustomer(cx, ref, calendar),
      sharedPayments(cx, ref, { ...rq.query, size: pageSize }, calendar),
    ]);
    if (!customer) throw notFound();
    return page(<CustomerPage ui={rq.ui} partner={cx.principal} customer={customer} found={found} />);
  },
});

// The export stands ahead of the page of one customer: its name would else be taken for a reference.
export default [list, exported, one] as Route[];
