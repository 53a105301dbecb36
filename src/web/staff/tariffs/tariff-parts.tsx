import type { Child } from "hono/jsx";
import type { Pricing, TariffDraft } from "#features/tariffs/tariff.ts";
import { examplesOf, type Overlap } from "#features/tariffs/tariff-views.ts";
import { Card, type Fact, Facts } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { Table } from "#web/ui/table.tsx";
import { daysOf, kindWords, overlapWords, priceLines, routeWords, totalOf } from "./words.tsx";

type TryOutProps = {
  pricing: Pricing;
  /** Amounts beside the usual ones. */
  more?: readonly bigint[];
  /** A form that asks for such an amount. */
  form?: Child;
};

/** What example amounts would cost, computed by the code that quotes and charges. */
export function TryOut({ pricing, more = [], form }: TryOutProps) {
  return (
    <Card title="What transfers would cost">
      {form}
      <Table
        caption="Example amounts, the smallest first"
        rows={examplesOf(pricing, more)}
        columns={[
          {
            head: "Transfer",
            end: true,
            cell: ({ amount }) =>
              more.includes(amount.minor) ? (
                <strong>
                  <Money value={amount} show="code" />
                </strong>
              ) : (
                <Money value={amount} show="code" />
              ),
          },
          { head: "Fee", end: true, cell: ({ fee }) => <Money value={fee} show="code" /> },
          {
            head: "Leaves the wallet",
            end: true,
            cell: ({ amount, fee }) => <Money value={totalOf(amount, fee)} show="code" />,
          },
        ]}
      />
    </Card>
  );
}

/** What a tariff is for and what it says. */
export function Terms({ tariff, also = [] }: { tariff: TariffDraft; also?: readonly Fact[] }) {
  const [first, ...rest] = priceLines(tariff);
  return (
    <Facts
      facts={[
        ["Transfers", routeWords[tariff.route]],
        ["Kind of wallet", kindWords(tariff.purpose)],
        ["Currency", tariff.currency],
        ["Counts", daysOf(tariff)],
        [
          "Cost",
          <>
            <span class="num">{first}</span>
            {rest.map((line) => (
              <small class="bl num">{line}</small>
            ))}
          </>,
        ],
        ...also,
      ]}
    />
  );
}

/** How it goes together with other tariffs; nothing where it stands alone. */
export function Overlaps({ one, overlaps }: { one: TariffDraft; overlaps: readonly Overlap[] }) {
  if (overlaps.length === 0) return null;
  return (
    <Card title="Beside others" pad>
      <ul class="stack s">
        {overlaps.map((overlap) => (
          <li>
            {overlapWords(overlap, one)}{" "}
            <a href={`/staff/tariffs/${overlap.other.id}`}>
              {`The one from ${daysOf(overlap.other).replace(/^From /, "")}`}
            </a>
          </li>
        ))}
      </ul>
    </Card>
  );
}
