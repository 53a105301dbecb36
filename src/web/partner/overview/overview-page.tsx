import type { Child } from "hono/jsx";
import type { Partner } from "#access/principal.ts";
import type { OwedInvoice, Waiting } from "#features/overview/overview-partner-view.ts";
import type { PaidYear, PartnerFigures } from "#features/payouts/partner-figures.ts";
import type { PartnerPayout } from "#features/payouts/partner-payout.ts";
import { payoutNumber } from "#features/payouts/payout.ts";
import type { Ui } from "#http/request.ts";
import { type Money as Amount, money } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";
import type { T } from "#platform/i18n/messages.ts";
import { translator } from "#platform/i18n/messages.ts";
import { drawParts, LiveConnection, LivePart, type LiveParts } from "#web/partner/live.tsx";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { figureOf, PayoutFigures, YearBars } from "#web/partner/payouts/figures.tsx";
import { invoiceLabel } from "#web/partner/payouts/line-table.tsx";
import { PayoutTable } from "#web/partner/payouts/payout-table.tsx";
import { bankDetailsHref, failureWords, holdWords } from "#web/partner/payouts/words.ts";
import { Card } from "#web/ui/card.tsx";
import { Icon, type IconName } from "#web/ui/icon.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Status } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import { joinedWords } from "./member-page.tsx";

/** Everything that the overview shows. */
export type PartnerOverview = {
  readonly today: PlainDate;
  readonly figures: PartnerFigures;
  readonly last: readonly PartnerPayout[];
  readonly owed: readonly OwedInvoice[];
  readonly waiting: Waiting;
};

/** All of the overview updates itself. */
export function overviewParts(t: T, ui: Ui, facts: PartnerOverview): LiveParts {
  return drawParts({
    "live-needs": <Needs t={t} ui={ui} facts={facts} />,
    "live-figures": <PayoutFigures t={t} figures={facts.figures} third={owedFigure(t, facts)} />,
    "live-owed": <Owed t={t} ui={ui} facts={facts} />,
    "live-last": <Last t={t} facts={facts} />,
  });
}

/** What have I been paid, what do I owe, what needs me? */
export function PartnerOverviewPage(props: { ui: Ui; partner: Partner; facts: PartnerOverview; wallets: Child }) {
  const { ui, partner, facts, wallets } = props;
  const t = translator(ui.locale);
  const parts = overviewParts(t, ui, facts);
  const overdue = facts.owed.some((one) => isOverdue(one, facts.today));
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      title={t("home.title")}
      lead={t("home.lead")}
      done={joinedWords}
      counts={{
        "/partner/payouts": { count: facts.figures.waiting, bad: true },
        "/partner/invoices": { count: facts.owed.length, bad: overdue },
      }}
    >
      <LiveConnection parts={parts} query={{ of: "overview" }} />
      <LivePart of={parts} id="live-needs" />
      <LivePart of={parts} id="live-figures" />
      {wallets}
      <div class="two even">
        <LivePart of={parts} id="live-last" />
        <LivePart of={parts} id="live-owed" />
      </div>
    </PartnerPage>
  );
}

export function isOverdue({ dueDate }: OwedInvoice, today: PlainDate): boolean {
  return dueDate !== undefined && Temporal.PlainDate.compare(dueDate, today) < 0;
}

type Need = {
  readonly icon: IconName;
  readonly bad: boolean;
  readonly href: string;
  readonly what: Child;
  readonly text: Child;
};

