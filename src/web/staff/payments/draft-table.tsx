import type { Draft } from "#features/payments/payment-input.ts";
import { totalOf } from "#features/payments/shares.ts";
import { present } from "#kernel/assert.ts";
import { type Money as Amount, money } from "#kernel/money.ts";
import { t } from "#web/staff/shared.tsx";
import { Sum, type SumLine } from "#web/ui/card.tsx";
import { Money } from "#web/ui/money.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";

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

/** List amount, shares, keep, discount and what the customer pays, for the whole draft. */
export function DraftTable({ draft }: { draft: Draft }) {
  const discount = sum(draft, (one) => one.discount.minor);
  const shares = draft.shares.map(({ partnership, terms }, place): SumLine => {
    const part = sum(draft, (one) => {
      const share = one.pricing.shares[place];
      return share ? totalOf(share).minor : 0n;
    });
    const tax = { none: "", inclusive: ", tax inside", exclusive: ", tax on top" }[terms.taxMode];
    return { label: <Label words={partnership.name} under={`${t.rate(terms.rateBps)}${tax}`} />, value: show(part) };
  });
  return (
    <div class="cols-2">
      <div class="pad">
        <Sum
          lines={[
            { label: "Amount", value: show(sum(draft, (one) => one.list.minor)) },
            discount.minor > 0n && { label: "Discount", value: show(money(-discount.minor, discount.currency)) },
            { label: "The customer pays", value: show(sum(draft, (one) => one.pricing.price.minor)), total: true },
          ]}
        />
      </div>
      <div class="pad">
        <Sum
          lines={[
            ...shares,
            discount.minor > 0n && { label: "Discount, out of your part", value: show(discount) },
            { label: "Stays with you", value: show(sum(draft, (one) => one.pricing.left.minor)), total: true },
          ]}
        />
      </div>
    </div>
  );
}

function Label({ words, under }: { words: string; under: string }) {
  return (
    <>
      <bdi>{words}</bdi>
      <Under>{under}</Under>
    </>
  );
}

/** Every payment of a draft in a row of its own. */
export function InstalmentsTable({ draft }: { draft: Draft }) {
  const discounted = draft.instalments.some((one) => one.discount.minor > 0n);
  const columns: Column<Instalment>[] = [
    { head: "Item", cell: (one) => <bdi>{one.item}</bdi> },
    { head: "Due", cell: (one) => <span class="num nowrap">{t.date(one.dueDate)}</span> },
    { head: "Amount", cell: (one) => show(one.list), end: true, wideOnly: true },
    ...(discounted
      ? [{ head: "Discount", cell: (one: Instalment) => show(one.discount), end: true, wideOnly: true }]
      : []),
    { head: "To pay", cell: (one) => show(one.pricing.price), end: true },
  ];
  return <Table caption="Payments to be created, by due date" columns={columns} rows={draft.instalments} />;
}
