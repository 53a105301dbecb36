import type { Staff } from "#access/principal.ts";
import type { PartnershipName } from "#features/partnerships/partnership.ts";
import { transferRoutes } from "#features/tariffs/tariff.ts";
import type {
  ListedTransfer,
  StaffTransferFilter,
  StaffTransferPage,
} from "#features/transfers/staff-transfer-list.ts";
import type { Ui } from "#http/request.ts";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { routeWords } from "#web/staff/tariffs/words.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { FilterDate, FilterSelect, Filters, Tabs } from "#web/ui/filters.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import { home, statusNames, TransferStatus, WalletNumber } from "./words.tsx";

type Props = {
  ui: Ui;
  staff: Staff;
  found: StaffTransferPage;
  filter: StaffTransferFilter;
  partners: readonly PartnershipName[];
};

const tabs = [
  ["All", undefined],
  ["Needs approval", "pending_approval"],
  ["On its way", "processing"],
  ["Completed", "completed"],
  ["Failed", "failed"],
] as const;

/** Transfers of all partners, the newest first. */
export function TransferListPage({ ui, staff, found, filter, partners }: Props) {
  const query = queryOf(filter);
  const tabbed = tabs.some(([, status]) => status === filter.status);
  const { status: _status, ...rest } = query;
  const filtered = Object.values(rest).some((value) => value !== undefined) || !tabbed;
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Transfers"
      lead="What partners moved out of their wallets, and what waits for you."
      end={
        can(staff, "transfers.export") && (
          <LinkButton icon="download" href={withQuery(`${home}/export.csv`, query)} download>
            Export CSV
          </LinkButton>
        )
      }
    >
      <Card label="Transfers">
        <Tabs
          label="Which transfers"
          tabs={tabs.map(([label, status]) => {
            return { label, href: withQuery(home, { ...query, status }), current: status === filter.status };
          })}
        />
        <Narrow
          filter={filter}
          partners={partners}
          currencies={ui.institution.currencies}
          clear={filtered ? withQuery(home, { status: tabbed ? filter.status : undefined }) : undefined}
        />
        {found.rows.length === 0 ? (
          <None filtered={filtered} status={filter.status} />
        ) : (
          <Table caption="Transfers, the newest first" columns={columnsOf(ui.institution.timeZone)} rows={found.rows} />
        )}
        {(found.newer ?? found.older) !== undefined && (
          <Pager
            t={t}
            shown={found.rows.length}
            newer={found.newer && withQuery(home, { ...query, after: found.newer })}
            older={found.older && withQuery(home, { ...query, before: found.older })}
          />
        )}
      </Card>
    </StaffPage>
  );
}

function columnsOf(zone: string): readonly Column<ListedTransfer>[] {
  return [
    {
      head: "Transfer",
      cell: ({ transfer, partner }) => (
        <>
          <a class="strong num" href={`${home}/${transfer.id}`} aria-label={`${transfer.ref}, ${partner}`}>
            {transfer.ref}
          </a>
          <Under>{t.instant(transfer.createdAt, zone)}</Under>
          <Under phoneOnly>
            <bdi>{partner}</bdi>
          </Under>
          <Under phoneOnly>
            <TransferStatus transfer={transfer} />
          </Under>
        </>
      ),
    },
    { head: "Status", cell: ({ transfer }) => <TransferStatus transfer={transfer} why />, wideOnly: true },
    {
      head: "From",
      cell: ({ partner, fromNumber }) => (
        <>
          <bdi>{partner}</bdi>
          <Under>
            <WalletNumber of={fromNumber} />
          </Under>
        </>
      ),
      wideOnly: true,
    },
    {
      head: "To",
      cell: ({ transfer, toPartner }) => (
        <>
          <bdi>{toPartner ?? (transfer.toName || "Bank account")}</bdi>
          <Under>
            {transfer.route === "bank" ? <bdi>··{transfer.toNumber}</bdi> : <WalletNumber of={transfer.toNumber} />}
          </Under>
        </>
      ),
      wideOnly: true,
    },
    { head: "Fee", cell: ({ transfer }) => <Money value={transfer.fee} show="none" />, end: true, wideOnly: true },
    { head: "Amount", cell: ({ transfer }) => <Money value={transfer.amount} show="code" />, end: true },
  ];
}

type NarrowProps = Pick<Props, "filter" | "partners"> & {
  currencies: readonly string[];
  clear: string | undefined;
};

function Narrow({ filter, partners, currencies, clear }: NarrowProps) {
  const { from, to } = queryOf(filter);
  return (
    <Filters
      t={t}
      action={home}
      search={{ value: filter.q, placeholder: "Partner, reference or wallet number" }}
      clear={clear}
    >
      <FilterSelect
        name="status"
        label="Status"
        value={filter.status}
        all="Any status"
        options={Object.entries(statusNames).map(([value, label]) => ({ value, label }))}
      />
      <FilterSelect
        name="partner"
        label="From partner"
        value={filter.partner}
        all="All partners"
        options={partners.map((one) => ({ value: one.id, label: one.name }))}
      />
      <FilterSelect
        name="route"
        label="Route"
        value={filter.route}
        all="Both routes"
        options={transferRoutes.map((value) => ({ value, label: routeWords[value] }))}
      />
      <FilterDate name="from" label="From" value={from} />
      <FilterDate name="to" label="To" value={to} />
      <FilterSelect
        name="currency"
        label="Currency"
        value={filter.currency}
        all="All currencies"
        options={currencies.map((value) => ({ value, label: value }))}
      />
      <span class="field">
        <label for="q-amount">Amount</label>
        <input
          class="input short"
          type="text"
          inputmode="decimal"
          name="amount"
          id="q-amount"
          value={filter.amount ?? ""}
        />
      </span>
    </Filters>
  );
}

/** The filter as an address carries it. */
function queryOf({ status, q, partner, route, currency, from, to, amount }: StaffTransferFilter) {
  return { status, q, partner, route, currency, from: from?.toString(), to: to?.toString(), amount };
}

function None({ filtered, status }: { filtered: boolean; status: StaffTransferFilter["status"] }) {
  if (filtered) {
    return (
      <Empty icon="filter" title="No transfer fits">
        Try another status, wider dates or a whole reference, or clear the filters.
      </Empty>
    );
  }
  if (status === "pending_approval") {
    return (
      <Empty icon="circle-check" title="Nothing waits for approval">
        Transfers above the limit of their currency appear here until somebody decides.
      </Empty>
    );
  }
  return (
    <Empty icon="arrows-exchange" title={status === undefined ? "There are no transfers yet" : "None of these"}>
      They appear here as soon as a member of a partner account makes one.
    </Empty>
  );
}
