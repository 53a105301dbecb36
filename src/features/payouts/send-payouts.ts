import { record } from "#features/audit/record.ts";
import { usableBankAccount } from "#features/bank-accounts/bank-account-views.ts";
import { openBankDetails } from "#features/bank-accounts/open-bank-details.ts";
import { isUnknownOutcome, providerOf, settling, type Till } from "#features/money-in/till.ts";
import { applyPayout, waitForAnswer } from "#features/payouts/apply-payout.ts";
import { needsSecond } from "#features/payouts/cut-off.ts";
import { payToWallets, type ToWallet } from "#features/payouts/pay-to-wallets.ts";
import { type PayoutFacts, type PayoutId, payoutNumber } from "#features/payouts/payout.ts";
import {
  attemptsDue,
  insertPayoutAttempt,
  type PayoutAttempt,
  payoutsToBegin,
  readPayoutAttempt,
  takeTurn,
} from "#features/payouts/payout-attempt-store.ts";
import { newsOf } from "#features/payouts/payout-news.ts";
import { lockPayouts, readPayoutRow, savePayout } from "#features/payouts/payout-store.ts";
import { isApproved } from "#features/payouts/recheck.ts";
import { present } from "#kernel/assert.ts";
import { newId } from "#kernel/ids.ts";
import { money } from "#kernel/money.ts";
import type { Work } from "#platform/jobs.ts";
import type { Cx } from "#platform/tx.ts";
import type { PayoutRequest, ProviderPayout } from "#providers/provider.ts";

const batch = 100;
/** From this look on an hour lies between two of them (`waitForAnswer`). */
const looksBehindAnHour = 8;

/**
 * Sends approved payouts and asks what became of those on their way. The provider's key derives from the attempt's id,
 * and what may have been sent already is looked up by it before it is sent again: so it is sent once.
 */
export async function sendPayouts(work: Work<"payouts.send">, till: Till): Promise<void> {
  await beginAll(work, till);
  let failure: unknown;
  for (let due = await attempts(work, till); due.length > 0; due = await attempts(work, till)) {
    for (const attempt of due) {
      if (work.signal.aborted) return;
      try {
        await turn(work, till, attempt);
      } catch (error) {
        failure ??= error;
      }
    }
    if (due.length < batch || failure) break;
  }
  if (failure) throw failure;
}

async function attempts(work: Work<"payouts.send">, till: Till): Promise<PayoutAttempt[]> {
  return await settling(till, work.institution, attemptsDue);
}

/** Opens an attempt for each payout that is approved and on no way yet. */
async function beginAll(work: Work<"payouts.send">, till: Till): Promise<void> {
  let begun = batch;
  while (begun === batch && !work.signal.aborted) {
    begun = await settling(till, work.institution, (cx) => beginPayouts(cx, payoutProvider(till), batch));
  }
}

/**
 * Opens attempts for at most `limit` payouts, in the caller's transaction, and pays those that go to a wallet. Answers
 * how many it looked at.
 */
export async function beginPayouts(cx: Cx, provider: string, limit: number): Promise<number> {
  const ids = await payoutsToBegin(cx, limit);
  const toWallets: ToWallet[] = [];
  for (const facts of await lockPayouts(cx, ids)) {
    if (!(await mayBegin(cx, facts))) continue;
    if (facts.wallet !== undefined) toWallets.push({ payout: facts.payout, wallet: facts.wallet });
    else await openAttempt(cx, provider, facts);
  }
  await payToWallets(cx, toWallets);
  return ids.length;
}

/** Whatever was approved, what counts is what stands in the way now. */
async function mayBegin(cx: Cx, facts: PayoutFacts): Promise<boolean> {
  const { payout, hold, bankAccount, wallet } = facts;
  if (payout.state !== "processing") return false;
  if (hold !== "" || (bankAccount === undefined && wallet === undefined)) {
    const reason = hold === "" ? "no_bank_details" : hold;
    await savePayout(cx, { id: payout.id, state: "on_hold", holdReason: reason });
    record(cx, newsOf("payout.held", payout, reason));
    return false;
  }
  if (isApproved(facts) && !approvedByProposer(facts)) return true;
  // The limit was lowered, or one of the two typed in the bank details or turned it to a wallet meanwhile: two others
  // look at it again.
  await savePayout(cx, { id: payout.id, state: "in_review", approvedBy: null, secondApprovedBy: null });
  record(cx, { event: "payout.approval-ended", subject: payout.id });
  return false;
}

