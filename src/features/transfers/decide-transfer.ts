import type { Permit } from "#access/permit.ts";
import { actorOf } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import { usableBankAccount } from "#features/bank-accounts/bank-account-views.ts";
import { addressOfMember } from "#features/members/members-to-tell.ts";
import { type Transfer, type TransferId, totalOf } from "#features/transfers/transfer.ts";
import { newsOfTransfer } from "#features/transfers/transfer-news.ts";
import { transferJournal } from "#features/transfers/transfer-postings.ts";
import { lockTransfer, saveTransfer } from "#features/transfers/transfer-store.ts";
import { formatWalletNumber, type Wallet } from "#features/wallets/wallet.ts";
import { readWallets } from "#features/wallets/wallet-views.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import { readLine } from "#kernel/text.ts";
import { type PostStatus, post, tryPost } from "#ledger/post.ts";
import { formatMoney } from "#platform/i18n/formats.ts";
import { wake } from "#platform/jobs.ts";
import type { Cx } from "#platform/tx.ts";

type MayApprove = Permit<"transfers.approve">;

/**
 * Approves a transfer that waits: between wallets the money that was set aside moves at once, together with the
 * decision; to the bank it goes on its way. Whoever approved it may press twice. Throws `conflict` where it waits no
 * more, they asked for it themselves or something stands in its way, which changes nothing, and `not-found`.
 */
export async function approveTransfer(cx: Cx, may: MayApprove, id: TransferId): Promise<void> {
  const transfer = await locked(cx, id);
  const by = actorOf(may.by);
  if (isDecidedBy(transfer, by.id) && transfer.failureReason !== "rejected") return;
  assertWaits(transfer);
  await assertNotOwn(cx, may, transfer);
  const block = await blockOf(cx, transfer);
  if (block !== undefined) throw new Problem("conflict", block);
  const decided = { decidedBy: by.id, decidedByName: by.name, decidedAt: cx.now };
  if (transfer.route === "bank") {
    await saveTransfer(cx, id, { ...decided, state: "processing", attemptState: "pending", lookAt: cx.now });
    record(cx, newsOfTransfer("transfer.approved", transfer));
    return wake(cx, "transfers.send", {});
  }
  const [posted] = await tryPost(cx, [transferJournal(transfer, "completed")]);
  if (posted?.status !== "done") throw refusalOf(transfer, posted?.status);
  await saveTransfer(cx, id, { ...decided, state: "completed", completedAt: cx.now });
  record(cx, newsOfTransfer("transfer.approved", transfer));
  record(cx, newsOfTransfer("transfer.completed", transfer));
}

/**
 * Rejects a transfer that waits, with a reason that its partner reads: what was set aside is available again. Throws
 * `form.invalid` without a reason, `conflict` where it waits no more, `not-found`.
 */
export async function rejectTransfer(cx: Cx, may: MayApprove, id: TransferId, why: string): Promise<void> {
  const failureNote = readReason(why);
  const transfer = await locked(cx, id);
  const by = actorOf(may.by);
  if (isDecidedBy(transfer, by.id) && transfer.failureReason === "rejected") return;
  assertWaits(transfer);
  await post(cx, transferJournal(transfer, "released"));
  await saveTransfer(cx, id, {
    decidedBy: by.id,
    decidedByName: by.name,
    decidedAt: cx.now,
    state: "failed",
    failureReason: "rejected",
    failureNote,
    failedAt: cx.now,
  });
  record(cx, newsOfTransfer("transfer.rejected", transfer, { why: failureNote }));
}

async function locked(cx: Cx, id: TransferId): Promise<Transfer> {
  const transfer = await lockTransfer(cx, id);
  if (!transfer) throw notFound();
  return transfer;
}

function isDecidedBy({ decidedBy }: Transfer, person: string): boolean {
  return decidedBy === person;
}

function assertWaits({ state, decidedByName, failureReason }: Transfer): void {
  if (state === "pending_approval") return;
  if (state === "cancelled") {
    throw new Problem("conflict", "The partner cancelled this transfer meanwhile. Its money is available again.");
  }
  const what = failureReason === "rejected" ? "rejected" : "approved";
  const who = decidedByName === "" ? "Somebody" : decidedByName;
  throw new Problem("conflict", `${who} ${what} this transfer already. Nothing was changed by you.`);
}

/** Whoever is both a member of the partner and staff does not approve what they asked for themselves. */
async function assertNotOwn(cx: Cx, { by }: MayApprove, { requestedBy }: Transfer): Promise<void> {
  if (by.kind !== "staff" || (await addressOfMember(cx, requestedBy)) !== by.email) return;
  throw new Problem("conflict", "You asked for this transfer yourself. Somebody else of your staff approves it.");
}

/** What stands in the way of approving it now, in words that say what to do; undefined: nothing does. */
export async function blockOf(cx: Cx, transfer: Transfer): Promise<string | undefined> {
  const wallets = await readWallets(cx, [transfer.wallet, ...(transfer.toWallet ? [transfer.toWallet] : [])]);
  const [from, to] = [wallets.get(transfer.wallet), transfer.toWallet && wallets.get(transfer.toWallet)];
  if (from?.state === "frozen") {
    return `Wallet ${numberOf(from)} is frozen: it sends nothing. Unfreeze it first, or reject this transfer.`;
  }
  if (from?.state === "closed") return `Wallet ${numberOf(from)} is closed. Reject this transfer.`;
  if (to && to.state === "closed") {
    return `Wallet ${numberOf(to)}, which it would go to, is closed. Reject this transfer.`;
  }
  if (transfer.route === "wallet") return undefined;
  const usable = await usableBankAccount(cx, transfer.partnership, transfer.amount.currency);
  if (usable.ok && usable.account.id === transfer.bankAccount) return undefined;
  return (
    "The partner's bank details have changed since it was asked for, or wait for review. " +
    "Reject this transfer: the partner can ask again once they count."
  );
}

function numberOf({ number }: Wallet): string {
  return formatWalletNumber(number);
}

function refusalOf(transfer: Transfer, status: PostStatus | undefined): Problem {
  const cause = new Error(`The ledger answered ${status} to the approval of a transfer`);
  if (status === "insufficient_funds" || status === "unknown_hold" || status === "hold_closed") {
    const total = formatMoney(totalOf(transfer), "en", "code");
    const words = `${total} is not there for it any more. Nothing was changed. Reject this transfer.`;
    return new Problem("ledger.insufficient-funds", words, { cause });
  }
  if (status === "frozen") {
    return new Problem("conflict", "The wallet was frozen a moment ago. Unfreeze it first, or reject this transfer.");
  }
  if (status === "closed") {
    return new Problem("conflict", "The wallet that it would go to was closed a moment ago. Reject this transfer.");
  }
  return new Problem("ledger.refused", "This could not be booked. Nothing was changed.", { cause });
}

function readReason(typed: string): string {
  const reason = readLine(typed, 300);
  const words = typeof reason === "string" ? "Write why: the partner reads it." : reason.problem;
  if (typeof reason === "string" && reason !== "") return reason;
  throw new Problem("form.invalid", words, { fields: { why: words } });
}
