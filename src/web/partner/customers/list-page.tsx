import type { Partner } from "#access/principal.ts";
import type {
  CustomerPage as Found,
  ListedCustomer,
  ShareSum,
} from "#features/shared-customers/shared-customer-partner-view.ts";
import type { Ui } from "#http/request.ts";
import { moneySum } from "#kernel/money.ts";
import type { T } from "#platform/i18n/messages.ts";
import { translator } from "#platform/i18n/messages.ts";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Filters } from "#web/ui/filters.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";

export const customersHome = "/partner/customers";

type Props = { ui: Ui; partner: Partner; found: Found; q: string | undefined };

/** The customers that the partner shares with the institution, by name. */
export function CustomersPage({ ui, partner, found, q }: Props) {
  const t = translator(ui.locale);
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      title={t("shared.title")}
      lead={t("shared.lead", { institution: ui.institution.name })}
      search={q ?? ""}
      end={
        <LinkButton icon="download" href={withQuery(`${customersHome}/export.csv`, { q })} download>
          {t("payouts.exportCsv")}
        </LinkButton>
      }
    >
      <Card label={t("shared.title")}>
        <Filters
          t={t}
          action={customersHome}
          search={{ value: q, placeholder: t("shared.search") }}
          clear={q === undefined ? undefined : customersHome}
        />
        {found.rows.length === 0 ? (
          <NoCustomers t={t} searched={q !== undefined} />
        ) : (
          <Table caption={t("shared.caption")} columns={columnsOf(t)} rows={found.rows} />
        )}
        {(found.newer ?? found.older) !== undefined && (
          <Pager
            t={t}
            shown={found.rows.length}
            newer={found.newer && withQuery(customersHome, { q, after: found.newer })}
            older={found.older && withQuery(customersHome, { q, before: found.older })}
            words={{ newer: t("shared.previous"), older: t("shared.nextPage") }}
          />
        )}
      </Card>
    </PartnerPage>
  );
}

function NoCustomers({ t, searched }: { t: T; searched: boolean }) {
  return searched ? (
    <Empty icon="search" title={t("shared.noFit")}>
      {t("shared.noFitText")}
    </Empty>
  ) : (
    <Empty icon="users" title={t("shared.empty")}>
      {t("shared.emptyText")}
    </Empty>
  );
}

function columnsOf(t: T): Column<ListedCustomer>[] {
  const sums = (of: readonly ShareSum["status"][]) => (row: ListedCustomer) => <Sums t={t} sums={row.sums} of={of} />;
  return [
    {
      head: t("shared.customer"),
      cell: (row) => (
        <>
          <a href={`${customersHome}/${row.ref}`}>
            <bdi>{row.name}</bdi>
          </a>
          <Under phoneOnly>{t("shared.countOf", { count: countOf(row) })}</Under>
        </>
      ),
    },
    {
      head: t("shared.payments"),
      cell: (row) => <span class="num">{t.number(countOf(row))}</span>,
      end: true,
      wideOnly: true,
    },
    { head: t("shared.overdue"), cell: sums(["overdue"]), end: true },
    { head: t("shared.coming"), cell: sums(["scheduled", "due"]), end: true, wideOnly: true },
    { head: t("shared.paid"), cell: sums(["paid"]), end: true },
    { head: t("shared.refunded"), cell: sums(["refunded"]), end: true, wideOnly: true },
  ];
}

function countOf(row: ListedCustomer): number {
  return row.sums.reduce((sum, one) => sum + one.count, 0);
}

/** What own shares at these statuses come to, a line a currency. */
export function Sums({ t, sums, of }: { t: T; sums: readonly ShareSum[]; of: readonly ShareSum["status"][] }) {
  const byCurrency = Map.groupBy(
    sums.filter((one) => of.includes(one.status)),
    (one) => one.total.currency,
  );
  if (byCurrency.size === 0) return <span class="dim">–</span>;
  return (
    <>
      {[...byCurrency].map(([currency, all]) => (
        <div>
          <Money
            value={moneySum(
              all.reduce((sum, one) => sum + one.total.minor, 0n),
              currency,
            )}
            show="code"
            size="plain"
            locale={t.locale}
          />
        </div>
      ))}
    </>
  );
}
