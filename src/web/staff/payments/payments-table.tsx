import type { Child } from "hono/jsx";
import { type Payment, type PaymentStatus, priceOf } from "#features/payments/payment.ts";
import type { Money as Amount } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";
import { t } from "#web/staff/shared.tsx";
import { dueWords } from "#web/ui/due.ts";
import { Money } from "#web/ui/money.tsx";
import { Status } from "#web/ui/status.tsx";
import { type Column, Table, Under } from "#web/ui/table.tsx";

/** A payment in a table of staff. */
export type PaymentLine = {
  readonly payment: Payment;
  readonly status: PaymentStatus;
  readonly owed: Amount;
  readonly customer?: { readonly id: string; readonly name: string };
};

/** The status of a payment as a chip; an overdue one says since when. */
export function PaymentChip({
  payment,
  status,
  today,
}: Pick<PaymentLine, "payment" | "status"> & { today: PlainDate }) {
  const words = status === "overdue" ? { words: dueWords(t, today, payment.dueDate) } : {};
  return <Status of="payment" state={status} t={t} {...words} />;
}

type Props = { caption: string; rows: readonly PaymentLine[]; customers: boolean };

/** Payments as rows; `customers` says whose each is. */
export function PaymentsTable({ caption, rows, customers }: Props) {
  const columns: Column<PaymentLine>[] = [
    { head: "Item", cell: (row) => <Item row={row} customers={customers} /> },
    ...(customers ? [{ head: "Customer", cell: (row: PaymentLine) => <Customer row={row} />, wideOnly: true }] : []),
    { head: "Due", cell: ({ payment }) => <span class="num nowrap">{t.date(payment.dueDate)}</span>, wideOnly: true },
    // The date stands beside it, so the word is enough here.
    { head: "Status", cell: ({ status }) => <Status of="payment" state={status} t={t} /> },
    { head: "To pay", cell: (row) => <ToPay row={row} owed={!customers} />, end: true },
    ...(customers
      ? [{ head: "Still owed", cell: (row: PaymentLine) => <StillOwed owed={row.owed} />, end: true, wideOnly: true }]
      : []),
  ];
  return <Table caption={caption} columns={columns} rows={rows} />;
}

function Item({ row, customers }: { row: PaymentLine; customers: boolean }) {
  return (
    <>
      <a class="strong" href={`/staff/payments/${row.payment.id}`}>
        <bdi>{row.payment.item}</bdi>
      </a>
      <Under phoneOnly>
        {customers && row.customer && (
          <>
            <bdi>{row.customer.name}</bdi>,{" "}
          </>
        )}
        {t.date(row.payment.dueDate)}
      </Under>
    </>
  );
}

function Customer({ row }: { row: PaymentLine }) {
  if (!row.customer) return null;
  return (
    <a href={`/staff/customers/${row.customer.id}`}>
      <bdi>{row.customer.name}</bdi>
    </a>
  );
}

/** What it asks for; `owed` says under it what of that is left, where part was paid. */
function ToPay({ row: { payment, owed: left }, owed }: { row: PaymentLine; owed: boolean }): Child {
  const part = owed && left.minor > 0n && payment.paid.minor > 0n;
  return (
    <>
      <Money value={priceOf(payment)} show="code" />
      {payment.discount.minor > 0n && <Under>of {t.money(payment.list, "none")}</Under>}
      {part && <Under>{t.money(left, "none")} left</Under>}
    </>
  );
}

function StillOwed({ owed }: { owed: Amount }): Child {
  return owed.minor === 0n ? <span class="dim">–</span> : <Money value={owed} show="code" />;
}
