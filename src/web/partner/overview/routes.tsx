import { allows } from "#access/permissions.ts";
import type { Partner } from "#access/principal.ts";
import { owedInvoices, partnerWaiting } from "#features/overview/overview-partner-view.ts";
import { readPartnerFigures } from "#features/payouts/partner-figures.ts";
import { partnerPayouts } from "#features/payouts/payout-partner-view.ts";
import { page } from "#http/answer.ts";
import { route } from "#http/route.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";
import { MemberHomePage } from "./member-page.tsx";
import { type PartnerOverview, PartnerOverviewPage } from "./overview-page.tsx";

const payoutsShown = 5;

/** What the overview shows. All queries leave together: the page waits for one round trip. */
export async function readPartnerOverview(cx: Cx<Partner>): Promise<PartnerOverview> {
  const [figures, last, owed, waiting] = await Promise.all([
    readPartnerFigures(cx),
    partnerPayouts(cx, {}, { size: payoutsShown }),
    owedInvoices(cx),
    partnerWaiting(cx),
  ]);
  return { today: todayOf(cx.institution, cx.now), figures, last: last.rows, owed, waiting };
}

export default [
  route({
    id: "partner.overview",
    method: "GET",
    path: "/partner",
    opens: "partner",
    may: "partner.account",
    handle: async (rq, cx) => {
      const { ui } = rq;
      const partner = cx.principal;
      // Payouts and invoices are for contacts. Whoever is none sees what is open to them.
      if (!allows("partner.view", "partner", partner.role, partner.rights)) {
        return page(<MemberHomePage ui={ui} partner={partner} />);
      }
      const facts = await readPartnerOverview(cx);
      return page(<PartnerOverviewPage ui={ui} partner={partner} facts={facts} />);
    },
  }),
];
