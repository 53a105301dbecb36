import type { Staff } from "#access/principal.ts";
import type { AuditEntry } from "#features/audit/audit-views.ts";
import { whyNotCredit } from "#features/invoices/credit-invoice.ts";
import { type Invoice, invoiceNumber, invoiceStatusOf, kindWords, owedOf } from "#features/invoices/invoice.ts";
import { paidWords } from "#features/invoices/invoice-document.ts";
import { versionOf } from "#features/invoices/invoice-draft.ts";
import type { InvoiceView } from "#features/invoices/invoice-views.ts";
import { whyNotVoid } from "#features/invoices/void-invoice.ts";
import type { Partnership } from "#features/partnerships/partnership.ts";
import type { Ui } from "#http/request.ts";
import { type Money as Amount, money } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";
import { Activity } from "#web/staff/activity.tsx";
import { can, t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { Card, Facts, Sum } from "#web/ui/card.tsx";
import { Hidden } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { Rows } from "#web/ui/rows.tsx";
import { Status } from "#web/ui/status.tsx";
import { LinesTable } from "./form-page.tsx";
import { home } from "./list-page.tsx";

const done = {
  saved: "The draft is saved. The partner does not see it yet.",
  issued: "The invoice is issued. The partner's contacts get a mail.",
  voided: "The invoice is void. Its number stays.",
  credited: "The credit note is issued.",
  recorded: "The money is recorded.",
};

type Props = {
  ui: Ui;
  staff: Staff;
  view: InvoiceView;
  partner: Partnership;
  today: PlainDate;
  activity: readonly AuditEntry[];
  /** Whether anybody at the partner may sign in. */
  contacts: number;
};

/** What a document is called: its number, or that it is a draft. */
export function titleOf(invoice: Pick<Invoice, "kind" | "number">): string {
  const { kind, number } = invoice;
  return number === undefined ? `Draft ${kindWords[kind].toLowerCase()}` : invoiceNumber(kind, number);
}

/** One document of account with its lines, money, credit notes and history. */
export function InvoicePage(props: Props) {
  const { ui, staff, view, partner, today, activity, contacts } = props;
  const { invoice } = view;
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title={titleOf(invoice)}
      lead={
        <>
          {kindWords[invoice.kind]} to{" "}
          <a href={`/staff/partnerships/${partner.id}`}>
            <bdi>{partner.name}</bdi>
          </a>
        </>
      }
      crumbs={[{ href: home, label: "Invoices" }]}
      beside={<Status of="invoice" state={invoiceStatusOf(invoice, today)} t={t} />}
      end={<TopActions staff={staff} invoice={invoice} />}
      done={done}
    >
      {contacts === 0 && invoice.kind === "invoice" && (
        <Notice tone="warn" title="Nobody at this partner can see it">
          <a href={`/staff/partnerships/${partner.id}`}>Add a contact</a> who may look and pay.
        </Notice>
      )}
      <div class="two">
        <div class="stack">
          <Card title="Lines">
            <LinesTable amounts={{ ...invoice, lines: view.lines }} taxName={ui.institution.taxName} />
          </Card>
          {invoice.kind === "invoice" && invoice.state !== "draft" && <MoneyCard view={view} />}
          <DraftActions staff={staff} invoice={invoice} />
        </div>
        <div class="stack">
          <FactsCard view={view} />
          <Activity entries={activity} zone={ui.institution.timeZone} />
        </div>
      </div>
    </StaffPage>
  );
}

function TopActions({ staff, invoice }: { staff: Staff; invoice: Invoice }) {
  const own = `${home}/${invoice.id}`;
  const may = can(staff, "invoices.write") && invoice.kind === "invoice";
  return (
    <>
      {may && owedOf(invoice).minor > 0n && (
        <LinkButton kind="primary" href={`${own}/record`}>
          Record a payment
        </LinkButton>
      )}
      {may && whyNotCredit(invoice) === undefined && <LinkButton href={`${own}/credit`}>Credit note</LinkButton>}
      {may && whyNotVoid(invoice) === undefined && <LinkButton href={`${own}/void`}>Make void</LinkButton>}
      {invoice.state !== "draft" && (
        <LinkButton icon="download" href={`${own}/pdf`} download>
          PDF
        </LinkButton>
      )}
    </>
  );
}

function DraftActions({ staff, invoice }: { staff: Staff; invoice: Invoice }) {
  if (invoice.state !== "draft" || !can(staff, "invoices.write")) return null;
  const own = `${home}/${invoice.id}`;
  return (
    <Card title="This is a draft" pad>
      <p>It has no number yet, and the partner does not see it.</p>
      <div class="row">
        <form method="post" action={`${own}/issue`}>
          <Hidden values={{ version: versionOf(invoice) }} />
          <Button kind="primary">{`Issue it for ${t.money(invoice.total, "code")}`}</Button>
        </form>
        <LinkButton href={`${own}/edit`} icon="pencil">
          Change
        </LinkButton>
        <form method="post" action={`${own}/delete`}>
          <Button kind="ghost" icon="trash">
            Delete the draft
          </Button>
        </form>
      </div>
    </Card>
  );
}

function MoneyCard({ view }: { view: InvoiceView }) {
  const { invoice, creditNotes } = view;
  const minus = ({ minor, currency }: Amount) => <Money value={money(-minor, currency)} show="code" />;
  const rows = [
    ...view.money.map((paid) => ({ title: paidWords(paid, t), amount: minus(paid.amount) })),
    ...creditNotes.map((note) => ({
      title: `Credit note ${titleOf(note)}`,
      href: `${home}/${note.id}`,
      sub: <bdi>{note.notes}</bdi>,
      amount: minus(note.total),
    })),
    ...(invoice.returned.minor > 0n
      ? [{ title: "Owed back to the partner", amount: <Money value={invoice.returned} show="code" /> }]
      : []),
  ];
  return (
    <Card title="Payments and credit notes">
      {rows.length === 0 ? <p class="pad dim">No money has arrived yet.</p> : <Rows rows={rows} />}
      <div class="pad pad-under">
        <Sum
          lines={[
            { label: "Total", value: <Money value={invoice.total} show="code" /> },
            { label: "Still owed", value: <Money value={owedOf(invoice)} show="code" />, total: true },
          ]}
        />
      </div>
    </Card>
  );
}

function FactsCard({ view }: { view: InvoiceView }) {
  const { invoice, corrects, snapshot } = view;
  const date = (value: PlainDate | undefined) => value && <span class="num">{t.date(value, "long")}</span>;
  return (
    <Card title="Details">
      <Facts
        facts={[
          invoice.issueDate && ["Issued", date(invoice.issueDate)],
          invoice.dueDate && ["Due", date(invoice.dueDate)],
          corrects && ["Corrects", <a href={`${home}/${corrects.id}`}>{titleOf(corrects)}</a>],
          snapshot && ["Billed to", <bdi>{snapshot.partner.legalName || snapshot.partner.name}</bdi>],
          snapshot && snapshot.partner.taxId !== "" && ["Tax number", <bdi>{snapshot.partner.taxId}</bdi>],
          invoice.notes !== "" && [
            invoice.kind === "credit_note" ? "Reason" : "Notes",
            invoice.notes.split("\n").map((line) => <p dir="auto">{line}</p>),
          ],
        ]}
      />
    </Card>
  );
}
