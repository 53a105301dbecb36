import type { Permit } from "#access/permit.ts";
import { type ListedRecord, selectReceived } from "#features/money-in/received-list-store.ts";
import { isId } from "#kernel/ids.ts";
import { type Currency, type Money, money } from "#kernel/money.ts";
import { cutPage, type Page, type Paging } from "#kernel/paging.ts";
import { type Instant, type PlainDate, parseDate } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";

export const receivedStates = ["matched", "unmatched", "returned"] as const;

/** Everything that narrows the list; its export uses the same. Dates are inclusive. */
export type ReceivedFilter = {
  readonly q?: string | undefined;
  readonly state?: (typeof receivedStates)[number] | undefined;
  readonly currency?: Currency | undefined;
  readonly from?: PlainDate | undefined;
  readonly to?: PlainDate | undefined;
};

/** Where a page begins: behind this arrival. */
export type ReceivedPlace = { readonly on: PlainDate; readonly id: string };

/** An arrival of money as the list shows it. A surcharge came on top of the amount. */
export type ListedMoney = {
  readonly id: string;
  readonly receivedOn: PlainDate;
  readonly at: Instant;
  readonly amount: Money;
  readonly surcharge: Money;
  readonly methodLabel: string;
  readonly reference: string;
  readonly payerName: string;
  readonly state: (typeof receivedStates)[number];
  readonly customer: { readonly id: string; readonly name: string } | undefined;
  readonly partner: { readonly id: string; readonly name: string } | undefined;
};

type MayRead = Permit<"payments.read"> | Permit<"payments.export">;

/** A page of what has arrived, the latest first. One query. */
export async function listReceived(
  cx: Cx,
  _may: MayRead,
  filter: ReceivedFilter,
  paging: Paging<ReceivedPlace>,
): Promise<Page<ListedMoney>> {
  const { before, size } = paging;
  const after = before ? undefined : paging.after;
  const records = await selectReceived(cx, filter, { before, after, limit: size + 1 });
  const cut = cutPage(records, size, after !== undefined, before !== undefined);
  return { ...cut, rows: cut.rows.map(listed) };
}

function listed(row: ListedRecord): ListedMoney {
  const currency = row.currency as Currency;
  return {
    id: row.id,
    receivedOn: row.received_on,
    at: row.created_at,
    amount: money(row.minor, currency),
    surcharge: money(row.surcharge_minor, currency),
    methodLabel: row.method_label,
    reference: row.reference,
    payerName: row.payer_name,
    state: row.state as ListedMoney["state"],
    customer: row.customer_id === null ? undefined : { id: row.customer_id, name: row.customer_name ?? "" },
    partner: row.partnership_id === null ? undefined : { id: row.partnership_id, name: row.partnership_name ?? "" },
  };
}

/** The place of a row, as an address carries it. */
export function writeReceivedPlace(row: ListedMoney | undefined): string | undefined {
  return row && `${row.receivedOn}~${row.id}`;
}

/** Reads a place from an address; undefined when it is none. */
export function readReceivedPlace(text: string | undefined): ReceivedPlace | undefined {
  const [date = "", id = ""] = (text ?? "").split("~");
  const on = parseDate(date);
  return on && isId("rcv", id) ? { on, id } : undefined;
}
