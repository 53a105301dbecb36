import type { Partner } from "#access/principal.ts";
import { shareTotal } from "#features/payouts/partner-payout.ts";
import { payoutNumber } from "#features/payouts/payout.ts";
import type {
  ListedCustomer,
  SharedPayment,
  SharedPaymentPage,
} from "#features/shared-customers/shared-customer-partner-view.ts";
import type { Ui } from "#http/request.ts";
import type { Money as Amount } from "#kernel/money.ts";
import type { T } from "#platform/i18n/messages.ts";
import { translator } from "#platform/i18n/messages.ts";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { Card, Figures } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { Status } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import { customersHome, Sums } from "./list-page.tsx";

type Props = { ui: Ui; partner: Partner; customer: ListedCustomer; found: SharedPaymentPage };

/** One shared customer: the payments with a share of the partner, and what became of that share. */
export function CustomerPage({ ui, partner, customer, found }: Props) {
  const t = translator(ui.locale);
  const home = `${customersHome}/${customer.ref}`;
  const count = customer.sums.reduce((sum, one) => sum + one.count, 0);
  const figure = (label: string, of: Parameters<typeof Sums>[0]["of"]) => ({
    label,
    value: <Sums t={t} sums={customer.sums} of={of} />,
    note: t("shared.countOf", { count: countOf(customer, of) }),
  });
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      title={customer.name}
      lead={t("shared.onePayment", { count })}
      crumbs={[{ href: customersHome, label: t("shared.title") }]}
    >
      <Figures
        label={t("shared.yourShares")}
        figures={[
          figure(t("shared.paid"), ["paid"]),
          { ...figure(t("shared.overdue"), ["overdue"]), bad: countOf(customer, ["overdue"]) > 0 },
          figure(t("shared.coming"), ["scheduled", "due"]),
        ]}
      />
      <Card title={t("shared.payments")}>
        <Table caption={t("shared.paymentsCaption")} columns={columnsOf(t, ui)} rows={found.rows} />
        {(found.newer ?? found.older) !== undefined && (
          <Pager
            t={t}
            shown={found.rows.length}
            newer={found.newer && withQuery(home, { after: found.newer })}
            older={found.older && withQuery(home, { before: found.older })}
            words={{ newer: t("shared.later"), older: t("shared.earlier") }}
          />
        )}
      </Card>
    </PartnerPage>
  );
}

function countOf(customer: ListedCustomer, of: readonly string[]): number {
  return customer.sums.filter((one) => of.includes(one.status)).reduce((sum, one) => sum + one.count, 0);
}

function columnsOf(t: T, ui: Ui): Column<SharedPayment>[] {
  const plain = (value: Amount) => (
    <span class="dim">
      {value.minor === 0n ? "–" : <Money value={value} show="none" size="plain" locale={t.locale} />}
    </span>
  );
  return [
    {
      head: t("payout.item"),
      cell: (row) => (
        <>
          <bdi class="strong">{row.item}</bdi>
          <Under phoneOnly>{t.date(row.dueDate)}</Under>
        </>
      ),
    },
    { head: t("shared.due"), cell: (row) => <span class="num">{t.date(row.dueDate)}</span>, wideOnly: true },
    { head: t("payouts.status"), cell: (row) => <Status of="payment" state={row.status} t={t} /> },
    { head: t("payout.lineNet"), cell: (row) => plain(row.net), end: true, wideOnly: true },
    { head: t("payout.lineTax"), cell: (row) => plain(row.tax), end: true, wideOnly: true },
    { head: t("shared.yourShare"), cell: (row) => <Own t={t} row={row} />, end: true },
    {
      head: t("shared.earned"),
      cell: ({ earnedAt }) => (
        <span class="num dim">
          {earnedAt ? t.instant(earnedAt, ui.institution.timeZone, "medium") : t("shared.notYet")}
        </span>
      ),
      wideOnly: true,
    },
    { head: t("shared.inPayout"), cell: ({ payout }) => <InPayout payout={payout} />, wideOnly: true },
  ];
}

/** What the share comes to; where refunds took back from it, what it was agreed at under it. */
function Own({ t, row }: { t: T; row: SharedPayment }) {
  const agreed = { minor: row.net.minor + row.tax.minor, currency: row.net.currency };
  return (
    <>
      <Money value={shareTotal(row)} show="code" locale={t.locale} />
      {row.reversed.minor > 0n && <Under>{t("home.left", { amount: t.money(agreed, "none") })}</Under>}
    </>
  );
}

function InPayout({ payout }: { payout: SharedPayment["payout"] }) {
  if (!payout) return <span class="dim">–</span>;
  return (
    <a class="num" href={`/partner/payouts/${payout.number}/lines/${payout.position}`}>
      {payoutNumber(payout.number)}
    </a>
  );
}
