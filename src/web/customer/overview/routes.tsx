import { attemptNotes } from "#features/checkouts/attempt-views.ts";
import { creditOf } from "#features/money-in/credit.ts";
import { overviewOf, standingsOf } from "#features/payments/customer-overview.ts";
import { paidByOf, planNamesOf } from "#features/payments/paid-by.ts";
import { paymentsOfCustomer } from "#features/payments/payment-views.ts";
import { page } from "#http/answer.ts";
import { route } from "#http/route.ts";
import { todayOf } from "#platform/institution.ts";
import { OverviewPage } from "./overview-page.tsx";

export default [
  route({
    id: "customer.overview",
    method: "GET",
    path: "/overview",
    opens: "customer",
    may: "portal.read",
    handle: async (rq, cx) => {
      const { customer } = cx.principal;
      // All five leave together: the page waits for one round trip.
      const [all, notes, paidBy, plans, credit] = await Promise.all([
        paymentsOfCustomer(cx, customer),
        attemptNotes(cx, customer),
        paidByOf(cx, customer),
        planNamesOf(cx, customer),
        creditOf(cx, customer),
      ]);
      const today = todayOf(cx.institution, cx.now);
      const standings = standingsOf(
        all.filter((one) => one.state !== "draft"),
        today,
        cx.institution.dueWindowDays,
      );
      const currencies = overviewOf(standings, today, cx.institution.dueWindowDays);
      const facts = { customer: cx.principal, today, standings, currencies, notes, paidBy, plans, credit };
      return page(<OverviewPage ui={rq.ui} facts={facts} />);
    },
  }),
];
