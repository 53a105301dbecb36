import { allows } from "#access/permissions.ts";
import type { Partner } from "#access/principal.ts";
import type { PartnerTransfer, PartnerTransferPage, TransferPlace } from "#features/transfers/partner-transfer.ts";
import type { OwnWallet } from "#features/transfers/quote.ts";
import { transferStates } from "#features/transfers/transfer.ts";
import { examined } from "#features/transfers/transfer-list-partner-view.ts";
import type { Ui } from "#http/request.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import { drawParts, LiveConnection, LivePart, type LiveParts } from "#web/partner/live.tsx";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { FilterDate, FilterSelect, Filters, Tabs } from "#web/ui/filters.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { Status, statusWord } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import { destinationWords, liveHref, transferHref, transfersHome, walletWords } from "./words.ts";

/** The filter as addresses carry it. */
export type TransferQuery = {
  readonly [K in "status" | "wallet" | "route" | "with" | "from" | "to" | "amount" | "q"]?: string | undefined;
};

/** Everything that the list of transfers shows, for the page and for its stream. */
export type TransferListFacts = {
  readonly query: TransferQuery;
  readonly place: TransferPlace;
  readonly found: PartnerTransferPage;
  readonly wallets: readonly OwnWallet[];
};

/** The parts that update themselves: what is typed into the filters stays out of it. */
export function transferListParts(t: T, ui: Ui, facts: TransferListFacts): LiveParts {
  return drawParts({
    "live-rows": <TransferRows t={t} ui={ui} facts={facts} />,
    "live-said": <Said t={t} transfer={facts.found.rows[0]} />,
  });
}

/** Transfers of the partner's own, the latest first. */
export function TransferListPage({ ui, partner, facts }: { ui: Ui; partner: Partner; facts: TransferListFacts }) {
  const t = translator(ui.locale);
  const { query, place, wallets } = facts;
  const parts = transferListParts(t, ui, facts);
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      title={t("transfers.title")}
      lead={t("transfers.lead")}
      end={
        <>
          <LinkButton icon="download" href={withQuery(`${transfersHome}.csv`, query)} download>
            {t("list.downloadCsv")}
          </LinkButton>
          {allows("partner.transfer", "partner", partner.role, partner.rights) && (
            <LinkButton kind="primary" icon="send" href={`${transfersHome}/new`}>
              {t("transfers.new")}
            </LinkButton>
          )}
        </>
      }
    >
      <section class="card" aria-label={t("transfers.title")}>
        <TransferFilters t={t} query={query} wallets={wallets} />
        <LivePart of={parts} id="live-rows" as="scroll" />
      </section>
      <p class="vh" id="live-said" role="status" />
      <LiveConnection parts={parts} stream={liveHref} query={{ ...query, ...place }} />
    </PartnerPage>
  );
}

type FiltersProps = { t: T; query: TransferQuery; wallets: readonly OwnWallet[] };

function TransferFilters({ t, query, wallets }: FiltersProps) {
  const { status, ...rest } = query;
  const isFiltered = Object.values(rest).some((value) => value !== undefined);
  return (
    <>
      <Tabs
        label={t("transfers.which")}
        tabs={[undefined, ...transferStates].map((state) => ({
          label: state === undefined ? t("list.all") : statusWord(t, "transfer", state),
          href: withQuery(transfersHome, { ...query, status: state }),
          current: status === state,
        }))}
      />
      <Filters
        t={t}
        action={transfersHome}
        search={{ value: query.q, placeholder: t("transfers.search") }}
        keep={{ status }}
        clear={isFiltered ? withQuery(transfersHome, { status }) : undefined}
      >
        <FilterDate name="from" label={t("list.from")} value={query.from} />
        <FilterDate name="to" label={t("list.to")} value={query.to} />
        {wallets.length > 1 && (
          <FilterSelect
            name="wallet"
            label={t("transfers.wallet")}
            value={query.wallet}
            all={t("transfers.allWallets")}
            options={wallets.map((wallet) => ({ value: wallet.number, label: walletWords(t, wallet) }))}
          />
        )}
        <FilterSelect
          name="route"
          label={t("transfers.route")}
          value={query.route}
          all={t("transfers.allRoutes")}
          options={[
            { value: "wallet", label: t("transfers.routeWallet") },
            { value: "bank", label: t("transfers.routeBank") },
          ]}
        />
        <FilterText name="with" label={t("transfers.with")} value={query.with} inputmode="numeric" />
        <FilterText name="amount" label={t("transfers.amountIs")} value={query.amount} inputmode="decimal" />
      </Filters>
    </>
  );
}

