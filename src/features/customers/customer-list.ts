import type { Customer } from "#features/customers/customer.ts";
import { type OwedRecord, selectOwed, selectPage } from "#features/customers/customer-list-store.ts";
import { customerOf } from "#features/customers/customer-store.ts";
import { isId } from "#kernel/ids.ts";
import { type Currency, type Money, money } from "#kernel/money.ts";
import type { PlainDate } from "#kernel/time.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

/** What the list may be narrowed to. */
export type CustomerFilter = {
  readonly q?: string | undefined;
  readonly only?: "no-email" | "overdue" | undefined;
  readonly partnership?: string | undefined;
  readonly language?: string | undefined;
};

/** What is owed in one currency, and how much of it is overdue since when. */
export type Owed = { readonly owed: Money; readonly overdue: Money; readonly since: PlainDate | undefined };

export type ListedCustomer = {
  readonly customer: Customer;
  readonly partnershipName: string | undefined;
  /** One entry a currency; nothing is ever summed across them. */
  readonly owed: readonly Owed[];
};

export type CustomerPage = {
  readonly rows: readonly ListedCustomer[];
  /** Where the neighbouring pages begin, as `before` and `after` take it. */
  readonly previous: string | undefined;
  readonly next: string | undefined;
};

type Paging = { readonly before?: string | undefined; readonly after?: string | undefined; readonly size: number };

/** A page of the customers that pass the filter, by family name, with what each owes. Two queries. */
export async function listCustomers(cx: Cx, filter: CustomerFilter, paging: Paging): Promise<CustomerPage> {
  const today = todayOf(cx.institution, cx.now);
  const before = isId("cus", paging.before) ? paging.before : undefined;
  const after = !before && isId("cus", paging.after) ? paging.after : undefined;
  const place = { ...(before && { before }), ...(after && { after }), limit: paging.size + 1 };
  const records = await selectPage(cx, filter, today, place);
  const more = records.length > paging.size;
  // The row too many stands where the reading ended: in front when it went upwards.
  const shown = !more ? records : before ? records.slice(1) : records.slice(0, -1);
  const owed = Map.groupBy(
    await selectOwed(
      cx,
      shown.map((row) => row.id),
      today,
    ),
    (row) => row.customer_id,
  );
  return {
    rows: shown.map((row) => ({
      customer: customerOf(row),
      partnershipName: row.partnership_name ?? undefined,
      owed: (owed.get(row.id) ?? []).map(owedOf),
    })),
    previous: after || (before && more) ? shown[0]?.id : undefined,
    next: before || more ? shown.at(-1)?.id : undefined,
  };
}

function owedOf(row: OwedRecord): Owed {
  const currency = row.currency as Currency;
  return {
    owed: money(row.owed, currency),
    overdue: money(row.overdue, currency),
    since: row.overdue_since ?? undefined,
  };
}

/** What one customer owes in each currency. */
export async function owedByCustomer(cx: Cx, id: string): Promise<Owed[]> {
  return (await selectOwed(cx, [id], todayOf(cx.institution, cx.now))).map(owedOf);
}
