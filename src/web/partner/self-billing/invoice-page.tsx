import { allows } from "#access/permissions.ts";
import type { Partner } from "#access/principal.ts";
import { type InvoiceSnapshot, type Party, snapshotMoney } from "#features/invoices/invoice-snapshot.ts";
import { longestReason } from "#features/self-billing/self-billing.ts";
import type { SelfBilledView } from "#features/self-billing/self-billing-partner-view.ts";
import type { Ui } from "#http/request.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card, Facts } from "#web/ui/card.tsx";
import { TextArea } from "#web/ui/fields.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { Money } from "#web/ui/money.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { Table } from "#web/ui/table.tsx";
import { selfBillingHome as home, SelfBilledChip, selfBilledNumber } from "./parts.tsx";

type Props = { ui: Ui; partner: Partner; view: SelfBilledView; form: FormState };

/** One invoice issued in the partner's name: what it says, what became of it, and the way to dispute it. */
export function SelfBilledPage({ ui, partner, view, form }: Props) {
  const t = translator(ui.locale);
  const { invoice, snapshot } = view;
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      title={selfBilledNumber(invoice)}
      crumbs={[{ href: home, label: t("billing.title") }]}
      lead={<bdi>{snapshot.title}</bdi>}
      beside={<SelfBilledChip t={t} invoice={invoice} />}
      problems={form.problems}
      done={{ disputed: "billing.disputeSent" }}
      end={
        <LinkButton icon="download" href={`${home}/${invoice.number}/pdf`} download>
          {t("list.downloadPdf")}
        </LinkButton>
      }
    >
      <Dispute t={t} ui={ui} view={view} />
      <LinesCard t={t} view={view} />
      <PartiesCard t={t} snapshot={snapshot} />
      {view.creditNotes.length > 0 && <CreditNotes t={t} view={view} />}
      {invoice.state === "issued" &&
        invoice.credited.minor < invoice.total.minor &&
        allows("partner.pay", "partner", partner.role, partner.rights) && (
          <DisputeForm ui={ui} view={view} form={form} />
        )}
    </PartnerPage>
  );
}

function LinesCard({ t, view: { snapshot, invoice } }: { t: T; view: SelfBilledView }) {
  const show = (minor: string) => (
    <Money value={snapshotMoney(snapshot, minor)} locale={t.locale} show="none" size="plain" />
  );
  return (
    <Card title={t("billing.for")} end={t.date(invoice.issueDate)}>
      <Table
        caption={t("billing.for")}
        rows={snapshot.lines}
        columns={[
          { head: t("billing.for"), cell: (line) => <bdi>{line.description}</bdi> },
          { head: t("billing.net"), end: true, cell: (line) => show(line.net) },
          { head: t("billing.tax"), end: true, cell: (line) => show(line.tax) },
        ]}
        foot={[
          t("billing.total"),
          "",
          <Money value={snapshotMoney(snapshot, snapshot.total)} locale={t.locale} show="code" />,
        ]}
      />
    </Card>
  );
}

function PartiesCard({ t, snapshot }: { t: T; snapshot: InvoiceSnapshot }) {
  return (
    <Card label={t("billing.supplier")}>
      <Facts
        facts={[
          [t("billing.supplier"), <PartyLines party={snapshot.partner} />],
          [t("billing.recipient"), <PartyLines party={snapshot.institution} />],
          snapshot.notice !== "" && [t("billing.notice"), <bdi>{snapshot.notice}</bdi>],
        ]}
      />
    </Card>
  );
}

function PartyLines({ party }: { party: Party }) {
  const lines = [party.legalName || party.name, party.taxId, ...party.address.split("\n")];
  return (
    <>
      {lines
        .filter((line) => line !== "")
        .map((line) => (
          <div>
            <bdi>{line}</bdi>
          </div>
        ))}
    </>
  );
}

function CreditNotes({ t, view }: { t: T; view: SelfBilledView }) {
  return (
    <Card title={t("billing.creditNotes")}>
      <Table
        caption={t("billing.creditNotes")}
        rows={view.creditNotes}
        columns={[
          {
            head: t("billing.creditNotes"),
            cell: (note) => (
              <a href={note.path} download>
                {t("billing.creditNote", { number: note.number })}
              </a>
            ),
          },
          { head: t("billing.for"), cell: (note) => <bdi>{note.reason}</bdi>, wideOnly: true },
          {
            head: t("billing.total"),
            end: true,
            cell: (note) => <Money value={note.total} locale={t.locale} show="code" />,
          },
        ]}
      />
    </Card>
  );
}

/** What was said about it, by both. */
function Dispute({ t, ui, view: { invoice } }: { t: T; ui: Ui; view: SelfBilledView }) {
  const { name: institution, timeZone } = ui.institution;
  if (!invoice.disputedAt) return null;
  const said = t("billing.yourDispute", { date: t.instant(invoice.disputedAt, timeZone, "medium") });
  const open = invoice.state === "disputed";
  return (
    <>
      <Notice tone={open ? "warn" : "info"} title={said}>
        <p dir="auto">{invoice.disputeReason}</p>
        {open && <p>{t("billing.waiting", { institution })}</p>}
      </Notice>
      {!open && invoice.answeredAt && (
        <Notice
          tone="info"
          title={t("billing.answer", { institution, date: t.instant(invoice.answeredAt, timeZone, "medium") })}
        >
          <p dir="auto">{invoice.disputeAnswer}</p>
        </Notice>
      )}
    </>
  );
}

function DisputeForm({ ui, view, form }: Omit<Props, "partner">) {
  const { t } = form;
  return (
    <Card title={t("billing.dispute")} pad id="dispute">
      <Form action={`${home}/${view.invoice.number}/dispute`}>
        <p>{t("billing.disputeText", { institution: ui.institution.name })}</p>
        <TextArea form={form} name="reason" label={t("billing.reason")} maxlength={longestReason} />
        <Actions>
          <Button icon="alert-circle">{t("billing.send")}</Button>
        </Actions>
      </Form>
    </Card>
  );
}