type FilterTextProps = { name: string; label: string; value: string | undefined; inputmode: "numeric" | "decimal" };

function FilterText({ name, label, value, inputmode }: FilterTextProps) {
  return (
    <span class="field">
      <label for={`q-${name}`}>{label}</label>
      <input
        class="input"
        type="text"
        name={name}
        id={`q-${name}`}
        value={value ?? ""}
        inputmode={inputmode}
        dir="ltr"
      />
    </span>
  );
}

function TransferRows({ t, ui, facts }: { t: T; ui: Ui; facts: TransferListFacts }) {
  const { found, query, place, wallets } = facts;
  const isFiltered = Object.values(query).some((value) => value !== undefined);
  const up = place.after !== undefined && place.before === undefined;
  const words = found.isCut
    ? {
        newer: up ? t("transfers.furtherUp") : t("list.newer"),
        older: up ? t("list.older") : t("transfers.further"),
      }
    : undefined;
  return (
    <>
      {found.rows.length === 0 ? (
        <Nothing t={t} isCut={found.isCut} isFiltered={isFiltered || place.before !== undefined || up} />
      ) : (
        <Table caption={t("transfers.caption")} columns={columnsOf(t, ui, wallets)} rows={found.rows} />
      )}
      {(found.newer ?? found.older) !== undefined && (
        <Pager
          t={t}
          shown={found.rows.length}
          newer={found.newer && withQuery(transfersHome, { ...query, after: found.newer })}
          older={found.older && withQuery(transfersHome, { ...query, before: found.older })}
          {...(words && { words })}
        />
      )}
    </>
  );
}

function Nothing({ t, isCut, isFiltered }: { t: T; isCut: boolean; isFiltered: boolean }) {
  if (isCut) {
    return (
      <Empty icon="filter" title={t("transfers.noneYet")}>
        {t("transfers.noneYetText", { count: t.number(examined) })}
      </Empty>
    );
  }
  return isFiltered ? (
    <Empty icon="filter" title={t("transfers.noFit")}>
      {t("transfers.noFitText")}
    </Empty>
  ) : (
    <Empty icon="send" title={t("transfers.empty")}>
      {t("transfers.emptyText")}
    </Empty>
  );
}

function columnsOf(t: T, ui: Ui, wallets: readonly OwnWallet[]): readonly Column<PartnerTransfer>[] {
  const own = new Map(wallets.map((one) => [one.id, one]));
  const when = (one: PartnerTransfer) => t.instant(one.createdAt, ui.institution.timeZone, "medium");
  return [
    {
      head: t("transfers.when"),
      cell: (one) => (
        <>
          <a class="num nowrap" href={transferHref(one)}>
            {when(one)}
          </a>
          <Under>
            <bdi class="num">{one.ref}</bdi>
          </Under>
          <Under phoneOnly>
            <Status of="transfer" state={one.state} t={t} />
          </Under>
        </>
      ),
    },
    {
      head: t("transfers.status"),
      cell: ({ state }) => <Status of="transfer" state={state} t={t} />,
      wideOnly: true,
    },
    { head: t("transfers.from"), cell: (one) => <bdi>{walletWords(t, own.get(one.wallet))}</bdi>, wideOnly: true },
    {
      head: t("transfers.to"),
      cell: (one) => (
        <>
          <bdi class="num nowrap">{destinationWords(one)}</bdi>
          {one.route === "wallet" && (
            <Under>
              <bdi>{one.toName}</bdi>
            </Under>
          )}
        </>
      ),
      wideOnly: true,
    },
    { head: t("transfers.reference"), cell: ({ reference }) => <bdi class="dim">{reference}</bdi>, wideOnly: true },
    {
      head: t("transfers.fee"),
      cell: ({ fee }) => (
        <span class="dim">
          {fee.minor === 0n ? "–" : <Money value={fee} show="none" size="plain" locale={t.locale} />}
        </span>
      ),
      end: true,
      wideOnly: true,
    },
    {
      head: t("transfers.amount"),
      cell: ({ amount }) => <Money value={amount} show="code" locale={t.locale} />,
      end: true,
    },
  ];
}

/** What a screen reader hears when the rows have changed; it is empty when the page opens. */
function Said({ t, transfer }: { t: T; transfer: PartnerTransfer | undefined }) {
  if (!transfer) return <span />;
  const { ref, amount, state } = transfer;
  return (
    <span>
      {t("transfers.said", { ref, amount: t.money(amount, "code"), status: statusWord(t, "transfer", state) })}
    </span>
  );
}
