import type { Customer } from "#features/customers/customer.ts";
import { type OwedRecord, selectOwed, selectPage } from "#features/customers/customer-list-store.ts";
import { customerOf } from "#features/customers/customer-store.ts";
import { isId } from "#kernel/ids.ts";
import { type Currency, type Money, moneySum } from "#kernel/money.ts";
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

/** A page of the customers that pass the filter, by family name, with what each owes. One query. */
export async function listCustomers(cx: Cx, filter: CustomerFilter, paging: Paging): Promise<CustomerPage> {
  const today = todayOf(cx.institution, cx.now);
  const before = isId("cus", paging.before) ? paging.before : undefined;
  const after = !before && isId("cus", paging.after) ? paging.after : undefined;
  const place = { ...(before && { before }), ...(after && { after }), limit: paging.size + 1 };
  const records = await selectPage(cx, filter, today, place);
  const more = records.length > paging.size;
  // The row too many stands where the reading ended: in front when it went upwards.
  const shown = !more ? records : before ? records.slice(1) : records.slice(0, -1);
  return {
    rows: shown.map((row) => ({
      customer: customerOf(row),
      partnershipName: row.partnership_name ?? undefined,
      owed: owedOf(row),
    })),
    previous: after || (before && more) ? shown[0]?.id : undefined,
    next: before || more ? shown.at(-1)?.id : undefined,
  };
}

function owedOf({ currencies, owed, overdue, overdue_since: since }: OwedRecord): Owed[] {
  return (currencies ?? []).map((code, index) => {
    const amount = (list: string[] | null) => moneySum(BigInt(list?.[index] ?? 0), code as Currency);
    const date = since?.[index];
    return { owed: amount(owed), overdue: amount(overdue), since: date ? Temporal.PlainDate.from(date) : undefined };
  });
}

/** What one customer owes in each currency. */
export async function owedByCustomer(cx: Cx, id: string): Promise<Owed[]> {
  const row = await selectOwed(cx, id, todayOf(cx.institution, cx.now));
  return row ? owedOf(row) : [];
}
