import type { Partner } from "#access/principal.ts";
import { type PartnerPayout, type PartnerShare, shareTotal } from "#features/payouts/partner-payout.ts";
import { payoutNumber } from "#features/payouts/payout.ts";
import type { PartnerLine, ShareEntry } from "#features/payouts/payout-lines-partner-view.ts";
import type { Ui } from "#http/request.ts";
import { type Money as Amount, money } from "#kernel/money.ts";
import type { T } from "#platform/i18n/messages.ts";
import { translator } from "#platform/i18n/messages.ts";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { Card, Facts, Sum } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Empty } from "#web/ui/notice.tsx";
import { Status } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import { invoiceLabel, rateWords } from "./line-table.tsx";

export type WhyFacts = {
  readonly payout: PartnerPayout;
  readonly line: PartnerLine;
  /** What the shares of this payout come to before anything is netted. */
  readonly shares: Amount;
  readonly entries: readonly ShareEntry[];
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
      lead={t("why.lead", { amount: t.money(amount, "code") })}
      crumbs={[
        { href: "/partner/payouts", label: t("payouts.title") },
        { href: `/partner/payouts/${payout.number}`, label: t("why.backTo", { number }) },
      ]}
    >
      {line.share ? <ShareStory t={t} ui={ui} facts={facts} share={line.share} /> : <Netted t={t} facts={facts} />}
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
        <Card title={t("why.entries")}>
          {facts.entries.length === 0 ? (
            <Empty icon="coin" title={t("why.noEntries")}>
              {t("why.noEntriesText")}
            </Empty>
          ) : (
            <Entries t={t} ui={ui} entries={facts.entries} />
          )}
        </Card>
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
  const taxed = share.taxMode !== "none" && share.tax.minor > 0n;
  const taxStep = t("why.formulaTax", { name, rate: t.rate(share.taxBps), net, tax });
  if (share.base === undefined) {
    const first = share.kind === "flat" ? t("why.formulaFlat", { net }) : t("why.formulaRemainder", { net });
    return taxed ? [first, taxStep] : [first];
  }
  const base = say(share.base);
  if (taxed && share.taxMode === "inclusive") {
    return [t("why.formulaInclusive", { rate, base, total, name, net, tax })];
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

function Entries({ t, ui, entries }: { t: T; ui: Ui; entries: readonly ShareEntry[] }) {
  const columns: Column<ShareEntry>[] = [
    { head: t("why.entry"), cell: ({ seq }) => <span class="num dim">{t.number(seq)}</span>, wideOnly: true },
    {
      head: t("why.what"),
      cell: (entry) => (
        <>
          {t(entryWords(entry))}
          <Under phoneOnly>{t.instant(entry.at, ui.institution.timeZone)}</Under>
        </>
      ),
    },
    {
      head: t("why.when"),
      cell: ({ at }) => <span class="num">{t.instant(at, ui.institution.timeZone)}</span>,
      wideOnly: true,
    },
    {
      head: t("why.amount"),
      cell: ({ amount }) => <Money value={amount} show="none" locale={t.locale} />,
      end: true,
    },
    {
      head: t("why.after"),
      cell: ({ after }) => <Money value={after} show="code" size="plain" locale={t.locale} />,
      end: true,
    },
  ];
  return (
    <>
      <p class="dim sm pad-x">{t("why.entriesLead", { institution: ui.institution.name })}</p>
      <Table caption={t("why.entries")} columns={columns} rows={entries} />
    </>
  );
}

function entryWords({ kind, amount }: ShareEntry) {
  if (kind === "payment.settled" && amount.minor > 0n) return "why.entry.earned" as const;
  return amount.minor < 0n ? ("why.entry.reversed" as const) : ("why.entry.other" as const);
}

/** What an invoice takes from a payout, or gives back: both gross amounts beside each other (domain.md rule 12). */
function Netted({ t, facts: { line, shares } }: { t: T; facts: WhyFacts }) {
  const { invoice } = line;
  const coded = (value: Amount) => <Money value={value} show="code" locale={t.locale} />;
  return (
    <Card>
      <Facts
        facts={[
          invoice && [
            t("why.netted"),
            <a class="num" href={`/partner/invoices/${invoice.number}`}>
              {invoiceLabel(invoice.number)}
            </a>,
          ],
          invoice && [t("why.nettedTotal"), coded(invoice.total)],
          [t("why.grossShares"), coded(shares)],
          [
            t(line.kind === "netting" ? "why.nettedTaken" : "payout.credit"),
            coded(money(line.net.minor + line.tax.minor, line.net.currency)),
          ],
        ]}
      />
    </Card>
  );
}
