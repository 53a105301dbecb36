import type { Customer } from "#access/principal.ts";
import type { AttemptNote } from "#features/checkouts/attempt-views.ts";
import { type CurrencyOverview, isDueNow, type Standing } from "#features/payments/customer-overview.ts";
import type { PaidBy } from "#features/payments/paid-by.ts";
import type { PaymentId, PlanId } from "#features/payments/payment.ts";
import { awaitedTransfers } from "#features/portal/awaited-transfers.ts";
import type { Ui } from "#http/request.ts";
import type { Money as Amount } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";
import type { T } from "#platform/i18n/messages.ts";
import { translator } from "#platform/i18n/messages.ts";
import { CustomerPage } from "#web/customer/customer-page.tsx";
import { dueRow, paidRow } from "#web/customer/payments/payment-rows.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card, Sum, Todo } from "#web/ui/card.tsx";
import { Icon } from "#web/ui/icon.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { PartsBar } from "#web/ui/progress.tsx";
import { Rows } from "#web/ui/rows.tsx";

export type OverviewFacts = {
  readonly customer: Customer;
  readonly today: PlainDate;
  readonly standings: readonly Standing[];
  readonly currencies: readonly CurrencyOverview[];
  readonly notes: ReadonlyMap<PaymentId, AttemptNote>;
  readonly paidBy: ReadonlyMap<string, PaidBy>;
  readonly plans: ReadonlyMap<PlanId, string>;
  readonly credit: readonly Amount[];
};

/** What do I owe, what comes next, what did I pay. */
export function OverviewPage({ ui, facts }: { ui: Ui; facts: OverviewFacts }) {
  const t = translator(ui.locale);
  const { standings, today } = facts;
  const overdue = standings.filter((one) => one.status === "overdue").length;
  return (
    <CustomerPage
      ui={ui}
      customer={facts.customer}
      title={t("overview.title")}
      current="overview"
      hideTitle
      counts={{ payments: { count: overdue, bad: true } }}
    >
      {standings.length === 0 ? (
        <Card label={t("overview.empty")}>
          <Empty icon="receipt" title={t("overview.empty")}>
            {t("overview.emptyText", { name: ui.institution.name })}
          </Empty>
        </Card>
      ) : (
        <div class="c-grid">
          <div class="stack">
            <Heroes t={t} currencies={facts.currencies} standings={standings} />
            <ToPay t={t} facts={facts} today={today} window={ui.institution.dueWindowDays} />
            <RecentlyPaid t={t} facts={facts} />
          </div>
          <Side t={t} facts={facts} />
        </div>
      )}
    </CustomerPage>
  );
}

type HeroesProps = { t: T; currencies: readonly CurrencyOverview[]; standings: readonly Standing[] };

function Heroes({ t, currencies, standings }: HeroesProps) {
  const owing = currencies.filter((one) => one.due.minor > 0n);
  if (owing.length === 0) return <NothingDue t={t} standings={standings} />;
  return (
    <>
      {owing.map((one) => (
        <Hero t={t} one={one} alone={owing.length === 1} />
      ))}
    </>
  );
}

function Hero({ t, one, alone }: { t: T; one: CurrencyOverview; alone: boolean }) {
  return (
    <section class="card hero" aria-label={t("overview.amountDue")}>
      <div>
        <h2 class="label">{t("overview.amountDue")}</h2>
        <p class="num">
          <Money value={one.due} size="big" locale={t.locale} />
        </p>
      </div>
      <p class="due">
        {one.overdueSince && (
          <span class="bad">
            <Icon name="alert-triangle" />
            <span>
              {t("overview.overdueSince", { amount: t.money(one.overdue), date: t.date(one.overdueSince, "day") })}
            </span>
          </span>
        )}
        {one.next && (
          <span>
            <Icon name="calendar-event" />
            <span>
              {t("overview.dueOn", { amount: t.money(one.next.amount), date: t.date(one.next.date, "weekday") })}
            </span>
          </span>
        )}
      </p>
      <div class="row">
        <LinkButton kind="primary" href={`/pay?due=1&currency=${one.currency}`}>
          {t("overview.payAll", { amount: t.money(one.due) })}
        </LinkButton>
        {alone && <LinkButton href="/pay">{t("overview.choose")}</LinkButton>}
      </div>
    </section>
  );
}

