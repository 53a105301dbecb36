import type { Child } from "hono/jsx";
import type { Partner } from "#access/principal.ts";
import { invoiceNumber } from "#features/invoices/invoice.ts";
import { type PartnerPayout, type PartnerShare, shareTotal } from "#features/payouts/partner-payout.ts";
import { payoutNumber } from "#features/payouts/payout.ts";
import type { LineSource, PartnerLine } from "#features/payouts/payout-lines-partner-view.ts";
import type { OwnEntry } from "#features/payouts/payout-story-partner-view.ts";
import type { Ui } from "#http/request.ts";
import { type Money as Amount, money } from "#kernel/money.ts";
import type { T } from "#platform/i18n/messages.ts";
import { translator } from "#platform/i18n/messages.ts";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { Card, type Fact, Facts, Sum } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Status } from "#web/ui/status.tsx";
import { invoiceLabel, rateWords } from "./line-table.tsx";
import { Entries } from "./own-entries.tsx";
import { lineWords } from "./words.ts";

export type WhyFacts = {
  readonly payout: PartnerPayout;
  readonly line: PartnerLine;
  /** What the shares of this payout come to before anything is netted. */
  readonly shares: Amount;
  readonly entries: readonly OwnEntry[];
  /** The number of the invoice issued in the partner's name for this share. */
  readonly selfBilled: bigint | undefined;
};

/** How one amount of a payout came about: the payment, the share, its tax, the entries on the partner's own account. */
export function WhyPage({ ui, partner, facts }: { ui: Ui; partner: Partner; facts: WhyFacts }) {
  const t = translator(ui.locale);
  const { payout, line } = facts;
  const amount = money(line.net.minor + line.tax.minor, line.net.currency);
  const number = payoutNumber(payout.number);
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      title={t("why.title")}
      lead={t(line.share ? "why.lead" : "why.leadLine", { amount: t.money(amount, "code") })}
      crumbs={[
        { href: "/partner/payouts", label: t("payouts.title") },
        { href: `/partner/payouts/${payout.number}`, label: t("why.backTo", { number }) },
      ]}
    >
      {line.share ? (
        <ShareStory t={t} ui={ui} facts={facts} share={line.share} />
      ) : (
        <Netted t={t} ui={ui} facts={facts} />
      )}
    </PartnerPage>
  );
}

function ShareStory({ t, ui, facts, share }: { t: T; ui: Ui; facts: WhyFacts; share: PartnerShare }) {
  return (
    <div class="two">
      <div class="stack">
        <Card title={t("why.sum")} pad>
          <ol class="stack s">
            {formulas(t, ui, share).map((words) => (
              <li>{words}</li>
            ))}
          </ol>
          <p class="dim sm mt-s">{t("why.rounded")}</p>
        </Card>
        <Entries t={t} ui={ui} entries={facts.entries} ofShare />
      </div>
      <div class="stack">
        <Card title={t("why.share")} pad>
          <Sum lines={shareLines(t, ui, facts, share)} />
        </Card>
        <Card title={t("why.payment")}>
          <Facts
            facts={[
              [
                t("why.customer"),
                <a href={`/partner/customers/${share.customerRef}`}>
                  <bdi>{share.customer}</bdi>
                </a>,
              ],
              [t("why.item"), <bdi>{share.item}</bdi>],
              [t("why.dueDate"), t.date(share.dueDate)],
              [t("why.status"), <Status of="payment" state={share.status} t={t} />],
              [t("why.kind"), t(kindWords[share.kind])],
              facts.selfBilled !== undefined && [
                t("why.invoice"),
                <a class="num" href={`/partner/self-billing/${facts.selfBilled}`}>
                  RCTI-{String(facts.selfBilled).padStart(6, "0")}
                </a>,
              ],
            ]}
          />
        </Card>
      </div>
    </div>
  );
}

const kindWords = {
  percent: "why.percent",
  percent_of_share: "why.percentOfShare",
  flat: "why.flat",
  remainder: "why.remainder",
} as const;

