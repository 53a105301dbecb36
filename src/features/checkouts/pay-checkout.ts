import type { CustomerId, InstitutionId } from "#access/principal.ts";
import { applyCharge, fail } from "#features/checkouts/apply-charge.ts";
import { attemptsOfCheckout, lockAttempt } from "#features/checkouts/attempt-store.ts";
import { type Begun, changedMeanwhile, type NotNow } from "#features/checkouts/begin-attempt.ts";
import { type Attempt, type Checkout, chargedFor, chargeKey, openStates } from "#features/checkouts/checkout.ts";
import { readCheckoutRow, saveCheckoutState } from "#features/checkouts/checkout-store.ts";
import { applyMoney } from "#features/money-in/apply-money.ts";
import { creditOnOffer } from "#features/money-in/credit.ts";
import { holdMoneyOf } from "#features/money-in/hold-money.ts";
import { isUnknownOutcome, providerOf, settling, type Till } from "#features/money-in/till.ts";
import { lockPayments } from "#features/payments/payment-money.ts";
import { present } from "#kernel/assert.ts";
import type { Charge } from "#providers/provider.ts";

/** Where the payer goes next. */
export type Next =
  | { readonly to: "provider"; readonly url: string }
  | { readonly to: "instructions" }
  | { readonly to: "done" }
  | { readonly to: "review"; readonly why: NotNow };

/** What the provider is told besides, and where its page sends the payer back to. */
export type AboutPaying = {
  readonly institution: InstitutionId;
  readonly description: string;
  readonly locale: string;
  /** A path of our own. */
  readonly back: string;
};

/**
 * From the button to the provider: the attempt is written and committed first (`begin`, in a transaction of the payer),
 * then the provider is asked outside any transaction, then its answer is saved. An answer that never comes is looked up
 * by key, here once and then by the job.
 */
export async function payCheckout(till: Till, begin: () => Promise<Begun>, about: AboutPaying): Promise<Next> {
  for (let turn = 0; turn < 3; turn++) {
    const begun = await begin();
    if (begun.is === "not-now") return { to: "review", why: begun.why };
    if (begun.is === "credit-only") {
      return await payWithCredit(till, about.institution, begun.checkout, begun.customer);
    }
    if (begun.is === "begun") return await ask(till, begun.attempt, about);
    for (const attempt of begun.attempts) await giveUp(till, about.institution, attempt);
  }
  return { to: "review", why: "in-process" };
}

async function ask(till: Till, attempt: Attempt, about: AboutPaying): Promise<Next> {
  const charge = await startOrLookUp(till, attempt, about);
  if (!charge) return { to: "done" };
  const saved = await settling(till, about.institution, async (cx) => await applyCharge(cx, attempt.id, charge));
  if (saved?.state !== "requires_action") return { to: "done" };
  return saved.actionUrl === "" ? { to: "instructions" } : { to: "provider", url: saved.actionUrl };
}

/** The charge, or undefined when nobody knows yet whether there is one: then the job looks it up by its key. */
async function startOrLookUp(till: Till, attempt: Attempt, about: AboutPaying): Promise<Charge | undefined> {
  const provider = providerOf(till, attempt.provider);
  const key = chargeKey(attempt);
  const request = {
    institution: about.institution,
    key,
    kind: attempt.kind,
    amount: chargedFor(attempt),
    reference: attempt.reference,
    description: about.description,
    returnUrl: `${till.origin}${about.back}`,
    locale: about.locale,
  };
  try {
    return await provider.startCharge(request);
  } catch (error) {
    if (!isUnknownOutcome(error)) throw error;
  }
  try {
    const found = await provider.lookUpCharge(about.institution, { key });
    // It never arrived there, and its key makes sure that it is made once if both should arrive after all.
    return found ?? (await provider.startCharge(request));
  } catch (error) {
    if (!isUnknownOutcome(error)) throw error;
    return undefined;
  }
}

/**
 * Gives up attempts that wait for the payer, so that the same payments can be paid in another way and never twice. The
 * provider decides: if the payer was quicker, its money is taken in.
 */
export async function giveUp(
  till: Till,
  institution: InstitutionId,
  attempt: Attempt,
  reason: "cancelled_by_payer" | "expired" = "cancelled_by_payer",
): Promise<void> {
  const charge = attempt.providerRef
    ? await providerOf(till, attempt.provider).cancelCharge(institution, attempt.providerRef)
    : undefined;
  await settling(till, institution, async (cx) => {
    if (charge?.state === "succeeded" || charge?.state === "processing") {
      return void (await applyCharge(cx, attempt.id, charge));
    }
    await holdMoneyOf(cx, attempt.payer);
    const held = present(await lockAttempt(cx, attempt.id), "an attempt that was just read");
    if (openStates.includes(held.state)) await fail(cx, held, reason);
  });
}

/**
 * Pays a checkout out of credit alone, in a transaction of the program's own; nothing moves when it is not enough any
 * more.
 */
async function payWithCredit(
  till: Till,
  institution: InstitutionId,
  checkout: Checkout,
  customer: CustomerId,
): Promise<Next> {
  return await settling(till, institution, async (cx) => {
    await holdMoneyOf(cx, customer);
    const now = present(await readCheckoutRow(cx, checkout.id), "a checkout that was just read");
    if (now.state === "paid") return { to: "done" };
    const credit = await creditOnOffer(cx, customer, checkout.currency);
    if (credit.minor < checkout.total.minor) return { to: "review", why: "amount-changed" };
    const payments = await lockPayments(
      cx,
      checkout.items.map((item) => item.payment),
    );
    const why = await changedMeanwhile(cx, now);
    if (why) return { to: "review", why };
    await applyMoney(cx, {
      customer,
      currency: checkout.currency,
      payments,
      most: new Map(checkout.items.map((item) => [item.payment, item.amount.minor])),
      credit: checkout.total.minor,
    });
    await saveCheckoutState(cx, checkout.id, "paid");
    return { to: "done" };
  });
}

/**
 * Asks the provider now where the newest attempt of a checkout stands, and takes its answer over: what a payer who
 * comes back from the provider's page sees. A provider that doesn't answer changes nothing. Answers the attempt as it
 * stands.
 */
export async function lookNow(till: Till, institution: InstitutionId, checkout: string): Promise<Attempt | undefined> {
  const attempt = await settling(till, institution, async (cx) => {
    return (await attemptsOfCheckout(cx, checkout))[0];
  });
  if (!attempt || !openStates.includes(attempt.state)) return attempt;
  // A transfer that is waited for is the bank's to tell; one whose start was never answered is asked about like a card.
  if (attempt.kind === "bank_transfer" && attempt.state !== "pending") return attempt;
  try {
    const provider = providerOf(till, attempt.provider);
    const by = attempt.providerRef ? { ref: attempt.providerRef } : { key: chargeKey(attempt) };
    const charge = await provider.lookUpCharge(institution, by);
    if (!charge) return attempt;
    return await settling(till, institution, async (cx) => await applyCharge(cx, attempt.id, charge));
  } catch (error) {
    if (!isUnknownOutcome(error)) throw error;
    return attempt;
  }
}
