import { allows } from "#access/permissions.ts";
import type { Partner } from "#access/principal.ts";
import type { BalanceSeries } from "#features/wallets/balance-series.ts";
import type { FlowPage } from "#features/wallets/flows.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import type { PartnerWallet, PendingItem } from "#features/wallets/wallet-partner-view.ts";
import type { Ui } from "#http/request.ts";
import { dateIn } from "#kernel/time.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import { drawParts, LiveConnection, LivePart, type LiveParts } from "#web/partner/live.tsx";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card, Facts, Figures } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty, Notice } from "#web/ui/notice.tsx";
import { withQuery } from "#web/ui/pager.tsx";
import { Status } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import { BalanceChart } from "#web/wallets/balance-chart.tsx";
import { counterpartyWords, FlowTable } from "#web/wallets/flow-list.tsx";
import { liveHref, walletHref, walletName, walletsHome } from "./words.ts";

export type WalletFacts = {
  readonly wallet: PartnerWallet;
  readonly pending: readonly PendingItem[];
  readonly series: BalanceSeries;
  /** The newest flows. */
  readonly newest: FlowPage;
};

type Around = { t: T; ui: Ui; facts: WalletFacts };

/** What updates itself on the page of one wallet. */
export function walletParts(t: T, ui: Ui, facts: WalletFacts): LiveParts {
  const around = { t, ui, facts };
  const { wallet, series } = facts;
  return drawParts({
    "live-state": <Standing {...around} />,
    "live-pending": <Pending {...around} />,
    "live-chart": <BalanceChart t={t} series={series} hrefOf={(span) => withQuery(walletHref(wallet), { span })} />,
    "live-newest": <Newest {...around} />,
    "live-said": <span>{t("wallet.said", { amount: t.money(wallet.available, "code") })}</span>,
  });
}

/** One wallet: what is in it, what is on its way and why, how it went, what moved last, and how it is set up. */
export function WalletPage({ ui, partner, facts }: { ui: Ui; partner: Partner; facts: WalletFacts }) {
  const t = translator(ui.locale);
  const { wallet, series } = facts;
  const parts = walletParts(t, ui, facts);
  const sends = wallet.state === "active" && allows("partner.transfer", "partner", partner.role, partner.rights);
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      title={walletName(t, wallet)}
      crumbs={[{ href: walletsHome, label: t("wallets.title") }]}
      end={
        sends && (
          <LinkButton kind="primary" icon="send" href={withQuery("/partner/transfers/new", { wallet: wallet.number })}>
            {t("wallet.transfer")}
          </LinkButton>
        )
      }
    >
      <LiveConnection parts={parts} stream={liveHref} query={{ number: wallet.number, span: series.span }} />
      <LivePart of={parts} id="live-state" />
      <div class="two">
        <div class="stack">
          <LivePart of={parts} id="live-chart" />
          <LivePart of={parts} id="live-newest" />
        </div>
        <div class="stack">
          <LivePart of={parts} id="live-pending" />
          <Configuration t={t} ui={ui} facts={facts} />
        </div>
      </div>
      <p class="vh" id="live-said" role="status" />
    </PartnerPage>
  );
}

/** Where it stands, with the reason, and the three balances. */
function Standing({ t, ui, facts: { wallet } }: Around) {
  const { name: institution } = ui.institution;
  const money = (value: PartnerWallet["total"]) => <Money value={value} show="code" locale={t.locale} />;
  const why = wallet.stateWhy === "" ? null : <p>{t("wallet.reason", { reason: wallet.stateWhy })}</p>;
  return (
    <>
      {wallet.state === "frozen" && (
        <Notice tone="warn" title={t("wallet.frozen")}>
          <p>{t("wallet.frozenText", { institution })}</p>
          {why}
        </Notice>
      )}
      {wallet.state === "closed" && (
        <Notice title={t("wallet.closedTitle")}>
          <p>{t("wallet.closedText")}</p>
          {why}
        </Notice>
      )}
      <Figures
        label={t("wallet.balances")}
        figures={[
          { label: t("wallets.available"), value: money(wallet.available) },
          { label: t("wallets.pending"), value: money(wallet.pending) },
          { label: t("wallets.total"), value: money(wallet.total), note: t("wallet.balanceSum") },
        ]}
      />
    </>
  );
}

