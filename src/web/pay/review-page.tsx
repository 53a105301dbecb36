import type { Method } from "#features/channel-products/methods.ts";
import type { NotNow } from "#features/checkouts/begin-attempt.ts";
import type { CheckoutView, MethodOffer } from "#features/checkouts/checkout-page.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import type { PayPlace } from "#web/pay/pay-place.ts";
import { PaySteps } from "#web/pay/pay-steps.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { Card, Sum } from "#web/ui/card.tsx";
import { Checkbox, Choices } from "#web/ui/fields.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { Icon } from "#web/ui/icon.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty, Notice } from "#web/ui/notice.tsx";
import { Rows } from "#web/ui/rows.tsx";

export type Why = NotNow | "no-answer";

/** The method's name: our word for its kind where the institution kept the plain name, else the institution's own. */
export function methodName(t: T, method: Pick<Method, "kind" | "name">): string {
  const plain = method.name === "Card" || method.name === "Bank transfer" || method.name === "";
  return plain ? t(`pay.method.${method.kind}`) : method.name;
}

/** Why paying did not begin, in words. */
export function WhyNotice({ t, why }: { t: T; why: Why | undefined }) {
  if (why === undefined) return null;
  return (
    <Notice tone={why === "paid" ? "ok" : "warn"} title={t(`pay.why.${why}.title`)} live>
      <p>{t(`pay.why.${why}`)}</p>
    </Notice>
  );
}

/** One total for every method and no credit: then this page has the button itself, and no check page is needed. */
export function hasOneTotal(view: CheckoutView): boolean {
  return view.credit.minor === 0n && view.methods.every(({ plain }) => plain.surcharge.minor === 0n);
}

type Props = { place: PayPlace; view: CheckoutView; why?: Why | undefined; form?: FormState };

/** What is paid, with which method, and what it comes to. */
export function ReviewPage({ place, view, why, form: given }: Props) {
  const t = translator(place.ui.locale);
  const form = given ?? { t };
  const one = hasOneTotal(view);
  return (
    <place.Frame title={t("pay.review.title")} problems={form.problems}>
      <div class="narrow stack">
        <PaySteps t={t} current={1} />
        <WhyNotice t={t} why={why} />
        <What t={t} place={place} view={view} />
        {view.methods.length === 0 ? (
          <Card>
            <Empty icon="credit-card" title={t("pay.review.noMethods.title", { currency: view.checkout.currency })}>
              {t("pay.review.noMethods.text", { name: place.ui.institution.name })}
            </Empty>
          </Card>
        ) : (
          <section class="card pad" aria-label={t("pay.review.how")}>
            <Form
              action={`${place.base}/${view.checkout.id}/review`}
              hidden={one ? { expected: view.checkout.total.minor.toString() } : {}}
              layout="wide"
            >
              {view.credit.minor > 0n && (
                <Checkbox
                  form={form}
                  name="credit"
                  label={t("pay.review.useCredit", { amount: t.money(view.credit) })}
                  hint={t("pay.review.useCreditHint")}
                  checked
                />
              )}
              <Choices
                form={form}
                name="method"
                legend={t("pay.review.how")}
                chosen={[view.methods[0]?.method.id ?? ""]}
                options={view.methods.map((offer) => ({
                  value: offer.method.id,
                  label: methodName(t, offer.method),
                  hint: t(`pay.method.${offer.method.kind}Hint`),
                  end: <Fee t={t} offer={offer} />,
                }))}
              />
              <div class="actions">
                <Button kind="primary" {...(one && { icon: "lock" as const })}>
                  {one ? t("pay.button", { amount: t.money(view.checkout.total) }) : t("pay.review.continue")}
                </Button>
              </div>
              {!one && <p class="sm dim">{t("pay.safe")}</p>}
            </Form>
          </section>
        )}
      </div>
    </place.Frame>
  );
}

function Fee({ t, offer }: { t: T; offer: MethodOffer }) {
  const { surcharge } = offer.plain;
  if (offer.method.surchargeBps === 0) return <span class="sm dim">{t("pay.review.noSurcharge")}</span>;
  return (
    <span class="sm">
      {t("pay.review.withSurcharge", { rate: t.rate(offer.method.surchargeBps), amount: t.money(surcharge) })}
    </span>
  );
}

/** The chosen payments and their total. */
export function What({ t, place, view }: { t: T; place: PayPlace; view: CheckoutView }) {
  return (
    <Card title={t("pay.review.what")} end={<a href={place.chooseAgain(view.lines)}>{t("pay.review.change")}</a>}>
      <Rows
        rows={view.lines.map((line) => ({
          title: line.title,
          sub: t("pay.owed", { date: t.date(line.dueDate) }),
          ...(line.isPart && { status: <span class="chip info">{t("pay.review.part")}</span> }),
          amount: <Money value={line.amount} locale={t.locale} />,
        }))}
      />
      <div class="pad pad-under">
        <Sum
          lines={[
            {
              label: t("pay.review.total"),
              value: <Money value={view.checkout.total} locale={t.locale} />,
              total: true,
            },
          ]}
        />
      </div>
    </Card>
  );
}

type ConfirmProps = {
  place: PayPlace;
  view: CheckoutView;
  offer: MethodOffer;
  useCredit: boolean;
  why?: Why | undefined;
};

/** The last page before paying: the total as it will be charged, and the button that charges it. */
export function ConfirmPage({ place, view, offer, useCredit, why }: ConfirmProps) {
  const t = translator(place.ui.locale);
  const quote = useCredit ? offer.withCredit : offer.plain;
  const all = quote.charged.minor === 0n;
  const amount = (value: typeof quote.charged) => <Money value={value} locale={t.locale} size="plain" />;
  const minus = { minor: -quote.credit.minor, currency: quote.credit.currency };
  return (
    <place.Frame
      title={all ? t("pay.buttonCredit") : t("pay.confirm.title", { amount: t.money(quote.charged) })}
      lead={t("pay.confirm.lead")}
    >
      <div class="narrow stack">
        <PaySteps t={t} current={1} />
        <WhyNotice t={t} why={why} />
        <section class="card hero">
          <p class="num">
            <Money value={quote.charged} locale={t.locale} size="big" />
          </p>
          <Sum
            lines={[
              ...view.lines.map((line) => ({ label: line.title, value: amount(line.amount) })),
              quote.credit.minor > 0n && { label: t("pay.review.credit"), value: amount(minus) },
              quote.surcharge.minor > 0n && {
                label: t("pay.review.surcharge", {
                  method: methodName(t, offer.method),
                  rate: t.rate(offer.method.surchargeBps),
                }),
                value: amount(quote.surcharge),
              },
              { label: t("pay.review.total"), value: <Money value={quote.charged} locale={t.locale} />, total: true },
            ]}
          />
          {!all && (
            <p class="row dim">
              <Icon name={offer.method.kind === "card" ? "credit-card" : "building-bank"} />
              {methodName(t, offer.method)}
            </p>
          )}
          <Form
            action={`${place.base}/${view.checkout.id}/method`}
            hidden={{
              method: offer.method.id,
              credit: useCredit ? "on" : undefined,
              expected: quote.charged.minor.toString(),
            }}
            layout="bare"
          >
            <div class="row">
              <Button kind="primary" icon="lock">
                {all ? t("pay.buttonCredit") : t("pay.button", { amount: t.money(quote.charged) })}
              </Button>
              <LinkButton href={`${place.base}/${view.checkout.id}/review`}>{t("pay.method.change")}</LinkButton>
            </div>
          </Form>
        </section>
      </div>
    </place.Frame>
  );
}
