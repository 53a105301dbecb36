import type { Permit } from "#access/permit.ts";
import { record } from "#features/audit/record.ts";
import { readCustomer } from "#features/customers/customer-views.ts";
import { writeDraft } from "#features/payments/create-payment.ts";
import type { Payment, PlanId } from "#features/payments/payment.ts";
import { draftOf, type PlanInput } from "#features/payments/payment-input.ts";
import { insertPlan } from "#features/payments/payment-store.ts";
import { paymentsOfCustomer } from "#features/payments/payment-views.ts";
import { assertSentTwice } from "#features/payments/sent-twice.ts";
import { isId, newId } from "#kernel/ids.ts";
import { toDecimal } from "#kernel/money.ts";
import type { Cx } from "#platform/tx.ts";

/**
 * Creates a plan: a total as instalments, each a payment of its own. Throws as createPayment does. A form that is
 * sent twice makes one plan; the second time no payments come back, or `idempotency.key-reused` is thrown where it
 * says something else than the first time.
 */
export async function createPlan(
  cx: Cx,
  _may: Permit<"payments.write">,
  input: PlanInput,
): Promise<{ readonly id: PlanId; readonly payments: readonly Payment[] }> {
  await readCustomer(cx, input.customer);
  const draft = await draftOf(cx, input);
  const id = isId("plan", input.key) ? input.key : newId("plan", cx.now, cx.random);
  if (!(await insertPlan(cx, id, input.customer, input.item))) {
    const stored = (await paymentsOfCustomer(cx, input.customer)).filter((one) => one.planId === id);
    await assertSentTwice(cx, stored, draft, input);
    return { id, payments: [] };
  }
  const ids = draft.instalments.map(() => newId("pay", cx.now, cx.random));
  record(cx, {
    event: "plan.created",
    subject: id,
    data: {
      customer: input.customer,
      item: input.item,
      total: toDecimal(input.total),
      currency: input.total.currency,
      ids,
    },
  });
  return { id, payments: await writeDraft(cx, draft, { ...input, planId: id, ids }) };
}
