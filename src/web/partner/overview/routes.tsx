import { allows, type Permission } from "#access/permissions.ts";
import type { Partner } from "#access/principal.ts";
import { owedInvoices, partnerWaiting } from "#features/overview/overview-partner-view.ts";
import { readPartnerFigures } from "#features/payouts/partner-figures.ts";
import { partnerPayouts } from "#features/payouts/payout-partner-view.ts";
import { partnerWallets } from "#features/wallets/wallet-partner-view.ts";
import { page } from "#http/answer.ts";
import { route } from "#http/route.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";
import { MemberHomePage } from "./member-page.tsx";
import { type PartnerOverview, PartnerOverviewPage } from "./overview-page.tsx";
import { WalletsCard } from "./wallets-card.tsx";

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
      const may = (permission: Permission) => allows(permission, "partner", partner.role, partner.rights);
      // Payouts and invoices are for contacts, wallets for members; who is both sees both, who is neither what to do.
      const [wallets, facts] = await Promise.all([
        may("partner.wallets") ? partnerWallets(cx) : undefined,
        may("partner.view") ? readPartnerOverview(cx) : undefined,
      ]);
      const card = wallets && <WalletsCard ui={ui} partner={partner} wallets={wallets} />;
      if (facts) return page(<PartnerOverviewPage ui={ui} partner={partner} facts={facts} wallets={card} />);
      return page(<MemberHomePage ui={ui} partner={partner} wallets={card} />);
    },
  }),
];
