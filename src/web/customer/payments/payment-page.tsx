import type { Customer } from "#access/principal.ts";
import type { attemptsOf } from "#features/checkouts/attempt-views.ts";
import { reasonWords } from "#features/checkouts/reason-words.ts";
import type { allocationsOf } from "#features/money-in/allocation-views.ts";
import type { Standing } from "#features/payments/customer-overview.ts";
import { type Payment, priceOf } from "#features/payments/payment.ts";
import type { refundsOf } from "#features/refunds/refund-views.ts";
import type { Ui } from "#http/request.ts";
import type { Money as Amount } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import type { T } from "#platform/i18n/messages.ts";
import { translator } from "#platform/i18n/messages.ts";
import { CustomerPage } from "#web/customer/customer-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card, Sum } from "#web/ui/card.tsx";
import { dueWords } from "#web/ui/due.ts";
import { Icon } from "#web/ui/icon.tsx";
import { Money } from "#web/ui/money.tsx";
import { Status } from "#web/ui/status.tsx";
import { type Happening, Timeline } from "#web/ui/timeline.tsx";

type Facts = {
  readonly customer: Customer;
  readonly today: PlainDate;
  readonly standing: Standing<Payment>;
  readonly attempts: Awaited<ReturnType<typeof attemptsOf>>;
  readonly allocations: Awaited<ReturnType<typeof allocationsOf>>;
  readonly refunds: Awaited<ReturnType<typeof refundsOf>>;
};

/** One payment: what it is, how its amount comes about, what happened, its receipts. */
export function PaymentPage({ ui, facts }: { ui: Ui; facts: Facts }) {
  const t = translator(ui.locale);
  const { payment, status, owed } = facts.standing;
  const dated = status === "due" || status === "overdue";
  return (
    <CustomerPage
      ui={ui}
      customer={facts.customer}
      title={payment.item}
      current="payments"
      lead={t("payments.due", { date: t.date(payment.dueDate, "long") })}
    >
      <div class="c-grid">
        <div class="stack">
          <section class="card hero">
            <div>
              <Status
                of="payment"
                state={status}
                t={t}
                {...(dated && { words: dueWords(t, facts.today, payment.dueDate) })}
              />
              <p class="num mt-s">
                <Money value={owed.minor > 0n ? owed : priceOf(payment)} size="big" locale={t.locale} />
              </p>
            </div>
            {owed.minor > 0n && status !== "processing" && (
              <div class="row">
                <LinkButton kind="primary" href={`/pay?payment=${payment.id}`}>
                  {t("payment.payNow", { amount: t.money(owed) })}
                </LinkButton>
                {payment.allowPart && <p class="sm dim">{t("payment.partAllowed")}</p>}
              </div>
            )}
          </section>
          <Card title={t("payment.timeline")} pad>
            <Timeline happenings={happeningsOf(t, facts, ui)} />
          </Card>
        </div>
        <aside class="stack side">
          <Breakdown t={t} standing={facts.standing} />
          <Receipts t={t} facts={facts} />
        </aside>
      </div>
    </CustomerPage>
  );
}

function Breakdown({ t, standing }: { t: T; standing: Standing<Payment> }) {
  const { payment, owed } = standing;
  const amount = (value: Amount) => <Money value={value} locale={t.locale} size="plain" />;
  const off = { minor: -payment.discount.minor, currency: payment.discount.currency };
  return (
    <section class="card pad">
      <h2>{t("payment.breakdown")}</h2>
      <Sum
        lines={[
          { label: t("payment.price"), value: amount(payment.list) },
          ...(payment.discount.minor > 0n ? [{ label: t("payment.discount"), value: amount(off) }] : []),
          { label: t("payment.toPay"), value: amount(priceOf(payment)), total: true },
          ...(payment.paid.minor > 0n ? [{ label: t("payment.paidSoFar"), value: amount(payment.paid) }] : []),
          ...(owed.minor > 0n && payment.paid.minor > 0n
            ? [{ label: t("payment.left"), value: amount(owed), total: true }]
            : []),
          ...(payment.refundedCash.minor > 0n
            ? [{ label: t("payment.refunded"), value: amount(payment.refundedCash) }]
            : []),
        ]}
      />
    </section>
  );
}

function Receipts({ t, facts }: { t: T; facts: Facts }) {
  const receipts = facts.allocations.flatMap((one) => (one.receipt ? [one.receipt] : []));
  if (receipts.length === 0) return null;
  return (
    <section class="card pad">
      <h2>{t("payment.receipts")}</h2>
      <ul class="stack s">
        {receipts.map((receipt) => (
          <li>
            <a class="row" href={`/receipts/${receipt.id}`} download>
              <Icon name="download" />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

type Dated = Happening & { readonly at: Instant };

function happeningsOf(t: T, { standing, attempts, allocations, refunds }: Facts, ui: Ui): Happening[] {
  const { payment } = standing;
  const zone = ui.institution.timeZone;
  const dated = (at: Instant, happening: Omit<Happening, "when">): Dated => ({
    ...happening,
    at,
    when: t.instant(at, zone),
  });
  const past: Dated[] = [
    dated(payment.createdAt, { what: t("payment.event.created"), icon: "file-invoice" }),
    ...allocations.map((one) =>
      dated(one.at, {
        what: t(one.fromCredit ? "payment.event.credit" : "payment.event.received", { amount: t.money(one.amount) }),
        more: one.methodLabel,
        icon: "coin",
        tone: "ok",
      }),
    ),
    ...attempts
      .filter((one) => one.state === "failed")
      .map((one) =>
        dated(one.settledAt ?? one.createdAt, {
          what: t("payment.event.failed"),
          more: reasonWords(t, one.reason),
          icon: "alert-circle",
          tone: "bad",
        }),
      ),
    ...attempts
      .filter((one) => one.state === "processing")
      .map((one) =>
        dated(one.createdAt, {
          what: t("payment.event.processing"),
          more: one.methodLabel,
          icon: "clock",
          tone: "info",
        }),
      ),
    ...refunds
      .filter((one) => one.state !== "failed")
      .map((one) =>
        dated(one.settledAt ?? one.createdAt, {
          what: t(one.state === "pending" ? "payment.event.refundPending" : "payment.event.refund", {
            amount: t.money(one.cash),
          }),
          ...(one.reason !== "" && { more: <bdi>{one.reason}</bdi> }),
          icon: "arrow-back-up",
        }),
      ),
    ...(payment.paidAt ? [dated(payment.paidAt, { what: t("payment.event.paid"), icon: "check", tone: "ok" })] : []),
    ...(payment.cancelledAt ? [dated(payment.cancelledAt, { what: t("payment.event.cancelled"), icon: "ban" })] : []),
  ];
  past.sort((a, b) => Temporal.Instant.compare(b.at, a.at));
  const coming: Happening[] =
    standing.owed.minor > 0n
      ? [{ what: t("payment.event.due"), when: t.date(payment.dueDate, "long"), icon: "calendar-event", coming: true }]
      : [];
  return [...coming, ...past];
}
