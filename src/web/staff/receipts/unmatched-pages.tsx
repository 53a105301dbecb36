import { allows } from "#access/permissions.ts";
import type { Staff } from "#access/principal.ts";
import type { FoundCustomer, FoundPartner, Suggestion } from "#features/checkouts/suggestions.ts";
import type { Customer } from "#features/customers/customer.ts";
import { isPartner, type PayerId } from "#features/money-in/payer.ts";
import type { ReceivedView } from "#features/money-in/received-views.ts";
import { owedOf, type Payment, statusOf } from "#features/payments/payment.ts";
import type { Ui } from "#http/request.ts";
import type { PlainDate } from "#kernel/time.ts";
import { FoundPartners, type PartnerFacts, WhichInvoices } from "#web/staff/receipts/match-partner.tsx";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { Card, Facts } from "#web/ui/card.tsx";
import { dueWords } from "#web/ui/due.ts";
import { Choices, TextField } from "#web/ui/fields.tsx";
import { Form, type FormState, type Problems } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty, Notice } from "#web/ui/notice.tsx";
import { Chip, Status } from "#web/ui/status.tsx";
import { Table, Under } from "#web/ui/table.tsx";

const done = { matched: "The money is matched: customers get a receipt, and invoices of partners show it." };
const because = {
  reference: "The reference is nearly the same",
  amount: "The amount is the same",
  name: "The sender has the same name",
} as const;

/** Money that arrived and that nobody knows yet whose it is. */
export function UnmatchedPage({ ui, staff, rows }: { ui: Ui; staff: Staff; rows: readonly ReceivedView[] }) {
  const mayMatch = allows("receipts.match", "staff", staff.role);
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Unmatched money"
      lead="Transfers that arrived without a reference that we know. Say whose they are, and they go to what is owed."
      done={done}
    >
      <Card>
        {rows.length === 0 ? (
          <Empty icon="circle-check" title="Nothing to match">
            Money that arrives without a known reference appears here.
          </Empty>
        ) : (
          <Table
            caption="Unmatched money, oldest first"
            columns={[
              { head: "Arrived", cell: (row) => t.date(row.receivedOn) },
              {
                head: "Sender and reference",
                cell: (row) => (
                  <>
                    <bdi>{row.payerName || "Unknown sender"}</bdi>
                    <Under>
                      <bdi>{row.reference || "No reference"}</bdi>
                    </Under>
                  </>
                ),
              },
              { head: "Amount", end: true, cell: (row) => <Money value={row.amount} show="code" /> },
              {
                head: "Match",
                silent: true,
                end: true,
                cell: (row) =>
                  mayMatch && (
                    <LinkButton small href={`/staff/unmatched/${row.id}`} about={`the money of ${row.payerName}`}>
                      Match
                    </LinkButton>
                  ),
              },
            ]}
            rows={rows}
          />
        )}
      </Card>
    </StaffPage>
  );
}

export type MatchFacts = {
  readonly money: ReceivedView;
  readonly suggestions: readonly Suggestion[];
  readonly typed: string;
  readonly found: readonly FoundCustomer[];
  readonly foundPartners: readonly FoundPartner[];
  readonly customer: Customer | undefined;
  readonly partner: PartnerFacts | undefined;
  /** What this customer announced with the transfer that it looks like. */
  readonly announced: readonly string[];
  /** What is owed in this currency, oldest first. */
  readonly open: readonly Payment[];
  readonly today: PlainDate;
};

type MatchProps = { ui: Ui; staff: Staff; facts: MatchFacts; values?: FormState["values"]; problems?: Problems };

/** Whose money is it? Suggestions, a search, then the payments it goes to. */
export function MatchPage({ ui, staff, facts, values, problems }: MatchProps) {
  const { money, customer } = facts;
  const form: FormState = { t, ...(values && { values }), ...(problems && { problems }) };
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title={`${t.money(money.amount, "code")} from ${money.payerName || "an unknown sender"}`}
      crumbs={[{ href: "/staff/unmatched", label: "Unmatched money" }]}
      problems={problems}
    >
      <div class="two">
        <div class="stack">
          {facts.partner ? (
            <WhichInvoices money={money} facts={facts.partner} form={form} today={facts.today} />
          ) : customer ? (
            <WhereTo facts={facts} form={form} customer={customer} ui={ui} />
          ) : (
            <>
              <Suggestions facts={facts} />
              <Search facts={facts} />
              <Found facts={facts} />
              <FoundPartners money={money} found={facts.foundPartners} />
            </>
          )}
        </div>
        <aside class="stack">
          <Card title="What arrived">
            <Facts
              facts={[
                ["Amount", <Money value={money.amount} show="code" />],
                ["Arrived", t.date(money.receivedOn, "long")],
                ["Sender", <bdi>{money.payerName || "Unknown"}</bdi>],
                ["Reference", <bdi class="mono">{money.reference || "None"}</bdi>],
                ["By", money.provider],
              ]}
            />
          </Card>
        </aside>
      </div>
    </StaffPage>
  );
}

