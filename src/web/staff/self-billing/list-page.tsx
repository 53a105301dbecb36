import type { Staff } from "#access/principal.ts";
import { invoiceNumber } from "#features/invoices/invoice.ts";
import type { SelfBilled } from "#features/self-billing/self-billing-views.ts";
import type { Ui } from "#http/request.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Card } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { Chip } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";

export const staffSelfBilling = "/staff/self-billing";

type Props = {
  ui: Ui;
  staff: Staff;
  disputed: readonly SelfBilled[];
  found: { readonly rows: readonly SelfBilled[]; readonly next: string | undefined };
  partnership: string | undefined;
};

/** What waits for an answer first, then everything that was issued in partners' names. */
export function SelfBillingListPage({ ui, staff, disputed, found, partnership }: Props) {
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Self-billing"
      lead="Invoices that you issued in your partners’ names, by the agreements that they accepted."
      done={{ answered: "Your answer was sent to the partner." }}
    >
      {disputed.length > 0 && (
        <Card title="Disputes to answer">
          <Table
            caption="Disputes, the longest waiting first"
            rows={disputed}
            columns={[
              { head: "Invoice", cell: (row) => <Numbered row={row} answer /> },
              { head: "Partner", cell: (row) => <bdi>{row.partnership.name}</bdi>, wideOnly: true },
              { head: "What is wrong", cell: (row) => <span dir="auto">{row.dispute?.reason}</span> },
              { head: "Total", end: true, cell: (row) => <Money value={row.total} show="code" /> },
            ]}
          />
        </Card>
      )}
      <Card label="Self-billed invoices">
        {found.rows.length === 0 ? (
          <Empty icon="file-invoice" title="No self-billed invoice yet">
            Propose an agreement on a partner’s page. Once it is accepted, invoices are issued as shares are earned.
          </Empty>
        ) : (
          <Table caption="Self-billed invoices, the newest first" columns={columns} rows={found.rows} />
        )}
        {found.next !== undefined && (
          <Pager
            t={t}
            shown={found.rows.length}
            older={withQuery(staffSelfBilling, { partnership, after: found.next })}
          />
        )}
      </Card>
    </StaffPage>
  );
}

function Numbered({ row, answer }: { row: SelfBilled; answer?: boolean }) {
  const href = answer ? `${staffSelfBilling}/${row.id}` : `/staff/invoices/${row.id}`;
  return (
    <>
      <a class="num" href={href}>
        {invoiceNumber("self_billed", row.number)}
      </a>
      <Under phoneOnly>
        <bdi>{row.partnership.name}</bdi>
      </Under>
    </>
  );
}

/** Where it stands, as staff read it. */
export function StaffSelfBilledChip({ row }: { row: SelfBilled }) {
  if (row.state === "disputed") return <Chip tone="warn" icon="alert-circle" words="In dispute" />;
  if (row.credited.minor === row.total.minor) return <Chip tone="mute" icon="arrow-back-up" words="Credited" />;
  if (row.credited.minor > 0n) return <Chip tone="info" icon="circle-half-2" words="Partly credited" />;
  return <Chip tone="ok" icon="check" words="Issued" />;
}

const columns: readonly Column<SelfBilled>[] = [
  { head: "Invoice", cell: (row) => <Numbered row={row} /> },
  {
    head: "Partner",
    cell: (row) => (
      <a href={`/staff/partnerships/${row.partnership.id}`}>
        <bdi>{row.partnership.name}</bdi>
      </a>
    ),
    wideOnly: true,
  },
  { head: "Issued", cell: (row) => <span class="num nowrap">{t.date(row.issueDate)}</span>, wideOnly: true },
  { head: "For", cell: (row) => <bdi>{row.description}</bdi>, wideOnly: true },
  { head: "Status", cell: (row) => <StaffSelfBilledChip row={row} /> },
  { head: "Total", end: true, cell: (row) => <Money value={row.total} show="code" /> },
];