function NothingDue({ t, standings }: { t: T; standings: readonly Standing[] }) {
  const next = standings.find((one) => one.owed.minor > 0n && one.status !== "processing");
  return (
    <section class="card hero">
      <div>
        <h2 class="label">{t("overview.amountDue")}</h2>
        <p class="big">{t("overview.nothingDue")}</p>
        <p class="dim">
          {next
            ? t("overview.nextOn", { amount: t.money(next.owed), date: t.date(next.payment.dueDate, "weekday") })
            : t("overview.nothingDueText")}
        </p>
      </div>
    </section>
  );
}

type PartProps = { t: T; facts: OverviewFacts };

function ToPay({ t, facts, today, window }: PartProps & { today: PlainDate; window: number }) {
  const owing = facts.standings.filter((one) => one.owed.minor > 0n);
  const due = owing.filter((one) => isDueNow(one, today, window) || one.status === "processing");
  const shown = [...due, ...owing.filter((one) => !due.includes(one)).slice(0, Math.max(1, 4 - due.length))];
  if (shown.length === 0) return null;
  return (
    <Card title={t("overview.toPay")} end={<a href="/payments">{t("overview.allPayments")}</a>}>
      <Rows rows={shown.slice(0, 8).map((one) => dueRow(t, one, { ...facts }))} />
    </Card>
  );
}

function RecentlyPaid({ t, facts }: PartProps) {
  const paid = facts.standings
    .flatMap((one) => (one.payment.paidAt ? [{ one, at: one.payment.paidAt }] : []))
    .sort((a, b) => Temporal.Instant.compare(b.at, a.at))
    .slice(0, 3);
  if (paid.length === 0) return null;
  return (
    <Card title={t("overview.recentlyPaid")} end={<a href="/payments?show=paid">{t("overview.allPayments")}</a>}>
      <Rows rows={paid.map(({ one }) => paidRow(t, one, facts.paidBy.get(one.payment.id)))} />
    </Card>
  );
}

function Side({ t, facts }: PartProps) {
  const awaiting = awaitedTransfers(facts).slice(0, 3);
  return (
    <aside class="stack side">
      {facts.currencies.map((one) => (
        <PlanCard t={t} one={one} facts={facts} />
      ))}
      {awaiting.map(({ checkout, reference, changed }) => (
        <Todo icon="building-bank" title={t(changed ? "pay.why.changed.title" : "overview.awaiting")}>
          <p class="sm dim">{t(changed ? "overview.awaitingChanged" : "overview.awaitingText", { reference })}</p>
          <LinkButton small href={`/pay/${checkout}/method`}>
            {t(changed ? "overview.awaitingChangedLink" : "overview.awaitingLink")}
          </LinkButton>
        </Todo>
      ))}
      {facts.credit.length > 0 && (
        <Todo icon="coin" title={t("overview.credit")}>
          <p class="sm dim">{t("overview.creditText", { amount: t.list(facts.credit.map((one) => t.money(one))) })}</p>
        </Todo>
      )}
    </aside>
  );
}

function PlanCard({ t, one, facts }: PartProps & { one: CurrencyOverview }) {
  const names = [...facts.plans.values()];
  const rate = { paid: t.money(one.paid), whole: t.money(one.whole) };
  const amount = (value: Amount) => <Money value={value} locale={t.locale} size="plain" />;
  return (
    <section class="card pad">
      <h2>{names.length === 1 ? t("overview.plan") : t("overview.soFar")}</h2>
      {names.length === 1 && <p class="sm dim mb">{names[0]}</p>}
      <PartsBar
        label={t("overview.barLabel", rate)}
        whole={one.whole.minor}
        parts={[
          { size: one.paid.minor, look: "a" },
          { size: one.due.minor, look: "b" },
        ]}
      />
      <Sum
        lines={[
          { label: t("overview.paid"), value: amount(one.paid), key: "a" },
          { label: t("overview.dueNow"), value: amount(one.due), key: "b" },
          { label: t("overview.later"), value: amount(one.later), key: "c" },
        ]}
      />
    </section>
  );
}
