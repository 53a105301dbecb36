import type { Staff } from "#access/principal.ts";
import { type InvoiceStatus, invoiceNumber, invoiceStatusOf, owedOf, statusWords } from "#features/invoices/invoice.ts";
import type { InvoiceFilter, ListedInvoice } from "#features/invoices/invoice-list.ts";
import type { PartnershipName } from "#features/partnerships/partnership.ts";
import type { Ui } from "#http/request.ts";
import type { Page } from "#kernel/paging.ts";
import type { PlainDate } from "#kernel/time.ts";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { FilterDate, FilterSelect, Filters, Tabs } from "#web/ui/filters.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { Status } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";

export const home = "/staff/invoices";
const tabs = ["draft", "issued", "overdue", "partially_paid", "paid", "void"] as const satisfies InvoiceStatus[];

type Props = {
  ui: Ui;
  staff: Staff;
  found: Page<ListedInvoice>;
  filter: InvoiceFilter;
  partners: readonly PartnershipName[];
  today: PlainDate;
};

/** The filter as an address carries it. */
function queryOf({ status, partner, q, currency, from, to }: InvoiceFilter) {
  return { status, partner, q, currency, from: from?.toString(), to: to?.toString() };
}

/** Invoices raised on partners, the newest first. */
export function InvoiceListPage({ ui, staff, found, filter, partners, today }: Props) {
  const query = queryOf(filter);
  const { status, ...rest } = query;
  const filtered = Object.values(rest).some((value) => value !== undefined);
  const place = (name: "before" | "after", row: ListedInvoice | undefined) =>
    withQuery(home, { ...query, [name]: row?.invoice.id });
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Invoices"
      lead="What partners owe you: they see each as soon as it is issued, and pay it in their portal."
      done={{ deleted: "The draft is deleted." }}
      end={
        can(staff, "invoices.write") && (
          <LinkButton kind="primary" icon="plus" href={`${home}/new`}>
            New invoice
          </LinkButton>
        )
      }
    >
      <Card label="Invoices">
        <Tabs
          label="Which invoices"
          tabs={[
            { label: "All", href: withQuery(home, rest), current: status === undefined },
            ...tabs.map((one) => ({
              label: statusWords[one],
              href: withQuery(home, { ...rest, status: one }),
              current: status === one,
            })),
          ]}
        />
        <ListFilters {...{ ui, staff, filter, partners }} />
        {found.rows.length === 0 ? (
          <NoInvoices filtered={filtered || status !== undefined} />
        ) : (
          <Table caption="Invoices, newest first" columns={columnsOf(today)} rows={found.rows} />
        )}
        {(found.inFront || found.behind) && (
          <Pager
            t={t}
            shown={found.rows.length}
            newer={found.inFront ? place("after", found.rows[0]) : undefined}
            older={found.behind ? place("before", found.rows.at(-1)) : undefined}
          />
        )}
      </Card>
    </StaffPage>
  );
}

function ListFilters({ ui, staff, filter, partners }: Omit<Props, "found" | "today">) {
  const query = queryOf(filter);
  const { status, ...rest } = query;
  const filtered = Object.values(rest).some((value) => value !== undefined);
  return (
    <Filters
      t={t}
      action={home}
      search={{ value: filter.q, placeholder: "Number, partner or words" }}
      keep={{ status }}
      clear={filtered ? withQuery(home, { status }) : undefined}
      {...(can(staff, "invoices.export") && {
        end: (
          <LinkButton small icon="download" href={withQuery(`${home}/export.csv`, query)} download>
            Export CSV
          </LinkButton>
        ),
      })}
    >
      <FilterSelect
        name="partner"
        label="Partner"
        value={filter.partner}
        all="All partners"
        options={partners.map((one) => ({ value: one.id, label: one.name }))}
      />
      <FilterSelect
        name="currency"
        label="Currency"
        value={filter.currency}
        all="All currencies"
        options={ui.institution.currencies.map((value) => ({ value, label: value }))}
      />
      <FilterDate name="from" label="Issued from" value={query.from} />
      <FilterDate name="to" label="Issued to" value={query.to} />
    </Filters>
  );
}

function NoInvoices({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <Empty icon="filter" title="No invoice fits">
      Try fewer words, or clear the filters.
    </Empty>
  ) : (
    <Empty icon="receipt" title="There are no invoices yet">
      Raise one on a partner: it gets its number when you issue it, and the partner's contacts get a mail.
    </Empty>
  );
}

function columnsOf(today: PlainDate): Column<ListedInvoice>[] {
  return [
    {
      head: "Invoice",
      cell: ({ invoice, partner }) => (
        <>
          <a class="num" href={`${home}/${invoice.id}`}>
            {invoice.number === undefined ? "Draft" : invoiceNumber("invoice", invoice.number)}
          </a>
          <Under>
            <bdi>{partner}</bdi>
          </Under>
        </>
      ),
    },
    {
      head: "Issued",
      cell: ({ invoice }) => <span class="num">{invoice.issueDate ? t.date(invoice.issueDate) : "–"}</span>,
      wideOnly: true,
    },
    {
      head: "Due",
      cell: ({ invoice }) => <span class="num">{invoice.dueDate ? t.date(invoice.dueDate) : "–"}</span>,
      wideOnly: true,
    },
    { head: "Status", cell: ({ invoice }) => <Status of="invoice" state={invoiceStatusOf(invoice, today)} t={t} /> },
    {
      head: "Amount",
      cell: ({ invoice }) => <Money value={invoice.total} show="code" size="plain" />,
      end: true,
      wideOnly: true,
    },
    { head: "Owed", cell: ({ invoice }) => <Money value={owedOf(invoice)} show="code" />, end: true },
  ];
}
