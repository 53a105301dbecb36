import type { Draft } from "#features/payments/payment-input.ts";
import type { PartnerTerms } from "#features/payments/shares.ts";
import { present } from "#kernel/assert.ts";
import { type Money as Amount, money } from "#kernel/money.ts";
import { t } from "#web/staff/shared.tsx";
import { Card, Sum } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";
import { shareWords } from "./share-words.ts";

type Instalment = Draft["instalments"][number];

/** Adds one figure of every payment of a draft; they all have one currency. */
function sum(draft: Draft, figure: (one: Instalment) => bigint): Amount {
  const first = present(draft.instalments[0], "a payment in the draft");
  const total = draft.instalments.reduce((all, one) => all + figure(one), 0n);
  return money(total, first.list.currency);
}

function show(value: Amount) {
  return <Money value={value} show="code" />;
}

/** What the customer pays beside where it goes: each share with its tax, the keep, and what a discount leaves of it. */
export function DraftTable({ draft }: { draft: Draft }) {
  const discount = sum(draft, (one) => one.discount.minor);
  return (
    <div class="two">
      <Card title="Where it goes">
        <Table
          caption="Shares of the amount, and what stays with you"
          columns={columns}
          rows={[...partsOf(draft), ...keptOf(draft, discount)]}
        />
      </Card>
      <Card title="What the customer pays" pad>
        <Sum
          lines={[
            { label: "Amount", value: show(sum(draft, (one) => one.list.minor)) },
            discount.minor > 0n && { label: "Discount", value: show(money(-discount.minor, discount.currency)) },
            { label: "The customer pays", value: show(sum(draft, (one) => one.pricing.price.minor)), total: true },
          ]}
        />
      </Card>
    </div>
  );
}

type Part = { who: string; how: string; net?: Amount; tax?: Amount; gets: Amount; strong?: boolean };

const columns: Column<Part>[] = [
  {
    head: "Who",
    cell: ({ who, how, strong }) => (
      <>
        <bdi class={strong ? "strong" : ""}>{who}</bdi>
        {how !== "" && <Under>{how}</Under>}
      </>
    ),
  },
  { head: "Net", cell: ({ net }) => net && show(net), end: true, wideOnly: true },
  { head: "Tax", cell: ({ tax }) => tax && show(tax), end: true, wideOnly: true },
  { head: "Gets", cell: ({ gets }) => show(gets), end: true },
];

function partsOf(draft: Draft): Part[] {
  const names = new Map<string, string>(draft.shares.map(({ partnership }) => [partnership.id, partnership.name]));
  return draft.shares.map(({ partnership, terms }, place) => {
    const net = sum(draft, (one) => one.pricing.shares[place]?.net.minor ?? 0n);
    const tax = sum(draft, (one) => one.pricing.shares[place]?.tax.minor ?? 0n);
    return {
      who: partnership.name,
      how: wordsOf(terms, names),
      net,
      tax,
      gets: money(net.minor + tax.minor, net.currency),
    };
  });
}

function wordsOf(terms: PartnerTerms, names: ReadonlyMap<string, string>): string {
  return shareWords(terms, (id) => names.get(id) ?? "another partner");
}

/** The keep; with a discount, that and what it leaves. */
function keptOf(draft: Draft, discount: Amount): Part[] {
  const keep = sum(draft, (one) => one.pricing.keep.minor);
  if (discount.minor === 0n)
    return [{ who: "Stays with you", how: t.rate(rateOf(draft, keep)), gets: keep, strong: true }];
  return [
    { who: "Your part", how: t.rate(rateOf(draft, keep)), gets: keep },
    { who: "Discount, out of your part", how: "", gets: money(-discount.minor, discount.currency) },
    { who: "Stays with you", how: "", gets: sum(draft, (one) => one.pricing.left.minor), strong: true },
  ];
}

/** What of the amount it is, in basis points, rounded down. */
function rateOf(draft: Draft, part: Amount): number {
  const list = sum(draft, (one) => one.list.minor);
  return Number((part.minor * 10_000n) / list.minor);
}

/** Every payment of a draft in a row of its own. */
export function InstalmentsTable({ draft }: { draft: Draft }) {
  const discounted = draft.instalments.some((one) => one.discount.minor > 0n);
  const parts: Column<Instalment>[] = [
    { head: "Item", cell: (one) => <bdi>{one.item}</bdi> },
    { head: "Due", cell: (one) => <span class="num nowrap">{t.date(one.dueDate)}</span> },
    { head: "Amount", cell: (one) => show(one.list), end: true, wideOnly: true },
    ...(discounted
      ? [{ head: "Discount", cell: (one: Instalment) => show(one.discount), end: true, wideOnly: true }]
      : []),
    { head: "To pay", cell: (one) => show(one.pricing.price), end: true },
  ];
  return <Table caption="Payments to be created, by due date" columns={parts} rows={draft.instalments} />;
}
