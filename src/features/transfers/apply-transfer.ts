import { record } from "#features/audit/record.ts";
import { stepsTo } from "#features/payouts/apply-payout.ts";
import { walletForReturn } from "#features/transfers/return-wallet.ts";
import type { Transfer, TransferId } from "#features/transfers/transfer.ts";
import { newsOfTransfer } from "#features/transfers/transfer-news.ts";
import { type TransferStep, transferJournal } from "#features/transfers/transfer-postings.ts";
import { transferByRef } from "#features/transfers/transfer-send-store.ts";
import { lockTransfer, saveTransfer } from "#features/transfers/transfer-store.ts";
import { assert, present } from "#kernel/assert.ts";
import type { Instant } from "#kernel/time.ts";
import { post } from "#ledger/post.ts";
import type { Cx } from "#platform/tx.ts";
import type { PayoutFailure, ProviderPayout } from "#providers/provider.ts";

/** How long after it was asked for a transfer that arrived is asked about once a day: banks return money days later. */
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
  if (last === undefined) return;
  const returnsTo = steps.includes("returned") ? await walletForReturn(cx, known) : known.wallet;
  const transfer = { ...known, returnedTo: returnsTo === known.wallet ? undefined : returnsTo };
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

/** When a transfer is looked at again: soon at first, once a day after it arrived; undefined: no more. */
export function waitAfterTransfer(
  transfer: Pick<Transfer, "attemptState" | "looks" | "createdAt">,
  now: Instant,
): Instant | undefined {
  const { attemptState, looks } = transfer;
  if (attemptState === "pending" || attemptState === "sent") {
    return now.add({ seconds: Math.min(3_600, 30 * 2 ** Math.min(looks, 10)) });
  }
  const over = transfer.createdAt.add({ hours: 24 * returnDays });
  const mayComeBack = attemptState === "succeeded" && Temporal.Instant.compare(now, over) < 0;
  return mayComeBack ? now.add({ hours: 24 }) : undefined;
}
