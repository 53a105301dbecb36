import type { Staff } from "#access/principal.ts";
import { tariffStandings, transferRoutes } from "#features/tariffs/tariff.ts";
import type { ListedTariff, TariffFilter, TariffPage } from "#features/tariffs/tariff-list.ts";
import type { Ui } from "#http/request.ts";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { FilterSelect, Filters, Tabs } from "#web/ui/filters.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import { purposeChoices } from "./tariff-text.ts";
import { daysOf, kindWords, nameOf, priceLines, routeWords, Standing, standingWord } from "./words.tsx";

const home = "/staff/tariffs";

type Props = { ui: Ui; staff: Staff; found: TariffPage; filter: TariffFilter };

/** What transfers cost, the tariff that begins last on top. */
export function TariffListPage({ ui, staff, found, filter }: Props) {
  const { status, ...rest } = filter;
  const narrowed = Object.values(rest).some((value) => value !== undefined);
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Tariffs"
      lead="What partners pay for transfers out of their wallets. They see the fee of their own transfer, nothing else."
      end={<Buttons staff={staff} filter={filter} />}
    >
      <Card label="Tariffs">
        <Tabs
          label="Which tariffs"
          tabs={[undefined, ...tariffStandings].map((one) => ({
            label: one === undefined ? "All" : standingWord(one),
            href: withQuery(home, { ...rest, status: one }),
            current: one === status,
          }))}
        />
        <Filters t={t} action={home} keep={{ status }} clear={narrowed ? withQuery(home, { status }) : undefined}>
          <FilterSelect
            name="currency"
            label="Currency"
            value={filter.currency}
            all="All currencies"
            options={ui.institution.currencies.map((value) => ({ value, label: value }))}
          />
          <FilterSelect
            name="route"
            label="Route"
            value={filter.route}
            all="Both routes"
            options={transferRoutes.map((value) => ({ value, label: routeWords[value] }))}
          />
          <FilterSelect
            name="purpose"
            label="Kind of wallet"
            value={filter.purpose}
            all="Every tariff"
            options={purposeChoices.map((value) => ({ value, label: kindWords(value === "any" ? "" : value) }))}
          />
        </Filters>
        {found.rows.length === 0 ? (
          <None filtered={narrowed || status !== undefined} />
        ) : (
          <Table caption="Tariffs, the one that begins last first" columns={columns} rows={found.rows} />
        )}
        {(found.newer ?? found.older) !== undefined && (
          <Pager
            t={t}
            shown={found.rows.length}
            newer={found.newer && withQuery(home, { ...filter, after: found.newer })}
            older={found.older && withQuery(home, { ...filter, before: found.older })}
            words={{ newer: "Later", older: "Earlier" }}
          />
        )}
      </Card>
    </StaffPage>
  );
}

const columns: readonly Column<ListedTariff>[] = [
  {
    head: "Transfers",
    cell: ({ tariff }) => (
      <>
        <a class="strong" href={`${home}/${tariff.id}`} aria-label={`${nameOf(tariff)}, ${daysOf(tariff)}`}>
          {routeWords[tariff.route]}, {tariff.currency}
        </a>
        <Under>{kindWords(tariff.purpose)}</Under>
        <Under phoneOnly>{daysOf(tariff)}</Under>
      </>
    ),
  },
  { head: "Counts", cell: ({ tariff }) => <span class="num nowrap">{daysOf(tariff)}</span>, wideOnly: true },
  {
    head: "Cost",
    cell: ({ tariff }) =>
      priceLines(tariff).map((line, index) => (index === 0 ? <bdi class="num">{line}</bdi> : <Under>{line}</Under>)),
  },
  { head: "Stands", cell: ({ stands }) => <Standing stands={stands} /> },
];

function Buttons({ staff, filter }: Pick<Props, "staff" | "filter">) {
  return (
    <>
      {can(staff, "tariffs.write") && (
        <LinkButton kind="primary" href={`${home}/new`} icon="plus">
          Set a tariff
        </LinkButton>
      )}
      <LinkButton icon="download" href={withQuery(`${home}/export.csv`, filter)} download>
        Export CSV
      </LinkButton>
    </>
  );
}

function None({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <Empty icon="filter" title="No tariff fits">
        Choose another currency, route or kind of wallet, or clear the filters.
      </Empty>
    );
  }
  return (
    <Empty icon="percentage" title="There are no tariffs yet">
      Until you set one, transfers cost nothing.
    </Empty>
  );
}
