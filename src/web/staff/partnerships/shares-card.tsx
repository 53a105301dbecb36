import { type PartnerShare, partnerShares, type ShareSums } from "#features/payments/partner-shares.ts";
import { t } from "#web/staff/shared.tsx";
import { Card } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Status } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import type { PartnershipCard } from "./partnership-card.ts";

const shownShares = 20;

/** What the partner earns: the sums of each currency, then the payments behind the latest of them. */
export const sharesCard: PartnershipCard = async ({ cx, may, partnership }) => {
  const { latest, sums } = await partnerShares(cx, may, partnership.id, shownShares);
  if (latest.length === 0) {
    return (
      <Card title="Payments with a share" pad>
        <p class="dim">No payment has a share of this partner yet.</p>
      </Card>
    );
  }
  const payments = sums.reduce((all, one) => all + one.payments, 0);
  return (
    <>
      {sums.length > 0 && (
        <Card title="Shares in all">
          <Table caption="Shares of this partner, one row a currency" columns={sumColumns} rows={sums} />
        </Card>
      )}
      <Card
        title={
          payments > latest.length ? `Payments with a share, the latest ${latest.length}` : "Payments with a share"
        }
      >
        <Table caption="Payments with a share, the latest due date first" columns={columns} rows={latest} />
      </Card>
    </>
  );
};

const sumColumns: readonly Column<ShareSums>[] = [
  { head: "Currency", cell: (row) => row.currency },
  { head: "Payments", cell: (row) => <span class="num">{t.number(row.payments)}</span>, end: true, wideOnly: true },
  {
    head: "List amount",
    cell: (row) => <Money value={row.list} show="none" size="plain" />,
    end: true,
    wideOnly: true,
  },
  { head: "Agreed", cell: (row) => <Money value={row.agreed} show="none" size="plain" />, end: true },
  { head: "Earned", cell: (row) => <Money value={row.earned} show="none" />, end: true },
  {
    head: "Taken back",
    cell: (row) => <Money value={row.reversed} show="none" size="plain" />,
    end: true,
    wideOnly: true,
  },
];

const columns: readonly Column<PartnerShare>[] = [
  {
    head: "Payment",
    cell: ({ payment, customerName }) => (
      <>
        <a href={`/staff/payments/${payment.id}`}>
          <bdi>{payment.item}</bdi>
        </a>
        <Under>
          <bdi>{customerName}</bdi>
        </Under>
      </>
    ),
  },
  { head: "Due", cell: ({ payment }) => <span class="num nowrap">{t.date(payment.dueDate)}</span>, wideOnly: true },
  { head: "Payment is", cell: (row) => <Status of="payment" state={row.status} t={t} />, wideOnly: true },
  {
    head: "List amount",
    cell: ({ payment }) => <Money value={payment.list} show="code" size="plain" />,
    end: true,
    wideOnly: true,
  },
  { head: "Share is", cell: (row) => <Status of="share" state={row.state} t={t} /> },
  {
    head: "Share",
    cell: (row) => (
      <>
        <Money value={row.share} show="code" />
        <Under>{rateWords(row)}</Under>
      </>
    ),
    end: true,
  },
];

/** A rate says what it is of; a fixed amount and a remainder have none. */
function rateWords({ kind, rateBps }: PartnerShare): string {
  const rate = t.rate(rateBps);
  return {
    percent: rate,
    flat: "Fixed",
    percent_of_share: `${rate} of another share`,
    remainder: "What is left over",
  }[kind];
}
