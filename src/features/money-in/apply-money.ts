import type { CustomerId } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import type { AllocationId, ReceivedId } from "#features/money-in/arrival.ts";
import { type AllocationRow, insertAllocations } from "#features/money-in/received-store.ts";
import { needsAfter, spread } from "#features/money-in/spread.ts";
import { owedOf, type Payment, type PaymentId, priceOf } from "#features/payments/payment.ts";
import { markEarned, oldestFirst, savePaid, sharesOf } from "#features/payments/payment-money.ts";
import { earnTransfers } from "#features/payments/payment-postings.ts";
import type { Share } from "#features/payments/shares.ts";
import { newId } from "#kernel/ids.ts";
import { type Currency, money } from "#kernel/money.ts";
import { account } from "#ledger/chart.ts";
import { openHolds } from "#ledger/holds.ts";
import type { Journal } from "#ledger/journal.ts";
import { post } from "#ledger/post.ts";
import type { Cx } from "#platform/tx.ts";

/** Money on its way from a customer's account to payments. */
export type Application = {
  readonly customer: CustomerId;
  readonly currency: Currency;
  /** Locked (`lockPayments`), and the customer's money too (`holdMoneyOf`). */
  readonly payments: readonly Payment[];
  /** The most that each may take, in minor units; what it owes where there is no entry. */
  readonly most?: ReadonlyMap<PaymentId, bigint>;
  /**
   * What has just arrived, with the journals that bring it to the customer's account; undefined: only credit is used.
   */
  readonly arrived?: { readonly id: ReceivedId; readonly minor: bigint; readonly journals: readonly Journal[] };
  /** How much of the customer's free credit may be used besides, in minor units. It must be there. */
  readonly credit: bigint;
};

export type Applied = {
  readonly full: readonly PaymentId[];
  readonly part: readonly PaymentId[];
  /** What of the money that arrived no payment took: it stays as credit. */
  readonly left: bigint;
};

type Step = {
  readonly payment: Payment;
  readonly paid: bigint;
  readonly full: boolean;
  readonly rows: readonly AllocationRow[];
};

/**
 * Puts money on payments, oldest first (domain.md rule 4). What fills a payment settles it: shares earned, holds
 * captured, the rest income. What does not stays the customer's, held for that payment. Everything is posted in one
 * call. The receipt is the caller's, last.
 */
export async function applyMoney(cx: Cx, application: Application): Promise<Applied> {
  const { customer, payments, arrived } = application;
  const ordered = oldestFirst(payments);
  const needs = ordered.map((payment) => ({ id: payment.id, most: takes(payment, application) }));
  const fresh = spread(arrived?.minor ?? 0n, needs);
  const used = spread(application.credit, needsAfter(needs, fresh.parts));
  const rows = [
    ...fresh.parts.map((part) => rowOf(cx, part, false)),
    ...used.parts.map((part) => rowOf(cx, part, true)),
  ];
  const steps = ordered.map((payment) => stepOf(payment, rows)).filter((step) => step.rows.length > 0);
  const shares = await sharesOf(
    cx,
    steps.filter((step) => step.full).map((step) => step.payment.id),
  );
  await insertAllocations(cx, customer, arrived?.id, rows);
  const journals: Journal[] = [...(arrived?.journals ?? [])];
  for (const step of steps) journals.push(await journalOf(cx, step, shares.get(step.payment.id) ?? []));
  await post(cx, journals);
  await save(cx, steps);
  return {
    full: steps.filter((step) => step.full).map((step) => step.payment.id),
    part: steps.filter((step) => !step.full).map((step) => step.payment.id),
    left: fresh.left,
  };
}

function takes(payment: Payment, { currency, most }: Application): bigint {
  // An import may have changed its currency since it was chosen: then this money is none of its business, and is kept.
  if (payment.list.currency !== currency) return 0n;
  const owed = owedOf(payment).minor;
  const limit = most?.get(payment.id) ?? owed;
  return limit < owed ? limit : owed;
}

function rowOf(cx: Cx, part: { id: PaymentId; minor: bigint }, fromCredit: boolean): AllocationRow {
  const id: AllocationId = newId("alc", cx.now, cx.random);
  return { id, payment_id: part.id, minor: part.minor, from_credit: fromCredit };
}

function stepOf(payment: Payment, rows: readonly AllocationRow[]): Step {
  const own = rows.filter((row) => row.payment_id === payment.id);
  const paid = own.reduce((sum, row) => sum + row.minor, payment.paid.minor);
  return { payment, paid, full: paid === priceOf(payment).minor, rows: own };
}

async function journalOf(cx: Cx, { payment, full, rows }: Step, shares: readonly Share[]): Promise<Journal> {
  if (full) {
    // What earlier parts set aside is freed first, so that the whole amount can be paid out of the account.
    const capture = payment.paid.minor > 0n ? await openHolds(cx, { reference: payment.id }) : [];
    return {
      key: `settled:${payment.id}`,
      kind: "payment.settled",
      reference: payment.id,
      capture,
      transfers: earnTransfers(payment, shares),
    };
  }
  const first = rows[0];
  return {
    key: `part:${first?.id ?? payment.id}`,
    kind: "payment.part-paid",
    reference: payment.id,
    holds: rows.map((row) => ({
      name: `part:${row.id}`,
      account: account.customer(payment.customerId),
      amount: money(row.minor, payment.list.currency),
    })),
  };
}

async function save(cx: Cx, steps: readonly Step[]): Promise<void> {
  await savePaid(
    cx,
    steps.map(({ payment, paid, full }) => ({ id: payment.id, paid: money(paid, payment.list.currency), full })),
  );
  await markEarned(
    cx,
    steps.filter((step) => step.full).map((step) => step.payment.id),
  );
  for (const { payment, full, rows } of steps) {
    const amount = rows.reduce((sum, row) => sum + row.minor, 0n);
    record(cx, {
      event: full ? "payment.paid" : "payment.partly-paid",
      subject: payment.id,
      data: { customer: payment.customerId, amount, currency: payment.list.currency },
      outbox: true,
    });
  }
}
