import type { CustomerId } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { type Applied, applyMoney } from "#features/money-in/apply-money.ts";
import type { Arrival, ReceivedId } from "#features/money-in/arrival.ts";
import { isPartner, type PayerId } from "#features/money-in/payer.ts";
import { insertReceived } from "#features/money-in/received-store.ts";
import type { Payment, PaymentId } from "#features/payments/payment.ts";
import { issueReceipt } from "#features/receipts/issue-receipt.ts";
import { money } from "#kernel/money.ts";
import { type AccountRef, account } from "#ledger/chart.ts";
import type { Journal } from "#ledger/journal.ts";
import { post } from "#ledger/post.ts";
import type { Cx } from "#platform/tx.ts";

export type Received = { readonly id: ReceivedId; readonly receipt: string | undefined; readonly applied: Applied };

/** For which payments money arrived, how far each may be filled, and how much credit goes with it. */
export type Purpose = {
  readonly customer: CustomerId;
  readonly payments: readonly Payment[];
  readonly most?: ReadonlyMap<PaymentId, bigint>;
  readonly credit: bigint;
  /** Nobody is told (imports, demo data). */
  readonly quiet?: boolean;
};

/**
 * Takes money in that is some customer's: written once per provider reference, posted to the customer's account, put
 * on the payments of `purpose` oldest first, the rest kept as credit, and a receipt issued. Answers undefined when
 * this very money is known already: then nothing happens. The caller holds the customer's money and the payments.
 */
export async function receiveMoney(cx: Cx, arrival: Arrival, purpose: Purpose): Promise<Received | undefined> {
  const id = await insertReceived(cx, { ...arrival, payer: purpose.customer });
  if (!id) return undefined;
  const { currency, minor } = arrival.amount;
  const applied = await applyMoney(cx, {
    customer: purpose.customer,
    currency,
    payments: purpose.payments,
    ...(purpose.most && { most: purpose.most }),
    credit: purpose.credit,
    arrived: { id, minor, journals: [arrivalJournal(id, arrival, purpose.customer)] },
  });
  record(cx, {
    event: "money.received",
    subject: id,
    data: {
      customer: purpose.customer,
      amount: minor,
      surcharge: arrival.surcharge.minor,
      currency,
      provider: arrival.provider,
      credit: applied.left,
    },
    outbox: true,
  });
  const receipt = await issueReceipt(cx, { received: id, quiet: purpose.quiet ?? false });
  return { id, receipt: receipt.id, applied };
}

/** Takes money in that nobody could match: it waits on an account of its own for a person to say whose it is. */
export async function receiveUnmatched(cx: Cx, arrival: Arrival): Promise<ReceivedId | undefined> {
  const id = await insertReceived(cx, { ...arrival, payer: undefined });
  if (!id) return undefined;
  await post(cx, arrivalJournal(id, arrival, undefined));
  record(cx, {
    event: "money.unmatched",
    subject: id,
    data: { amount: arrival.amount.minor, currency: arrival.amount.currency, provider: arrival.provider },
    outbox: true,
  });
  return id;
}

/** Brings what arrived to the account of whoever paid it, or to the one of money that nobody could match. */
export function arrivalJournal(id: ReceivedId, arrival: Arrival, payer: PayerId | undefined): Journal {
  const from = arrival.kind === "by_hand" ? account.bank : account.provider(arrival.provider);
  const to = payer ? accountOf(payer) : account.unmatched;
  const surcharge = money(arrival.surcharge.minor, arrival.amount.currency);
  return {
    key: `received:${id}`,
    kind: "money.received",
    reference: id,
    transfers: [
      { debit: from, credit: to, amount: arrival.amount },
      ...(surcharge.minor > 0n ? [{ debit: from, credit: account.incomeFees, amount: surcharge }] : []),
    ],
  };
}

/** Where a payer's money stands until something takes it. */
export function accountOf(payer: PayerId): AccountRef {
  return isPartner(payer) ? account.partner(payer) : account.customer(payer);
}
