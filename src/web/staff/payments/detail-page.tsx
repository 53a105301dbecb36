import type { Staff } from "#access/principal.ts";
import type { AuditEntry } from "#features/audit/audit-views.ts";
import type { AttemptView } from "#features/checkouts/attempt-views.ts";
import type { Customer } from "#features/customers/customer.ts";
import type { AllocationView } from "#features/money-in/allocation-views.ts";
import { type GivenDiscount, owedOf, type Payment, priceOf, statusOf, stillOwes } from "#features/payments/payment.ts";
import type { BookLine } from "#features/payments/payment-entries.ts";
import type { Share } from "#features/payments/shares.ts";
import type { RefundView } from "#features/refunds/refund-views.ts";
import type { Ui } from "#http/request.ts";
import type { PlainDate } from "#kernel/time.ts";
import { Activity } from "#web/staff/activity.tsx";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card, Facts, Sum } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Table } from "#web/ui/table.tsx";
import { MoneyHistory } from "./money-history.tsx";
import { PaymentChip } from "./payments-table.tsx";
import { SharesCard } from "./shares-card.tsx";

export type ShownPayment = {
  readonly payment: Payment;
  readonly customer: Customer;
  readonly shares: readonly Share[];
  readonly discount: GivenDiscount | undefined;
  readonly attempts: readonly AttemptView[];
  readonly allocations: readonly AllocationView[];
  readonly refunds: readonly RefundView[];
  readonly activity: readonly AuditEntry[];
  readonly lines: readonly BookLine[];
  readonly today: PlainDate;
};

const done = {
  created: "The payment was created.",
  saved: "The changes were saved.",
  cancelled: "The payment was cancelled. Nothing is owed on it any more.",
  recorded: "The money was recorded.",
  refunded: "The refund is done.",
  "refund-pending": "The refund is on its way. This page shows when it has arrived.",
};

/** Everything about one payment: how it comes apart, what arrived, and what was done to it. */
export function PaymentPage({ ui, staff, shown }: { ui: Ui; staff: Staff; shown: ShownPayment }) {
  const { payment, customer, today } = shown;
  const zone = ui.institution.timeZone;
  const status = statusOf(payment, today, ui.institution.dueWindowDays);
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title={payment.item}
      done={done}
      beside={<PaymentChip payment={payment} status={status} today={today} />}
      crumbs={[
        { href: "/staff/customers", label: "Customers" },
        { href: `/staff/customers/${customer.id}`, label: customer.name },
      ]}
      end={<Buttons staff={staff} payment={payment} />}
    >
      <div class="two">
        <div class="stack">
          <Breakdown shown={shown} zone={zone} />
          <SharesCard payment={payment} shares={shown.shares} />
          <MoneyHistory shown={shown} zone={zone} />
          <Books lines={shown.lines} zone={zone} />
        </div>
        <div class="stack">
          <Details shown={shown} zone={zone} />
          <Activity entries={shown.activity} zone={zone} />
        </div>
      </div>
    </StaffPage>
  );
}

function Buttons({ staff, payment }: { staff: Staff; payment: Payment }) {
  const home = `/staff/payments/${payment.id}`;
  const open = stillOwes(payment.state);
  const refundable = payment.state === "paid" || payment.state === "partially_refunded";
  return (
    <>
      {open && can(staff, "payments.record") && (
        <LinkButton kind="primary" icon="cash" href={`${home}/record`}>
          Record money
        </LinkButton>
      )}
      {refundable && can(staff, "payments.refund") && (
        <LinkButton icon="arrow-back-up" href={`${home}/refund`}>
          Refund
        </LinkButton>
      )}
      {open && can(staff, "payments.write") && (
        <LinkButton icon="pencil" href={`${home}/edit`}>
          Edit
        </LinkButton>
      )}
      {open && can(staff, "payments.write") && (
        <LinkButton kind="danger" icon="ban" href={`${home}/cancel`}>
          Cancel
        </LinkButton>
      )}
    </>
  );
}

function Breakdown({ shown: { payment, discount }, zone }: { shown: ShownPayment; zone: string }) {
  const off = payment.discount;
  const because = discount?.reason ? ` (${discount.reason})` : "";
  return (
    <Card title="What the customer pays" pad>
      <Sum
        lines={[
          { label: "Amount", value: <Money value={payment.list} show="code" /> },
          off.minor > 0n && {
            label: <bdi>Discount{because}</bdi>,
            value: <Money value={{ minor: -off.minor, currency: off.currency }} show="code" />,
          },
          off.minor > 0n && { label: "To pay", value: <Money value={priceOf(payment)} show="code" /> },
          { label: "Paid", value: <Money value={payment.paid} show="code" /> },
          payment.refundedCash.minor > 0n && {
            label: "Refunded",
            value: <Money value={payment.refundedCash} show="code" />,
          },
          { label: "Still owed", value: <Money value={owedOf(payment)} show="code" />, total: true },
        ]}
      />
      {off.minor > 0n && discount && (
        <p class="sm dim">
          {`Discount given by ${discount.givenBy}, ${t.instant(discount.givenAt, zone)}. `}
          Out of your own part; partners never see it.
        </p>
      )}
    </Card>
  );
}

function Details({ shown: { payment, customer }, zone }: { shown: ShownPayment; zone: string }) {
  return (
    <Card title="Details">
      <Facts
        facts={[
          [
            "Customer",
            <a href={`/staff/customers/${customer.id}`}>
              <bdi>{customer.name}</bdi>
            </a>,
          ],
          ["Due date", t.date(payment.dueDate, "long")],
          ["Part payments", payment.allowPart ? "Allowed" : "Not allowed"],
          payment.externalId !== undefined && ["Your reference", payment.externalId],
          payment.note !== "" && ["Note", <span class="prose">{payment.note}</span>],
          ["Created", t.instant(payment.createdAt, zone)],
          payment.paidAt && ["Paid in full", t.instant(payment.paidAt, zone)],
          payment.cancelledAt && ["Cancelled", t.instant(payment.cancelledAt, zone)],
        ]}
      />
    </Card>
  );
}

/** The entries behind the amounts. */
function Books({ lines, zone }: { lines: readonly BookLine[]; zone: string }) {
  if (lines.length === 0) return null;
  return (
    <Card title="In the books">
      <Table
        caption="Ledger entries behind this payment, oldest first"
        rows={lines}
        columns={[
          { head: "When", cell: (line) => <span class="num nowrap">{t.instant(line.at, zone)}</span>, wideOnly: true },
          { head: "From", cell: (line) => <bdi>{line.from}</bdi> },
          { head: "To", cell: (line) => <bdi>{line.to}</bdi> },
          { head: "Amount", cell: (line) => <Money value={line.amount} show="code" />, end: true },
        ]}
      />
    </Card>
  );
}
