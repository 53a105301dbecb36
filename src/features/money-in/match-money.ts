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
import { openPaymentsOfCustomer, paymentsByIds } from "#features/payments/payment-views.ts";
import { issueReceipt } from "#features/receipts/issue-receipt.ts";
import { type Currency, money } from "#kernel/money.ts";
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
 * Throws `conflict` when somebody matched it before or a chosen payment owes nothing in this currency any more,
 * `not-found` for a foreign customer or payment.
 */
export async function matchMoney(cx: Cx, may: Permit<"receipts.match">, input: Match): Promise<Applied> {
  const customer = await readCustomer(cx, input.customer);
  await holdMoneyOf(cx, customer.id);
  const row = await lockReceived(cx, input.received);
  if (!row) throw notFound();
  if (row.state !== "unmatched") {
    throw new Problem("conflict", "Somebody has matched this money already. Nothing was changed.");
  }
  const { currency } = row;
  const payments = input.payments
    ? await lockChosen(cx, customer.id, currency, input.payments)
    : await lockDue(cx, customer.id, currency);
  await saveMatched(cx, row.id, customer.id);
  const amount = money(row.minor, currency);
  const applied = await applyMoney(cx, {
    customer: customer.id,
    currency,
    payments,
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

/** What somebody chose on a page that may be old: each is theirs and can still take money, or nothing is done. */
async function lockChosen(cx: Cx, customer: CustomerId, currency: Currency, ids: readonly PaymentId[]) {
  const found = await paymentsByIds(cx, ids);
  const isForeign = (id: PaymentId) => found.find((payment) => payment.id === id)?.customerId !== customer;
  if (ids.some(isForeign)) throw notFound();
  const payments = await lockPayments(cx, ids);
  const stale = payments.find((payment) => payment.list.currency !== currency || !isPayable(payment));
  if (!stale) return payments;
  const words = `Nothing is owed on ${stale.item} in ${currency} any more. Choose again where the money goes.`;
  throw new Problem("conflict", `${words} Nothing was changed.`);
}

/** Whatever is due or overdue. */
async function lockDue(cx: Cx, customer: CustomerId, currency: Currency): Promise<Payment[]> {
  const today = todayOf(cx.institution, cx.now);
  const due = (await openPaymentsOfCustomer(cx, customer)).filter((payment) => {
    const status = statusOf({ ...payment, inProcess: false }, today, cx.institution.dueWindowDays);
    return payment.list.currency === currency && status !== "scheduled";
  });
  const payments = await lockPayments(
    cx,
    due.map((payment) => payment.id),
  );
  return payments.filter(isPayable);
}
