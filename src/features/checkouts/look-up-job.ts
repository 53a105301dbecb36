import { applyCharge, fail, nextLook } from "#features/checkouts/apply-charge.ts";
import { attemptsToLookAt, lockAttempt, saveAttempt } from "#features/checkouts/attempt-store.ts";
import { type Attempt, chargeKey, openStates } from "#features/checkouts/checkout.ts";
import { giveUp } from "#features/checkouts/pay-checkout.ts";
import { receiveCredit } from "#features/checkouts/receive-credit.ts";
import { knownReferences } from "#features/money-in/arrived-views.ts";
import { holdMoneyOf } from "#features/money-in/hold-money.ts";
import { providerOf, settling, type Till } from "#features/money-in/till.ts";
import type { Work } from "#platform/jobs.ts";
import type { Provider } from "#providers/provider.ts";

/** After this time an attempt that its provider never heard of is over: no call takes so long to arrive. */
const neverHeardMinutes = 3;
/** How long a bank transfer is waited for. Money that comes later still finds its payments by the reference. */
const transferDays = 14;
/** How far back bank transfers are compared with what we know. */
const creditDays = 3;

/**
 * Asks the providers about everything that has been open for a while: attempts whose answer, redirect or event never
 * came, and bank transfers that nobody told us of. One that fails does not keep the others waiting.
 */
export async function lookUpOpen(work: Work<"provider.look-up">, till: Till): Promise<void> {
  const { institution } = work;
  let failure: unknown;
  const due = await settling(till, institution, attemptsToLookAt);
  for (const attempt of due) {
    if (work.signal.aborted) return;
    try {
      await lookAt(work, till, attempt);
    } catch (error) {
      failure ??= error;
      await later(work, till, attempt);
    }
  }
  for (const provider of till.providers.values()) {
    try {
      await compareCredits(work, till, provider);
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure) work.log.warn({ err: failure }, "A provider did not answer; what is open is looked at again later");
}

async function lookAt(work: Work<"provider.look-up">, till: Till, attempt: Attempt): Promise<void> {
  const { institution } = work;
  const now = till.clock.now();
  if (attempt.kind === "bank_transfer" && attempt.state !== "pending") {
    if (isOlder(attempt, now, { hours: 24 * transferDays })) return await giveUp(till, institution, attempt, "expired");
    return await later(work, till, attempt);
  }
  const by = attempt.providerRef ? { ref: attempt.providerRef } : { key: chargeKey(attempt) };
  const charge = await providerOf(till, attempt.provider).lookUpCharge(institution, by);
  if (charge) return void (await settling(till, institution, async (cx) => await applyCharge(cx, attempt.id, charge)));
  if (!isOlder(attempt, now, { minutes: neverHeardMinutes })) return await later(work, till, attempt);
  await settling(till, institution, async (cx) => {
    await holdMoneyOf(cx, attempt.payer);
    const held = await lockAttempt(cx, attempt.id);
    if (held && openStates.includes(held.state)) await fail(cx, held, "could_not_process");
  });
}

function isOlder(attempt: Attempt, now: Temporal.Instant, than: { hours?: number; minutes?: number }): boolean {
  return Temporal.Instant.compare(attempt.createdAt.add(than), now) < 0;
}

async function later(work: Work<"provider.look-up">, till: Till, attempt: Attempt): Promise<void> {
  await settling(till, work.institution, async (cx) => {
    const held = await lockAttempt(cx, attempt.id);
    if (!held || !openStates.includes(held.state)) return;
    const looks = held.looks + 1;
    await saveAttempt(cx, held.id, { state: held.state, lookAt: nextLook(cx.now, looks), looks });
  });
}

async function compareCredits(work: Work<"provider.look-up">, till: Till, provider: Provider): Promise<void> {
  const since = till.clock.now().subtract({ hours: 24 * creditDays });
  const landed = await provider.listCredits(work.institution, since);
  if (landed.length === 0) return;
  const known = await settling(
    till,
    work.institution,
    async (cx) =>
      await knownReferences(
        cx,
        provider.name,
        landed.map((credit) => credit.ref),
      ),
  );
  for (const credit of landed.filter(({ ref }) => !known.has(ref))) {
    await settling(till, work.institution, async (cx) => await receiveCredit(cx, provider.name, credit));
  }
}
