import { payoutNumber } from "#features/payouts/payout.ts";
import { type ListedPayout, listPayouts } from "#features/payouts/payout-list.ts";
import { PayoutStatus } from "#web/staff/payouts/words.tsx";
import { can, t } from "#web/staff/shared.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { type Column, Table } from "#web/ui/table.tsx";
import type { PartnershipCard } from "./partnership-card.ts";

const columns: readonly Column<ListedPayout>[] = [
  {
    head: "Payout",
    cell: ({ payout }) => <a href={`/staff/payouts/${payout.id}`}>{payoutNumber(payout.number)}</a>,
  },
  { head: "Day", cell: ({ payout }) => t.date(payout.scheduledFor), wideOnly: true },
  { head: "Status", cell: ({ payout }) => <PayoutStatus payout={payout} /> },
  { head: "Amount", end: true, cell: ({ payout }) => <Money value={payout.total} show="code" /> },
];

/** The latest payouts, the way to all of them and to their pause, and to what the partner was invoiced for. */
export const payoutsCard: PartnershipCard = async ({ cx, partnership }) => {
  const { rows } = await listPayouts(cx, { partner: partnership.id }, { size: 5 });
  const invoices = `/staff/invoices?partner=${partnership.id}`;
  return (
    <Card
      title="Payouts and invoices"
      end={
        <>
          <LinkButton small icon="send" href={`/staff/partnerships/${partnership.id}/payouts`}>
            How it is paid
          </LinkButton>{" "}
          <LinkButton small icon="receipt" href={invoices}>
            Invoices
          </LinkButton>{" "}
          {can(cx.principal, "invoices.write") && (
            <LinkButton small icon="plus" href={`/staff/invoices/new?partner=${partnership.id}`}>
              New invoice
            </LinkButton>
          )}
        </>
      }
    >
      {rows.length === 0 ? (
        <p class="pad dim">Nothing was earned yet. A payout begins with the first payment that is paid in full.</p>
      ) : (
        <Table caption="The latest payouts" rows={rows} columns={columns} />
      )}
    </Card>
  );
};
