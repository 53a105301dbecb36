import { type Attempt, chargedFor } from "#features/checkouts/checkout.ts";
import type { CheckoutView } from "#features/checkouts/checkout-page.ts";
import { spacedReference } from "#features/checkouts/reference.ts";
import { type Money as Amount, money } from "#kernel/money.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import type { PayPlace } from "#web/pay/pay-place.ts";
import { PaySteps } from "#web/pay/pay-steps.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card, Facts } from "#web/ui/card.tsx";
import { CopyField } from "#web/ui/copy.tsx";
import { Money } from "#web/ui/money.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { Timeline } from "#web/ui/timeline.tsx";

type Props = { place: PayPlace; view: CheckoutView; attempt: Attempt };

/** To where, how much and with which reference to send the money. */
export function TransferPage({ place, view, attempt }: Props) {
  const t = translator(place.ui.locale);
  const charged = chargedFor(attempt);
  const left = money(charged.minor - view.arrived.minor, charged.currency);
  const where = attempt.instructions;
  return (
    <place.Frame title={t("pay.transfer.title")} lead={t("pay.transfer.lead")}>
      <div class="c-grid">
        <div class="stack">
          <PaySteps t={t} current={2} />
          {view.arrived.minor > 0n && (
            <Notice tone="warn">
              {t("pay.transfer.arrived", { arrived: t.money(view.arrived), left: t.money(left) })}
            </Notice>
          )}
          <AmountAndReference t={t} attempt={attempt} left={left} />
          {where && (
            <Card title={t("pay.transfer.details")}>
              <Facts
                facts={[
                  [t("pay.transfer.accountName"), <bdi>{where.accountName}</bdi>],
                  [t("pay.transfer.accountNumber"), <bdi class="mono">{where.accountNumber}</bdi>],
                  [t("pay.transfer.bank"), <bdi>{where.bank}</bdi>],
                ]}
              />
            </Card>
          )}
          {attempt.provider === "sandbox" && (
            <Notice tone="warn">
              <a href="/sandbox/bank">{t("pay.transfer.test")}</a>
            </Notice>
          )}
          <div class="row">
            <LinkButton href={place.home} kind="primary">
              {t(place.says.home)}
            </LinkButton>
            <LinkButton href={otherWay(place, view)}>{t("pay.transfer.other")}</LinkButton>
          </div>
          <p class="sm dim">{t("pay.transfer.otherHint")}</p>
        </div>
        <aside class="stack side">
          <Card title={t("pay.transfer.after")} pad>
            <Timeline
              happenings={[
                { what: t("pay.transfer.after1"), icon: "send", tone: "info" },
                { what: t("pay.transfer.after2"), icon: "building-bank", coming: true },
                { what: t(place.says.matched), icon: "receipt", coming: true },
              ]}
            />
          </Card>
        </aside>
      </div>
    </place.Frame>
  );
}

/** Once a part has arrived, less is owed than was chosen: the rest is chosen anew. */
function otherWay(place: PayPlace, { checkout, arrived, lines }: CheckoutView): string {
  return arrived.minor === 0n ? `${place.base}/${checkout.id}/review` : place.chooseAgain(lines);
}

function AmountAndReference({ t, attempt, left }: { t: T; attempt: Attempt; left: Amount }) {
  return (
    <>
      <section class="card hero">
        <div>
          <h2 class="label">{t("pay.transfer.amount")}</h2>
          <p class="num">
            <Money value={left} locale={t.locale} size="big" />
          </p>
        </div>
      </section>
      <section class="card pad stack s" aria-label={t("pay.transfer.reference")}>
        <CopyField
          t={t}
          id="reference"
          label={t("pay.transfer.reference")}
          value={spacedReference(attempt.reference)}
        />
        <p class="sm dim">{t("pay.transfer.referenceHint")}</p>
      </section>
    </>
  );
}

/** The payer came back from the provider's page without finishing there. */
export function ContinuePage({ place, view, attempt }: Props) {
  const t = translator(place.ui.locale);
  return (
    <place.Frame title={t("pay.continue.title")}>
      <div class="narrow stack">
        <PaySteps t={t} current={2} />
        <section class="card hero">
          <p class="num">
            <Money value={chargedFor(attempt)} locale={t.locale} size="big" />
          </p>
          <p>{t("pay.continue.text")}</p>
          <div class="row">
            <LinkButton href={attempt.actionUrl} kind="primary">
              {t("pay.continue.action")}
            </LinkButton>
            <LinkButton href={`${place.base}/${view.checkout.id}/review`}>{t("pay.method.change")}</LinkButton>
          </div>
        </section>
      </div>
    </place.Frame>
  );
}
