import { z } from "zod";
import type { Partner } from "#access/principal.ts";
import { readPartnerFigures } from "#features/payouts/partner-figures.ts";
import { type PaidTo, payoutTabNames } from "#features/payouts/partner-payout.ts";
import { payoutNumber } from "#features/payouts/payout.ts";
import { countPayouts, type PayoutFilter, partnerPayouts } from "#features/payouts/payout-partner-view.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import { page } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { toDecimal } from "#kernel/money.ts";
import { dateIn } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import { csvDownload, exportPageSize } from "#web/staff/csv-stream.ts";
import { asked, pageSize } from "#web/staff/shared.tsx";
import { type PayoutListFacts, PayoutListPage } from "./list-page.tsx";

export const payoutFilterQuery = z.object({
  status: asked.oneOf(payoutTabNames),
  q: asked.text,
  from: asked.date,
  to: asked.date,
  currency: asked.currency,
});

/** What the page of payouts shows. All queries leave together: the page waits for one round trip. */
export async function readPayoutList(
  cx: Cx<Partner>,
  filter: PayoutFilter,
  place: PayoutListFacts["place"],
): Promise<PayoutListFacts> {
  const [found, counts, figures] = await Promise.all([
    partnerPayouts(cx, filter, { ...place, size: pageSize }),
    countPayouts(cx, filter),
    readPartnerFigures(cx),
  ]);
  return { filter, found, counts, figures, place };
}

const list = route({
  id: "partner.payouts",
  method: "GET",
  path: "/partner/payouts",
  opens: "partner",
  may: "partner.view",
  query: payoutFilterQuery.extend({ before: asked.text, after: asked.text }),
  handle: async (rq, cx) => {
    const { before, after, ...filter } = rq.query;
    const facts = await readPayoutList(cx, filter, { before, after });
    return page(<PayoutListPage ui={rq.ui} partner={cx.principal} facts={facts} />);
  },
});

const header = [
  "payout",
  "planned_for",
  "status",
  "paid_on",
  "bank",
  "account_ending",
  "wallet",
  "payments",
  "commission",
  "tax",
  "netted",
  "credited",
  "net",
  "currency",
];

const exported = route({
  id: "partner.payouts.export",
  method: "GET",
  path: "/partner/payouts/export.csv",
  opens: "partner",
  may: "partner.view",
  query: payoutFilterQuery,
  outside: async (rq, tx) => {
    const zone = rq.ui.institution.timeZone;
    return await csvDownload<string>("payouts.csv", header, async (before) => {
      const found = await tx((cx) => partnerPayouts(cx, rq.query, { before, size: exportPageSize }));
      const rows = found.rows.map((payout) => [
        payoutNumber(payout.number),
        payout.scheduledFor.toString(),
        payout.state,
        // One that came back was paid once, and is not now.
        payout.state === "paid" && payout.paidAt ? dateIn(zone, payout.paidAt).toString() : "",
        ...destination(payout.to),
        String(payout.payments),
        toDecimal(payout.commission),
        toDecimal(payout.tax),
        toDecimal(payout.netted),
        toDecimal(payout.credited),
        toDecimal(payout.total),
        payout.total.currency,
      ]);
      return { rows, next: found.older };
    });
  },
});

/** The bank, the end of the account's number, and the wallet: either the first two or the last. */
function destination(to: PaidTo | undefined): readonly [string, string, string] {
  if (to === undefined) return ["", "", ""];
  return "wallet" in to ? ["", "", formatWalletNumber(to.wallet)] : [to.bankName, to.last4, ""];
}

// The export stands ahead of the page of one payout: its name would else be taken for a number.
export default [list, exported] as Route[];
