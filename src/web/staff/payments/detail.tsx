import { z } from "zod";
import { activityOf } from "#features/audit/audit-views.ts";
import { attemptsOf } from "#features/checkouts/attempt-views.ts";
import { readCustomer } from "#features/customers/customer-views.ts";
import { allocationsOf } from "#features/money-in/allocation-views.ts";
import { bookLinesOf } from "#features/payments/payment-entries.ts";
import { sharesOf } from "#features/payments/payment-money.ts";
import { discountOf, readPayment } from "#features/payments/payment-views.ts";
import { refundsOf } from "#features/refunds/refund-views.ts";
import { page } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { isId } from "#kernel/ids.ts";
import { todayOf } from "#platform/institution.ts";
import { PaymentPage } from "./detail-page.tsx";

const detail = route({
  id: "staff.payments.detail",
  method: "GET",
  path: "/staff/payments/:id",
  opens: "staff",
  may: "payments.read",
  params: z.object({ id: z.string().refine((id) => isId("pay", id)) }),
  handle: async (rq, cx) => {
    const payment = await readPayment(cx, rq.params.id);
    const shares = (await sharesOf(cx, [payment.id])).get(payment.id) ?? [];
    const allocations = await allocationsOf(cx, payment.id);
    const refunds = await refundsOf(cx, payment);
    const about = [
      ...allocations.flatMap((one) => (one.received ? [one.received] : [])),
      ...refunds.map((one) => one.id),
    ];
    const shown = {
      payment,
      shares,
      allocations,
      refunds,
      customer: await readCustomer(cx, payment.customerId),
      discount: await discountOf(cx, payment.id),
      attempts: await attemptsOf(cx, payment.id),
      activity: await activityOf(cx, payment.id),
      lines: await bookLinesOf(cx, payment, shares, about),
      today: todayOf(cx.institution, cx.now),
    };
    return page(<PaymentPage ui={rq.ui} staff={cx.principal} shown={shown} />);
  },
});

export default [detail] as Route[];
