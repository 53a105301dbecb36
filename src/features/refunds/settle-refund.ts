import { record } from "#features/audit/record.ts";
import { holdMoneyOf } from "#features/money-in/hold-money.ts";
import { lockPayments, saveRefunded, sharesOf } from "#features/payments/payment-money.ts";
import { quoteKeep, quoteList, type RefundQuote, refundTransfers } from "#features/refunds/refund-quote.ts";
import {
  lockRefund,
  type RefundId,
  type RefundRow,
  readRefundRow,
  refundByProviderRef,
  refundRows,
  saveRefundState,
} from "#features/refunds/refund-store.ts";
import { assert, present } from "#kernel/assert.ts";
import { account } from "#ledger/chart.ts";
import { releaseHold } from "#ledger/holds.ts";
import { post } from "#ledger/post.ts";
import type { Cx } from "#platform/tx.ts";
import type { ProviderRefund } from "#providers/provider.ts";

/** The name of the hold that sets a refund's cash aside while the provider works on it. */
export function holdKey(id: RefundId): string {
  return `refund-hold:${id}`;
}

/** Takes over what a provider says of a refund, asked just now. False when it is none of ours. */
export async function applyRefund(cx: Cx, provider: string, said: ProviderRefund): Promise<boolean> {
  const row = await refundByProviderRef(cx, provider, said.ref);
  if (!row) return false;
  if (said.state !== "pending") await settleRefund(cx, row.id, said);
  return true;
}

/**
 * Ends a refund, once: succeeded moves the money in the ledger and marks payment and shares, failed gives the hold
 * back. A refund that has ended stays as it is.
 */
export async function settleRefund(
  cx: Cx,
  id: RefundId,
  outcome: { readonly state: "succeeded" | "failed" | "pending"; readonly reason?: string },
): Promise<void> {
  const seen = present(await readRefundRow(cx, id), "a refund that was asked for");
  await holdMoneyOf(cx, seen.customer_id);
  const row = present(await lockRefund(cx, id), "a refund that was just read");
  if (row.state !== "pending" || outcome.state === "pending") return;
  const hold = { account: account.income, currency: row.currency, name: holdKey(row.id) };
  if (outcome.state === "failed") {
    await releaseHold(cx, { key: `refund-failed:${row.id}`, hold });
    await saveRefundState(cx, row.id, { state: "failed", failureReason: outcome.reason ?? "could_not_process" });
    const data = { refund: row.id, cash: row.cash_minor, currency: row.currency, reason: outcome.reason ?? "" };
    return record(cx, { event: "refund.failed", subject: row.payment_id, data, outbox: true });
  }
  const [payment] = await lockPayments(cx, [row.payment_id]);
  const paid = present(payment, "the payment of a refund");
  const quote = await quoteAgain(cx, row);
  const byProvider = row.kind === "provider";
  await post(cx, {
    key: `refund:${row.id}`,
    kind: "payment.refunded",
    reference: row.id,
    capture: byProvider ? [hold] : [],
    transfers: refundTransfers(paid, quote, byProvider ? account.provider(row.provider) : account.bank),
  });
  await saveRefunded(cx, paid, quote, { id: row.id, reason: row.partner_reason });
  await saveRefundState(cx, row.id, { state: "succeeded" });
  record(cx, {
    event: "payment.refunded",
    subject: row.payment_id,
    data: { refund: row.id, list: row.list_minor, cash: row.cash_minor, currency: row.currency, how: row.kind },
    outbox: true,
  });
}

/**
 * The quote by which the refund was asked for. Only one is on its way at a time, so nothing it rests on has changed.
 */
async function quoteAgain(cx: Cx, row: RefundRow): Promise<RefundQuote> {
  const [payment] = await lockPayments(cx, [row.payment_id]);
  const paid = present(payment, "the payment of a refund");
  const shares = (await sharesOf(cx, [paid.id])).get(paid.id) ?? [];
  const before = (await refundRows(cx, paid.id)).filter((one) => one.state === "succeeded");
  const discountBack = before.reduce((sum, one) => sum + one.discount_minor, 0n);
  const refundable = { payment: paid, shares, discountBack };
  const quote = row.list_minor > 0n ? quoteList(refundable, row.list_minor) : quoteKeep(refundable, row.cash_minor);
  assert(quote.cash.minor === row.cash_minor, "a refund pays out what it was asked for");
  return quote;
}
