import type { Cells, ColumnSpec, Row } from "#kernel/cells.ts";
import type { Money } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";

export type PaymentColumn =
  | "customer_external_id"
  | "external_id"
  | "item"
  | "amount"
  | "currency"
  | "due_date"
  | "partnership_external_id"
  | "share_percent"
  | "discount";

/** A payment as text: a row of a file. */
export type PaymentRow = Row<PaymentColumn>;

export const paymentColumns: readonly (ColumnSpec & { readonly name: PaymentColumn })[] = [
  { name: "customer_external_id", label: "Customer's reference", required: true, hint: "Like C00001" },
  { name: "external_id", label: "Reference", required: true, hint: "Your own reference of the payment, like C00001-1" },
  { name: "item", label: "Item", required: true, hint: "What it is for, as the customer reads it" },
  { name: "amount", label: "Amount", required: true, hint: "The agreed price, like 1850.00" },
  { name: "currency", label: "Currency", required: true, hint: "A code like AUD" },
  { name: "due_date", label: "Due date", required: true, hint: "Like 2026-12-05" },
  { name: "partnership_external_id", label: "Partner's reference", required: false, hint: "Like P001" },
  { name: "share_percent", label: "Partner's share in percent", required: false, hint: "Like 12.5" },
  { name: "discount", label: "Discount", required: false, hint: "Out of your own part, in the same currency" },
];

/**
 * What a row says of a payment; undefined = not in the row. `partner` is empty where the row says that there is none.
 */
export type PaymentCells = {
  readonly externalId: string;
  readonly customer: string;
  readonly item: string;
  readonly list: Money;
  readonly dueDate: PlainDate;
  readonly partner: string | undefined;
  readonly rateBps: number | undefined;
  readonly discount: Money | undefined;
};

/** Longest texts of a payment, in characters. */
export const longest = { item: 200, externalId: 64, note: 2_000, reason: 200 } as const;

/** Reads one row; undefined when something is wrong, which is then in `cells.problems`. */
export function readPaymentRow(cells: Cells<PaymentColumn>): PaymentCells | undefined {
  const customer = cells.line("customer_external_id", longest.externalId, "Write the reference of the customer.");
  const externalId = cells.line("external_id", longest.externalId, "Write your reference of this payment.");
  const item = cells.line("item", longest.item, "Write what it is for.");
  const currency = cells.currency("currency");
  const list = currency && cells.amount("amount", currency, 1n);
  const dueDate = cells.date("due_date");
  const partner = cells.line("partnership_external_id", longest.externalId);
  const rateBps = readRate(cells, partner);
  const discount = currency && cells.has("discount") ? cells.amount("discount", currency, 0n) : undefined;
  const known = customer !== undefined && externalId !== undefined && item !== undefined && list && dueDate;
  if (cells.problems.length > 0 || !known) return undefined;
  return { externalId, customer, item, list, dueDate, partner, rateBps, discount };
}

/** A share needs both its partner and its percentage. */
function readRate(cells: Cells<PaymentColumn>, partner: string | undefined): number | undefined {
  const text = cells.raw("share_percent");
  if (text === "" && (partner ?? "") === "") return undefined;
  if ((partner ?? "") === "" && !cells.problems.some((one) => one.column === "partnership_external_id")) {
    return cells.refuse("partnership_external_id", "Write whose share it is, or leave the share empty.");
  }
  if (text === "") return cells.refuse("share_percent", "Write the partner's share in percent.");
  return cells.percent("share_percent", 1);
}
