import {
  isBankToMend,
  isExpected,
  isSettled,
  needsPartner,
  type PaidTo,
  type PartnerPayout,
} from "#features/payouts/partner-payout.ts";
import { payoutNumber } from "#features/payouts/payout.ts";
import type { T } from "#platform/i18n/messages.ts";
import { Money } from "#web/ui/money.tsx";
import { Status } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import { accountWords, bankDetailsHref } from "./words.ts";

type Props = { t: T; payouts: readonly PartnerPayout[]; accounts: ReadonlyMap<string, PaidTo>; short?: boolean };

/** Payouts as rows; `short` leaves out what the overview has no room for. */
export function PayoutTable({ t, payouts, accounts, short = false }: Props) {
  const amount = (value: PartnerPayout["total"]) => (
    <span class="dim">
      {value.minor === 0n ? "–" : <Money value={value} show="none" size="plain" locale={t.locale} />}
    </span>
  );
  const all: (Column<PartnerPayout> & { readonly long?: boolean })[] = [
    { head: t("payouts.number"), cell: (payout) => <Numbered t={t} payout={payout} /> },
    { head: t("payouts.date"), cell: (payout) => <Day t={t} payout={payout} />, wideOnly: true },
    { head: t("payouts.status"), cell: ({ state }) => <Status of="payout" state={state} t={t} /> },
    {
      head: t("payouts.to"),
      cell: (payout) => <To t={t} payout={payout} account={payout.to ?? accounts.get(payout.total.currency)} />,
      wideOnly: true,
      long: true,
    },
    {
      head: t("payouts.payments"),
      cell: ({ payments }) => <span class="num dim">{t.number(payments)}</span>,
      end: true,
      wideOnly: true,
      long: true,
    },
    {
      head: t("payouts.commission"),
      cell: ({ commission }) => amount(commission),
      end: true,
      wideOnly: true,
      long: true,
    },
    { head: t("payouts.tax"), cell: ({ tax }) => amount(tax), end: true, wideOnly: true, long: true },
    {
      head: t("payouts.net"),
      cell: (payout) => <Net t={t} payout={payout} />,
      end: true,
    },
  ];
  return (
    <Table caption={t("payouts.caption")} columns={all.filter((column) => !short || !column.long)} rows={payouts} />
  );
}

function Numbered({ t, payout }: { t: T; payout: PartnerPayout }) {
  return (
    <>
      <a class="num" href={`/partner/payouts/${payout.number}`}>
        {payoutNumber(payout.number)}
      </a>
      <Under phoneOnly>
        <span class="num">{t.date(payout.scheduledFor)}</span>
      </Under>
    </>
  );
}

/** What is paid out, and what of it is neither commission nor tax. */
function Net({ t, payout: { total, netted, credited } }: { t: T; payout: PartnerPayout }) {
  return (
    <>
      <Money value={total} show="code" locale={t.locale} />
      {netted.minor !== 0n && <Under>{t("payouts.nettedUnder", { amount: t.money(netted, "none") })}</Under>}
      {credited.minor !== 0n && <Under>{t("payouts.creditedUnder", { amount: t.money(credited, "none") })}</Under>}
    </>
  );
}

function Day({ t, payout }: { t: T; payout: PartnerPayout }) {
  return (
    <span class="num nowrap">
      <time datetime={payout.scheduledFor.toString()}>{t.date(payout.scheduledFor)}</time>
      {isExpected(payout) && <small> {t("payouts.expected")}</small>}
    </span>
  );
}

function To({ t, payout, account }: { t: T; payout: PartnerPayout; account: PaidTo | undefined }) {
  const { currency } = payout.total;
  if (isSettled(payout)) return <span class="dim">{t("payouts.nothingSent")}</span>;
  const mends = needsPartner(payout);
  const fix = payout.state === "on_hold" ? t("payouts.addBank") : t("payouts.fix");
  return (
    <>
      <span class="num dim">{account ? <bdi>{accountWords(t, account)}</bdi> : t("payouts.noAccount")}</span>
      {mends && isBankToMend(payout.failureReason) && (
        <Under>
          <a href={bankDetailsHref(currency)}>{fix}</a>
        </Under>
      )}
    </>
  );
}
