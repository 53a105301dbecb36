import type { Staff } from "#access/principal.ts";
import type { AuditEntry } from "#features/audit/audit-views.ts";
import type { Customer } from "#features/customers/customer.ts";
import type { Owed } from "#features/customers/customer-list.ts";
import type { ReceivedView } from "#features/money-in/received-views.ts";
import type { Partnership } from "#features/partnerships/partnership.ts";
import type { Ui } from "#http/request.ts";
import { type Money as Amount, money } from "#kernel/money.ts";
import { customerLanguages } from "#platform/i18n/locales.ts";
import { Activity } from "#web/staff/activity.tsx";
import { type PaymentLine, PaymentsTable } from "#web/staff/payments/payments-table.tsx";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card, Facts, type Figure, Figures } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { withQuery } from "#web/ui/pager.tsx";
import { Chip } from "#web/ui/status.tsx";
import { Table, Under } from "#web/ui/table.tsx";
import { PortalAccess } from "./portal-access.tsx";

export type ShownCustomer = {
  readonly customer: Customer;
  readonly payments: readonly PaymentLine[];
  readonly owed: readonly Owed[];
  readonly credit: readonly Amount[];
  readonly received: readonly ReceivedView[];
  readonly payers: readonly string[];
  readonly partner: Partnership | undefined;
  readonly activity: readonly AuditEntry[];
};

const done = {
  created: "The customer was added.",
  saved: "The changes were saved.",
  recorded: "The money was recorded.",
  planned: "The payment plan was created.",
};

/** Everything about one customer. */
export function CustomerPage({ ui, staff, shown }: { ui: Ui; staff: Staff; shown: ShownCustomer }) {
  const { customer, payments } = shown;
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title={customer.name}
      done={done}
      crumbs={[{ href: "/staff/customers", label: "Customers" }]}
      {...(customer.email === undefined && { beside: <Chip tone="warn" icon="alert-circle" words="No e-mail" /> })}
      end={<Buttons staff={staff} shown={shown} />}
    >
      <Balance shown={shown} />
      <div class="two">
        <div class="stack">
          <Card
            title="Payments"
            end={<a href={withQuery("/staff/payments", { customer: customer.id })}>All in the list</a>}
          >
            {payments.length === 0 ? (
              <Empty icon="credit-card" title="Nothing to pay yet">
                A payment or a payment plan shows here, and in the customer's portal, as soon as it is created.
              </Empty>
            ) : (
              <PaymentsTable caption="Payments, by due date" rows={payments} customers={false} />
            )}
          </Card>
          <Received shown={shown} zone={ui.institution.timeZone} />
          <Activity entries={shown.activity} zone={ui.institution.timeZone} />
        </div>
        <div class="stack">
          <PortalAccess customer={customer} origin={ui.origin} mayEdit={can(staff, "customers.write")} />
          <Details shown={shown} />
        </div>
      </div>
    </StaffPage>
  );
}

function Buttons({ staff, shown: { customer, payments } }: { staff: Staff; shown: ShownCustomer }) {
  const owes = payments.some((row) => row.owed.minor > 0n);
  return (
    <>
      {can(staff, "payments.write") && (
        <LinkButton kind="primary" icon="plus" href={withQuery("/staff/payments/new", { customer: customer.id })}>
          Add a payment
        </LinkButton>
      )}
      {can(staff, "payments.record") && owes && (
        <LinkButton icon="cash" href={`/staff/customers/${customer.id}/record`}>
          Record money
        </LinkButton>
      )}
      {can(staff, "customers.write") && (
        <LinkButton icon="pencil" href={`/staff/customers/${customer.id}/edit`}>
          Edit
        </LinkButton>
      )}
    </>
  );
}

/** Owed, overdue and credit: a figure each, in each currency there is. */
function Balance({ shown: { customer, owed, credit } }: { shown: ShownCustomer }) {
  const link = (status: string, currency: string) =>
    withQuery("/staff/payments", { customer: customer.id, status, currency });
  const figures = owed.flatMap((one): Figure[] => [
    {
      label: "Still owed",
      value: <Money value={one.owed} show="code" />,
      href: link("unpaid", one.owed.currency),
    },
    {
      label: "Overdue",
      value: <Money value={one.overdue} show="code" />,
      bad: one.overdue.minor > 0n,
      href: link("overdue", one.owed.currency),
      ...(one.since && { note: `Since ${t.date(one.since)}` }),
    },
  ]);
  const free = credit.map((one): Figure => {
    return { label: "Credit", value: <Money value={one} show="code" />, note: "Offered against the next payment" };
  });
  if (figures.length + free.length === 0) return null;
  return <Figures label="Balance" figures={[...figures, ...free]} />;
}

function Received({ shown: { received }, zone }: { shown: ShownCustomer; zone: string }) {
  if (received.length === 0) return null;
  return (
    <Card title="Money received">
      <Table
        caption="Money received, newest first"
        rows={received}
        columns={[
          {
            head: "Received",
            cell: (row) => (
              <>
                <span class="num nowrap">{t.date(row.receivedOn)}</span>
                <Under>recorded {t.instant(row.at, zone)}</Under>
              </>
            ),
          },
          { head: "How", cell: (row) => <bdi>{row.methodLabel || methodWords[row.kind]}</bdi> },
          { head: "Reference", cell: (row) => <bdi dir="ltr">{row.reference || "–"}</bdi>, wideOnly: true },
          {
            head: "Amount",
            cell: (row) => (
              <Money value={money(row.amount.minor + row.surcharge.minor, row.amount.currency)} show="code" />
            ),
            end: true,
          },
        ]}
      />
    </Card>
  );
}

const methodWords = { card: "Card", bank_transfer: "Bank transfer", by_hand: "By hand" } as const;

function Details({ shown: { customer, payers, partner } }: { shown: ShownCustomer }) {
  const { language } = customer;
  const languages: Readonly<Record<string, string>> = customerLanguages;
  return (
    <Card title="Details">
      <Facts
        facts={[
          ["E-mail", <bdi dir="ltr">{customer.email ?? "None"}</bdi>],
          ["Phone", <bdi dir="ltr">{customer.phone || "None"}</bdi>],
          ["Your reference", customer.externalId ?? "None"],
          ["Language", <bdi>{languages[language] ?? language}</bdi>],
          ["Time zone", customer.timeZone.replaceAll("_", " ")],
          [
            "Partner",
            partner ? (
              <a href={`/staff/partnerships/${partner.id}`}>
                <bdi>{partner.name}</bdi>
              </a>
            ) : (
              "None"
            ),
          ],
          payers.length > 0 && ["Payers", payers.map((email) => <div dir="ltr">{email}</div>)],
        ]}
      />
    </Card>
  );
}
