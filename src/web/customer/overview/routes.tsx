import { creditOf } from "#features/money-in/credit.ts";
import { overviewOf } from "#features/payments/customer-overview.ts";
import { readPortal } from "#features/portal/portal.ts";
import { page } from "#http/answer.ts";
import { route } from "#http/route.ts";
import { OverviewPage } from "./overview-page.tsx";

export default [
  route({
    id: "customer.overview",
    method: "GET",
    path: "/overview",
    opens: "customer",
    may: "portal.read",
    handle: async (rq, cx) => {
      const [portal, credit] = await Promise.all([readPortal(cx), creditOf(cx, cx.principal.customer)]);
      const currencies = overviewOf(portal.standings, portal.today, cx.institution.dueWindowDays);
      return page(<OverviewPage ui={rq.ui} facts={{ ...portal, customer: cx.principal, currencies, credit }} />);
    },
  }),
];
