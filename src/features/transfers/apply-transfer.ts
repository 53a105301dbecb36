import { record } from "#features/audit/record.ts";
import { stepsTo } from "#features/payouts/apply-payout.ts";
import type { Transfer, TransferId } from "#features/transfers/transfer.ts";
import { newsOfTransfer } from "#features/transfers/transfer-news.ts";
import { type TransferStep, transferJournal } from "#features/transfers/transfer-postings.ts";
import { transferByRef } from "#features/transfers/transfer-send-store.ts";
import { lockTransfer, saveTransfer } from "#features/transfers/transfer-store.ts";
import { walletInPlaceOf } from "#features/wallets/replace-wallet.ts";
import type { WalletId } from "#features/wallets/wallet.ts";
import { holdWallet } from "#features/wallets/wallet-views.ts";
import { assert, present } from "#kernel/assert.ts";
import type { Instant } from "#kernel/time.ts";
import { post } from "#ledger/post.ts";
import type { Cx } from "#platform/tx.ts";
import type { PayoutFailure, ProviderPayout } from "#providers/provider.ts";

/** How long after it arrived a transfer is asked about once a day: banks return money days later. */
const returnDays = 10;

type Step = ReturnType<typeof stepsTo>[number];

/** What the books hear of each step; while it is on its way the money is held as before. */
const journalsBy: Readonly<Record<Step, TransferStep | undefined>> = {
  sent: undefined,
  paid: "arrived",
  failed: "released",
  returned: "returned",
};

const stateAfter = { sent: "sent", paid: "succeeded", failed: "failed", returned: "returned" } as const;

/** Takes over what a provider says of a transfer, asked just now. False when it is none of ours. */
export async function applyTransferByRef(cx: Cx, provider: string, said: ProviderPayout): Promise<boolean> {
  const known = await transferByRef(cx, provider, said.ref);
  if (!known) return false;
  await applyTransfer(cx, known, said);
  return true;
}

/**
 * Takes over what the provider says of a transfer to the bank, asked just now. The answer to sending, an event and a
 * look-up all come here, in any order and as often as they like: each step is posted exactly once, and a state never
 * goes back. A wallet that was frozen meanwhile stops nothing: the money was on its way.
 */
export async function applyTransfer(cx: Cx, id: TransferId, said: ProviderPayout): Promise<void> {
  const known = present(await lockTransfer(cx, id), "a transfer that was sent");
  if (known.attemptState === "") return;
  const steps = stepsTo(known.attemptState, said.state);
  const last = steps.at(-1);
  // What arrived and is still where it went is asked about again, until it has been long enough.
  if (last === undefined && known.attemptState === "succeeded") {
    return await saveTransfer(cx, id, { lookAt: waitAfterTransfer(known, cx.now) ?? null });
  }
  if (last === undefined) return;
  const transfer = { ...known, returnedTo: steps.includes("returned") ? await insteadOf(cx, known.wallet) : undefined };
  assert(
    said.amount.minor === transfer.amount.minor && said.amount.currency === transfer.amount.currency,
    "a provider sends the amount that it was asked to send",
  );
  const booked = steps.map((step) => journalsBy[step]).filter((step) => step !== undefined);
  if (booked.length > 0) {
    await post(
      cx,
      booked.map((step) => transferJournal(transfer, step)),
    );
  }
  const reason = "reason" in said ? said.reason : undefined;
  for (const step of steps) await take(cx, transfer, step, reason);
  const attemptState = stateAfter[last];
  const lookAt = waitAfterTransfer({ ...transfer, attemptState, looks: 0 }, cx.now) ?? null;
  await saveTransfer(cx, id, { attemptState, providerRef: said.ref, lookAt, looks: 0 });
}

/** The wallet that takes what a bank sends back where the one that it left, frozen or not, was closed meanwhile. */
async function insteadOf(cx: Cx, wallet: WalletId): Promise<WalletId | undefined> {
  const left = await holdWallet(cx, wallet);
  return left.state === "closed" ? (await walletInPlaceOf(cx, left)).id : undefined;
}

async function take(cx: Cx, transfer: Transfer, step: Step, reason: PayoutFailure | undefined): Promise<void> {
  const { id } = transfer;
  const failureReason = reason ?? "could_not_process";
  switch (step) {
    case "sent":
      await saveTransfer(cx, id, { sentAt: cx.now });
      return record(cx, { ...newsOfTransfer("transfer.sent", transfer), outbox: false });
    case "paid":
      await saveTransfer(cx, id, { state: "completed", completedAt: cx.now });
      return record(cx, newsOfTransfer("transfer.completed", transfer));
    case "failed":
      await saveTransfer(cx, id, { state: "failed", failureReason, failedAt: cx.now });
      return record(cx, newsOfTransfer("transfer.failed", transfer, { reason: failureReason }));
    case "returned":
      await saveTransfer(cx, id, {
        state: "failed",
        failureReason,
        returnedAt: cx.now,
        ...(transfer.returnedTo && { returnedTo: transfer.returnedTo }),
      });
      return record(cx, newsOfTransfer("transfer.returned", transfer, { reason: failureReason }));
  }
}

type Waiting = Pick<Transfer, "attemptState" | "looks" | "completedAt">;

/** When a transfer is looked at again: soon at first, once a day after it arrived; undefined: no more. */
export function waitAfterTransfer(transfer: Waiting, now: Instant): Instant | undefined {
  const { attemptState, completedAt = now } = transfer;
  if (attemptState === "pending" || attemptState === "sent") return waitForAnswer(transfer, now);
  const over = completedAt.add({ hours: 24 * returnDays });
  const mayComeBack = attemptState === "succeeded" && Temporal.Instant.compare(now, over) < 0;
  return mayComeBack ? now.add({ hours: 24 }) : undefined;
}

/**
 * When to ask again should nobody answer: within the hour, however long it has been asked about. Only an answer ends
 * the looking, or what came back last would never be booked.
 */
export function waitForAnswer({ attemptState, looks }: Waiting, now: Instant): Instant {
  return now.add({ seconds: attemptState === "succeeded" ? 3_600 : Math.min(3_600, 30 * 2 ** Math.min(looks, 10)) });
}
