import type { Child } from "hono/jsx";
import type { Partner } from "#access/principal.ts";
import {
  isBankToMend,
  isSettled,
  needsPartner,
  type PaidTo,
  type PartnerPayout,
} from "#features/payouts/partner-payout.ts";
import { payoutNumber } from "#features/payouts/payout.ts";
import type { KindTotal, PartnerLine } from "#features/payouts/payout-lines-partner-view.ts";
import type { PayoutMove } from "#features/payouts/payout-story-partner-view.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import type { Ui } from "#http/request.ts";
import { type Money as Amount, money, moneySum } from "#kernel/money.ts";
import type { T } from "#platform/i18n/messages.ts";
import { translator } from "#platform/i18n/messages.ts";
import { drawParts, LiveConnection, LivePart, type LiveParts } from "#web/partner/live.tsx";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card, type Fact, Facts, Sum } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty, Notice } from "#web/ui/notice.tsx";
import { Pager, withQuery } from "#web/ui/pager.tsx";
import { Status } from "#web/ui/status.tsx";
import { Timeline } from "#web/ui/timeline.tsx";
import { LineTable } from "./line-table.tsx";
import { happeningsOf } from "./payout-timeline.ts";
import { bankDetailsHref, failureWords, holdWords, whenWords } from "./words.ts";

/** Lines on a page of one payout. */
export const linesShown = 50;

export type PayoutFacts = {
  readonly payout: PartnerPayout;
  readonly lines: readonly PartnerLine[];
  readonly more: boolean;
  /** Lines stand behind this position. */
  readonly after: number;
  readonly totals: readonly KindTotal[];
  readonly account: PaidTo | undefined;
  readonly moves: readonly PayoutMove[];
};

/** What updates itself on the page of one payout. */
export function payoutParts(t: T, ui: Ui, facts: PayoutFacts): LiveParts {
  return drawParts({
    "live-state": <State t={t} ui={ui} payout={facts.payout} />,
    "live-lines": <Lines t={t} facts={facts} />,
    "live-side": <Side t={t} ui={ui} facts={facts} />,
  });
}

/** One payout: where it stands, what it is made of, where it goes, and what became of it. */
export function PayoutPage({ ui, partner, facts }: { ui: Ui; partner: Partner; facts: PayoutFacts }) {
  const t = translator(ui.locale);
  const { payout, after } = facts;
  const number = payoutNumber(payout.number);
  const parts = payoutParts(t, ui, facts);
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      title={t("payout.title", { number })}
      crumbs={[{ href: "/partner/payouts", label: t("payouts.title") }]}
    >
      <LiveConnection
        parts={parts}
        query={{ of: "payout", number: String(payout.number), ...(after > 0 && { after: String(after) }) }}
      />
      <LivePart of={parts} id="live-state" />
      <div class="two">
        <LivePart of={parts} id="live-lines" />
        <LivePart of={parts} id="live-side" />
      </div>
    </PartnerPage>
  );
}

function State({ t, ui, payout }: { t: T; ui: Ui; payout: PartnerPayout }) {
  return (
    <>
      <Matter t={t} ui={ui} payout={payout} />
      <section class="card pad payout-head" aria-label={t("payouts.status")}>
        <div>
          <p class="num">
            <Money value={payout.total} show="code" size="big" locale={t.locale} />
          </p>
          <p class="dim">{t("payout.lead", { count: payout.payments, date: whenWords(t, payout) })}</p>
        </div>
        <Status of="payout" state={payout.state} t={t} />
      </section>
    </>
  );
}

/** What is the matter, in plain words, and the way to mend it. */
function Matter({ t, ui, payout }: { t: T; ui: Ui; payout: PartnerPayout }) {
  const { name, contactEmail } = ui.institution;
  const mend = (words: string) => (
    <LinkButton kind="primary" href={bankDetailsHref(payout.total.currency)} icon="building-bank">
      {words}
    </LinkButton>
  );
  const contact = contactEmail && (
    <LinkButton href={`mailto:${contactEmail}`} icon="mail">
      {t("payout.contact", { institution: name })}
    </LinkButton>
  );
  if (payout.state === "failed" || payout.state === "returned") {
    const title = payout.state === "failed" ? t("failure.title") : t("failure.returnedTitle");
    return (
      <Notice tone="bad" title={title}>
        <p>{failureWords(t, payout.failureReason, { institution: name, currency: payout.total.currency })}</p>
        <p>{t("failure.safe")}</p>
        <p class="mt-s">{isBankToMend(payout.failureReason) ? mend(t("payout.updateBank")) : contact}</p>
      </Notice>
    );
  }
  if (payout.state === "on_hold") {
    const own = needsPartner(payout) && payout.holdReason !== "no_contact";
    const add = payout.holdReason === "no_bank_details" ? t("payouts.addBank") : t("payout.updateBank");
    return (
      <Notice tone={own ? "warn" : "info"} title={t("payout.held")}>
        <p>{holdWords(t, payout.holdReason, name)}</p>
        {own && <p class="mt-s">{mend(add)}</p>}
      </Notice>
    );
  }
  if (payout.state === "in_review") {
    return <Notice title={t("payout.reviewing")}>{t("payout.reviewingText", { institution: name })}</Notice>;
  }
  if (payout.state === "cancelled" && payout.carriedTo !== undefined) {
    return (
      <Notice>
        <a href={`/partner/payouts/${payout.carriedTo}`}>
          {t("payout.moved", { number: payoutNumber(payout.carriedTo) })}
        </a>
      </Notice>
    );
  }
  return <span hidden />;
}

