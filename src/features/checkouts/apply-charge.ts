import type { CustomerId } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import {
  attemptByProviderRef,
  attemptsByReference,
  lockAttempt,
  readAttempt,
  saveAttempt,
} from "#features/checkouts/attempt-store.ts";
import { type Attempt, type AttemptId, openStates } from "#features/checkouts/checkout.ts";
import { readCheckoutRow, readInvoiceCheckoutRow, saveCheckoutState } from "#features/checkouts/checkout-store.ts";
import { lockChosenInvoices, paidByAttempt } from "#features/invoices/pay-invoices.ts";
import type { Arrival } from "#features/money-in/arrival.ts";
import { allocatedBy, arrivedFor } from "#features/money-in/arrived-views.ts";
import { creditOnOffer } from "#features/money-in/credit.ts";
import { holdMoneyOf } from "#features/money-in/hold-money.ts";
import { isPartner } from "#features/money-in/payer.ts";
import { receiveFromPartner } from "#features/money-in/receive-from-partner.ts";
import { receiveMoney, receiveUnmatched } from "#features/money-in/receive-money.ts";
import type { PartnershipId } from "#features/partnerships/partnership.ts";
import { lockPayments } from "#features/payments/payment-money.ts";
import { never, present } from "#kernel/assert.ts";
import { money } from "#kernel/money.ts";
import { dateIn, type Instant } from "#kernel/time.ts";
import type { Cx } from "#platform/tx.ts";
import type { Charge } from "#providers/provider.ts";

/**
 * How often a charge is looked at: soon at first, then every quarter of an hour. Bank transfers are told by the bank.
 */
const firstWaitSeconds = 30;
const longestWaitSeconds = 900;

/** The instant of the next look at an attempt that was looked at `looks` times. */
export function nextLook(now: Instant, looks: number): Instant {
  return now.add({ seconds: Math.min(longestWaitSeconds, firstWaitSeconds * 2 ** Math.min(looks, 10)) });
}

/**
 * Takes over what the provider says of a charge, asked just now: the redirect's look-up, an event and the look-up job
 * all come here, in any order and as often as they like. Money is received exactly once; a state never goes back.
 * Answers the attempt as it stands then; undefined when it is none of ours.
 */
export async function applyCharge(cx: Cx, id: AttemptId, charge: Charge): Promise<Attempt | undefined> {
  const seen = await readAttempt(cx, id);
  if (!seen) return undefined;
  await holdMoneyOf(cx, seen.payer);
  const attempt = present(await lockAttempt(cx, id), "an attempt that was just read");
  await takeOver(cx, attempt, charge);
  return await readAttempt(cx, id);
}

/** Which attempt a charge belongs to: by its reference there, or by ours when its answer never reached us. */
export async function attemptOfCharge(cx: Cx, provider: string, charge: Charge): Promise<AttemptId | undefined> {
  const named = await attemptByProviderRef(cx, provider, charge.ref);
  if (named) return named.id;
  const [found] = await attemptsByReference(cx, [charge.reference]);
  return found?.provider === provider && found.providerRef === undefined ? found.id : undefined;
}

async function takeOver(cx: Cx, attempt: Attempt, charge: Charge): Promise<void> {
  if (charge.state === "succeeded") return await settle(cx, attempt, charge);
  if (!openStates.includes(attempt.state)) return;
  switch (charge.state) {
    case "requires_action":
      // A look-up that was asked before the payer acted must not undo what was learnt since.
      if (attempt.state === "processing") return;
      return await saveAttempt(cx, attempt.id, {
        state: "requires_action",
        providerRef: charge.ref,
        ...(charge.actionUrl && { actionUrl: charge.actionUrl }),
        ...(charge.instructions && { instructions: charge.instructions }),
        lookAt: nextLook(cx.now, attempt.looks),
        looks: attempt.looks + 1,
      });
    case "processing":
      await saveCheckoutState(cx, attempt.checkout, "processing");
      return await saveAttempt(cx, attempt.id, {
        state: "processing",
        providerRef: charge.ref,
        lookAt: nextLook(cx.now, attempt.looks),
        looks: attempt.looks + 1,
      });
    case "failed":
      return await fail(cx, attempt, charge.reason, charge.ref);
    default:
      never(charge);
  }
}

