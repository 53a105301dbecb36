import type { Staff } from "#access/principal.ts";
import type { FlowPage } from "#features/wallets/flows.ts";
import type { Wallet } from "#features/wallets/wallet.ts";
import { flowsOfWallet, readWallet } from "#features/wallets/wallet-views.ts";
import { page } from "#http/answer.ts";
import type { Ui } from "#http/request.ts";
import { type Route, route } from "#http/route.ts";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { withQuery } from "#web/ui/pager.tsx";
import { flowCsv, flowPdf } from "#web/wallets/flow-files.ts";
import { FlowFilters, type FlowListProps, FlowRows } from "#web/wallets/flow-list.tsx";
import { flowFilterQuery, flowPageQuery, flowQueryText, readFlowFilter } from "#web/wallets/flow-query.ts";
import { walletParams } from "./detail.tsx";
import { flowHref } from "./detail-page.tsx";
import { home } from "./list-page.tsx";
import { walletFrame } from "./state-pages.tsx";

/** Flows on a page. */
const flowsShown = 50;

const flows = route({
  id: "staff.wallets.flows",
  method: "GET",
  path: `${home}/:id/flows`,
  opens: "staff",
  may: "wallets.read",
  params: walletParams,
  query: flowPageQuery,
  handle: async (rq, cx) => {
    const wallet = await readWallet(cx, rq.params.id);
    const { filter, unread } = readFlowFilter(rq.query, wallet.currency);
    const { before, after } = rq.query;
    const found = await flowsOfWallet(cx, wallet, filter, { before, after, size: flowsShown });
    const shown = { ui: rq.ui, staff: cx.principal, wallet, found, unread, query: rq.query };
    return page(<FlowsPage {...shown} />);
  },
});

type Props = Pick<FlowListProps, "query" | "unread"> & { ui: Ui; staff: Staff; wallet: Wallet; found: FlowPage };

/** All flows of a wallet, by the filters that its partner has too. */
function FlowsPage({ ui, staff, wallet, found, query, unread }: Props) {
  const here = `${home}/${wallet.id}/flows`;
  const text = flowQueryText(query);
  const { name: institution, timeZone } = ui.institution;
  return (
    <StaffPage
      {...walletFrame({ ui, staff, wallet })}
      title="Flows"
      lead="Every credit and debit of the wallet, with the balance behind it."
      end={
        can(staff, "wallets.export") && (
          <>
            <LinkButton icon="download" href={withQuery(`${here}.csv`, text)} download>
              Export CSV
            </LinkButton>
            <LinkButton icon="file-text" href={withQuery(`${here}.pdf`, text)} download>
              PDF
            </LinkButton>
          </>
        )
      }
    >
      <section class="card" aria-label="Flows">
        <FlowFilters t={t} home={here} query={query} institution={institution} />
        <FlowRows
          t={t}
          home={here}
          query={query}
          unread={unread}
          currency={wallet.currency}
          institution={institution}
          zone={timeZone}
          found={found}
          hrefOf={flowHref}
        />
      </section>
    </StaffPage>
  );
}

const csv = route({
  id: "staff.wallets.flows-csv",
  method: "GET",
  path: `${home}/:id/flows.csv`,
  opens: "staff",
  may: "wallets.export",
  params: walletParams,
  query: flowFilterQuery,
  outside: async (rq, tx) => {
    const wallet = await tx((cx) => readWallet(cx, rq.params.id));
    const { filter } = readFlowFilter(rq.query, wallet.currency);
    return await flowCsv(wallet.number, rq.ui.institution.timeZone, (before, size) =>
      tx((cx) => flowsOfWallet(cx, wallet, filter, { before, size })),
    );
  },
});

const pdf = route({
  id: "staff.wallets.flows-pdf",
  method: "GET",
  path: `${home}/:id/flows.pdf`,
  opens: "staff",
  may: "wallets.export",
  params: walletParams,
  query: flowFilterQuery,
  outside: async (rq, tx) => {
    const { wallet, at } = await tx(async (cx) => ({ wallet: await readWallet(cx, rq.params.id), at: cx.now }));
    const { filter } = readFlowFilter(rq.query, wallet.currency);
    return await flowPdf({ ui: rq.ui, holder: wallet.holder, wallet, query: rq.query, at }, (before, size) =>
      tx((cx) => flowsOfWallet(cx, wallet, filter, { before, size })),
    );
  },
});

export default [flows, csv, pdf] as Route[];
