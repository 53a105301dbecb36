import { z } from "zod";
import type { Partner } from "#access/principal.ts";
import { seriesSpans } from "#features/wallets/balance-series.ts";
import { parseWalletNumber } from "#features/wallets/wallet.ts";
import {
  entriesOfFlow,
  type PartnerWallet,
  partnerFlows,
  partnerSeries,
  partnerWallet,
  partnerWallets,
  pendingItems,
} from "#features/wallets/wallet-partner-view.ts";
import { page } from "#http/answer.ts";
import { type Route, route } from "#http/route.ts";
import { notFound } from "#kernel/problem.ts";
import { translator } from "#platform/i18n/messages.ts";
import type { Cx } from "#platform/tx.ts";
import { streamParts } from "#web/partner/live-stream.ts";
import { asked } from "#web/staff/shared.tsx";
import { flowCsv, flowPdf } from "#web/wallets/flow-files.ts";
import { flowFilterQuery, flowPageQuery, readFlowFilter } from "#web/wallets/flow-query.ts";
import { FlowsPage } from "./flows-page.tsx";
import { WalletListPage, walletListParts } from "./list-page.tsx";
import { type WalletFacts, WalletPage, walletParts } from "./wallet-page.tsx";
import { FlowWhyPage } from "./why-page.tsx";
import { liveHref, walletsHome } from "./words.ts";

/** Flows on a page, and on the page of the wallet itself. */
const flowsShown = 50;
const newestShown = 8;

/** A number as addresses carry it, with or without its spaces; what is none answers 404. */
const numberParam = z.string().max(30).transform(parseWalletNumber).pipe(z.string());
const params = z.object({ number: numberParam });
const span = asked.oneOf(seriesSpans).transform((wish) => wish ?? "days");

async function own(cx: Cx<Partner>, number: string): Promise<PartnerWallet> {
  const wallet = await partnerWallet(cx, number);
  if (!wallet) throw notFound();
  return wallet;
}

/** What the page of one wallet shows. Throws `not-found` where the partner has none of that number. */
async function readWallet(cx: Cx<Partner>, number: string, wish: z.output<typeof span>): Promise<WalletFacts> {
  const wallet = await own(cx, number);
  const [pending, series, newest] = await Promise.all([
    pendingItems(cx, wallet),
    partnerSeries(cx, wallet, wish),
    partnerFlows(cx, wallet, {}, { size: newestShown }),
  ]);
  return { wallet, pending, series, newest };
}

const list = route({
  id: "partner.wallets",
  method: "GET",
  path: walletsHome,
  opens: "partner",
  may: "partner.wallets",
  handle: async (rq, cx) => {
    const wallets = await partnerWallets(cx);
    return page(<WalletListPage ui={rq.ui} partner={cx.principal} wallets={wallets} />);
  },
});

const live = route({
  id: "partner.wallets.live",
  method: "GET",
  path: liveHref,
  opens: "partner",
  may: "partner.wallets",
  live: true,
  query: z.object({ number: numberParam.optional().catch(undefined), span, known: asked.text }),
  outside: async (rq, tx) =>
    await streamParts(rq, tx, async (cx) => {
      const t = translator(rq.ui.locale);
      const { number } = rq.query;
      if (number === undefined) {
        const wallets = await partnerWallets(cx);
        return () => walletListParts(t, rq.ui, wallets);
      }
      const facts = await readWallet(cx, number, rq.query.span);
      return () => walletParts(t, rq.ui, facts);
    }),
});

const detail = route({
  id: "partner.wallet",
  method: "GET",
  path: `${walletsHome}/:number`,
  opens: "partner",
  may: "partner.wallets",
  params,
  query: z.object({ span }),
  handle: async (rq, cx) => {
    const facts = await readWallet(cx, rq.params.number, rq.query.span);
    return page(<WalletPage ui={rq.ui} partner={cx.principal} facts={facts} />);
  },
});

const flows = route({
  id: "partner.wallet.flows",
  method: "GET",
  path: `${walletsHome}/:number/flows`,
  opens: "partner",
  may: "partner.wallets",
  params,
  query: flowPageQuery,
  handle: async (rq, cx) => {
    const wallet = await own(cx, rq.params.number);
    const { filter, unread } = readFlowFilter(rq.query, wallet.currency);
    const { before, after } = rq.query;
    const found = await partnerFlows(cx, wallet, filter, { before, after, size: flowsShown });
    return page(<FlowsPage ui={rq.ui} partner={cx.principal} facts={{ wallet, found, unread, query: rq.query }} />);
  },
});

const csv = route({
  id: "partner.wallet.flows.csv",
  method: "GET",
  path: `${walletsHome}/:number/flows.csv`,
  opens: "partner",
  may: "partner.wallets",
  params,
  query: flowFilterQuery,
  outside: async (rq, tx) => {
    const wallet = await tx((cx) => own(cx, rq.params.number));
    const { filter } = readFlowFilter(rq.query, wallet.currency);
    return await flowCsv(wallet.number, rq.ui.institution.timeZone, (before, size) =>
      tx((cx) => partnerFlows(cx, wallet, filter, { before, size })),
    );
  },
});

const pdf = route({
  id: "partner.wallet.flows.pdf",
  method: "GET",
  path: `${walletsHome}/:number/flows.pdf`,
  opens: "partner",
  may: "partner.wallets",
  params,
  query: flowFilterQuery,
  outside: async (rq, tx) => {
    const { wallet, holder, at } = await tx(async (cx) => ({
      wallet: await own(cx, rq.params.number),
      holder: cx.principal.partnershipName,
      at: cx.now,
    }));
    const { filter } = readFlowFilter(rq.query, wallet.currency);
    return await flowPdf({ ui: rq.ui, holder, wallet, query: rq.query, at }, (before, size) =>
      tx((cx) => partnerFlows(cx, wallet, filter, { before, size })),
    );
  },
});

const why = route({
  id: "partner.wallet.flow",
  method: "GET",
  path: `${walletsHome}/:number/flows/:seq`,
  opens: "partner",
  may: "partner.wallets",
  params: z.object({
    number: numberParam,
    seq: z
      .string()
      .regex(/^[1-9]\d{0,14}$/)
      .transform(BigInt),
  }),
  handle: async (rq, cx) => {
    const { number, seq } = rq.params;
    const wallet = await own(cx, number);
    const [found, entries] = await Promise.all([
      partnerFlows(cx, wallet, {}, { before: seq + 1n, size: 1 }),
      entriesOfFlow(cx, wallet, seq),
    ]);
    const flow = found.rows[0];
    if (flow?.seq !== seq) throw notFound();
    return page(<FlowWhyPage ui={rq.ui} partner={cx.principal} facts={{ wallet, flow, entries }} />);
  },
});

// The stream stands ahead of the page of one wallet: its name would else be taken for a number.
export default [list, live, detail, flows, csv, pdf, why] as Route[];
