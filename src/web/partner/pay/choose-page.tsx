import type { Partner } from "#access/principal.ts";
import { type InvoiceId, invoiceNumber, owedOf } from "#features/invoices/invoice.ts";
import type { PartnerInvoice } from "#features/invoices/invoice-partner-view.ts";
import type { Ui } from "#http/request.ts";
import { type Currency, toDecimal } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import { InvoiceStatusChip } from "#web/partner/invoices/list-page.tsx";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { PaySteps } from "#web/pay/pay-steps.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { FieldProblem, Form, type FormState, fieldId, keptValue } from "#web/ui/form.tsx";
import { Icon } from "#web/ui/icon.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { partName } from "./choice.ts";

export type ChooseInvoices = {
  readonly today: PlainDate;
  /** What is owed, oldest due first, in all currencies. */
  readonly open: readonly PartnerInvoice[];
  readonly underWay: ReadonlySet<InvoiceId>;
  readonly currency: Currency | undefined;
  /** The numbers that are ticked at first. */
  readonly ticked: ReadonlySet<string>;
};

type Props = { ui: Ui; partner: Partner; facts: ChooseInvoices; form?: FormState };

/** Choose one, several, all that is due, or a part. */
export function ChooseInvoicesPage({ ui, partner, facts, form: given }: Props) {
  const t = translator(ui.locale);
  const form = given ?? { t };
  const { currency, open } = facts;
  const crumbs = [{ href: "/partner/invoices", label: t("invoice.title") }];
  if (currency === undefined) {
    return (
      <PartnerPage ui={ui} partner={partner} title={t("invoice.choose.title")} crumbs={crumbs}>
        <Card>
          <Empty
            icon="circle-check"
            title={t("pay.nothing.title")}
            action={<LinkButton href="/partner/invoices">{t("invoice.choose.back")}</LinkButton>}
          >
            {t("invoice.choose.nothing")}
          </Empty>
        </Card>
      </PartnerPage>
    );
  }
  const shown = open.filter((invoice) => invoice.currency === currency);
  const others = [...new Set(open.map((invoice) => invoice.currency))].filter((one) => one !== currency);
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      current="/partner/invoices"
      title={t("invoice.choose.title")}
      lead={t("invoice.choose.lead")}
      crumbs={crumbs}
      problems={form.problems}
    >
      <div class="narrow stack">
        <PaySteps t={t} current={0} />
        <Form action="/partner/pay" hidden={{ currency }} layout="wide">
          <fieldset class="field" id={fieldId("invoice")} tabindex={-1}>
            <legend class="vh">{t("invoice.choose.legend", { currency })}</legend>
            <FieldProblem form={form} name="invoice" />
            <div class="choices">
              {shown.map((invoice) => (
                <InvoiceRow t={t} facts={facts} form={form} invoice={invoice} />
              ))}
            </div>
          </fieldset>
          <div class="actions">
            <Button kind="primary">{t("pay.next")}</Button>
          </div>
        </Form>
        {others.length > 0 && (
          <p class="row sm dim">
            <Icon name="coin" />
            <span>{t("pay.otherCurrency")}</span>
            {others.map((one) => (
              <a href={`/partner/pay?currency=${one}`}>{t("pay.switchCurrency", { currency: one })}</a>
            ))}
          </p>
        )}
      </div>
    </PartnerPage>
  );
}

type RowProps = { t: T; facts: ChooseInvoices; form: FormState; invoice: PartnerInvoice };

function InvoiceRow({ t, facts, form, invoice }: RowProps) {
  const number = invoice.number.toString();
  const onItsWay = facts.underWay.has(invoice.id);
  const kept = [form.values?.invoice ?? []].flat().includes(number);
  const ticked = form.values === undefined ? facts.ticked.has(number) : kept;
  return (
    <div class="stack s">
      <label class="choice">
        <input type="checkbox" name="invoice" value={number} checked={ticked && !onItsWay} disabled={onItsWay} />
        <span>
          <b class="num">{invoiceNumber("invoice", invoice.number)}</b>
          <small class="row">
            {onItsWay ? t("invoice.underWay") : invoice.dueDate && t("pay.owed", { date: t.date(invoice.dueDate) })}
            <InvoiceStatusChip t={t} invoice={invoice} today={facts.today} />
          </small>
        </span>
        <span class="end num">
          <Money value={owedOf(invoice)} locale={t.locale} />
        </span>
      </label>
      {!onItsWay && <PartField t={t} form={form} invoice={invoice} />}
    </div>
  );
}

function PartField({ t, form, invoice }: Omit<RowProps, "facts">) {
  const owed = owedOf(invoice);
  const name = partName(invoice);
  const id = fieldId(name);
  const wrong = form.problems?.[name] !== undefined;
  return (
    <div class="field pay-part">
      <label for={id}>
        <span class="vh">{t("pay.partLabel", { item: invoiceNumber("invoice", invoice.number) })}</span>
        <span class="sm dim" id={`${id}-h`} aria-hidden="true">
          {t("pay.partHint", { amount: t.money(owed) })}
        </span>
      </label>
      <FieldProblem form={form} name={name} />
      <div class="group short">
        <span class="addon">{owed.currency}</span>
        <input
          class="input num"
          type="text"
          inputmode="decimal"
          dir="ltr"
          autocomplete="off"
          id={id}
          name={name}
          value={keptValue(form, name, toDecimal(owed))}
          aria-describedby={wrong ? `${id}-e` : `${id}-h`}
          {...(wrong && { "aria-invalid": "true" as const })}
        />
      </div>
    </div>
  );
}
