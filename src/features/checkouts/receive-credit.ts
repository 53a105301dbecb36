import { takeMoney } from "#features/checkouts/apply-charge.ts";
import { attemptsByReference, lockAttempt, saveAttempt } from "#features/checkouts/attempt-store.ts";
import { type Attempt, chargedFor } from "#features/checkouts/checkout.ts";
import { saveCheckoutState } from "#features/checkouts/checkout-store.ts";
import { referencesIn } from "#features/checkouts/reference.ts";
import type { Arrival } from "#features/money-in/arrival.ts";
import { arrivedFor } from "#features/money-in/arrived-views.ts";
import { holdMoneyOf } from "#features/money-in/hold-money.ts";
import { receiveUnmatched } from "#features/money-in/receive-money.ts";
import { present } from "#kernel/assert.ts";
import { money } from "#kernel/money.ts";
import type { Cx } from "#platform/tx.ts";
import type { Credit } from "#providers/provider.ts";

/**
 * Takes a bank transfer in, by the provider's word, asked just now. One reference that is ours puts it on what was
 * chosen then, whole, short, over, late or a second time; no reference, two, or one in another currency leaves it to a
 * person (/staff/unmatched). The same credit again changes nothing. Answers what became of it.
 */
export async function receiveCredit(
  cx: Cx,
  provider: string,
  credit: Credit,
): Promise<"matched" | "unmatched" | "known"> {
  const attempt = await whoseReference(cx, provider, credit);
  const arrival: Arrival = {
    provider,
    providerRef: credit.ref,
    kind: "bank_transfer",
    amount: credit.amount,
    surcharge: money(0n, credit.amount.currency),
    attempt: attempt?.id,
    payer: attempt?.payer,
    reference: credit.reference,
    payerName: credit.payerName,
    methodLabel: "",
    receivedOn: credit.receivedOn,
    recordedBy: "",
  };
  if (!attempt) return (await receiveUnmatched(cx, arrival)) ? "unmatched" : "known";
  await holdMoneyOf(cx, attempt.payer);
  const held = present(await lockAttempt(cx, attempt.id), "an attempt that was just found");
  const surcharge = await surchargeIn(cx, held, credit);
  const amount = money(credit.amount.minor - surcharge, credit.amount.currency);
  const taken = await takeMoney(cx, held, { ...arrival, amount, surcharge: money(surcharge, amount.currency) });
  if (!taken) return "known";
  const { total } = await arrivedFor(cx, held.id);
  if (total >= chargedFor(held).minor) {
    await saveAttempt(cx, held.id, { state: "succeeded", settled: true });
    await saveCheckoutState(cx, held.checkout, "paid");
  }
  return "matched";
}

async function whoseReference(cx: Cx, provider: string, credit: Credit): Promise<Attempt | undefined> {
  const found = await attemptsByReference(cx, referencesIn(credit.reference));
  const fitting = found.filter((one) => one.provider === provider && one.amount.currency === credit.amount.currency);
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** The surcharge is taken once, by money that is enough for all; a short transfer goes to the payments alone. */
async function surchargeIn(cx: Cx, attempt: Attempt, credit: Credit): Promise<bigint> {
  if (attempt.surcharge.minor === 0n) return 0n;
  const before = await arrivedFor(cx, attempt.id);
  const enough = credit.amount.minor >= chargedFor(attempt).minor;
  return enough && before.surcharge === 0n ? attempt.surcharge.minor : 0n;
}
