import { z } from "zod";
import { attemptsOf } from "#features/checkouts/attempt-views.ts";
import { allocationsOf } from "#features/money-in/allocation-views.ts";
import { standingsOf } from "#features/payments/customer-overview.ts";
import { readPayment } from "#features/payments/payment-views.ts";
import { readPortal } from "#features/portal/portal.ts";
import { refundsOf } from "#features/refunds/refund-views.ts";
import { page } from "#http/answer.ts";
import { route } from "#http/route.ts";
import { notFound } from "#kernel/problem.ts";
import { todayOf } from "#platform/institution.ts";
import { PaymentPage } from "./payment-page.tsx";
import { PaymentsPage } from "./payments-page.tsx";

export default [
  route({
    id: "customer.payments",
    method: "GET",
    path: "/payments",
    opens: "customer",
    may: "portal.read",
    query: z.object({ show: z.enum(["open", "paid", "all"]).catch("all").default("all") }),
    ahead: async (rq, cx, who) => {
      const [portal, { principal }] = await Promise.all([readPortal(cx, who), who]);
      const facts = { ...portal, customer: principal };
      return page(<PaymentsPage ui={rq.ui} facts={facts} show={rq.query.show} />);
    },
  }),
  route({
    id: "customer.payment",
    method: "GET",
    path: "/payments/:id",
    opens: "customer",
    may: "portal.read",
    params: z.object({ id: z.string().max(60) }),
    handle: async (rq, cx) => {
      const payment = await readPayment(cx, rq.params.id);
      if (payment.state === "draft") throw notFound();
      const [attempts, allocations, refunds] = await Promise.all([
        attemptsOf(cx, payment.id),
        allocationsOf(cx, payment.id),
        refundsOf(cx, payment),
      ]);
      const today = todayOf(cx.institution, cx.now);
      const [standing] = standingsOf([payment], today, cx.institution.dueWindowDays);
      if (!standing) throw notFound();
      const facts = { customer: cx.principal, today, standing, attempts, allocations, refunds };
      return page(<PaymentPage ui={rq.ui} facts={facts} />);
    },
  }),
];
