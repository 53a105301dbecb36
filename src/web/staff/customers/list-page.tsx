import type { Staff } from "#access/principal.ts";
import type { CustomerFilter, CustomerPage, ListedCustomer } from "#features/customers/customer-list.ts";
import type { PartnershipName } from "#features/partnerships/partnership.ts";
import type { Ui } from "#http/request.ts";
import type { PlainDate } from "#kernel/time.ts";
import { customerLanguages } from "#platform/i18n/locales.ts";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { dueWords } from "#web/ui/due.ts";
import { FilterSelect, Filters, Tabs } from "#web/ui/filters.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { Chip } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";

const home = "/staff/customers";

type Props = {
  ui: Ui;
  staff: Staff;
  found: CustomerPage;
  filter: CustomerFilter;
  partnerships: readonly PartnershipName[];
  today: PlainDate;
};

/** Customers by name, with what each owes. */
export function CustomerListPage({ ui, staff, found, filter, partnerships, today }: Props) {
  const { only, ...rest } = filter;
  const filtered = Object.values(rest).some((value) => value !== undefined);
  const tab = (label: string, value: CustomerFilter["only"]) => ({
    label,
    href: withQuery(home, { ...rest, only: value }),
    current: only === value,
  });
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Customers"
      lead="Who pays, what they owe and how they reach their portal."
      search={filter.q ?? ""}
      end={<Buttons staff={staff} filter={filter} />}
    >
      <Card label="Customers">
        <Tabs
          label="Which customers"
          tabs={[tab("All", undefined), tab("Overdue", "overdue"), tab("Without e-mail", "no-email")]}
        />
        <Filters
          t={t}
          action={home}
          search={{ value: filter.q, placeholder: "Name, e-mail, phone or reference" }}
          keep={{ only }}
          clear={filtered ? withQuery(home, { only }) : undefined}
        >
          <FilterSelect
            name="partnership"
            label="Partner"
            value={filter.partnership}
            all="All partners"
            options={partnerships.map((one) => ({ value: one.id, label: one.name }))}
          />
          <FilterSelect
            name="language"
            label="Language"
            value={filter.language}
            all="All languages"
            options={Object.entries(customerLanguages).map(([value, label]) => ({ value, label }))}
          />
        </Filters>
        {found.rows.length === 0 ? (
          <NoCustomers filtered={filtered || only !== undefined} staff={staff} />
        ) : (
          <Table caption="Customers, by family name" columns={columnsFor(today)} rows={found.rows} />
        )}
        {(found.previous ?? found.next) !== undefined && (
          <Pager
            t={t}
            shown={found.rows.length}
            newer={found.previous && withQuery(home, { ...filter, before: found.previous })}
            older={found.next && withQuery(home, { ...filter, after: found.next })}
            words={{ newer: "Previous", older: "Next" }}
          />
        )}
      </Card>
    </StaffPage>
  );
}

function Buttons({ staff, filter }: { staff: Staff; filter: CustomerFilter }) {
  return (
    <>
      {can(staff, "customers.write") && (
        <LinkButton kind="primary" href={`${home}/new`} icon="user-plus">
          Add a customer
        </LinkButton>
      )}
      <LinkButton href="/sign-in" icon="external-link" target="_blank">
        Customer portal
      </LinkButton>
      {can(staff, "customers.export") && (
        <LinkButton icon="download" href={withQuery(`${home}/export.csv`, filter)} download>
          Export CSV
        </LinkButton>
      )}
    </>
  );
}

function NoCustomers({ filtered, staff }: { filtered: boolean; staff: Staff }) {
  if (filtered) {
    return (
      <Empty icon="filter" title="No customer fits">
        Try fewer words, or clear the filters.
      </Empty>
    );
  }
  return (
    <Empty
      icon="users"
      title="There are no customers yet"
      {...(can(staff, "imports.run") && {
        action: (
          <LinkButton href="/staff/imports/new" icon="table-import">
            Import a file
          </LinkButton>
        ),
      })}
    >
      Add one by hand, or import them all from a CSV file. Nobody gets a mail from an import.
    </Empty>
  );
}

function columnsFor(today: PlainDate): readonly Column<ListedCustomer>[] {
  return [
    { head: "Name", cell: (row) => <Name row={row} /> },
    { head: "E-mail", cell: ({ customer }) => <Email email={customer.email} />, wideOnly: true },
    { head: "Partner", cell: (row) => <bdi>{row.partnershipName ?? "–"}</bdi>, wideOnly: true },
    { head: "Overdue", cell: (row) => <Overdue row={row} today={today} /> },
    { head: "Owed", cell: (row) => <Owed row={row} />, end: true },
  ];
}

function Name({ row: { customer } }: { row: ListedCustomer }) {
  return (
    <>
      <a class="strong" href={`${home}/${customer.id}`}>
        <bdi>{customer.name}</bdi>
      </a>
      {customer.externalId !== undefined && <Under>{customer.externalId}</Under>}
    </>
  );
}

function Email({ email }: { email: string | undefined }) {
  return email === undefined ? (
    <Chip tone="warn" icon="alert-circle" words="No e-mail" />
  ) : (
    <bdi dir="ltr">{email}</bdi>
  );
}

function Overdue({ row, today }: { row: ListedCustomer; today: PlainDate }) {
  const dates = row.owed.flatMap((one) => (one.since ? [one.since] : []));
  const oldest = dates.toSorted(compareDates)[0];
  if (!oldest) return <span class="dim">–</span>;
  return <Chip tone="bad" icon="alert-triangle" words={dueWords(t, today, oldest)} />;
}

const compareDates = Temporal.PlainDate.compare;

function Owed({ row }: { row: ListedCustomer }) {
  const owed = row.owed.filter((one) => one.owed.minor > 0n);
  if (owed.length === 0) return <span class="dim">Nothing</span>;
  return (
    <>
      {owed.map((one) => (
        <div>
          <Money value={one.owed} show="code" />
        </div>
      ))}
    </>
  );
}
