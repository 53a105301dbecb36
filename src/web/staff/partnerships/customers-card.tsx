import { type ListedCustomer, listCustomers } from "#features/customers/customer-list.ts";
import { Card } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { withQuery } from "#web/ui/pager.tsx";
import { type Column, Table } from "#web/ui/table.tsx";
import type { PartnershipCard } from "./partnership-card.ts";

const shownCustomers = 10;

/** Whom the partner brought. */
export const customersCard: PartnershipCard = async ({ cx, partnership }) => {
  const found = await listCustomers(cx, { partnership: partnership.id }, { size: shownCustomers });
  if (found.rows.length === 0) {
    return (
      <Card title="Customers referred" pad>
        <p class="dim">No customer came through this partner yet.</p>
      </Card>
    );
  }
  const all = withQuery("/staff/customers", { partnership: partnership.id });
  return (
    <Card title="Customers referred" {...(found.next !== undefined && { end: <a href={all}>All of them</a> })}>
      <Table caption="Customers that this partner referred, by family name" rows={found.rows} columns={columns} />
    </Card>
  );
};

const columns: readonly Column<ListedCustomer>[] = [
  {
    head: "Name",
    cell: ({ customer }) => (
      <a href={`/staff/customers/${customer.id}`}>
        <bdi>{customer.name}</bdi>
      </a>
    ),
  },
  { head: "E-mail", cell: ({ customer }) => <bdi>{customer.email ?? "–"}</bdi>, wideOnly: true },
  { head: "Owed", cell: ({ owed }) => <Owed owed={owed} />, end: true },
];

function Owed({ owed }: Pick<ListedCustomer, "owed">) {
  if (owed.length === 0) return <>–</>;
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
