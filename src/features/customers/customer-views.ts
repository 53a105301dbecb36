import type { CustomerId } from "#access/principal.ts";
import type { Customer } from "#features/customers/customer.ts";
import { selectByExternalIds, selectCustomer, selectPayers } from "#features/customers/customer-store.ts";
import { isId } from "#kernel/ids.ts";
import { notFound } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/** One customer; throws `not-found` when it is missing or foreign. */
export async function readCustomer(cx: Cx, id: string): Promise<Customer> {
  const found = isId("cus", id) ? await selectCustomer(cx, id, false) : undefined;
  if (!found) throw notFound();
  return found;
}

/** The ids of customers by the institution's own references; unknown ones are left out. One query. */
export async function customersByReference(
  cx: Cx,
  references: readonly string[],
): Promise<ReadonlyMap<string, CustomerId>> {
  const asked = [...new Set(references)].filter((one) => one !== "");
  return asked.length === 0 ? new Map() : new Map(await selectByExternalIds(cx, asked));
}

/** Other addresses that may read and pay for the customer. */
export async function payersOf(cx: Cx, id: CustomerId): Promise<string[]> {
  return (await selectPayers(cx, [id])).map((one) => one.email);
}
