import type { Customer } from "#access/principal.ts";
import { type Attempt, chargedFor } from "#features/checkouts/checkout.ts";
import type { CheckoutView, PaidView } from "#features/checkouts/checkout-views.ts";
import { reasonWords } from "#features/checkouts/reason-words.ts";
import { spacedReference } from "#features/checkouts/reference.ts";
import { owedOf } from "#features/payments/payment.ts";
import type { Ui } from "#http/request.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import { CustomerPage } from "#web/customer/customer-page.tsx";
import { PaySteps } from "#web/customer/pay/pay-steps.tsx";
import { type Why, WhyNotice } from "#web/customer/pay/review-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card, Facts } from "#web/ui/card.tsx";
import { Icon } from "#web/ui/icon.tsx";
import { Money } from "#web/ui/money.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { Rows } from "#web/ui/rows.tsx";
import { Status } from "#web/ui/status.tsx";

type Props = { ui: Ui; customer: Customer; view: CheckoutView };

/** It is paid: how much, for what, and the receipt. */
export function PaidPage({ ui, customer, view, paid, why }: Props & { paid: PaidView; why?: Why | undefined }) {
  const t = translator(ui.locale);
  const attempt = view.attempt?.state === "succeeded" ? view.attempt : undefined;
  const heading = attempt
    ? t("pay.done.heading", { amount: t.money(view.arrived) })
    : t(view.attempt || view.checkout.state !== "paid" ? "pay.done.title" : "pay.done.creditHeading");
  return (
    <CustomerPage ui={ui} customer={customer} title={heading} current="payments">
      <div class="narrow stack">
        <PaySteps t={t} current={3} />
        <WhyNotice t={t} why={why} />
        <section class="card hero" role="status">
          <p class="row txt-ok strong">
            <Icon name="circle-check" size="l" />
            {t("pay.done.title")}
          </p>
          {attempt && (
            <p class="num">
              <Money value={view.arrived} locale={t.locale} size="big" />
            </p>
          )}
          {paid.receipts.length > 0 && <p class="dim">{t("pay.done.text", { email: customer.email })}</p>}
          {paid.left.minor > 0n && <p>{t("pay.done.leftCredit", { amount: t.money(paid.left) })}</p>}
          <div class="row">
            {paid.receipts.map((receipt, index) => (
              <LinkButton
                href={`/receipts/${receipt.id}`}
                kind={index === paid.receipts.length - 1 ? "primary" : "plain"}
                icon="download"
                download
              >
                {t("pay.done.receipt", { number: receipt.number })}
              </LinkButton>
            ))}
            <LinkButton href="/overview">{t("pay.done.overview")}</LinkButton>
          </div>
        </section>
        <PaidFor t={t} view={view} />
        {attempt && <PaidFacts t={t} attempt={attempt} paid={paid} />}
      </div>
    </CustomerPage>
  );
}

function PaidFor({ t, view }: { t: T; view: CheckoutView }) {
  return (
    <Card title={t("pay.done.for")}>
      <Rows
        rows={view.lines.map(({ payment, amount }) => {
          const owed = owedOf(payment);
          const isCancelled = payment.state === "cancelled";
          const isPaid = owed.minor === 0n;
          const part = payment.paid.minor > 0n ? "partially_paid" : "due";
          return {
            title: payment.item,
            href: `/payments/${payment.id}`,
            sub: isPaid
              ? t("pay.owed", { date: t.date(payment.dueDate) })
              : t("pay.done.partLeft", { amount: t.money(owed) }),
            status: <Status of="payment" state={isCancelled ? "cancelled" : isPaid ? "paid" : part} t={t} />,
            amount: <Money value={amount} locale={t.locale} />,
          };
        })}
      />
    </Card>
  );
}

function PaidFacts({ t, attempt, paid }: { t: T; attempt: Attempt; paid: PaidView }) {
  return (
    <Card>
      <Facts
        facts={[
          [t("pay.done.method"), <bdi>{attempt.methodLabel || t(`pay.method.${attempt.kind}`)}</bdi>],
          paid.receivedOn && [t("pay.done.date"), t.date(paid.receivedOn, "long")],
          [t("pay.done.reference"), <bdi class="mono">{spacedReference(attempt.reference)}</bdi>],
        ]}
      />
    </Card>
  );
}

/** The outcome is not known yet. The page asks again by itself for a while, and by a link. */
export function WaitPage({ ui, customer, view, looks }: Props & { looks: number }) {
  const t = translator(ui.locale);
  return (
    <CustomerPage ui={ui} customer={customer} title={t("pay.wait.title")} current="payments">
      <div class="narrow stack">
        <PaySteps t={t} current={2} />
        <section class="card hero" role="status">
          <p>
            <Status of="payment" state="processing" t={t} />
          </p>
          {view.attempt && (
            <p class="num">
              <Money value={chargedFor(view.attempt)} locale={t.locale} size="big" />
            </p>
          )}
          <p>{t("pay.wait.text")}</p>
          <p class="dim">{t("pay.wait.once")}</p>
          <div class="row">
            <LinkButton href={`/pay/${view.checkout.id}/done?looks=${looks + 1}`} icon="refresh">
              {t("pay.wait.again")}
            </LinkButton>
            <LinkButton href="/overview" kind="ghost">
              {t("pay.done.overview")}
            </LinkButton>
          </div>
        </section>
      </div>
    </CustomerPage>
  );
}

/** It did not go through, why, and what to do now. */
export function FailedPage({ ui, customer, view }: Props) {
  const t = translator(ui.locale);
  const reason = view.attempt?.reason ?? "";
  const left = reason === "cancelled_by_payer";
  return (
    <CustomerPage
      ui={ui}
      customer={customer}
      title={left ? t("pay.left.title") : t("pay.failed.title")}
      current="payments"
    >
      <div class="narrow stack">
        <PaySteps t={t} current={2} />
        <Notice tone={left ? "info" : "bad"} title={left ? t("pay.failed.nothing") : reasonWords(t, reason)} live>
          {!left && <p>{t("pay.failed.nothing")}</p>}
        </Notice>
        <section class="card hero">
          <p class="num">
            <Money value={view.checkout.total} locale={t.locale} size="big" />
          </p>
          <div class="row">
            <LinkButton href={`/pay/${view.checkout.id}/review`} kind="primary">
              {t("pay.failed.again")}
            </LinkButton>
            <LinkButton href="/pay">{t("pay.failed.other")}</LinkButton>
          </div>
        </section>
      </div>
    </CustomerPage>
  );
}
