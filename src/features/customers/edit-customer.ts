import type { Permit } from "#access/permit.ts";
import { record } from "#features/audit/record.ts";
import { type CustomerText, checkCustomer } from "#features/customers/create-customer.ts";
import { type Customer, changesOf, fullName } from "#features/customers/customer.ts";
import { selectCustomer, updateCustomers } from "#features/customers/customer-store.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * Changes a customer. `version` is `updatedAt` as the form was drawn with. A new e-mail address ends what was opened
 * with the old one: sessions hold only while the customer still has the address they were opened with
 * (app.open_customer_session). Throws `form.invalid`, `conflict` when somebody else changed it meanwhile, `not-found`.
 */
export async function editCustomer(
  cx: Cx,
  _may: Permit<"customers.write">,
  id: string,
  text: CustomerText,
  version?: string,
): Promise<Customer> {
  const before = await selectCustomer(cx, id, true);
  if (!before) throw notFound();
  if (version !== undefined && version !== before.updatedAt.toString()) {
    throw new Problem(
      "conflict",
      "Somebody changed this customer meanwhile. Compare with what is stored now, then save again.",
    );
  }
  const input = await checkCustomer(cx, text, id);
  const changes = changesOf(before, input);
  if (Object.keys(changes).length === 0) return before;
  const after = { ...before, ...input, name: fullName(input.givenName, input.familyName), updatedAt: cx.now };
  await updateCustomers(cx, [after]);
  record(cx, { event: "customer.edited", subject: id, data: { changes } });
  return after;
}