const choosing = (money: ReceivedView, payer: PayerId) =>
  `/staff/unmatched/${money.id}?${isPartner(payer) ? "partner" : "customer"}=${payer}`;

function Suggestions({ facts }: { facts: MatchFacts }) {
  if (facts.suggestions.length === 0) return null;
  return (
    <Card title="It looks like">
      <Table
        caption="Who announced such a transfer, the likeliest first"
        columns={[
          {
            head: "Who",
            cell: (row) => (
              <>
                <bdi>{row.name}</bdi>
                <Under>{`Expected with reference ${row.reference}`}</Under>
              </>
            ),
          },
          {
            head: "Why",
            wideOnly: true,
            cell: (row) => (
              <span class="row">
                {row.because.map((reason) => (
                  <Chip tone="info" words={because[reason]} />
                ))}
              </span>
            ),
          },
          {
            head: "Choose",
            silent: true,
            end: true,
            cell: (row) => (
              <LinkButton small href={choosing(facts.money, row.payer)} about={row.name}>
                Choose
              </LinkButton>
            ),
          },
        ]}
        rows={facts.suggestions}
      />
    </Card>
  );
}

function Search({ facts }: { facts: MatchFacts }) {
  const { money, typed } = facts;
  const none = facts.found.length === 0 && facts.foundPartners.length === 0;
  return (
    <Card title="Find the customer or partner" pad>
      <Form action={`/staff/unmatched/${money.id}`} method="get" layout="wide">
        <TextField
          form={{ t }}
          name="q"
          label="Name, e-mail address or reference"
          type="search"
          value={typed}
          maxlength={100}
        />
        <div class="actions">
          <Button kind="primary" icon="search">
            Find
          </Button>
        </div>
      </Form>
      {typed !== "" && none && <p class="dim mt">Nobody is found with these words.</p>}
    </Card>
  );
}

function Found({ facts }: { facts: MatchFacts }) {
  const { money, found } = facts;
  if (found.length === 0) return null;
  return (
    <Card title="Customers found">
      <Table
        caption="Customers found"
        columns={[
          {
            head: "Customer",
            cell: (row) => (
              <>
                <bdi>{row.name}</bdi>
                <Under>{row.email || "No e-mail address"}</Under>
              </>
            ),
          },
          { head: "Reference", wideOnly: true, cell: (row) => row.externalId },
          {
            head: "Choose",
            silent: true,
            end: true,
            cell: (row) => (
              <LinkButton small href={`/staff/unmatched/${money.id}?customer=${row.id}`} about={row.name}>
                Choose
              </LinkButton>
            ),
          },
        ]}
        rows={found}
      />
    </Card>
  );
}

function WhereTo({ facts, form, customer, ui }: { facts: MatchFacts; form: FormState; customer: Customer; ui: Ui }) {
  const { money, open, today } = facts;
  const window = ui.institution.dueWindowDays;
  const meant = (payment: Payment) =>
    facts.announced.length > 0
      ? facts.announced.includes(payment.id)
      : statusOf(payment, today, window) !== "scheduled";
  return (
    <Card title={`For ${customer.name}`} end={<a href={`/staff/unmatched/${money.id}`}>Choose somebody else</a>} pad>
      <Form action={`/staff/unmatched/${money.id}`} hidden={{ customer: customer.id }} layout="wide">
        {open.length === 0 ? (
          <Notice>{`${customer.name} owes nothing in ${money.amount.currency}. All of it stays as credit.`}</Notice>
        ) : (
          <Choices
            form={form}
            name="payment"
            legend="Where it goes, oldest first"
            hint="What none of these takes stays as credit and is offered against the next payment."
            kind="checkbox"
            chosen={open.filter(meant).map((payment) => payment.id)}
            options={open.map((payment) => {
              const status = statusOf(payment, today, window);
              const dated = status === "due" || status === "overdue";
              return {
                value: payment.id,
                label: payment.item,
                hint: (
                  <>
                    {t.date(payment.dueDate)}{" "}
                    <Status
                      of="payment"
                      state={status}
                      t={t}
                      {...(dated && { words: dueWords(t, today, payment.dueDate) })}
                    />
                  </>
                ),
                end: <Money value={owedOf(payment)} show="code" />,
              };
            })}
          />
        )}
        <div class="actions">
          <Button kind="primary">{`Match ${t.money(money.amount, "code")} to ${customer.name}`}</Button>
        </div>
      </Form>
    </Card>
  );
}
