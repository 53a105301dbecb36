import type { Partner } from "#access/principal.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import type { PartnerWallet } from "#features/wallets/wallet-partner-view.ts";
import type { Ui } from "#http/request.ts";
import type { Money as Amount } from "#kernel/money.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import { drawParts, LiveConnection, LivePart, type LiveParts } from "#web/partner/live.tsx";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card, Sum } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Status } from "#web/ui/status.tsx";
import { liveHref, walletHref, walletName } from "./words.ts";

/** What updates itself on the page of all wallets. */
export function walletListParts(t: T, ui: Ui, wallets: readonly PartnerWallet[]): LiveParts {
  return drawParts({ "live-wallets": <Cards t={t} ui={ui} wallets={wallets} /> });
}

/** All wallets of a partner, a card each. */
export function WalletListPage({
  ui,
  partner,
  wallets,
}: {
  ui: Ui;
  partner: Partner;
  wallets: readonly PartnerWallet[];
}) {
  const t = translator(ui.locale);
  const parts = walletListParts(t, ui, wallets);
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      title={t("wallets.title")}
      lead={t("wallets.lead", { institution: ui.institution.name })}
    >
      <LiveConnection parts={parts} stream={liveHref} query={{}} />
      <LivePart of={parts} id="live-wallets" />
    </PartnerPage>
  );
}

function Cards({ t, ui, wallets }: { t: T; ui: Ui; wallets: readonly PartnerWallet[] }) {
  const { name: institution, contactEmail } = ui.institution;
  if (wallets.length === 0) {
    const ask = <LinkButton href={`mailto:${contactEmail}`}>{t("wallets.ask", { institution })}</LinkButton>;
    return (
      <Card label={t("wallets.title")}>
        <Empty icon="wallet" title={t("wallets.empty")} {...(contactEmail !== "" && { action: ask })}>
          {t("wallets.emptyText", { institution })}
        </Empty>
      </Card>
    );
  }
  return (
    <div class="wallets">
      {wallets.map((wallet) => (
        <WalletCard t={t} wallet={wallet} />
      ))}
    </div>
  );
}

function WalletCard({ t, wallet }: { t: T; wallet: PartnerWallet }) {
  const amount = (value: Amount) => <Money value={value} show="none" size="plain" locale={t.locale} />;
  return (
    <Card
      title={t(`wallet.purpose.${wallet.purpose}`)}
      end={<Status of="wallet" state={wallet.state} t={t} />}
      pad
      oneOfMany
    >
      <p class="num">
        <a href={walletHref(wallet)}>
          <bdi>{formatWalletNumber(wallet.number)}</bdi>
          <span class="vh"> {t("wallet.title", { purpose: t(`wallet.purpose.${wallet.purpose}`) })}</span>
        </a>
      </p>
      <p class="wallet-sum">
        <span class="dim sm">{t("wallets.available")}</span>
        <Money value={wallet.available} show="code" locale={t.locale} />
      </p>
      <Sum
        lines={[
          { label: t("wallets.pending"), value: amount(wallet.pending) },
          { label: t("wallets.total"), value: amount(wallet.total), total: true },
        ]}
      />
      <p class="mt-s">
        <LinkButton href={`${walletHref(wallet)}/flows`} small>
          {t("wallet.allFlows")}
          <span class="vh"> {walletName(t, wallet)}</span>
        </LinkButton>
      </p>
    </Card>
  );
}
