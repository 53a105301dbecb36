import { z } from "zod";
import type { Partner } from "#access/principal.ts";
import { type Calendar, readPayoutNumber } from "#features/payouts/partner-payout.ts";
import { payoutLine, payoutLines, totalsByKind } from "#features/payouts/payout-lines-partner-view.ts";
import { partnerPayout, payoutAccounts } from "#features/payouts/payout-partner-view.ts";
import {
  entriesOfLine,
  entriesOfShare,
  payoutMoves,
  selfBilledOf,
} from "#features/payouts/payout-story-partner-view.ts";
import { page } from "#http/answer.ts";
import { route } from "#http/route.ts";
import { notFound } from "#kernel/problem.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";
import { linesShown, type PayoutFacts, PayoutPage, sharesOf } from "./payout-page.tsx";
import { WhyPage } from "./why-page.tsx";

/** By which days a partner's pages tell Scheduled, Due and Overdue apart. */
export function calendarOf(cx: Cx): Calendar {
  const today = todayOf(cx.institution, cx.now);
  return { today, soon: today.add({ days: cx.institution.dueWindowDays }) };
}

/** A number as addresses carry it, `12` or as it is shown, `PO-000012`; what is none answers 404. */
const numeral = z.string().max(30).transform(readPayoutNumber).pipe(z.bigint());
const place = z
  .string()
  .regex(/^[1-9]\d{0,8}$/)
  .transform(Number);
export const lineQuery = z.object({ after: place.optional().catch(undefined) });

/** What the page of one payout shows. Throws `not-found` where the partner has none of that number. */
export async function readPayout(cx: Cx<Partner>, number: bigint, after: number): Promise<PayoutFacts> {
  const [payout, accounts] = await Promise.all([partnerPayout(cx, number), payoutAccounts(cx)]);
  if (!payout) throw notFound();
  const [found, totals, moves] = await Promise.all([
    payoutLines(cx, payout.id, calendarOf(cx), { after, size: linesShown }),
    totalsByKind(cx, payout.id),
    payoutMoves(cx, payout.id),
  ]);
  const account = payout.to ?? accounts.get(payout.total.currency);
  return { payout, lines: found.rows, more: found.more, after, totals, account, moves };
}

export default [
  route({
    id: "partner.payout",
    method: "GET",
    path: "/partner/payouts/:number",
    opens: "partner",
    may: "partner.view",
    params: z.object({ number: numeral }),
    query: lineQuery,
    handle: async (rq, cx) => {
      const facts = await readPayout(cx, rq.params.number, rq.query.after ?? 0);
      return page(<PayoutPage ui={rq.ui} partner={cx.principal} facts={facts} />);
    },
  }),
  route({
    id: "partner.payout.why",
    method: "GET",
    path: "/partner/payouts/:number/lines/:position",
    opens: "partner",
    may: "partner.view",
    params: z.object({ number: numeral, position: place }),
    handle: async (rq, cx) => {
      const payout = await partnerPayout(cx, rq.params.number);
      const line = payout && (await payoutLine(cx, payout.id, rq.params.position, calendarOf(cx)));
      if (!line) throw notFound();
      const share = line.share?.id;
      const { currency } = payout.total;
      const [totals, entries, selfBilled] = await Promise.all([
        totalsByKind(cx, payout.id),
        share === undefined
          ? entriesOfLine(cx, payout.id, line.position, currency)
          : entriesOfShare(cx, share, currency),
        share === undefined ? undefined : selfBilledOf(cx, share),
      ]);
      const facts = { payout, line, shares: sharesOf({ totals, payout }), entries, selfBilled };
      return page(<WhyPage ui={rq.ui} partner={cx.principal} facts={facts} />);
    },
  }),
];
