import type { Partner } from "#access/principal.ts";
import type { FlowPage } from "#features/wallets/flows.ts";
import type { PartnerWallet } from "#features/wallets/wallet-partner-view.ts";
import type { Ui } from "#http/request.ts";
import { translator } from "#platform/i18n/messages.ts";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import type { Problems } from "#web/ui/form.tsx";
import { withQuery } from "#web/ui/pager.tsx";
import { FlowFilters, type FlowListProps, FlowRows } from "#web/wallets/flow-list.tsx";
import { flowQueryText } from "#web/wallets/flow-query.ts";
import { walletHref, walletName, walletsHome } from "./words.ts";

export type FlowsFacts = Pick<FlowListProps, "query" | "unread"> & {
  readonly wallet: PartnerWallet;
  readonly found: FlowPage;
};

type Props = { ui: Ui; partner: Partner; facts: FlowsFacts; problems?: Problems };

/** All flows of a wallet, by the filters. */
export function FlowsPage({ ui, partner, facts: { wallet, found, query, unread }, problems }: Props) {
  const t = translator(ui.locale);
  const { name: institution, timeZone } = ui.institution;
  const home = `${walletHref(wallet)}/flows`;
  const text = flowQueryText(query);
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      title={t("flows.title")}
      lead={t("flows.lead")}
      problems={problems}
      crumbs={[
        { href: walletsHome, label: t("wallets.title") },
        { href: walletHref(wallet), label: walletName(t, wallet) },
      ]}
      end={
        <>
          <LinkButton icon="download" href={withQuery(`${home}.csv`, text)} download>
            {t("flows.csv")}
          </LinkButton>
          <LinkButton icon="file-text" href={withQuery(`${home}.pdf`, text)} download>
            {t("flows.pdf")}
          </LinkButton>
        </>
      }
    >
      <section class="card" aria-label={t("flows.title")}>
        <FlowFilters t={t} home={home} query={query} institution={institution} />
        <FlowRows
          t={t}
          home={home}
          query={query}
          unread={unread}
          currency={wallet.currency}
          institution={institution}
          zone={timeZone}
          found={found}
          hrefOf={({ seq }) => `${home}/${seq}`}
        />
      </section>
    </PartnerPage>
  );
}
