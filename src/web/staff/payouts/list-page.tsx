import type { Staff } from "#access/principal.ts";
import type { PartnershipName } from "#features/partnerships/partnership.ts";
import { payoutNumber } from "#features/payouts/payout.ts";
import type { ListedPayout, PayoutFilter, PayoutPage } from "#features/payouts/payout-list.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import type { Ui } from "#http/request.ts";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { FilterDate, FilterSelect, Filters, Tabs } from "#web/ui/filters.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import { PayoutStatus } from "./words.tsx";

const home = "/staff/payouts";

type Props = {
  ui: Ui;
  staff: Staff;
  found: PayoutPage;
  filter: PayoutFilter;
  partners: readonly PartnershipName[];
};

const tabs = [
  ["All", undefined],
  ["Needs attention", "attention"],
  ["In review", "in_review"],
  ["Scheduled", "scheduled"],
  ["On the way", "under_way"],
  ["Paid", "paid"],
] as const;

const statusNames = {
  due: "Still due",
  attention: "Needs attention",
  scheduled: "Scheduled",
  in_review: "In review",
  on_hold: "On hold",
  under_way: "On the way",
  processing: "Processing",
  sent: "Sent",
  paid: "Paid",
  failed: "Failed",
  returned: "Returned",
  cancelled: "Cancelled",
} as const satisfies Record<NonNullable<PayoutFilter["status"]>, string>;

const done = { approved: "The payouts were approved, and are on their way.", none: "No payout was approved." };

/** Payouts, the latest day first. */
export function PayoutListPage({ ui, staff, found, filter, partners }: Props) {
  const query = queryOf(filter);
  const tabbed = tabs.some(([, status]) => status === filter.status);
  const { status: _status, ...rest } = query;
  const filtered = Object.values(rest).some((value) => value !== undefined) || !tabbed;
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Payouts"
      lead="What partners have earned, and when it reaches their bank or wallet."
      done={done}
      end={<Buttons staff={staff} query={query} />}
    >
      <Card label="Payouts">
        <Tabs
          label="Which payouts"
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
          <NoPayouts filtered={filtered || filter.status !== undefined} />
        ) : (
          <Table caption="Payouts, the latest day first" columns={columns} rows={found.rows} />
        )}
        {(found.newer ?? found.older) !== undefined && (
          <Pager
            t={t}
            shown={found.rows.length}
            newer={found.newer && withQuery(home, { ...query, after: found.newer })}
            older={found.older && withQuery(home, { ...query, before: found.older })}
            words={{ newer: "Later", older: "Earlier" }}
          />
        )}
      </Card>
    </StaffPage>
  );
}

const columns: readonly Column<ListedPayout>[] = [
  {
    head: "Payout",
    cell: ({ payout }) => (
      <>
        <a class="strong num" href={`${home}/${payout.id}`} aria-label={nameOf(payout)}>
          {payoutNumber(payout.number)}
        </a>
        <Under>
          <bdi>{payout.partnershipName}</bdi>
        </Under>
      </>
    ),
  },
  { head: "Day", cell: ({ payout }) => <span class="num nowrap">{t.date(payout.scheduledFor)}</span>, wideOnly: true },
  { head: "Status", cell: ({ payout }) => <PayoutStatus payout={payout} /> },
  {
    head: "To",
    cell: (row) => <To {...row} />,
    wideOnly: true,
  },
  { head: "Payments", cell: ({ payout }) => <span class="num">{payout.payments}</span>, end: true, wideOnly: true },
  { head: "Tax", cell: ({ payout }) => <Money value={payout.tax} show="none" />, end: true, wideOnly: true },
  { head: "Amount", cell: ({ payout }) => <Money value={payout.total} show="code" />, end: true },
];

function To({ account, wallet }: Pick<ListedPayout, "account" | "wallet">) {
  if (wallet !== undefined) return <bdi class="num nowrap">{`Wallet ${formatWalletNumber(wallet)}`}</bdi>;
  if (account === undefined) return <span class="dim">–</span>;
  return (
    <bdi>
      {account.bank} ··{account.last4}
    </bdi>
  );
}

function nameOf({ number, partnershipName }: ListedPayout["payout"]): string {
  return `${payoutNumber(number)}, ${partnershipName}`;
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
      search={{ value: filter.q, placeholder: "Partner or payout number" }}
      keep={{}}
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
        label="Partner"
        value={filter.partner}
        all="All partners"
        options={partners.map((one) => ({ value: one.id, label: one.name }))}
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
    </Filters>
  );
}

function Buttons({ staff, query }: { staff: Staff; query: ReturnType<typeof queryOf> }) {
  return (
    <>
      {can(staff, "payouts.approve") && (
        <LinkButton kind="primary" href={`${home}/approvals`} icon="checklist">
          Approve payouts
        </LinkButton>
      )}
      {can(staff, "payouts.export") && (
        <LinkButton icon="download" href={withQuery(`${home}/export.csv`, query)} download>
          Export CSV
        </LinkButton>
      )}
      {can(staff, "payouts.settings") && (
        <LinkButton icon="settings" href="/staff/settings/payouts">
          Settings
        </LinkButton>
      )}
    </>
  );
}

/** The filter as an address carries it. */
function queryOf(filter: PayoutFilter) {
  const { status, q, from, to, currency, partner } = filter;
  return { status, q, from: from?.toString(), to: to?.toString(), currency, partner };
}

function NoPayouts({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <Empty icon="filter" title="No payout fits">
        Try another status or wider dates, or clear the filters.
      </Empty>
    );
  }
  return (
    <Empty icon="send" title="There are no payouts yet">
      As soon as a customer has paid a payment with a partner's share in full, it stands here in the partner's next
      payout.
    </Empty>
  );
}
