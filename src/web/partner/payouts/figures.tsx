import type { Child } from "hono/jsx";
import type { PaidYear, PartnerFigures, Sum } from "#features/payouts/partner-figures.ts";
import { carriesOver } from "#features/payouts/partner-payout.ts";
import type { T } from "#platform/i18n/messages.ts";
import { type Figure, Figures } from "#web/ui/card.tsx";
import { Bars } from "#web/ui/chart.tsx";
import { Money } from "#web/ui/money.tsx";
import { accountWords, bankDetailsHref, carriedWords } from "./words.ts";

type Line = { readonly value: Child; readonly note: Child };

type Props = {
  t: T;
  figures: PartnerFigures;
  /** Whose twelve months are drawn; the partner's own without it. */
  currency?: string;
  /** Stands instead of what needs the partner, where the page says that by itself. */
  third?: Figure;
};

/** Next payout, in review, what needs the partner, and the last twelve months. */
export function PayoutFigures({ t, figures, currency, third }: Props) {
  const year = figures.years.find((one) => one.currency === currency) ?? figures.years[0];
  return (
    <Figures
      label={t("payouts.summary")}
      figures={[
        figureOf(t("payouts.next"), nextLines(t, figures), {
          value: t("payouts.nextNone"),
          note: t("payouts.nextText"),
        }),
        figureOf(t("payouts.inReview"), reviewLines(t, figures), { value: t("payouts.none"), note: undefined }),
        third ?? attentionFigure(t, figures),
        ...(year ? [yearFigure(t, year)] : []),
      ]}
    />
  );
}

function attentionFigure(t: T, figures: PartnerFigures): Figure {
  const none = { value: t("payouts.none"), note: t("payouts.attentionNone") };
  const lines = attentionLines(t, figures);
  return { ...figureOf(t("payouts.attention"), lines, none), bad: lines.length > 0 };
}

/** The first line as the figure, those of other currencies small under it. */
export function figureOf(label: string, lines: readonly Line[], none: Line): Figure {
  const [first = none, ...others] = lines;
  const more = others.map((line) => (
    <span class="fig-more">
      <span class="num">{line.value}</span> {line.note}
    </span>
  ));
  const note = first.note === undefined && more.length === 0 ? undefined : [first.note, ...more];
  const value = lines.length === 0 ? <span class="fig-none">{first.value}</span> : first.value;
  return { label, value, ...(note !== undefined && { note }) };
}

function nextLines(t: T, { next, accounts }: PartnerFigures): Line[] {
  return next.map((payout) => {
    const value = <Money value={payout.total} show="code" locale={t.locale} />;
    if (carriesOver(payout)) return { value, note: carriedWords(t, payout) };
    const account = payout.to ?? accounts.get(payout.total.currency);
    const date = t.date(payout.scheduledFor, "weekday");
    return {
      value,
      note: account ? t("payouts.nextTo", { date, account: accountWords(t, account) }) : t("payouts.nextOn", { date }),
    };
  });
}

function reviewLines(t: T, { inReview }: PartnerFigures): Line[] {
  return inReview.map(({ amount, payouts, payments }) => ({
    value: <Money value={amount} show="code" locale={t.locale} />,
    note: t("payouts.inReviewNote", { payouts, payments }),
  }));
}

function attentionLines(t: T, { failed, held }: PartnerFigures): Line[] {
  const line = ({ amount }: Sum, words: string) => ({
    value: <Money value={amount} show="code" locale={t.locale} />,
    note: <a href={bankDetailsHref(amount.currency)}>{words}</a>,
  });
  return [
    ...failed.map((sum) => line(sum, t("payouts.attentionFailed", { count: sum.payouts }))),
    ...held.map((sum) => line(sum, t("payouts.attentionHeld", { count: sum.payouts }))),
  ];
}

/** A year as a figure: bars, what they say in words, and the same as a table. */
export function yearFigure(t: T, year: PaidYear): Figure {
  return {
    label: t("payouts.year"),
    wide: true,
    value: <Money value={year.total} show="code" locale={t.locale} />,
    note: <YearBars t={t} year={year} />,
  };
}

export function YearBars({ t, year: { currency, months, total } }: { t: T; year: PaidYear }) {
  const best = months.reduce(
    (found, one) => (one.amount.minor > found.amount.minor ? one : found),
    months[0] ?? never(),
  );
  const name = (one: { first: Temporal.PlainDate } | undefined) => (one ? t.date(one.first, "month") : "");
  const summary =
    total.minor === 0n
      ? t("payouts.yearNone", { currency })
      : t("payouts.yearSummary", {
          from: name(months[0]),
          to: name(months.at(-1)),
          best: name(best),
          amount: t.money(best.amount, "code"),
          total: t.money(total, "code"),
        });
  return (
    <Bars
      t={t}
      summary={summary}
      nameHead={t("payouts.month")}
      valueHead={t("payouts.paidOut")}
      bars={months.map(({ first, amount }, index) => ({
        short: t.locale === "ar" ? String(first.month) : t.date(first, "monthShort").slice(0, 1),
        name: t.date(first, "month"),
        size: amount.minor,
        value: <Money value={amount} show="code" size="plain" locale={t.locale} />,
        now: index === months.length - 1,
      }))}
    />
  );
}

function never(): PaidYear["months"][number] {
  throw new Error("A year has months");
}
