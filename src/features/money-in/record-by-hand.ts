import type { Permit } from "#access/permit.ts";
import { actorOf } from "#access/principal.ts";
import type { ReceivedId } from "#features/money-in/arrival.ts";
import { holdMoneyOf } from "#features/money-in/hold-money.ts";
import { receiveMoney } from "#features/money-in/receive-money.ts";
import { assertPayable, type PaymentId } from "#features/payments/payment.ts";
import { lockPayments } from "#features/payments/payment-money.ts";
import { paymentsByIds } from "#features/payments/payment-views.ts";
import { present } from "#kernel/assert.ts";
import { type Money, money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import type { PlainDate } from "#kernel/time.ts";
import { todayOf } from "#platform/institution.ts";
import type { Cx } from "#platform/tx.ts";

export type MoneyByHand = {
  /** Payments of one customer in one currency, and what is for each. More than is owed stays as credit. */
  readonly payments: readonly { readonly id: PaymentId; readonly amount: Money }[];
  readonly receivedOn: PlainDate;
  /** How it was paid, as the receipt says it: "Cash", "Cheque 1042". */
  readonly methodLabel: string;
  readonly note: string;
  /** Nobody is told: demo data. */
  readonly quiet?: boolean;
};

export type RecordedByHand = {
  readonly received: ReceivedId;
  readonly receipt: string | undefined;
  readonly credit: Money;
};

/**
 * Records money that staff took in by hand (cash, cheque, a transfer seen on the bank's own page) and puts it on
 * payments. Throws `payment.not-payable`, `not-found`, and `form.invalid` for an amount of nothing, a date to come, or
 * payments of two customers or currencies.
 */
export async function recordByHand(
  cx: Cx,
  may: Permit<"payments.record">,
  input: MoneyByHand,
): Promise<RecordedByHand> {
  const ids = input.payments.map((payment) => payment.id);
  const [first] = await paymentsByIds(cx, ids);
  const customer = present(first, "a payment to record money for").customerId;
  await holdMoneyOf(cx, customer);
  const payments = await lockPayments(cx, ids);
  const currency = present(payments[0], "a locked payment").list.currency;
  for (const payment of payments) {
    if (payment.customerId !== customer || payment.list.currency !== currency) {
      throw invalid("", "Record payments of one customer in one currency at a time.");
    }
    assertPayable(payment);
  }
  checkTyped(cx, input, currency);
  const most = new Map(input.payments.map(({ id, amount }) => [id, amount.minor]));
  const total = input.payments.reduce((sum, { amount }) => sum + amount.minor, 0n);
  const received = await receiveMoney(
    cx,
    {
      provider: "by_hand",
      providerRef: undefined,
      kind: "by_hand",
      amount: money(total, currency),
      surcharge: money(0n, currency),
      attempt: undefined,
      payer: customer,
      reference: input.note,
      payerName: "",
      methodLabel: input.methodLabel,
      receivedOn: input.receivedOn,
      recordedBy: actorOf(may.by).id,
    },
    { customer, payments, most, credit: 0n, quiet: input.quiet ?? false },
  );
  const done = present(received, "money with an id of its own");
  return { received: done.id, receipt: done.receipt, credit: money(done.applied.left, currency) };
}

function checkTyped(cx: Cx, input: MoneyByHand, currency: string): void {
  if (input.payments.some(({ amount }) => amount.minor < 1n || amount.currency !== currency)) {
    throw invalid("amount", "Write an amount above zero, in the currency of the payment.");
  }
  if (new Set(input.payments.map(({ id }) => id)).size !== input.payments.length) {
    throw invalid("", "Name each payment once.");
  }
  if (Temporal.PlainDate.compare(input.receivedOn, todayOf(cx.institution, cx.now)) > 0) {
    throw invalid("receivedOn", "Choose the day on which the money arrived: today or earlier.");
  }
}

function invalid(field: string, words: string): Problem {
  return new Problem("form.invalid", words, { fields: { [field]: words } });
}