async function openAttempt(cx: Cx, provider: string, { payout, bankAccount }: PayoutFacts): Promise<void> {
  const id = newId("pat", cx.now, cx.random);
  await insertPayoutAttempt(cx, {
    id,
    payout_id: payout.id,
    partnership_id: payout.partnershipId,
    bank_account_id: present(bankAccount, "the bank account of a payout that may begin"),
    provider,
    currency: payout.total.currency,
    minor: payout.total.minor,
  });
  await savePayout(cx, { id: payout.id, state: "processing", ...(bankAccount && { bankAccount }) });
  record(cx, { event: "payout.attempt-begun", subject: payout.id, data: { attempt: id, bankAccount } });
}

function approvedByProposer(facts: PayoutFacts): boolean {
  const { total, approvedBy, secondApprovedBy } = facts.payout;
  return needsSecond(facts, total, approvedBy) && secondApprovedBy === facts.proposedBy;
}

/** The provider that sends money to bank accounts: the first of this installation. */
export function payoutProvider(till: Till): string {
  return [...till.providers.keys()][0] ?? "none";
}

async function turn(work: Work<"payouts.send">, till: Till, attempt: PayoutAttempt): Promise<void> {
  const { institution } = work;
  const lookAt = waitForAnswer(attempt, till.clock.now());
  // Counted before it is sent: should the answer be lost, the next look asks before it sends.
  const ready = await settling(till, institution, async (cx) => {
    if (!(await takeTurn(cx, attempt, lookAt))) return undefined;
    return { request: await requestOf(cx, attempt), mayStart: await goesToUsable(cx, attempt) };
  });
  if (!ready) return;
  try {
    const said = await ask(till, attempt, ready);
    if (said) await settling(till, institution, async (cx) => await applyPayout(cx, attempt.id, said));
    else if (!ready.mayStart && attempt.looks >= looksBehindAnHour) {
      await settling(till, institution, async (cx) => await giveUp(cx, attempt));
    }
  } catch (error) {
    if (!isUnknownOutcome(error)) throw error;
    work.log.info({ attempt: attempt.id }, "The provider did not answer about a payout; it is looked up later");
  }
}

async function goesToUsable(cx: Cx, attempt: PayoutAttempt): Promise<boolean> {
  const usable = await usableBankAccount(cx, attempt.partnership_id, attempt.currency);
  return usable.ok && usable.account.id === attempt.bank_account_id;
}

/**
 * The far side never heard of it, and by now it may not go there any more: it failed, and is sent again to the details
 * that count then. Only an hour behind the last try, when nothing of that can still be under way.
 */
async function giveUp(cx: Cx, { id, minor, currency }: PayoutAttempt): Promise<void> {
  const attempt = present(await readPayoutAttempt(cx, id), "an attempt that was just asked about");
  if (attempt.state !== "pending" || attempt.provider_ref !== null || (await goesToUsable(cx, attempt))) return;
  const amount = money(minor, currency);
  await applyPayout(cx, id, { state: "failed", reason: "could_not_process", amount, ref: undefined });
}

type Ready = { readonly request: PayoutRequest; readonly mayStart: boolean };

/** What the provider says of it; undefined where it does not know it, and may not be asked for it any more. */
async function ask(
  till: Till,
  attempt: PayoutAttempt,
  { request, mayStart }: Ready,
): Promise<ProviderPayout | undefined> {
  const provider = providerOf(till, attempt.provider);
  const { institution, key } = request;
  if (attempt.provider_ref !== null) return await provider.lookUpPayout(institution, { ref: attempt.provider_ref });
  const known = attempt.looks > 0 ? await provider.lookUpPayout(institution, { key }) : undefined;
  return known ?? (mayStart ? await provider.startPayout(request) : undefined);
}

async function requestOf(cx: Cx, attempt: PayoutAttempt): Promise<PayoutRequest> {
  const payout = present(await readPayoutRow(cx, attempt.payout_id as PayoutId), "the payout of an attempt");
  const { account, numbers } = await openBankDetails(cx, attempt.bank_account_id);
  const { scheme: _scheme, ...typed } = numbers;
  return {
    institution: cx.institution.id,
    key: `portico-${attempt.id}`,
    amount: money(attempt.minor, attempt.currency),
    to: { holderName: account.holderName, bankName: account.bankName, country: account.country, numbers: typed },
    reference: `${cx.institution.name.slice(0, 40)} ${payoutNumber(payout.number)}`,
  };
}