function Pending({ t, ui, facts: { pending } }: Around) {
  const { name: institution, timeZone } = ui.institution;
  const columns: Column<PendingItem>[] = [
    {
      head: t("wallet.pendingWhy"),
      cell: (item) => (
        <>
          {item.transferRef === undefined ? (
            t("wallet.pendingOther")
          ) : (
            <a href={`/partner/transfers/${item.transferRef}`}>
              {item.waitsForApproval ? t("wallet.pendingApproval", { institution }) : t("wallet.pendingBank")}
            </a>
          )}
          <Under>
            <bdi>{t("wallet.pendingTo", { who: counterpartyWords(t, item, institution) })}</bdi>
          </Under>
          <Under>
            <span class="num">{t.instant(item.at, timeZone)}</span>
          </Under>
        </>
      ),
    },
    {
      head: t("flows.amount"),
      cell: (item) => (
        <>
          <Money value={item.amount} show="code" locale={t.locale} />
          {item.fee.minor > 0n && <Under>{t("wallet.pendingFee", { fee: t.money(item.fee, "none") })}</Under>}
        </>
      ),
      end: true,
    },
  ];
  return (
    <Card title={t("wallet.pendingTitle")} pad={pending.length === 0}>
      {pending.length === 0 ? (
        <p class="dim">{t("wallet.pendingNone")}</p>
      ) : (
        <Table caption={t("wallet.pendingTitle")} columns={columns} rows={pending} />
      )}
      {pending.length >= 50 && <p class="dim sm pad-x">{t("wallet.pendingMore")}</p>}
    </Card>
  );
}

function Newest({ t, ui, facts: { wallet, newest } }: Around) {
  const home = `${walletHref(wallet)}/flows`;
  return (
    <Card
      title={t("wallet.newest")}
      {...(newest.rows.length > 0 && { end: <a href={home}>{t("wallet.allFlows")}</a> })}
    >
      {newest.rows.length === 0 ? (
        <Empty icon="arrows-exchange" title={t("wallet.noFlows")}>
          {t("wallet.noFlowsText")}
        </Empty>
      ) : (
        <FlowTable
          t={t}
          short
          rows={newest.rows}
          zone={ui.institution.timeZone}
          institution={ui.institution.name}
          hrefOf={({ seq }) => `${home}/${seq}`}
        />
      )}
    </Card>
  );
}

function Configuration({ t, ui, facts: { wallet } }: Around) {
  const { timeZone, name: institution } = ui.institution;
  const { currency } = wallet;
  const since = wallet.stateAt && t("wallet.since", { date: t.date(dateIn(timeZone, wallet.stateAt)) });
  return (
    <Card title={t("wallet.details")}>
      <Facts
        facts={[
          [t("wallet.number"), <bdi class="num">{formatWalletNumber(wallet.number)}</bdi>],
          [t("wallet.currency"), currency],
          [t("wallet.purpose"), t(`wallet.purpose.${wallet.purpose}`)],
          [
            t("wallet.status"),
            <>
              <Status of="wallet" state={wallet.state} t={t} />
              {since !== undefined && <Under>{since}</Under>}
            </>,
          ],
          [
            t("wallet.takesPayouts"),
            t(wallet.takesPayouts ? "wallet.takesPayoutsYes" : "wallet.takesPayoutsNo", { currency }),
          ],
          [t("wallet.opened"), t.date(dateIn(timeZone, wallet.openedAt))],
        ]}
      />
      <p class="dim sm pad-x">{t("wallet.configured", { institution })}</p>
    </Card>
  );
}
