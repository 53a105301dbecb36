import type { Customer } from "#access/principal.ts";
import type { AttemptNote } from "#features/checkouts/attempt-views.ts";
import { overviewOf, standingsOf } from "#features/payments/customer-overview.ts";
import { owedOf, type Payment, type PaymentId, statusOf } from "#features/payments/payment.ts";
import type { Ui } from "#http/request.ts";
import { type Money as Amount, type Currency, moneySum, toDecimal } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import { CustomerPage } from "#web/customer/customer-page.tsx";
import { partName } from "#web/customer/pay/choice.ts";
import { PaySteps } from "#web/pay/pay-steps.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { Card, Sum } from "#web/ui/card.tsx";
import { dueWords } from "#web/ui/due.ts";
import { FieldProblem, Form, type FormState, fieldId, keptValue } from "#web/ui/form.tsx";
import { Icon } from "#web/ui/icon.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty, Notice } from "#web/ui/notice.tsx";
import { Status } from "#web/ui/status.tsx";

export type ChooseFacts = {
  readonly customer: Customer;
  readonly today: PlainDate;
  /** What is owed, oldest first, in all currencies. */
  readonly open: readonly Payment[];
  readonly notes: ReadonlyMap<PaymentId, AttemptNote>;
  readonly currency: Currency | undefined;
  readonly credit: readonly Amount[];
  /** Ticked at first. */
  readonly ticked: ReadonlySet<string>;
};

/** Choose one, several, everything due, or a part where the payment allows it. */
export function ChoosePage({ ui, facts, form: given }: { ui: Ui; facts: ChooseFacts; form?: FormState }) {
  const t = translator(ui.locale);
  const { customer, currency, open } = facts;
  const form = given ?? { t };
  if (currency === undefined) {
    return (
      <CustomerPage ui={ui} customer={customer} title={t("pay.title")} current="payments">
        <Card>
          <Empty
            icon="circle-check"
            title={t("pay.nothing.title")}
            action={<LinkButton href="/payments">{t("pay.nothing.action")}</LinkButton>}
          >
            {t("pay.nothing.text")}
          </Empty>
        </Card>
      </CustomerPage>
    );
  }
  const shown = open.filter((payment) => payment.list.currency === currency);
  const credit = facts.credit.find((one) => one.currency === currency);
  return (
    <CustomerPage
      ui={ui}
      customer={customer}
      title={t("pay.title")}
      current="payments"
      lead={t("pay.lead")}
      problems={form.problems}
    >
      <div class="c-grid">
        <div class="stack">
          <PaySteps t={t} current={0} />
          {credit && <Notice>{t("pay.creditHere", { amount: t.money(credit) })}</Notice>}
          <Form action="/pay" hidden={{ currency }} layout="wide">
            <fieldset class="field" id={fieldId("payment")} tabindex={-1}>
              <legend class="vh">{t("pay.legend", { currency })}</legend>
              <FieldProblem form={form} name="payment" />
              <div class="choices">
                {shown.map((payment) => (
                  <PayRow t={t} ui={ui} facts={facts} form={form} payment={payment} />
                ))}
              </div>
            </fieldset>
            <div class="actions">
              <Button kind="primary">{t("pay.next")}</Button>
            </div>
          </Form>
          <OtherCurrencies t={t} facts={facts} />
        </div>
        <Owed t={t} ui={ui} facts={facts} currency={currency} />
      </div>
    </CustomerPage>
  );
}

/** What is owed in this currency, beside the list. */
function Owed({ t, ui, facts, currency }: { t: T; ui: Ui; facts: ChooseFacts; currency: Currency }) {
  const standings = standingsOf(facts.open, facts.today, ui.institution.dueWindowDays);
  const sums = overviewOf(standings, facts.today, ui.institution.dueWindowDays).find(
    (one) => one.currency === currency,
  );
  if (!sums) return null;
  const amount = (value: Amount) => <Money value={value} locale={t.locale} size="plain" />;
  const dueNotOverdue = moneySum(sums.due.minor - sums.overdue.minor, currency);
  const all = moneySum(sums.due.minor + sums.later.minor, currency);
  return (
    <aside class="stack side">
      <section class="card pad">
        <h2>{t("pay.owedAll")}</h2>
        <Sum
          lines={[
            sums.overdue.minor > 0n && { label: t("status.overdue"), value: amount(sums.overdue) },
            dueNotOverdue.minor > 0n && { label: t("status.due"), value: amount(dueNotOverdue) },
            sums.later.minor > 0n && { label: t("pay.later"), value: amount(sums.later) },
            { label: t("pay.review.total"), value: <Money value={all} locale={t.locale} />, total: true },
          ]}
        />
      </section>
    </aside>
  );
}

type RowProps = { t: T; ui: Ui; facts: ChooseFacts; form: FormState; payment: Payment };

function PayRow({ t, ui, facts, form, payment }: RowProps) {
  const owed = owedOf(payment);
  const onItsWay = facts.notes.get(payment.id)?.state === "processing";
  const status = statusOf(payment, facts.today, ui.institution.dueWindowDays);
  const dated = status === "due" || status === "overdue";
  const ticked = form.values === undefined ? facts.ticked.has(payment.id) : isKept(form, payment.id);
  return (
    <div class="stack s">
      <label class="choice">
        <input type="checkbox" name="payment" value={payment.id} checked={ticked && !onItsWay} disabled={onItsWay} />
        <span>
          <b>
            <bdi>{payment.item}</bdi>
          </b>
          <small class="row">
            {onItsWay ? t("pay.onItsWay") : t.date(payment.dueDate)}
            <Status
              of="payment"
              state={status}
              t={t}
              {...(dated && { words: dueWords(t, facts.today, payment.dueDate) })}
            />
          </small>
        </span>
        <span class="end num">
          <Money value={owed} locale={t.locale} />
        </span>
      </label>
      {payment.allowPart && !onItsWay && <PartField t={t} form={form} payment={payment} owed={owed} />}
    </div>
  );
}

function PartField({ t, form, payment, owed }: { t: T; form: FormState; payment: Payment; owed: Amount }) {
  const name = partName(payment);
  const id = fieldId(name);
  const wrong = form.problems?.[name] !== undefined;
  return (
    <div class="field pay-part">
      <label for={id}>
        <span class="vh">{t("pay.partLabel", { item: payment.item })}</span>
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

function isKept(form: FormState, id: string): boolean {
  return [form.values?.payment ?? []].flat().includes(id);
}

function OtherCurrencies({ t, facts }: { t: T; facts: ChooseFacts }) {
  const others = [...new Set(facts.open.map((payment) => payment.list.currency))].filter(
    (one) => one !== facts.currency,
  );
  if (others.length === 0) return null;
  return (
    <p class="row sm dim">
      <Icon name="coin" />
      <span>{t("pay.otherCurrency")}</span>
      {others.map((currency) => (
        <a href={`/pay?currency=${currency}`}>{t("pay.switchCurrency", { currency })}</a>
      ))}
    </p>
  );
}
