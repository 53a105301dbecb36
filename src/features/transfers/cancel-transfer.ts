import type { Permit } from "#access/permit.ts";
import type { Partner } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import type { TransferId } from "#features/transfers/transfer.ts";
import { transferJournal } from "#features/transfers/transfer-postings.ts";
import { lockTransfer, saveTransfer } from "#features/transfers/transfer-store.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import { post } from "#ledger/post.ts";
import type { T } from "#platform/i18n/messages.ts";
import { type Ground, inTx } from "#platform/tx.ts";

/**
 * Takes a transfer back that still waits for staff: what was set aside is available again. Throws `conflict` when it
 * waits no more, `not-found` when it is missing or another partner's. Cancelling twice is cancelling once.
 */
export async function cancelTransfer(
  ground: Ground,
  { by, ip }: { readonly by: Partner; readonly ip: string },
  _may: Permit<"partner.transfer">,
  id: TransferId,
  t: T,
): Promise<void> {
  const opening = { as: "system", institution: by.institution, task: "transfers.cancel" } as const;
  await inTx(ground, opening, async (cx) => {
    const transfer = await lockTransfer(cx, id);
    if (!transfer || transfer.partnership !== by.partnership) throw notFound();
    if (transfer.state === "cancelled") return;
    if (transfer.state !== "pending_approval") throw new Problem("conflict", t("transfer.wrong.decided"));
    await post(cx, transferJournal(transfer, "released"));
    await saveTransfer(cx, id, { state: "cancelled", cancelledAt: cx.now });
    record(
      { ...cx, principal: { ...by, contact: undefined }, ip },
      { event: "transfer.cancelled", subject: id, data: { ref: transfer.ref, partnership: by.partnership } },
    );
  });
}
