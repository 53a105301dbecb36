import { type Route, route } from "#http/route.ts";
import { translator } from "#platform/i18n/messages.ts";
import { streamParts } from "#web/partner/live-stream.ts";
import { asked } from "#web/staff/shared.tsx";
import { readTransferList, refParam, transferFilterQuery } from "./list.tsx";
import { transferListParts } from "./list-page.tsx";
import { readTransfer } from "./read-transfer.ts";
import { transferParts } from "./transfer-page.tsx";
import { liveHref } from "./words.ts";

const query = transferFilterQuery.extend({
  /** One transfer; the list without it. */
  ref: refParam.optional().catch(undefined),
  ...{ before: asked.text, after: asked.text, known: asked.text },
});

/** The list of transfers and the page of one, as they change. */
export default [
  route({
    id: "partner.transfers.live",
    method: "GET",
    path: liveHref,
    opens: "partner",
    may: "partner.wallets",
    live: true,
    query,
    outside: async (rq, tx) =>
      await streamParts(rq, tx, async (cx) => {
        const { ref, before, after, known: _known, ...filter } = rq.query;
        const t = translator(rq.ui.locale);
        const partner = cx.principal;
        if (ref !== undefined) {
          const facts = await readTransfer(cx, ref);
          return () => transferParts(t, rq.ui, partner, facts);
        }
        const facts = await readTransferList(cx, filter, { before, after });
        return () => transferListParts(t, rq.ui, facts);
      }),
  }),
] as Route[];