/** Ends an attempt without money; `reason` is from the one list of the contract. */
export async function fail(cx: Cx, attempt: Attempt, reason: Attempt["reason"], ref?: string): Promise<void> {
  await saveAttempt(cx, attempt.id, { state: "failed", reason, settled: true, ...(ref && { providerRef: ref }) });
  await saveCheckoutState(cx, attempt.checkout, "open");
  record(cx, {
    event: "attempt.failed",
    subject: attempt.id,
    data: {
      checkout: attempt.checkout,
      [isPartner(attempt.payer) ? "partnership" : "customer"]: attempt.payer,
      reason,
    },
    outbox: true,
  });
}

async function settle(cx: Cx, attempt: Attempt, charge: Charge & { state: "succeeded" }): Promise<void> {
  if (attempt.state === "succeeded" || attempt.state === "returned") return;
  const { currency } = charge.amount;
  const isOurs = currency === attempt.amount.currency;
  // What the provider says it took is what arrived, even if it were not what we asked for.
  const surcharge = isOurs && charge.amount.minor > attempt.surcharge.minor ? attempt.surcharge.minor : 0n;
  const arrival: Arrival = {
    provider: attempt.provider,
    providerRef: charge.ref,
    kind: attempt.kind,
    amount: money(charge.amount.minor - surcharge, currency),
    surcharge: money(surcharge, currency),
    attempt: attempt.id,
    payer: attempt.payer,
    reference: attempt.reference,
    payerName: "",
    methodLabel: charge.methodLabel,
    receivedOn: dateIn(cx.institution.timeZone, charge.receivedAt),
    recordedBy: "",
  };
  if (!isOurs) {
    // Nobody was asked for this currency, so no payment takes it: it waits for a person, and is never lost.
    const isNew = await receiveUnmatched(cx, { ...arrival, attempt: undefined, payer: undefined });
    if (isNew && openStates.includes(attempt.state)) await fail(cx, attempt, "could_not_process", charge.ref);
    return;
  }
  await takeMoney(cx, attempt, arrival);
  await saveAttempt(cx, attempt.id, {
    state: "succeeded",
    providerRef: charge.ref,
    methodLabel: charge.methodLabel,
    settled: true,
  });
  await saveCheckoutState(cx, attempt.checkout, "paid");
}

/**
 * Puts money of an attempt on the payments or invoices that were chosen, each as far as it was chosen, oldest first;
 * credit that was promised goes along with the first money. False when this money is known already. The caller holds
 * the payer's money.
 */
export async function takeMoney(cx: Cx, attempt: Attempt, arrival: Arrival): Promise<boolean> {
  const { payer } = attempt;
  return isPartner(payer)
    ? await takeForInvoices(cx, attempt, payer, arrival)
    : await takeForPayments(cx, attempt, payer, arrival);
}

async function takeForInvoices(cx: Cx, attempt: Attempt, partnership: PartnershipId, arrival: Arrival) {
  const checkout = present(await readInvoiceCheckoutRow(cx, attempt.checkout), "the checkout of an attempt");
  const invoices = await lockChosenInvoices(
    cx,
    checkout.invoices.map((item) => item.invoice),
  );
  const done = await paidByAttempt(cx, attempt.id);
  const most = new Map(
    checkout.invoices.map(({ invoice, amount }) => [invoice, amount.minor - (done.get(invoice) ?? 0n)]),
  );
  return (await receiveFromPartner(cx, arrival, { partnership, invoices, most })) !== undefined;
}

async function takeForPayments(cx: Cx, attempt: Attempt, customer: CustomerId, arrival: Arrival): Promise<boolean> {
  const checkout = present(await readCheckoutRow(cx, attempt.checkout), "the checkout of an attempt");
  const payments = await lockPayments(
    cx,
    checkout.items.map((item) => item.payment),
  );
  const before = await arrivedFor(cx, attempt.id);
  const done = await allocatedBy(cx, attempt.id);
  const received = await receiveMoney(cx, arrival, {
    customer,
    payments,
    most: new Map(checkout.items.map((item) => [item.payment, item.amount.minor - (done.get(item.payment) ?? 0n)])),
    credit: before.count === 0 ? await promisedCredit(cx, attempt, customer) : 0n,
  });
  return received !== undefined;
}

/** The credit that goes with this attempt, as far as it is still there: its own promise, and nobody else's. */
async function promisedCredit(cx: Cx, attempt: Attempt, customer: CustomerId): Promise<bigint> {
  if (attempt.credit.minor === 0n) return 0n;
  const free = await creditOnOffer(cx, customer, attempt.credit.currency, attempt.id);
  return free.minor < attempt.credit.minor ? free.minor : attempt.credit.minor;
}
