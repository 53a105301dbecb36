import { allows } from "#access/permissions.ts";
import type { Partner } from "#access/principal.ts";
import { invoiceNumber, owedOf } from "#features/invoices/invoice.ts";
import { paidWords, taxByRate } from "#features/invoices/invoice-document.ts";
import type { PartnerInvoiceView } from "#features/invoices/invoice-partner-view.ts";
import { type InvoiceSnapshot, snapshotMoney } from "#features/invoices/invoice-snapshot.ts";
import type { Ui } from "#http/request.ts";
import { type Money as Amount, money } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card, Facts, Sum, type SumLine } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { Rows } from "#web/ui/rows.tsx";
import { Table, Under } from "#web/ui/table.tsx";
import { InvoiceStatusChip, invoicesHome } from "./list-page.tsx";

type Props = { ui: Ui; partner: Partner; view: PartnerInvoiceView; today: PlainDate; underWay: boolean };

/** One invoice: what it is for, what was paid on it, and the way to pay the rest. */
export function InvoicePage({ ui, partner, view, today, underWay }: Props) {
  const t = translator(ui.locale);
  const { invoice, snapshot } = view;
  const number = invoiceNumber("invoice", invoice.number);
  const owed = owedOf(invoice);
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      title={number}
      crumbs={[{ href: invoicesHome, label: t("invoice.title") }]}
      beside={<InvoiceStatusChip t={t} invoice={invoice} today={today} />}
      end={
        <LinkButton icon="download" href={`${invoicesHome}/${invoice.number}/pdf`} download>
          {t("invoice.download")}
        </LinkButton>
      }
    >
      {invoice.state === "void" && <Notice title={t("invoice.void")}>{t("invoice.void.text")}</Notice>}
      {owed.minor > 0n && <ToPay t={t} ui={ui} partner={partner} view={view} underWay={underWay} />}
      <div class="two">
        <div class="stack">
          <LinesCard t={t} snapshot={snapshot} />
          <PaymentsCard t={t} view={view} />
        </div>
        <div class="stack">
          <DetailsCard t={t} snapshot={snapshot} />
          {snapshot.notes !== "" && (
            <Card title={t("invoice.notes")} pad>
              {snapshot.notes.split("\n").map((line) => (
                <p dir="auto">{line}</p>
              ))}
            </Card>
          )}
        </div>
      </div>
    </PartnerPage>
  );
}

function ToPay({ t, ui, partner, view, underWay }: { t: T } & Omit<Props, "today">) {
  const { invoice } = view;
  const owed = owedOf(invoice);
  const mayPay = allows("partner.pay", "partner", partner.role, partner.rights);
  return (
    <section class="card hero" aria-label={t("invoice.owed")}>
      <h2 class="label">{t("invoice.owed")}</h2>
      <p class="num">
        <Money value={owed} locale={t.locale} size="big" />
      </p>
      {underWay ? (
        <p>{t("invoice.underWay")}</p>
      ) : mayPay ? (
        <p>
          <LinkButton kind="primary" icon="lock" href={`/partner/pay?invoice=${invoice.number}`}>
            {t("invoice.pay", { amount: t.money(owed) })}
          </LinkButton>
        </p>
      ) : (
        <p class="dim">{t("invoice.mayNotPay", { institution: ui.institution.name })}</p>
      )}
    </section>
  );
}

type Line = InvoiceSnapshot["lines"][number];

function LinesCard({ t, snapshot }: { t: T; snapshot: InvoiceSnapshot }) {
  const show = (minor: string) => (
    <Money value={snapshotMoney(snapshot, minor)} show="none" size="plain" locale={t.locale} />
  );
  const taxes = taxByRate(snapshot).map(([bps, minor]): SumLine => {
    const label = t("invoice.doc.taxOf", { tax: snapshot.taxName, rate: t.rate(bps) });
    return { label, value: show(`${minor}`) };
  });
  return (
    <Card title={t("invoice.lines")}>
      <Table<Line>
        caption={t("invoice.lines")}
        rows={snapshot.lines}
        columns={[
          {
            head: t("invoice.description"),
            cell: (line) => (
              <>
                <bdi>{line.description}</bdi>
                {line.quantity > 1 && (
                  <Under>
                    {t("invoice.doc.each", {
                      count: t.number(line.quantity),
                      amount: t.money(snapshotMoney(snapshot, line.unit)),
                    })}
                  </Under>
                )}
              </>
            ),
          },
          {
            head: t("invoice.rate"),
            cell: (line) =>
              line.taxBps === 0 ? t("invoice.doc.noTax") : <span class="num">{t.rate(line.taxBps)}</span>,
            wideOnly: true,
          },
          { head: t("invoice.net"), cell: (line) => show(line.net), end: true },
        ]}
      />
      <div class="pad">
        <Sum
          lines={[
            taxes.length > 0 && { label: t("invoice.net"), value: show(snapshot.net) },
            ...taxes,
            {
              label: t("invoice.total"),
              value: <Money value={snapshotMoney(snapshot, snapshot.total)} show="code" locale={t.locale} />,
              total: true,
            },
          ]}
        />
      </div>
    </Card>
  );
}

function PaymentsCard({ t, view }: { t: T; view: PartnerInvoiceView }) {
  const { invoice, creditNotes } = view;
  const minus = ({ minor, currency }: Amount) => <Money value={money(-minor, currency)} locale={t.locale} />;
  const rows = [
    ...view.money.map((paid) => ({ title: paidWords(paid, t), amount: minus(paid.amount) })),
    ...creditNotes.map((note) => ({
      title: t("invoice.creditNote", { number: invoiceNumber("credit_note", note.number) }),
      href: `/partner/credit-notes/${note.number}`,
      sub: (
        <>
          {t.date(note.issueDate)} · <bdi>{note.reason}</bdi>
        </>
      ),
      amount: minus(note.total),
    })),
    ...(invoice.returned.minor > 0n
      ? [{ title: t("invoice.returned"), amount: <Money value={invoice.returned} locale={t.locale} /> }]
      : []),
  ];
  return (
    <Card title={t("invoice.payments")}>
      {rows.length === 0 ? <p class="pad dim">{t("invoice.payments.none")}</p> : <Rows rows={rows} />}
      <div class="pad pad-under">
        <Sum
          lines={[
            {
              label: t("invoice.owed"),
              value: <Money value={owedOf(invoice)} show="code" locale={t.locale} />,
              total: true,
            },
          ]}
        />
      </div>
    </Card>
  );
}

function DetailsCard({ t, snapshot }: { t: T; snapshot: InvoiceSnapshot }) {
  const { institution, partner } = snapshot;
  const date = (text: string) => <span class="num">{t.date(Temporal.PlainDate.from(text), "long")}</span>;
  return (
    <Card title={t("invoice.details")}>
      <Facts
        facts={[
          [t("invoice.issued"), date(snapshot.issuedOn)],
          snapshot.dueOn !== "" && [t("invoice.due"), date(snapshot.dueOn)],
          [t("doc.from"), <bdi>{institution.legalName || institution.name}</bdi>],
          [t("invoice.doc.billedTo"), <bdi>{partner.legalName || partner.name}</bdi>],
        ]}
      />
    </Card>
  );
}