/** What waits for the partner: nothing is ticked off by hand, it goes away when it is done. */
function Needs({ t, ui, facts }: { t: T; ui: Ui; facts: PartnerOverview }) {
  const needs = needsOf(t, ui, facts);
  return (
    <Card title={needs.length > 0 ? t("home.needsYou") : t("home.allWell")} pad={needs.length === 0}>
      {needs.length === 0 ? (
        <p class="dim">{t("home.allWellText")}</p>
      ) : (
        <ul class="attention">
          {needs.map(({ icon, bad, href, what, text }) => (
            <li>
              <span class={bad ? "tile bad" : "tile warn"}>
                <Icon name={icon} />
              </span>
              <div>
                <b>
                  <a href={href}>{what}</a>
                </b>
                <small>{text}</small>
              </div>
              <Icon name="chevron-right" />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function needsOf(t: T, ui: Ui, { figures, owed, waiting, today }: PartnerOverview): Need[] {
  const late = owed.filter((one) => isOverdue(one, today));
  const agreement: Need = {
    icon: "file-invoice",
    bad: false,
    href: "/partner/self-billing",
    what: t("home.selfBilling"),
    text: t("home.selfBillingText", { institution: ui.institution.name }),
  };
  return [
    ...figures.attention.map((payout) => payoutNeed(t, ui, payout)),
    ...bankNeeds(t, figures, waiting),
    ...late.map((one) => overdueNeed(t, one)),
    ...(waiting.selfBilling ? [agreement] : []),
  ];
}

function payoutNeed(t: T, ui: Ui, payout: PartnerPayout): Need {
  const { name } = ui.institution;
  const number = payoutNumber(payout.number);
  const href = `/partner/payouts/${payout.number}`;
  const amount = <Money value={payout.total} show="code" size="plain" locale={t.locale} />;
  if (payout.state === "on_hold") {
    const text = [amount, " · ", holdWords(t, payout.holdReason, name)];
    return { icon: "player-pause", bad: false, href, what: t("home.holds", { number }), text };
  }
  const why = failureWords(t, payout.failureReason, { institution: name, currency: payout.total.currency });
  return { icon: "x", bad: true, href, what: t("home.failed", { number }), text: [amount, " · ", why] };
}

function bankNeeds(t: T, figures: PartnerFigures, { rejected }: Waiting): Need[] {
  const missing = withoutBank(figures).map(
    ({ amount }): Need => ({
      icon: "building-bank",
      bad: false,
      href: bankDetailsHref(amount.currency),
      what: t("home.noBank", { currency: amount.currency }),
      text: t("home.noBankText", { amount: t.money(amount, "code") }),
    }),
  );
  const refused = rejected.map(
    ({ currency, why }): Need => ({
      icon: "building-bank",
      bad: true,
      href: bankDetailsHref(currency),
      what: t("home.bankRejected", { currency }),
      text: why,
    }),
  );
  return [...missing, ...refused];
}

function overdueNeed(t: T, one: OwedInvoice): Need {
  return {
    icon: "receipt",
    bad: true,
    href: `/partner/invoices/${one.number}`,
    what: t("home.invoiceOverdue", { number: invoiceLabel(one.number) }),
    text: t("home.invoiceOverdueText", {
      amount: t.money(one.owed, "code"),
      date: one.dueDate ? t.date(one.dueDate, "long") : "",
    }),
  };
}

/** Money that waits in a currency with no account to send it to, where nothing else says so. */
function withoutBank({ open, accounts, failed, held }: PartnerFigures) {
  const said = new Set([...failed, ...held].map((sum) => sum.amount.currency));
  return open.filter(({ amount }) => amount.minor > 0n && !accounts.has(amount.currency) && !said.has(amount.currency));
}

function Last({ t, facts: { last, figures } }: { t: T; facts: PartnerOverview }) {
  const others = figures.years.slice(1).filter((year) => year.total.minor > 0n);
  return (
    <>
      <Card title={t("home.lastPayouts")} end={<a href="/partner/payouts">{t("home.allPayouts")}</a>}>
        {last.length === 0 ? (
          <Empty icon="send" title={t("payouts.empty")}>
            {t("payouts.emptyText")}
          </Empty>
        ) : (
          <PayoutTable t={t} payouts={last} accounts={figures.accounts} short />
        )}
      </Card>
      {others.map((year) => (
        <Year t={t} year={year} />
      ))}
    </>
  );
}

/** The last twelve months in a currency beside the partner's own. */
function Year({ t, year }: { t: T; year: PaidYear }) {
  return (
    <Card
      title={`${t("payouts.year")}, ${year.currency}`}
      end={<Money value={year.total} show="code" locale={t.locale} />}
      pad
    >
      <YearBars t={t} year={year} />
    </Card>
  );
}

type OwedSum = { readonly amount: Amount; readonly invoices: readonly OwedInvoice[] };

function owedSums(owed: readonly OwedInvoice[]): OwedSum[] {
  return [...Map.groupBy(owed, (one) => one.owed.currency)].map(([currency, invoices]) => {
    const minor = invoices.reduce((sum, one) => sum + one.owed.minor, 0n);
    return { amount: money(minor, currency), invoices };
  });
}

/** What the partner owes, among the headline figures. */
function owedFigure(t: T, { owed, today }: PartnerOverview) {
  const lines = owedSums(owed).map(({ amount, invoices }) => ({
    value: <Money value={amount} show="code" locale={t.locale} />,
    note: <a href="/partner/invoices">{owedWords(t, invoices, today)}</a>,
  }));
  const none = { value: t("home.nothingOwed"), note: t("home.noInvoices") };
  return { ...figureOf(t("home.toPay"), lines, none), bad: owed.some((one) => isOverdue(one, today)) };
}

function Owed({ t, ui, facts: { owed, today } }: { t: T; ui: Ui; facts: PartnerOverview }) {
  if (owed.length === 0) {
    return (
      <Card title={t("home.toPay")}>
        <Empty icon="receipt" title={t("home.noInvoices")}>
          {t("home.noInvoicesText", { institution: ui.institution.name })}
        </Empty>
      </Card>
    );
  }
  return (
    <Card title={t("home.toPay")} end={<a href="/partner/invoices">{t("home.allInvoices")}</a>}>
      <Table caption={t("home.toPay")} columns={invoiceColumns(t, today)} rows={owed.slice(0, 5)} />
    </Card>
  );
}

function owedWords(t: T, invoices: readonly OwedInvoice[], today: PlainDate): string {
  const overdue = invoices.filter((one) => isOverdue(one, today)).length;
  if (overdue > 0) return t("home.owedOverdue", { count: invoices.length, overdue: t.number(overdue) });
  const next = invoices.find((one) => one.dueDate)?.dueDate;
  return t("home.owed", { count: invoices.length, date: next ? t.date(next, "day") : "" });
}

function invoiceColumns(t: T, today: PlainDate): Column<OwedInvoice>[] {
  return [
    {
      head: t("why.netted"),
      cell: (one) => (
        <>
          <a class="num" href={`/partner/invoices/${one.number}`}>
            {invoiceLabel(one.number)}
          </a>
          <Under>{one.dueDate && t("home.due", { date: t.date(one.dueDate) })}</Under>
        </>
      ),
    },
    {
      head: t("payouts.status"),
      cell: (one) => <Status of="payment" state={isOverdue(one, today) ? "overdue" : "due"} t={t} />,
    },
    {
      head: t("home.stillToPay"),
      cell: (one) => (
        <>
          <Money value={one.owed} show="code" locale={t.locale} />
          {one.owed.minor !== one.total.minor && (
            <Under>{t("home.left", { amount: t.money(one.total, "none") })}</Under>
          )}
        </>
      ),
      end: true,
    },
  ];
}
