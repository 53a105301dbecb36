import type { Invoice } from "#features/invoices/invoice.ts";
import { type Money, money } from "#kernel/money.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";

/** Money that was put on an invoice: paid by the partner, or netted against a payout (then `PO-000012` names it). */
export type InvoiceMoneyView = {
  readonly amount: Money;
  readonly on: PlainDate | undefined;
  readonly at: Instant;
  readonly kind: "card" | "bank_transfer" | "by_hand" | undefined;
  readonly methodLabel: string;
  readonly payout: string | undefined;
};

/** A row of money on an invoice, for staff and for the partner alike. */
export type InvoiceMoneyRow = {
  minor: bigint;
  at: Instant;
  received_on: PlainDate | null;
  kind: "card" | "bank_transfer" | "by_hand" | null;
  method_label: string | null;
  payout_number: bigint | null;
};

/** What such a row says. */
export function moneyView(row: InvoiceMoneyRow, { currency }: Pick<Invoice, "currency">): InvoiceMoneyView {
  return {
    amount: money(row.minor, currency),
    on: row.received_on ?? undefined,
    at: row.at,
    kind: row.kind ?? undefined,
    methodLabel: row.method_label ?? "",
    payout: row.payout_number === null ? undefined : `PO-${row.payout_number.toString().padStart(6, "0")}`,
  };
}
