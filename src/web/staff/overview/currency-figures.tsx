import type { CurrencyFigures, Figure, OverdueAge } from "#features/overview/overview.ts";
import { soonDays } from "#features/overview/overview.ts";
import { type Currency, moneySum } from "#kernel/money.ts";
import { t } from "#web/staff/shared.tsx";
import { Card, Figures } from "#web/ui/card.tsx";
import { Bars } from "#web/ui/chart.tsx";
import { Money } from "#web/ui/money.tsx";
import { withQuery } from "#web/ui/pager.tsx";
import { type Column, Table } from "#web/ui/table.tsx";

const ageWords: Readonly<Record<OverdueAge["age"], string>> = {
  "1-30": "1 to 30 days",
  "31-60": "31 to 60 days",
  "61-90": "61 to 90 days",
  "91": "More than 90 days",
};
const shortAges: Readonly<Record<OverdueAge["age"], string>> = {
  "1-30": "1–30",
  "31-60": "31–60",
  "61-90": "61–90",
  "91": "over 90",
};

/** What came in, what is coming and what is late in one currency. Every figure leads to the rows it is the sum of. */
export function CurrencySection({ figures }: { figures: CurrencyFigures }) {
  const { currency, collected, dueSoon, overdue } = figures;
  return (
    <>
      <Figures
        label={`Figures in ${currency}`}
        figures={[
          {
            label: "Collected this month",
            value: <Money value={collected.amount} show="code" />,
            href: receivedHref(collected),
            note: counted(collected.count, "arrival", "arrivals"),
          },
          {
            label: `Due in the next ${soonDays} days`,
            value: <Money value={dueSoon.amount} show="code" />,
            href: paymentsHref("unpaid", dueSoon),
            note: counted(dueSoon.count, "payment", "payments"),
          },
          {
            label: "Overdue",
            value: <Money value={overdue.amount} show="code" />,
            href: paymentsHref("overdue", overdue),
            note: counted(overdue.count, "payment", "payments"),
            bad: overdue.count > 0,
          },
          yearFigure(currency, figures.months),
        ]}
      />
      {overdue.count > 0 && <OverdueCard figures={figures} />}
    </>
  );
}

const counted = (count: number, one: string, many: string) => `${t.number(count)} ${count === 1 ? one : many}`;

function receivedHref({ amount, from, to }: Figure): string {
  const dates = { from: from?.toString(), to: to?.toString() };
  return withQuery("/staff/money-received", { state: "matched", currency: amount.currency, ...dates });
}

function paymentsHref(status: "unpaid" | "overdue", { amount, from, to }: Figure): string {
  const dates = { from: from?.toString(), to: to?.toString() };
  return withQuery("/staff/payments", { status, currency: amount.currency, ...dates });
}

function yearFigure(currency: Currency, months: readonly Figure[]) {
  const total = months.reduce((sum, month) => sum + month.amount.minor, 0n);
  const year: Figure = {
    amount: moneySum(total, currency),
    count: months.reduce((sum, month) => sum + month.count, 0),
    from: months[0]?.from,
    to: months.at(-1)?.to,
  };
  const best = months.reduce((found, month) => (month.amount.minor > found.amount.minor ? month : found), year);
  const name = ({ from }: Figure) => (from ? t.date(from, "month") : "");
  const highest = total > 0n && best !== year ? `; most in ${name(best)}, ${t.money(best.amount, "code")}` : "";
  return {
    label: "Collected, last 12 months",
    wide: true,
    value: <Money value={year.amount} show="code" />,
    href: receivedHref(year),
    note: (
      <Bars
        t={t}
        summary={`Collected each month in ${currency}${highest}`}
        nameHead="Month"
        valueHead="Collected"
        bars={months.map((month, index) => ({
          short: month.from ? t.date(month.from, "monthShort").slice(0, 1) : "",
          name: name(month),
          size: month.amount.minor,
          value: (
            <a href={receivedHref(month)}>
              <Money value={month.amount} show="code" size="plain" />
            </a>
          ),
          now: index === months.length - 1,
        }))}
      />
    ),
  };
}

function OverdueCard({ figures }: { figures: CurrencyFigures }) {
  const { currency, ages, overdue } = figures;
  const said = ages.map((one) => `${ageWords[one.age]} ${t.money(one.amount, "code")}`).join(", ");
  return (
    <Card title={`Overdue by age, ${currency}`}>
      <div class="ages">
        <Table
          caption={`Overdue in ${currency}, by how long it has been overdue`}
          columns={ageColumns}
          rows={ages}
          foot={[
            "Overdue in all",
            <span class="num">{t.number(overdue.count)}</span>,
            <a href={paymentsHref("overdue", overdue)}>
              <Money value={overdue.amount} show="code" />
            </a>,
          ]}
        />
        <Bars
          t={t}
          summary={`Overdue by age: ${said}`}
          nameHead="Age"
          valueHead="Overdue"
          slot={78}
          ownTable={false}
          bars={ages.map((one) => ({
            short: shortAges[one.age],
            name: ageWords[one.age],
            size: one.amount.minor,
            value: "",
            now: one.age === "91",
          }))}
        />
      </div>
    </Card>
  );
}

const ageColumns: readonly Column<OverdueAge>[] = [
  { head: "Overdue for", cell: (row) => ageWords[row.age] },
  { head: "Payments", cell: (row) => <span class="num">{t.number(row.count)}</span>, end: true },
  {
    head: "Amount",
    cell: (row) =>
      row.count === 0 ? (
        "–"
      ) : (
        <a href={paymentsHref("overdue", row)}>
          <Money value={row.amount} show="code" />
        </a>
      ),
    end: true,
  },
];
