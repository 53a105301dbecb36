import { ownCredit } from "#features/money-in/credit.ts";
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
    ahead: async (rq, cx, who) => {
      const [portal, credit, { principal, institution }] = await Promise.all([
        readPortal(cx, who),
        ownCredit(cx, who),
        who,
      ]);
      const currencies = overviewOf(portal.standings, portal.today, institution.dueWindowDays);
      return page(<OverviewPage ui={rq.ui} facts={{ ...portal, customer: principal, currencies, credit }} />);
    },
  }),
];