function Lines({ t, facts }: { t: T; facts: PayoutFacts }) {
  const { payout, lines, more, after } = facts;
  const home = `/partner/payouts/${payout.number}`;
  const previous = Math.max(0, (lines[0]?.position ?? after + 1) - 1 - linesShown);
  return (
    <Card title={t("payout.lines")} {...(lines.length > 0 && { end: <span class="dim">{t("payout.hint")}</span> })}>
      {lines.length === 0 ? (
        <Empty icon="coin" title={t("payout.noLines")}>
          {t("payout.noLinesText")}
        </Empty>
      ) : (
        <LineTable t={t} payout={payout} lines={lines} shares={sharesOf(facts)} />
      )}
      {(more || after > 0) && (
        <Pager
          t={t}
          shown={lines.length}
          newer={after > 0 ? withQuery(home, { after: previous > 0 ? String(previous) : undefined }) : undefined}
          older={more ? withQuery(home, { after: String(lines.at(-1)?.position) }) : undefined}
          words={{ newer: t("shared.previous"), older: t("shared.nextPage") }}
        />
      )}
    </Card>
  );
}

/** What the shares alone come to: before anything is netted (domain.md rule 12), taken back or credited. */
export function sharesOf({ totals, payout }: Pick<PayoutFacts, "totals" | "payout">): Amount {
  const minor = totals
    .filter(({ kind }) => kind === "share")
    .reduce((sum, { net, tax }) => sum + net.minor + tax.minor, 0n);
  return money(minor, payout.total.currency);
}

function Side({ t, ui, facts }: { t: T; ui: Ui; facts: PayoutFacts }) {
  const { payout, account } = facts;
  const { currency } = payout.total;
  return (
    <>
      <Card title={t("payout.amount")} pad>
        <Sum lines={sumLines(t, ui, facts)} />
      </Card>
      {isSettled(payout) ? (
        <Card title={t("payout.where")} pad>
          <p>{t("payout.settledText")}</p>
        </Card>
      ) : (
        <Where t={t} account={account} currency={currency} />
      )}
      <Card title={t("payout.timeline")} pad>
        <Timeline happenings={happeningsOf(t, ui, facts)} />
      </Card>
    </>
  );
}

function Where({ t, account, currency }: { t: T; account: PaidTo | undefined; currency: string }) {
  return (
    <Card title={t("payout.where")} pad={account === undefined}>
      {account ? (
        <Facts facts={whereTo(t, account)} />
      ) : (
        <>
          <p class="strong">{t("payout.noBank", { currency })}</p>
          <p class="dim">{t("payout.noBankText")}</p>
          <p class="mt-s">
            <a href={bankDetailsHref(currency)}>{t("payouts.addBank")}</a>
          </p>
        </>
      )}
    </Card>
  );
}

function whereTo(t: T, to: PaidTo): readonly (Fact | false)[] {
  if ("wallet" in to) {
    return [[t("payout.wallet"), <bdi class="num nowrap">{formatWalletNumber(to.wallet)}</bdi>]];
  }
  return [
    [t("payout.holder"), <bdi>{to.holder}</bdi>],
    to.bankName !== "" && [t("payout.bank"), <bdi>{to.bankName}</bdi>],
    [t("payout.account"), <bdi class="num">•••• {to.last4}</bdi>],
  ];
}

const kindWords = {
  share: "payout.shares",
  reversal: "payout.reversals",
  netting: "payout.netting",
  credit: "payout.credit",
} as const;

/** Commission and tax where there are only shares; else what each kind of line comes to. */
function sumLines(t: T, ui: Ui, { payout, totals }: PayoutFacts) {
  const amount = (value: Amount): Child => <Money value={value} size="plain" show="none" locale={t.locale} />;
  const last = {
    label: t("payout.amount"),
    value: <Money value={payout.total} show="code" locale={t.locale} />,
    total: true,
  };
  const taxed = [
    { label: t("payout.commission"), value: amount(payout.commission) },
    { label: t("payout.tax", { name: ui.institution.taxName }), value: amount(payout.tax) },
  ];
  if (totals.every(({ kind }) => kind === "share")) return [...taxed, last];
  const kinds = (Object.keys(kindWords) as (keyof typeof kindWords)[]).flatMap((kind) =>
    totals
      .filter((one) => one.kind === kind)
      .map(({ net, tax }) => ({
        label: t(kindWords[kind]),
        value: amount(moneySum(net.minor + tax.minor, net.currency)),
      })),
  );
  return [...kinds, last];
}
