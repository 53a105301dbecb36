import { type Attempt, chargedFor } from "#features/checkouts/checkout.ts";
import type { CheckoutView, PaidView } from "#features/checkouts/checkout-page.ts";
import { reasonWords } from "#features/checkouts/reason-words.ts";
import { spacedReference } from "#features/checkouts/reference.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import type { PayPlace } from "#web/pay/pay-place.ts";
import { PaySteps } from "#web/pay/pay-steps.tsx";
import { type Why, WhyNotice } from "#web/pay/review-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card, Facts } from "#web/ui/card.tsx";
import { Icon } from "#web/ui/icon.tsx";
import { Money } from "#web/ui/money.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { Rows } from "#web/ui/rows.tsx";
import { Status } from "#web/ui/status.tsx";

type Props = { place: PayPlace; view: CheckoutView };

/** It is paid: how much, for what, and the receipt. */
export function PaidPage(props: Props & { paid: PaidView; email: string; why?: Why | undefined }) {
  const { place, view, paid, email, why } = props;
  const t = translator(place.ui.locale);
  const attempt = view.attempt?.state === "succeeded" ? view.attempt : undefined;
  const heading = attempt
    ? t("pay.done.heading", { amount: t.money(view.arrived) })
    : t(view.attempt || view.checkout.state !== "paid" ? "pay.done.title" : "pay.done.creditHeading");
  return (
    <place.Frame title={heading}>
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
          {paid.receipts.length > 0 && <p class="dim">{t("pay.done.text", { email })}</p>}
          {paid.left.minor > 0n && <p>{t(place.says.left, { amount: t.money(paid.left) })}</p>}
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
            <LinkButton href={place.home}>{t(place.says.home)}</LinkButton>
          </div>
        </section>
        <PaidFor t={t} place={place} view={view} put={paid.put} />
        {attempt && <PaidFacts t={t} attempt={attempt} paid={paid} />}
      </div>
    </place.Frame>
  );
}

function PaidFor({ t, place, view, put }: { t: T; place: PayPlace; view: CheckoutView; put: PaidView["put"] }) {
  return (
    <Card title={t("pay.done.for")}>
      <Rows
        rows={view.lines.map((line) => ({
          title: line.title,
          href: place.hrefOf(line),
          sub:
            line.owed.minor === 0n
              ? t("pay.owed", { date: t.date(line.dueDate) })
              : t("pay.done.partLeft", { amount: t.money(line.owed) }),
          status: <Status of="payment" state={line.standing} t={t} />,
          amount: <Money value={put.get(line.ref) ?? line.amount} locale={t.locale} />,
        }))}
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
export function WaitPage({ place, view, looks }: Props & { looks: number }) {
  const t = translator(place.ui.locale);
  return (
    <place.Frame title={t("pay.wait.title")}>
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
          <p>{t(place.says.wait)}</p>
          <p class="dim">{t("pay.wait.once")}</p>
          <div class="row">
            <LinkButton href={`${place.base}/${view.checkout.id}/done?looks=${looks + 1}`} icon="refresh">
              {t("pay.wait.again")}
            </LinkButton>
            <LinkButton href={place.home} kind="ghost">
              {t(place.says.home)}
            </LinkButton>
          </div>
        </section>
      </div>
    </place.Frame>
  );
}

/** It did not go through, why, and what to do now. */
export function FailedPage({ place, view }: Props) {
  const t = translator(place.ui.locale);
  const reason = view.attempt?.reason ?? "";
  const left = reason === "cancelled_by_payer";
  return (
    <place.Frame title={left ? t("pay.left.title") : t("pay.failed.title")}>
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
            <LinkButton href={`${place.base}/${view.checkout.id}/review`} kind="primary">
              {t("pay.failed.again")}
            </LinkButton>
            <LinkButton href={place.base}>{t(place.says.other)}</LinkButton>
          </div>
        </section>
      </div>
    </place.Frame>
  );
}
