import { invoiceNumber } from "#features/invoices/invoice.ts";
import type { PartnerPayout, PartnerShare } from "#features/payouts/partner-payout.ts";
import type { LineSource, PartnerLine } from "#features/payouts/payout-lines-partner-view.ts";
import { type Money as Amount, money } from "#kernel/money.ts";
import type { T } from "#platform/i18n/messages.ts";
import { Money } from "#web/ui/money.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import { lineWords } from "./words.ts";

type Props = { t: T; payout: PartnerPayout; lines: readonly PartnerLine[]; shares: Amount };

/** `INV-000003`: how the number of an invoice is shown. */
export function invoiceLabel(number: bigint): string {
  return invoiceNumber("invoice", number);
}

/** What a payout is made of, a line each; every amount leads to how it came about. */
export function LineTable({ t, payout, lines, shares }: Props) {
  // What is netted or credited is no commission.
  const plain = (value: Amount, { share }: PartnerLine) => (
    <span class="dim">
      {value.minor === 0n || !share ? "–" : <Money value={value} show="none" size="plain" locale={t.locale} />}
    </span>
  );
  const columns: Column<PartnerLine>[] = [
    { head: t("payout.customer"), cell: (line) => <What t={t} line={line} shares={shares} /> },
    {
      head: t("payout.rate"),
      cell: ({ share, kind }) => <span class="num dim">{kind === "share" && share ? termsWords(t, share) : "–"}</span>,
      end: true,
      wideOnly: true,
    },
    { head: t("payout.lineNet"), cell: (line) => plain(line.net, line), end: true, wideOnly: true },
    { head: t("payout.lineTax"), cell: (line) => plain(line.tax, line), end: true, wideOnly: true },
    {
      head: t("payout.lineAmount"),
      cell: (line) => (
        <a href={`/partner/payouts/${payout.number}/lines/${line.position}`}>
          <Money value={money(line.net.minor + line.tax.minor, line.net.currency)} show="none" locale={t.locale} />
          <span class="vh">
            {" "}
            {line.share
              ? t("payout.whyOf", { customer: line.share.customer, item: line.share.item })
              : t("payout.whyLine", { what: lineWords(t, line) })}
          </span>
        </a>
      ),
      end: true,
    },
  ];
  return <Table caption={t("payout.linesCaption")} columns={columns} rows={lines} />;
}

/** `10%`, or in words where there is no rate. */
export function rateWords(t: T, share: PartnerShare): string {
  if (share.kind === "flat") return t("payout.flat");
  return share.kind === "remainder" ? t("payout.remainder") : t.rate(share.rateBps);
}

/** `10% of 8,000.00`: rate and base in one, where there is a base. */
function termsWords(t: T, share: PartnerShare): string {
  if (!share.base) return rateWords(t, share);
  return t("payout.rateOf", { rate: t.rate(share.rateBps), base: t.money(share.base, "none") });
}

function What({ t, line, shares }: { t: T; line: PartnerLine; shares: Amount }) {
  const { share, kind, reason } = line;
  if (kind === "netting" || kind === "credit") return <Sourced t={t} line={line} shares={shares} />;
  return (
    <>
      {share && (
        <a href={`/partner/customers/${share.customerRef}`}>
          <bdi>{share.customer}</bdi>
        </a>
      )}
      <Under>
        <bdi>{share?.item}</bdi>
      </Under>
      {kind === "reversal" && (
        <span class="txt-bad sm">{reason === "" ? t("payout.takenBackPlain") : t("payout.takenBack", { reason })}</span>
      )}
    </>
  );
}

/** What is netted, or credited, and by what: an invoice, a credit note on one, or money that was paid too much. */
function Sourced({ t, line, shares }: { t: T; line: PartnerLine; shares: Amount }) {
  const { source } = line;
  const words = lineWords(t, line);
  if (source === undefined) return <span class="strong">{words}</span>;
  if (source.of === "money") {
    return (
      <>
        <span class="strong">{words}</span>
        <Under>{arrivedWords(t, source)}</Under>
      </>
    );
  }
  // A credit note is a file: the page of its invoice says what it took off, and opens it.
  const invoice = source.of === "credit_note" ? source.invoice : source.number;
  const sums = { invoice: t.money(source.total, "code"), shares: t.money(shares, "code") };
  return (
    <>
      <a href={`/partner/invoices/${invoice}`}>{words}</a>
      {source.of === "invoice" && (
        <Under>{t("payout.nettedOf", { number: invoiceLabel(source.number), ...sums })}</Under>
      )}
    </>
  );
}

function arrivedWords(t: T, source: Extract<LineSource, { of: "money" }>): string {
  const [amount, date] = [t.money(source.amount, "code"), t.date(source.on)];
  if (source.reference === "") return t("payout.moneyArrived", { amount, date });
  return t("payout.moneyReference", { amount, date, reference: source.reference });
}
