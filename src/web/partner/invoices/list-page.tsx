import { allows } from "#access/permissions.ts";
import type { Partner } from "#access/principal.ts";
import { invoiceNumber, invoiceStatusOf, owedOf } from "#features/invoices/invoice.ts";
import {
  type PartnerInvoice,
  type PartnerInvoiceFilter,
  type PartnerInvoicePlace,
  partnerTabs,
} from "#features/invoices/invoice-partner-view.ts";
import type { Ui } from "#http/request.ts";
import type { Page } from "#kernel/paging.ts";
import type { PlainDate } from "#kernel/time.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { dueWords } from "#web/ui/due.ts";
import { FilterDate, FilterSelect, Filters, Tabs } from "#web/ui/filters.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { Status } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";

export const invoicesHome = "/partner/invoices";

export type InvoiceListFacts = {
  readonly found: Page<PartnerInvoice>;
  readonly filter: PartnerInvoiceFilter;
  readonly today: PlainDate;
  /** Whether anything is to be paid at all. */
  readonly owes: boolean;
};

/** The place of a row, as an address carries it. */
export function writePlace(row: PartnerInvoice | undefined): string | undefined {
  return row && `${owedOf(row).minor > 0n ? 1 : 0}~${row.number}`;
}

/** Reads a place from an address; undefined when it is none. */
export function readPlace(text: string | undefined): PartnerInvoicePlace | undefined {
  const found = /^([01])~(\d{1,15})$/.exec(text ?? "");
  return found ? { open: found[1] === "1", number: BigInt(found[2] ?? "0") } : undefined;
}

/** The filter as an address carries it. */
export function invoiceQuery({ show, q, currency, from, to }: PartnerInvoiceFilter) {
  return { show, q, currency, from: from?.toString(), to: to?.toString() };
}

/** The invoices raised on the partner: what is to pay first. */
export function InvoiceListPage({ ui, partner, facts }: { ui: Ui; partner: Partner; facts: InvoiceListFacts }) {
  const t = translator(ui.locale);
  const { found, filter, today, owes } = facts;
  const query = invoiceQuery(filter);
  const { show, ...rest } = query;
  const filtered = Object.values(rest).some((value) => value !== undefined);
  const mayPay = allows("partner.pay", "partner", partner.role, partner.rights);
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      title={t("invoice.title")}
      lead={t("invoice.lead", { institution: ui.institution.name })}
      end={
        <>
          {owes && mayPay && (
            <LinkButton kind="primary" href="/partner/pay">
              {t("invoice.payDue")}
            </LinkButton>
          )}
          <LinkButton icon="download" href={withQuery(`${invoicesHome}/export.csv`, query)} download>
            {t("invoice.export")}
          </LinkButton>
        </>
      }
    >
      <Card label={t("invoice.title")}>
        <Tabs
          label={t("invoice.show")}
          tabs={[
            { label: t("invoice.show.all"), href: withQuery(invoicesHome, rest), current: (show ?? "all") === "all" },
            ...partnerTabs.slice(0, -1).map((one) => ({
              label: t(`invoice.show.${one}`),
              href: withQuery(invoicesHome, { ...rest, show: one }),
              current: show === one,
            })),
          ]}
        />
        <ListFilters t={t} ui={ui} filter={filter} />
        {found.rows.length === 0 ? (
          <NoInvoices t={t} filtered={filtered || show !== undefined} institution={ui.institution.name} />
        ) : (
          <Table caption={t("invoice.caption")} columns={columnsOf(t, today)} rows={found.rows} />
        )}
        {(found.inFront || found.behind) && (
          <Pager
            t={t}
            shown={found.rows.length}
            newer={found.inFront ? withQuery(invoicesHome, { ...query, after: writePlace(found.rows[0]) }) : undefined}
            older={
              found.behind ? withQuery(invoicesHome, { ...query, before: writePlace(found.rows.at(-1)) }) : undefined
            }
          />
        )}
      </Card>
    </PartnerPage>
  );
}

function ListFilters({ t, ui, filter }: { t: T; ui: Ui; filter: PartnerInvoiceFilter }) {
  const query = invoiceQuery(filter);
  const { show, ...rest } = query;
  const filtered = Object.values(rest).some((value) => value !== undefined);
  return (
    <Filters
      t={t}
      action={invoicesHome}
      search={{ value: filter.q, placeholder: t("invoice.search") }}
      keep={{ show }}
      clear={filtered ? withQuery(invoicesHome, { show }) : undefined}
    >
      <FilterDate name="from" label={t("invoice.from")} value={query.from} />
      <FilterDate name="to" label={t("invoice.to")} value={query.to} />
      {ui.institution.currencies.length > 1 && (
        <FilterSelect
          name="currency"
          label={t("invoice.currency")}
          value={filter.currency}
          all={t("invoice.currency.all")}
          options={ui.institution.currencies.map((value) => ({ value, label: value }))}
        />
      )}
    </Filters>
  );
}

function NoInvoices({ t, filtered, institution }: { t: T; filtered: boolean; institution: string }) {
  return filtered ? (
    <Empty icon="filter" title={t("invoice.none.fits")}>
      {t("invoice.none.fits.text")}
    </Empty>
  ) : (
    <Empty icon="receipt" title={t("invoice.none")}>
      {t("invoice.none.text", { institution })}
    </Empty>
  );
}

/** The status of an invoice, with how late it is. */
export function InvoiceStatusChip({ t, invoice, today }: { t: T; invoice: PartnerInvoice; today: PlainDate }) {
  const status = invoiceStatusOf(invoice, today);
  const words = status === "overdue" && invoice.dueDate ? { words: dueWords(t, today, invoice.dueDate) } : {};
  return <Status of="invoice" state={status} t={t} {...words} />;
}

function columnsOf(t: T, today: PlainDate): Column<PartnerInvoice>[] {
  const due = (invoice: PartnerInvoice) => invoice.dueDate && <span class="num">{t.date(invoice.dueDate)}</span>;
  return [
    {
      head: t("invoice.one"),
      cell: (invoice) => (
        <>
          <a class="num" href={`${invoicesHome}/${invoice.number}`}>
            {invoiceNumber("invoice", invoice.number)}
          </a>
          <Under phoneOnly>{due(invoice)}</Under>
        </>
      ),
    },
    {
      head: t("invoice.issued"),
      cell: (invoice) => <span class="num">{t.date(invoice.issueDate)}</span>,
      wideOnly: true,
    },
    { head: t("invoice.due"), cell: due, wideOnly: true },
    { head: t("invoice.status"), cell: (invoice) => <InvoiceStatusChip t={t} invoice={invoice} today={today} /> },
    {
      head: t("invoice.amount"),
      cell: (invoice) => <Money value={invoice.total} show="code" locale={t.locale} size="plain" />,
      end: true,
      wideOnly: true,
    },
    {
      head: t("invoice.owed"),
      cell: (invoice) => <Money value={owedOf(invoice)} show="code" locale={t.locale} />,
      end: true,
    },
  ];
}
