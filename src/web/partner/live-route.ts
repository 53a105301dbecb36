import { z } from "zod";
import type { Partner } from "#access/principal.ts";
import { type Answer, events } from "#http/answer.ts";
import { dataLines, eventStreamType, type LiveNews } from "#http/live.ts";
import type { Rq } from "#http/request.ts";
import { route } from "#http/route.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import { translator } from "#platform/i18n/messages.ts";
import type { Cx } from "#platform/tx.ts";
import { asked } from "#web/staff/shared.tsx";
import { farewellMessage, type LiveParts, partsMessage } from "./live.tsx";
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

/**
 * The parts of a page of the partner portal, again whenever they differ. Asked without `Accept: text/event-stream`
 * it says once what there is, and ends.
 */
export default [
  route({
    id: "partner.live",
    method: "GET",
    path: "/partner/live",
    opens: "partner",
    may: "partner.view",
    live: true,
    query,
    outside: async (rq, tx): Promise<Answer> => {
      const opened = await tx(async (cx) => ({ partner: cx.principal, parts: await readParts(rq, cx) }));
      const first = opened.parts();
      if (!(rq.header("accept") ?? "").includes("text/event-stream")) {
        const body = `id: ${first.id}\n${dataLines(partsMessage(first, new Map()))}\n`;
        return { kind: "text", body, status: 200, mediaType: eventStreamType };
      }
      const { partnership, session } = opened.partner;
      rq.house.live.admit(session.id);
      let before: ReadonlyMap<string, string> = new Map();
      const read = async (): Promise<LiveNews> => {
        const draw = await tx(async (cx) => {
          // Who went over to another partnership meanwhile looks at pages of that one.
          if (cx.principal.partnership !== partnership) throw new Problem("sign-in.required", "Open the page again.");
          return await readParts(rq, cx);
        });
        const parts = draw();
        const data = partsMessage(parts, before);
        before = parts.html;
        return { id: parts.id, data };
      };
      const check = async () => {
        const now = await tx(async (cx) => cx.principal.partnership);
        if (now !== partnership) throw notFound();
      };
      const known = rq.header("last-event-id") ?? rq.query.known ?? "";
      // What the reader has stands for these parts where nothing has changed since.
      if (known === first.id) before = first.html;
      const farewell = farewellMessage(translator(rq.ui.locale), first, "/partner/sign-in");
      return events(() =>
        rq.house.live.open({ topic: partnership, session: session.id, known, read, check, farewell }),
      );
    },
  }),
];
