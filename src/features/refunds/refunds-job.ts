import { isUnknownOutcome, providerOf, settling, type Till } from "#features/money-in/till.ts";
import { type RefundRow, refundsToLookAt, saveRefundLook } from "#features/refunds/refund-store.ts";
import { settleRefund } from "#features/refunds/settle-refund.ts";
import { money } from "#kernel/money.ts";
import type { Work } from "#platform/jobs.ts";

const firstWaitSeconds = 30;
const longestWaitSeconds = 3_600;

/**
 * Sends refunds to their providers and asks what became of them. The provider's key derives from the refund's id, and
 * what may have been sent already is looked up by it before it is sent again: so it is sent once.
 */
export async function sendRefunds(work: Work<"refunds.send">, till: Till): Promise<void> {
  const due = await settling(till, work.institution, refundsToLookAt);
  for (const row of due) {
    if (work.signal.aborted) return;
    await send(work, till, row);
  }
}

async function send(work: Work<"refunds.send">, till: Till, row: RefundRow): Promise<void> {
  const { institution } = work;
  const wait = Math.min(longestWaitSeconds, firstWaitSeconds * 2 ** Math.min(row.looks, 10));
  const lookAt = till.clock.now().add({ seconds: wait });
  const key = `portico-${row.id}`;
  try {
    const provider = providerOf(till, row.provider);
    const known = row.looks > 0 ? await provider.lookUpRefund(institution, { key }) : undefined;
    // Counted before it is sent: should the answer be lost, the next look asks before it sends.
    await settling(till, institution, async (cx) => await saveRefundLook(cx, row.id, known?.ref, lookAt));
    const amount = money(row.cash_minor, row.currency);
    const said = known ?? (await provider.refund({ institution, key, chargeRef: row.charge_ref, amount }));
    await settling(till, institution, async (cx) => {
      await saveRefundLook(cx, row.id, said.ref, lookAt);
      await settleRefund(cx, row.id, said);
    });
  } catch (error) {
    if (!isUnknownOutcome(error)) throw error;
    work.log.info({ refund: row.id }, "The provider did not answer about a refund; it is looked up later");
    await settling(till, institution, async (cx) => await saveRefundLook(cx, row.id, undefined, lookAt));
  }
}
