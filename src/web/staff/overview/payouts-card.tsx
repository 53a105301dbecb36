import type { PayoutsDue } from "#features/payouts/payout-list.ts";
import { t } from "#web/staff/shared.tsx";
import { Card } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { withQuery } from "#web/ui/pager.tsx";
import { type Column, Table } from "#web/ui/table.tsx";

const home = "/staff/payouts";

/** What partners are still to be paid, by currency; every figure leads to its payouts. */
export function PayoutsCard({ payouts }: { payouts: readonly PayoutsDue[] }) {
  if (payouts.length === 0) return null;
  return (
    <Card title="Payouts due" end={<a href={home}>All payouts</a>}>
      <Table
        caption="Payouts due, by currency"
        rows={payouts}
        columns={[
          { head: "Currency", cell: (row) => row.currency },
          counted("In review", "in_review", (row) => row.inReview),
          counted("On hold", "on_hold", (row) => row.held),
          counted("Failed", "attention", (row) => row.failed),
          {
            head: "Due",
            end: true,
            cell: (row) => (
              <a href={withQuery(home, { status: "due", currency: row.currency })}>
                <Money value={row.due} show="code" />
              </a>
            ),
          },
        ]}
      />
    </Card>
  );
}

function counted(head: string, status: string, count: (row: PayoutsDue) => number): Column<PayoutsDue> {
  return {
    head,
    end: true,
    cell: (row) =>
      count(row) === 0 ? (
        <span class="dim">–</span>
      ) : (
        <a class="num" href={withQuery(home, { status, currency: row.currency })}>
          {t.number(count(row))}
        </a>
      ),
  };
}
