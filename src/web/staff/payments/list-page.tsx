import type { Staff } from "#access/principal.ts";
import type { Customer } from "#features/customers/customer.ts";
import type { PaymentFilter, PaymentPage } from "#features/payments/payment-list.ts";
import { writePlace } from "#features/payments/payment-list.ts";
import type { Ui } from "#http/request.ts";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { FilterDate, FilterSelect, Filters, Tabs } from "#web/ui/filters.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { PaymentsTable } from "./payments-table.tsx";

const home = "/staff/payments";

type Props = {
  ui: Ui;
  staff: Staff;
  found: PaymentPage;
  filter: PaymentFilter;
  /** Whose payments these are, where the list is narrowed to one customer. */
  customer: Customer | undefined;
};

const tabs = [
  ["All", undefined],
  ["Still to pay", "unpaid"],
  ["Overdue", "overdue"],
  ["Due", "due"],
  ["Processing", "processing"],
  ["Paid", "paid"],
] as const;

const statusNames = {
  unpaid: "Still to pay",
  overdue: "Overdue",
  due: "Due",
  scheduled: "Scheduled",
  processing: "Processing",
  partially_paid: "Part paid",
  failed: "Last try failed",
  paid: "Paid",
  partially_refunded: "Part refunded",
  refunded: "Refunded",
  cancelled: "Cancelled",
  draft: "Draft",
} as const;

/** Payments, the latest due date first. */
export function PaymentListPage({ ui, staff, found, filter, customer }: Props) {
  const query = queryOf(filter);
  const tabbed = tabs.some(([, status]) => status === filter.status);
  const { status: _status, ...rest } = query;
  const filtered = Object.values(rest).some((value) => value !== undefined) || !tabbed;
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Payments"
      lead={customer ? <Of customer={customer} /> : "What customers owe, and what became of it."}
      end={<Buttons staff={staff} query={query} />}
    >
      <Card label="Payments">
        <Tabs
          label="Which payments"
          tabs={tabs.map(([label, status]) => {
            return { label, href: withQuery(home, { ...query, status }), current: status === filter.status };
          })}
        />
        <Narrow
          filter={filter}
          currencies={ui.institution.currencies}
          clear={filtered ? withQuery(home, { status: tabbed ? filter.status : undefined }) : undefined}
        />
        {found.rows.length === 0 ? (
          <NoPayments filtered={filtered || filter.status !== undefined} />
        ) : (
          <PaymentsTable
            caption="Payments, the latest due date first"
            customers={customer === undefined}
            rows={found.rows.map((row) => ({
              payment: row.payment,
              status: row.status,
              owed: row.owed,
              customer: { id: row.payment.customerId, name: row.customerName },
            }))}
          />
        )}
        {(found.newer ?? found.older) !== undefined && (
          <Pager
            t={t}
            shown={found.rows.length}
            newer={found.newer && withQuery(home, { ...query, after: writePlace(found.newer) })}
            older={found.older && withQuery(home, { ...query, before: writePlace(found.older) })}
            words={{ newer: "Later", older: "Earlier" }}
          />
        )}
      </Card>
    </StaffPage>
  );
}

type NarrowProps = { filter: PaymentFilter; currencies: readonly string[]; clear: string | undefined };

function Narrow({ filter, currencies, clear }: NarrowProps) {
  const { from, to } = queryOf(filter);
  return (
    <Filters
      t={t}
      action={home}
      search={{ value: filter.q, placeholder: "Item, customer or reference" }}
      keep={{ customer: filter.customer }}
      clear={clear}
    >
      <FilterSelect
        name="status"
        label="Status"
        value={filter.status}
        all="Any status"
        options={Object.entries(statusNames).map(([value, label]) => ({ value, label }))}
      />
      <FilterDate name="from" label="Due from" value={from} />
      <FilterDate name="to" label="Due to" value={to} />
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
      {can(staff, "payments.write") && (
        <LinkButton kind="primary" href={withQuery(`${home}/new`, { customer: query.customer })} icon="plus">
          Add a payment
        </LinkButton>
      )}
      {can(staff, "payments.export") && (
        <LinkButton icon="download" href={withQuery(`${home}/export.csv`, query)} download>
          Export CSV
        </LinkButton>
      )}
    </>
  );
}

/** The filter as an address carries it. */
function queryOf(filter: PaymentFilter) {
  const { status, q, from, to, currency, customer } = filter;
  return { status, q, from: from?.toString(), to: to?.toString(), currency, customer };
}

function Of({ customer }: { customer: Customer }) {
  return (
    <>
      Of{" "}
      <a href={`/staff/customers/${customer.id}`}>
        <bdi>{customer.name}</bdi>
      </a>{" "}
      only. <a href={home}>Show everybody's</a>
    </>
  );
}

function NoPayments({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <Empty icon="filter" title="No payment fits">
        Try another status or wider dates, or clear the filters.
      </Empty>
    );
  }
  return (
    <Empty icon="credit-card" title="There are no payments yet">
      Add one for a customer, or import them from a CSV file. Each shows in its customer's portal at once.
    </Empty>
  );
}
