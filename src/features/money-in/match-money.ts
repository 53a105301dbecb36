import type { Permit } from "#access/permit.ts";
import type { CustomerId } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { readCustomer } from "#features/customers/customer-views.ts";
import { type Applied, applyMoney } from "#features/money-in/apply-money.ts";
import type { ReceivedId } from "#features/money-in/arrival.ts";
import { holdMoneyOf } from "#features/money-in/hold-money.ts";
import { lockReceived, saveMatched } from "#features/money-in/received-store.ts";
import { isPayable, type Payment, type PaymentId, statusOf } from "#features/payments/payment.ts";
import { lockPayments } from "#features/payments/payment-money.ts";
import { openPaymentsOfCustomer } from "#features/payments/payment-views.ts";
import { issueReceipt } from "#features/receipts/issue-receipt.ts";
import { money } from "#kernel/money.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import { account } from "#ledger/chart.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

export type Match = {
  readonly received: ReceivedId;
  readonly customer: CustomerId;
  /** Where it goes, oldest first; undefined: whatever is due or overdue. What none of them takes stays as credit. */
  readonly payments?: readonly PaymentId[];
};

/**
 * Says whose money it is that arrived without a reference: it goes to the customer's payments and gets its receipt.
 * Throws `conflict` when somebody matched it before, `not-found` for a foreign customer or payment.
 */
export async function matchMoney(cx: Cx, may: Permit<"receipts.match">, input: Match): Promise<Applied> {
  const customer = await readCustomer(cx, input.customer);
  await holdMoneyOf(cx, customer.id);
  const row = await lockReceived(cx, input.received);
  if (!row) throw notFound();
  if (row.state !== "unmatched") {
    throw new Problem("conflict", "Somebody has matched this money already. Nothing was changed.");
  }
  const open = await openPaymentsOfCustomer(cx, customer.id);
  const wanted = open.filter(
    (payment) => payment.list.currency === row.currency && isWanted(cx, payment, input.payments),
  );
  const payments = await lockPayments(
    cx,
    wanted.map((payment) => payment.id),
  );
  await saveMatched(cx, row.id, customer.id);
  const amount = money(row.minor, row.currency);
  const applied = await applyMoney(cx, {
    customer: customer.id,
    currency: row.currency,
    payments: payments.filter(isPayable),
    credit: 0n,
    arrived: {
      id: row.id,
      minor: row.minor,
      journals: [
        {
          key: `matched:${row.id}`,
          kind: "money.matched",
          reference: row.id,
          transfers: [{ debit: account.unmatched, credit: account.customer(customer.id), amount }],
        },
      ],
    },
  });
  record(cx, {
    event: "money.matched",
    subject: row.id,
    data: { customer: customer.id, by: may.by.kind, amount: row.minor, currency: row.currency, credit: applied.left },
    outbox: true,
  });
  await issueReceipt(cx, { received: row.id });
  return applied;
}

function isWanted(cx: Cx, payment: Payment, chosen: readonly PaymentId[] | undefined): boolean {
  if (chosen) return chosen.includes(payment.id);
  const { institution } = cx;
  const status = statusOf({ ...payment, inProcess: false }, todayOf(institution, cx.now), institution.dueWindowDays);
  return status === "overdue" || status === "due" || status === "partially_paid";
}
