import type { Staff } from "#access/principal.ts";
import {
  type ListedMoney,
  type ReceivedFilter,
  receivedStates,
  writeReceivedPlace,
} from "#features/money-in/received-list.ts";
import type { Ui } from "#http/request.ts";
import type { Page } from "#kernel/paging.ts";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { FilterDate, FilterSelect, Filters } from "#web/ui/filters.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { Chip } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";

const home = "/staff/money-received";

const looks = {
  matched: { words: "Matched", tone: "ok", icon: "check" },
  unmatched: { words: "Unmatched", tone: "bad", icon: "alert-triangle" },
  returned: { words: "Returned", tone: "mute", icon: "arrow-back-up" },
} as const;

type Props = { ui: Ui; staff: Staff; found: Page<ListedMoney>; filter: ReceivedFilter };

/** What has arrived, the latest first. */
export function ReceivedPage({ ui, staff, found, filter }: Props) {
  const query = queryOf(filter);
  const filtered = Object.values(query).some((value) => value !== undefined);
  return (
    <StaffPage ui={ui} staff={staff} title="Money received" lead="Every arrival of money, however it came.">
      <Card label="Money received">
        <Filters
          t={t}
          action={home}
          search={{ value: filter.q, placeholder: "Customer, payer or reference" }}
          clear={filtered ? home : undefined}
          {...(can(staff, "payments.export") && {
            end: (
              <LinkButton small icon="download" href={withQuery(`${home}/export.csv`, query)} download>
                Export CSV
              </LinkButton>
            ),
          })}
        >
          <FilterSelect
            name="state"
            label="State"
            value={filter.state}
            all="Any state"
            options={receivedStates.map((value) => ({ value, label: looks[value].words }))}
          />
          <FilterSelect
            name="currency"
            label="Currency"
            value={filter.currency}
            all="All currencies"
            options={ui.institution.currencies.map((code) => ({ value: code, label: code }))}
          />
          <FilterDate name="from" label="From" value={query.from} />
          <FilterDate name="to" label="To" value={query.to} />
        </Filters>
        {found.rows.length === 0 ? (
          <Nothing filtered={filtered} />
        ) : (
          <Table caption="Money received, the latest first" columns={columns} rows={found.rows} />
        )}
        {(found.inFront || found.behind) && (
          <Pager
            t={t}
            shown={found.rows.length}
            newer={found.inFront ? withQuery(home, { ...query, after: writeReceivedPlace(found.rows[0]) }) : undefined}
            older={
              found.behind ? withQuery(home, { ...query, before: writeReceivedPlace(found.rows.at(-1)) }) : undefined
            }
          />
        )}
      </Card>
    </StaffPage>
  );
}

function queryOf({ from, to, ...rest }: ReceivedFilter) {
  return { ...rest, from: from?.toString(), to: to?.toString() };
}

function Nothing({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <Empty icon="filter" title="Nothing fits">
      Try other dates, or clear the filters.
    </Empty>
  ) : (
    <Empty icon="coin" title="No money has arrived yet">
      What customers pay shows here, however it comes: by card, by bank transfer or taken by hand.
    </Empty>
  );
}

const columns: readonly Column<ListedMoney>[] = [
  {
    head: "From",
    cell: (row) => (
      <>
        <From row={row} />
        <Under phoneOnly>{row.methodLabel}</Under>
      </>
    ),
  },
  { head: "Received", cell: (row) => <span class="num nowrap">{t.date(row.receivedOn)}</span> },
  { head: "How", cell: (row) => <bdi>{row.methodLabel || "–"}</bdi>, wideOnly: true },
  { head: "Reference", cell: (row) => <bdi class="num">{row.reference || "–"}</bdi>, wideOnly: true },
  { head: "State", cell: (row) => <Chip {...looks[row.state]} />, wideOnly: true },
  { head: "Amount", cell: (row) => <Amount row={row} />, end: true },
];

function From({ row }: { row: ListedMoney }) {
  if (row.partner) {
    return (
      <a href={`/staff/partnerships/${row.partner.id}`}>
        <bdi>{row.partner.name}</bdi>
      </a>
    );
  }
  if (row.customer) {
    return (
      <a href={`/staff/customers/${row.customer.id}`}>
        <bdi>{row.customer.name}</bdi>
      </a>
    );
  }
  return (
    <a href={`/staff/unmatched/${row.id}`}>
      <bdi>{row.payerName || "Nobody known yet"}</bdi>
    </a>
  );
}

function Amount({ row }: { row: ListedMoney }) {
  return (
    <>
      <Money value={row.amount} show="code" />
      {row.surcharge.minor > 0n && (
        <Under>
          and <Money value={row.surcharge} show="code" size="plain" /> surcharge
        </Under>
      )}
    </>
  );
}
