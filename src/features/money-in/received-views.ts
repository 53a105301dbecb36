import type { CustomerId } from "#access/principal.ts";
import type { ReceivedId } from "#features/money-in/arrival.ts";
import { type ReceivedRow, readReceivedRow, receivedRowsOf, unmatchedRows } from "#features/money-in/received-store.ts";
import { type Money, money } from "#kernel/money.ts";
import { notFound } from "#kernel/problem.ts";
import type { Instant, PlainDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

/** Money that arrived, as staff see it. `amount` and `surcharge` together arrived. */
export type ReceivedView = {
  readonly id: ReceivedId;
  readonly provider: string;
  readonly kind: "card" | "bank_transfer" | "by_hand";
  readonly amount: Money;
  readonly surcharge: Money;
  readonly receivedOn: PlainDate;
  readonly at: Instant;
  readonly methodLabel: string;
  readonly reference: string;
  readonly payerName: string;
  readonly state: "matched" | "unmatched" | "returned";
  readonly customer: CustomerId | undefined;
};

/** Money that waits for somebody to say whose it is, oldest first. */
export async function unmatchedMoney(cx: Cx, limit = 100): Promise<ReceivedView[]> {
  return (await unmatchedRows(cx, limit)).map(view);
}

/** One arrival of money. Throws `not-found`. */
export async function readReceivedMoney(cx: Cx, id: string): Promise<ReceivedView> {
  const row = await readReceivedRow(cx, id);
  if (!row) throw notFound();
  return view(row);
}

/** What has arrived from a customer, newest first. */
export async function receivedOf(cx: Cx, customer: CustomerId, limit = 50): Promise<ReceivedView[]> {
  return (await receivedRowsOf(cx, customer, limit)).map(view);
}

function view(row: ReceivedRow): ReceivedView {
  return {
    id: row.id,
    provider: row.provider,
    kind: row.kind,
    amount: money(row.minor, row.currency),
    surcharge: money(row.surcharge_minor, row.currency),
    receivedOn: row.received_on,
    at: row.created_at,
    methodLabel: row.method_label,
    reference: row.reference,
    payerName: row.payer_name,
    state: row.state,
    customer: row.customer_id ?? undefined,
  };
}