/** The calculation, a step a line. */
function formulas(t: T, ui: Ui, share: PartnerShare): string[] {
  const say = (value: Amount) => t.money(value, "code");
  const name = ui.institution.taxName;
  const [net, tax, rate] = [say(share.net), say(share.tax), t.rate(share.rateBps)];
  const total = say(money(share.net.minor + share.tax.minor, share.net.currency));
  const inside = { total, name, net, tax };
  const taxed = share.taxMode !== "none" && share.tax.minor > 0n;
  const taxStep = t("why.formulaTax", { name, rate: t.rate(share.taxBps), net, tax });
  if (share.base === undefined) {
    if (taxed && share.taxMode === "inclusive") {
      const words = share.kind === "flat" ? "why.formulaFlatInclusive" : "why.formulaRemainderInclusive";
      return [t(words, inside)];
    }
    const first = share.kind === "flat" ? t("why.formulaFlat", { net }) : t("why.formulaRemainder", { net });
    return taxed ? [first, taxStep] : [first];
  }
  const base = say(share.base);
  if (taxed && share.taxMode === "inclusive") {
    return [t("why.formulaInclusive", { rate, base, ...inside })];
  }
  return taxed ? [t("why.formula", { rate, base, net }), taxStep] : [t("why.formula", { rate, base, net })];
}

function shareLines(t: T, ui: Ui, { line }: WhyFacts, share: PartnerShare) {
  const plain = (value: Amount) => <Money value={value} show="none" size="plain" locale={t.locale} />;
  const full = money(share.net.minor + share.tax.minor, share.net.currency);
  const rate = { name: ui.institution.taxName, rate: t.rate(share.taxBps) };
  const coded = (value: Amount) => <Money value={value} show="code" locale={t.locale} />;
  return [
    ...(share.base ? [{ label: t("why.base"), value: plain(share.base) }] : []),
    { label: t("why.rate"), value: rateWords(t, share) },
    { label: t("why.net"), value: plain(share.net) },
    ...(share.taxMode === "none"
      ? [{ label: t("why.noTax"), value: "–" }]
      : [
          {
            label: t(share.taxMode === "inclusive" ? "why.taxInclusive" : "why.tax", rate),
            value: plain(share.tax),
          },
        ]),
    { label: t("why.total"), value: coded(full), total: true },
    ...(share.reversed.minor > 0n
      ? [
          { label: t("why.reversed"), value: plain(money(-share.reversed.minor, share.reversed.currency)) },
          { label: t("why.kept"), value: coded(shareTotal(share)), total: true },
        ]
      : []),
    ...(line.kind === "reversal"
      ? [
          {
            label: line.reason === "" ? t("payout.takenBackPlain") : t("payout.takenBack", { reason: line.reason }),
            value: coded(money(line.net.minor + line.tax.minor, line.net.currency)),
            total: true,
          },
        ]
      : []),
  ];
}

/** What is taken from a payout, or given back with it: both gross amounts beside each other (domain.md rule 12). */
function Netted({ t, ui, facts }: { t: T; ui: Ui; facts: WhyFacts }) {
  const { line, shares } = facts;
  const coded = (value: Amount) => <Money value={value} show="code" locale={t.locale} />;
  return (
    <div class="two">
      <Entries t={t} ui={ui} entries={facts.entries} ofShare={false} />
      <Card title={lineWords(t, line)}>
        <Facts
          facts={[
            ...(line.source ? sourceFacts(t, line.source, coded) : []),
            line.kind === "netting" && [t("why.grossShares"), coded(shares)],
            [
              t(line.kind === "netting" ? "why.nettedTaken" : "why.creditGiven"),
              coded(money(line.net.minor + line.tax.minor, line.net.currency)),
            ],
          ]}
        />
      </Card>
    </div>
  );
}

function sourceFacts(t: T, source: LineSource, coded: (value: Amount) => Child): (Fact | false)[] {
  const invoice = (number: bigint) => (
    <a class="num" href={`/partner/invoices/${number}`}>
      {invoiceLabel(number)}
    </a>
  );
  switch (source.of) {
    case "invoice":
      return [
        [t("why.netted"), invoice(source.number)],
        [t("why.nettedTotal"), coded(source.total)],
      ];
    case "credit_note":
      return [
        [
          t("why.creditNote"),
          <a class="num" href={`/partner/credit-notes/${source.number}`}>
            {invoiceNumber("credit_note", source.number)}
          </a>,
        ],
        [t("why.creditNoteOn"), invoice(source.invoice)],
        [t("why.creditNoteTotal"), coded(source.total)],
      ];
    case "money":
      return [
        [t("why.arrived"), t.date(source.on)],
        [t("why.arrivedAmount"), coded(source.amount)],
        source.methodLabel !== "" && [t("why.paidBy"), <bdi>{source.methodLabel}</bdi>],
        source.reference !== "" && [t("why.reference"), <bdi class="num">{source.reference}</bdi>],
      ];
  }
}
