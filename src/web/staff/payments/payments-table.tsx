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

type Props = { caption: string; rows: readonly PaymentLine[]; today: PlainDate; customers: boolean };

/** Payments as rows; `customers` says whose each is. */
export function PaymentsTable({ caption, rows, today, customers }: Props) {
  const columns: Column<PaymentLine>[] = [
    { head: "Item", cell: (row) => <Item row={row} customers={customers} /> },
    ...(customers ? [{ head: "Customer", cell: (row: PaymentLine) => <Customer row={row} />, wideOnly: true }] : []),
    { head: "Due", cell: ({ payment }) => <span class="num nowrap">{t.date(payment.dueDate)}</span>, wideOnly: true },
    { head: "Status", cell: (row) => <PaymentChip {...row} today={today} /> },
    { head: "To pay", cell: ({ payment }) => <ToPay payment={payment} />, end: true },
    { head: "Still owed", cell: ({ owed }) => <StillOwed owed={owed} />, end: true, wideOnly: true },
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

function ToPay({ payment }: { payment: Payment }): Child {
  return (
    <>
      <Money value={priceOf(payment)} show="code" />
      {payment.discount.minor > 0n && <Under>of {t.money(payment.list, "none")}</Under>}
    </>
  );
}

function StillOwed({ owed }: { owed: Amount }): Child {
  return owed.minor === 0n ? <span class="dim">–</span> : <Money value={owed} show="code" />;
}
