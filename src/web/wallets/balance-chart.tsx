import { type BalanceSeries, type SeriesSpan, seriesSpans } from "#features/wallets/balance-series.ts";
import type { T } from "#platform/i18n/messages.ts";
import { Card } from "#web/ui/card.tsx";
import { LineChart } from "#web/ui/line-chart.tsx";
import { Money } from "#web/ui/money.tsx";

type Props = {
  t: T;
  series: BalanceSeries;
  /** The address of the same page with another span. */
  hrefOf: (span: SeriesSpan) => string;
};

/** How the balance of a wallet went: a drawing, the same in words, and as a table. */
export function BalanceChart({ t, series, hrefOf }: Props) {
  return (
    <Card title={t("chart.balance")} pad>
      <nav class="seg" aria-label={t("chart.span")}>
        {seriesSpans.map((span) => (
          <a href={hrefOf(span)} {...(span === series.span && { "aria-current": "true" })}>
            {t(`chart.${span}`)}
          </a>
        ))}
      </nav>
      <LineChart
        t={t}
        summary={seriesSummary(t, series)}
        nameHead={t("chart.day")}
        valueHead={t("chart.amount")}
        points={series.points.map(({ day, balance }) => ({
          name: t.date(day),
          size: balance.minor,
          value: <Money value={balance} show="code" size="plain" locale={t.locale} />,
        }))}
      />
    </Card>
  );
}

/** From what to what it went, and how low and how high between. */
export function seriesSummary(t: T, { points }: BalanceSeries): string {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return "";
  const low = points.reduce((found, one) => (one.balance.minor < found.balance.minor ? one : found), first);
  const high = points.reduce((found, one) => (one.balance.minor > found.balance.minor ? one : found), first);
  const ends = { from: t.date(first.day), to: t.date(last.day) };
  if (low.balance.minor === high.balance.minor) {
    return t("chart.balanceFlat", { ...ends, amount: t.money(last.balance, "code") });
  }
  return t("chart.balanceSummary", {
    ...ends,
    first: t.money(first.balance, "code"),
    last: t.money(last.balance, "code"),
    low: t.money(low.balance, "code"),
    lowDay: t.date(low.day),
    high: t.money(high.balance, "code"),
    highDay: t.date(high.day),
  });
}
