import type { Staff } from "#access/principal.ts";
import { type DefaultShare, kindWords, partnershipKinds } from "#features/partnerships/partnership.ts";
import type { ListedPartnership, PartnershipFilter } from "#features/partnerships/partnership-list.ts";
import type { Ui } from "#http/request.ts";
import type { Page } from "#kernel/paging.ts";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { FilterSelect, Filters, Tabs } from "#web/ui/filters.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { Chip } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";

const home = "/staff/partnerships";

type Props = { ui: Ui; staff: Staff; found: Page<ListedPartnership>; filter: PartnershipFilter };

/** Partnerships by name. */
export function PartnershipListPage({ ui, staff, found, filter }: Props) {
  const { only, ...rest } = filter;
  const filtered = Object.values(rest).some((value) => value !== undefined);
  const tab = (label: string, value: PartnershipFilter["only"]) => ({
    label,
    href: withQuery(home, { ...rest, only: value }),
    current: only === value,
  });
  const place = (name: "before" | "after", row: ListedPartnership | undefined) =>
    withQuery(home, { ...filter, [name]: row?.partnership.id });
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Partnerships"
      lead="Who brings customers and earns a share of what they pay."
      {...(can(staff, "partnerships.write") && { end: <AddPartner /> })}
    >
      <Card label="Partnerships">
        <Tabs
          label="Which partnerships"
          tabs={[
            tab("All", undefined),
            tab("Without a contact", "no-contact"),
            tab("Without bank details", "no-bank"),
            tab("Payouts paused", "paused"),
          ]}
        />
        <Filters
          t={t}
          action={home}
          search={{ value: filter.q, placeholder: "Name, reference or contact" }}
          keep={{ only }}
          clear={filtered ? withQuery(home, { only }) : undefined}
          {...(can(staff, "partnerships.export") && {
            end: (
              <LinkButton small icon="download" href={withQuery(`${home}/export.csv`, filter)} download>
                Export CSV
              </LinkButton>
            ),
          })}
        >
          <FilterSelect
            name="kind"
            label="Kind"
            value={filter.kind}
            all="All kinds"
            options={partnershipKinds.map((value) => ({ value, label: kindWords[value] }))}
          />
        </Filters>
        {found.rows.length === 0 ? (
          <NoPartnerships filtered={filtered || only !== undefined} staff={staff} />
        ) : (
          <Table caption="Partnerships, by name" columns={columns} rows={found.rows} />
        )}
        {(found.inFront || found.behind) && (
          <Pager
            t={t}
            shown={found.rows.length}
            newer={found.inFront ? place("before", found.rows[0]) : undefined}
            older={found.behind ? place("after", found.rows.at(-1)) : undefined}
            words={{ newer: "Previous", older: "Next" }}
          />
        )}
      </Card>
    </StaffPage>
  );
}

function AddPartner() {
  return (
    <LinkButton kind="primary" href={`${home}/new`} icon="plus">
      Add a partner
    </LinkButton>
  );
}

function NoPartnerships({ filtered, staff }: { filtered: boolean; staff: Staff }) {
  if (filtered) {
    return (
      <Empty icon="filter" title="No partnership fits">
        Try fewer words, or clear the filters.
      </Empty>
    );
  }
  return (
    <Empty
      icon="building"
      title="There are no partnerships yet"
      {...(can(staff, "imports.run") && {
        action: (
          <LinkButton href="/staff/imports/new?kind=partnerships" icon="table-import">
            Import a file
          </LinkButton>
        ),
      })}
    >
      Add one by hand, or import them with a CSV file of partnerships, and their contacts with a second one.
    </Empty>
  );
}

const columns: readonly Column<ListedPartnership>[] = [
  {
    head: "Name",
    cell: ({ partnership }) => (
      <>
        <a href={`${home}/${partnership.id}`}>
          <bdi>{partnership.name}</bdi>
        </a>
        {partnership.externalId !== undefined && <Under>{partnership.externalId}</Under>}
        {partnership.payoutsPaused && (
          <Under>
            <Chip tone="warn" icon="player-pause" words="Payouts paused" />
          </Under>
        )}
      </>
    ),
  },
  { head: "Kind", cell: ({ partnership }) => kindWords[partnership.kind] },
  { head: "Currency", cell: ({ partnership }) => partnership.currency, wideOnly: true },
  {
    head: "Agreed share",
    cell: ({ partnership }) => <ShareOf share={partnership.defaultShare} />,
    end: true,
    wideOnly: true,
  },
  { head: "Bank accounts", cell: (row) => <Accounts codes={row.accounts} />, wideOnly: true },
  { head: "Contacts", cell: (row) => <Contacts count={row.contacts} />, end: true },
  { head: "Customers", cell: (row) => <span class="num">{t.number(row.customers)}</span>, end: true, wideOnly: true },
];

function ShareOf({ share }: { share: DefaultShare }) {
  if (share.kind === "flat") return <Money value={share.amount} show="code" size="plain" />;
  return <span class="num">{share.kind === "percent" ? t.rate(share.bps) : `${t.rate(share.bps)} of a share`}</span>;
}

function Accounts({ codes }: { codes: readonly string[] }) {
  if (codes.length === 0) return <Chip tone="warn" icon="alert-triangle" words="None" />;
  return <>{codes.join(", ")}</>;
}

function Contacts({ count }: { count: number }) {
  if (count === 0) return <Chip tone="warn" icon="alert-triangle" words="None" />;
  return <span class="num">{t.number(count)}</span>;
}
