import { z } from "zod";
import type { Partner } from "#access/principal.ts";
import type { Rq } from "#http/request.ts";
import { route } from "#http/route.ts";
import { notFound } from "#kernel/problem.ts";
import { translator } from "#platform/i18n/messages.ts";
import type { Cx } from "#platform/tx.ts";
import { asked } from "#web/staff/shared.tsx";
import type { LiveParts } from "./live.tsx";
import { streamParts } from "./live-stream.ts";
import { overviewParts } from "./overview/overview-page.tsx";
import { readPartnerOverview } from "./overview/routes.tsx";
import { payoutListParts } from "./payouts/list-page.tsx";
import { lineQuery, readPayout } from "./payouts/payout.tsx";
import { payoutParts } from "./payouts/payout-page.tsx";
import { payoutFilterQuery, readPayoutList } from "./payouts/routes.tsx";

const query = payoutFilterQuery.extend({
  of: z.enum(["overview", "payouts", "payout"]).catch("overview"),
  number: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .optional()
    .catch(undefined),
  before: asked.text,
  after: asked.text,
  known: asked.text,
});
type Asked = z.output<typeof query>;

/** Reads the parts of the page that the stream belongs to, as the page itself does. */
async function readParts(rq: Rq<object, Asked>, cx: Cx<Partner>): Promise<() => LiveParts> {
  const { of, number, before, after, known: _known, ...filter } = rq.query;
  const { ui } = rq;
  const t = translator(ui.locale);
  switch (of) {
    case "overview": {
      const facts = await readPartnerOverview(cx);
      return () => overviewParts(t, ui, facts);
    }
    case "payouts": {
      const facts = await readPayoutList(cx, filter, { before, after });
      return () => payoutListParts(t, facts);
    }
    case "payout": {
      if (number === undefined) throw notFound();
      const facts = await readPayout(cx, BigInt(number), lineQuery.parse({ after }).after ?? 0);
      return () => payoutParts(t, ui, facts);
    }
  }
}

/** Streams of the pages that contacts with the right to view see. Other pages have streams of their own. */
export default [
  route({
    id: "partner.live",
    method: "GET",
    path: "/partner/live",
    opens: "partner",
    may: "partner.view",
    live: true,
    query,
    outside: async (rq, tx) => await streamParts(rq, tx, (cx) => readParts(rq, cx)),
  }),
];
