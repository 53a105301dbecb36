import { record } from "#features/audit/record.ts";
import { usableBankAccount } from "#features/bank-accounts/bank-account-views.ts";
import { openBankDetails } from "#features/bank-accounts/open-bank-details.ts";
import { isUnknownOutcome, providerOf, settling, type Till } from "#features/money-in/till.ts";
import { payoutProvider } from "#features/payouts/send-payouts.ts";
import { applyTransfer, waitForAnswer } from "#features/transfers/apply-transfer.ts";
import type { Transfer, TransferId } from "#features/transfers/transfer.ts";
import { newsOfTransfer } from "#features/transfers/transfer-news.ts";
import { transferJournal } from "#features/transfers/transfer-postings.ts";
import { takeTransferTurn, transfersDue } from "#features/transfers/transfer-send-store.ts";
import { lockTransfer, saveTransfer } from "#features/transfers/transfer-store.ts";
import { present } from "#kernel/assert.ts";
import { post } from "#ledger/post.ts";
import type { Work } from "#platform/jobs.ts";
import type { Cx } from "#platform/tx.ts";
import type { PayoutRequest, ProviderPayout } from "#providers/provider.ts";

const batch = 100;
/** From this look on an hour lies between two of them (`waitForAnswer`). */
const looksBehindAnHour = 8;

/**
 * Sends transfers that go out to a bank account, and asks what became of those on their way. The provider's key derives
 * from the transfer's id, and what may have been sent already is looked up by it before it is sent again: so it is sent
 * once.
 */
export async function sendTransfers(work: Work<"transfers.send">, till: Till): Promise<void> {
  let failure: unknown;
  for (let full = true; full && !failure; ) {
    const due = await settling(till, work.institution, transfersDue);
    full = due.length === batch;
    for (const transfer of due) {
      if (work.signal.aborted) return;
      try {
        await turn(work, till, transfer);
      } catch (error) {
        failure ??= error;
      }
    }
  }
  if (failure) throw failure;
}

async function turn(work: Work<"transfers.send">, till: Till, due: Transfer): Promise<void> {
  const { institution } = work;
  const lookAt = waitForAnswer(due, till.clock.now());
  // Counted before it is sent: should the answer be lost, the next look asks before it sends.
  const ready = await settling(till, institution, async (cx) => {
    if (!(await takeTransferTurn(cx, due, lookAt))) return undefined;
    const transfer = await begun(cx, due, payoutProvider(till));
    if (!transfer) return undefined;
    return { transfer, request: await requestOf(cx, transfer), mayStart: await goesToUsable(cx, transfer) };
  });
  if (!ready) return;
  try {
    const said = await ask(till, ready, due.looks > 0);
    if (said) await settling(till, institution, async (cx) => await applyTransfer(cx, due.id, said));
    else if (!ready.mayStart && due.looks >= looksBehindAnHour) {
      await settling(till, institution, async (cx) => await giveUp(cx, due.id));
    }
  } catch (error) {
    if (!isUnknownOutcome(error)) throw error;
    work.log.info({ transfer: due.id }, "The provider did not answer about a transfer; it is looked up later");
  }
}

/** The transfer with its way chosen, once. Undefined where the bank account is not to be used any more: it failed. */
async function begun(cx: Cx, due: Transfer, provider: string): Promise<Transfer | undefined> {
  const transfer = present(await lockTransfer(cx, due.id), "a transfer that was just read");
  if (transfer.provider !== "") return transfer;
  if (await goesToUsable(cx, transfer)) {
    await saveTransfer(cx, transfer.id, { provider });
    return { ...transfer, provider };
  }
  await failed(cx, transfer);
  return undefined;
}

async function goesToUsable(cx: Cx, { partnership, amount, bankAccount }: Transfer): Promise<boolean> {
  const usable = await usableBankAccount(cx, partnership, amount.currency);
  return usable.ok && usable.account.id === bankAccount;
}

/**
 * The far side never heard of it, and by now it may not go there any more. Only an hour behind the last try, when
 * nothing of that can still be under way.
 */
async function giveUp(cx: Cx, id: TransferId): Promise<void> {
  const transfer = present(await lockTransfer(cx, id), "a transfer that was just asked about");
  const isUnheard = transfer.attemptState === "pending" && transfer.providerRef === undefined;
  if (isUnheard && !(await goesToUsable(cx, transfer))) await failed(cx, transfer);
}

async function failed(cx: Cx, transfer: Transfer): Promise<void> {
  await post(cx, transferJournal(transfer, "released"));
  const failureReason = "bank_details_changed";
  await saveTransfer(cx, transfer.id, {
    state: "failed",
    attemptState: "failed",
    failureReason,
    failedAt: cx.now,
    lookAt: null,
  });
  record(cx, newsOfTransfer("transfer.failed", transfer, { reason: failureReason }));
}

type Ready = { readonly transfer: Transfer; readonly request: PayoutRequest; readonly mayStart: boolean };

/** What the provider says of it; undefined where it does not know it, and may not be asked for it any more. */
async function ask(till: Till, ready: Ready, mayBeKnown: boolean): Promise<ProviderPayout | undefined> {
  const { transfer, request, mayStart } = ready;
  const provider = providerOf(till, transfer.provider);
  const { institution, key } = request;
  if (transfer.providerRef !== undefined) {
    return await provider.lookUpPayout(institution, { ref: transfer.providerRef });
  }
  const known = mayBeKnown ? await provider.lookUpPayout(institution, { key }) : undefined;
  return known ?? (mayStart ? await provider.startPayout(request) : undefined);
}

async function requestOf(cx: Cx, transfer: Transfer): Promise<PayoutRequest> {
  const { account, numbers } = await openBankDetails(
    cx,
    present(transfer.bankAccount, "the bank account of a transfer"),
  );
  const { scheme: _scheme, ...typed } = numbers;
  return {
    institution: cx.institution.id,
    key: `portico-${transfer.id}`,
    amount: transfer.amount,
    to: { holderName: account.holderName, bankName: account.bankName, country: account.country, numbers: typed },
    reference: `${cx.institution.name.slice(0, 40)} ${transfer.ref}`,
  };
}
