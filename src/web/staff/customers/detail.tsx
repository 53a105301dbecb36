import { z } from "zod";
import { activityOf } from "#features/audit/audit-views.ts";
import { owedByCustomer } from "#features/customers/customer-list.ts";
import { payersOf, readCustomer } from "#features/customers/customer-views.ts";
import { creditOf } from "#features/money-in/credit.ts";
import { receivedOf } from "#features/money-in/received-views.ts";
import { partnershipsByIds } from "#features/partnerships/partnership-views.ts";
import { owedOf, statusOf } from "#features/payments/payment.ts";
import { paymentsOfCustomer } from "#features/payments/payment-views.ts";
import { page } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { todayOf } from "#platform/institution.ts";
import { CustomerPage } from "./detail-page.tsx";

const detail = route({
  id: "staff.customers.detail",
  method: "GET",
  path: "/staff/customers/:id",
  opens: "staff",
  may: "customers.read",
  params: z.object({ id: z.string().refine((id) => isId("cus", id)) }),
  handle: async (rq, cx) => {
    const customer = await readCustomer(cx, rq.params.id);
    const today = todayOf(cx.institution, cx.now);
    const payments = await paymentsOfCustomer(cx, customer.id);
    const partner = customer.partnershipId;
    const shown = {
      customer,
      payments: payments.map((payment) => ({
        payment,
        status: statusOf(payment, today, cx.institution.dueWindowDays),
        owed: owedOf(payment),
      })),
      owed: await owedByCustomer(cx, customer.id),
      credit: await creditOf(cx, customer.id),
      received: await receivedOf(cx, customer.id, 10),
      payers: await payersOf(cx, customer.id),
      partner: partner && (await partnershipsByIds(cx, [partner])).get(partner),
      activity: await activityOf(cx, customer.id),
    };
    return page(<CustomerPage ui={rq.ui} staff={cx.principal} shown={shown} />);
  },
});

export default [detail] as Route[];
