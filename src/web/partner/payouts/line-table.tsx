import type { PartnerPayout, PartnerShare } from "#features/payouts/partner-payout.ts";
import type { PartnerLine } from "#features/payouts/payout-lines-partner-view.ts";
import { type Money as Amount, money } from "#kernel/money.ts";
import type { T } from "#platform/i18n/messages.ts";
import { Money } from "#web/ui/money.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";

type Props = { t: T; payout: PartnerPayout; lines: readonly PartnerLine[]; shares: Amount };

/** `INV-000003`: how the number of an invoice is shown. */
export function invoiceLabel(number: bigint): string {
  return `INV-${String(number).padStart(6, "0")}`;
}

/** What a payout is made of, a line each; every amount leads to how it came about. */
export function LineTable({ t, payout, lines, shares }: Props) {
  const plain = (value: Amount) => (
    <span class="dim">
      {value.minor === 0n ? "–" : <Money value={value} show="none" size="plain" locale={t.locale} />}
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
    { head: t("payout.lineNet"), cell: ({ net }) => plain(net), end: true, wideOnly: true },
    { head: t("payout.lineTax"), cell: ({ tax }) => plain(tax), end: true, wideOnly: true },
    {
      head: t("payout.lineAmount"),
      cell: (line) => (
        <a href={`/partner/payouts/${payout.number}/lines/${line.position}`}>
          <Money value={money(line.net.minor + line.tax.minor, line.net.currency)} show="none" locale={t.locale} />
          <span class="vh">
            {" "}
            {t("payout.whyOf", { customer: line.share?.customer ?? "", item: line.share?.item ?? "" })}
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
  const { share, invoice, kind, reason } = line;
  if (kind === "netting" || kind === "credit") {
    const number = invoice && invoiceLabel(invoice.number);
    const netted = kind === "netting";
    const words = number
      ? t(netted ? "payout.nettedLine" : "payout.creditLine", { number })
      : t(netted ? "payout.netting" : "payout.creditPlain");
    return (
      <>
        {invoice ? <a href={`/partner/invoices/${invoice.number}`}>{words}</a> : <span class="strong">{words}</span>}
        {netted && invoice && (
          <Under>
            {t("payout.nettedOf", {
              number: number ?? "",
              invoice: t.money(invoice.total, "code"),
              shares: t.money(shares, "code"),
            })}
          </Under>
        )}
      </>
    );
  }
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
