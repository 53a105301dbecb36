import { applyCharge, attemptOfCharge } from "#features/checkouts/apply-charge.ts";
import { markProcessed, type WaitingEvent, waitingEvents } from "#features/checkouts/event-store.ts";
import { receiveCredit } from "#features/checkouts/receive-credit.ts";
import { providerOf, settling, type Till } from "#features/money-in/till.ts";
import { applyPayoutByRef } from "#features/payouts/apply-payout.ts";
import { applyRefund } from "#features/refunds/settle-refund.ts";
import { applyTransferByRef } from "#features/transfers/apply-transfer.ts";
import type { Work } from "#platform/jobs.ts";
import type { Cx } from "#platform/tx.ts";
import type { ProviderPayout } from "#providers/provider.ts";

/**
 * Looks into the events that providers sent, in whatever order they came: each only says what to ask the provider
 * about, and what the provider answers now is what counts. An event whose provider doesn't answer waits for the next
 * look.
 */
export async function processEvents(work: Work<"provider.events">, till: Till): Promise<void> {
  const waiting = await settling(till, work.institution, waitingEvents);
  let failure: unknown;
  for (const event of waiting) {
    if (work.signal.aborted) return;
    try {
      await lookInto(work, till, event);
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure) throw failure;
}

async function lookInto(work: Work<"provider.events">, till: Till, event: WaitingEvent): Promise<void> {
  const { institution } = work;
  const provider = providerOf(till, event.provider);
  switch (event.type) {
    case "charge.changed": {
      const charge = await provider.lookUpCharge(institution, { ref: event.ref });
      return await settling(till, institution, async (cx) => {
        const attempt = charge && (await attemptOfCharge(cx, event.provider, charge));
        if (attempt) await applyCharge(cx, attempt, charge);
        await markProcessed(cx, event, attempt ? `charge ${charge.state}` : "no attempt of ours");
      });
    }
    case "credit.received": {
      const credit = await provider.lookUpCredit(institution, event.ref);
      return await settling(till, institution, async (cx) => {
        const outcome = credit ? await receiveCredit(cx, event.provider, credit) : "unknown to the provider";
        await markProcessed(cx, event, outcome);
      });
    }
    case "refund.changed": {
      const refund = await provider.lookUpRefund(institution, { ref: event.ref });
      return await settling(till, institution, async (cx) => {
        const known = refund ? await applyRefund(cx, event.provider, refund) : false;
        await markProcessed(cx, event, known ? `refund ${refund?.state}` : "no refund of ours");
      });
    }
    case "payout.changed": {
      const payout = await provider.lookUpPayout(institution, { ref: event.ref });
      return await settling(till, institution, async (cx) => {
        const what = payout ? await paidOutOf(cx, event.provider, payout) : undefined;
        await markProcessed(cx, event, what ? `${what} ${payout?.state}` : "no payout of ours");
      });
    }
    case "unknown":
      await settling(till, institution, async (cx) => await markProcessed(cx, event, "of no interest"));
  }
}

/** Whose money it is that a provider pays out: a payout's, or a transfer's that goes to the bank. */
async function paidOutOf(cx: Cx, provider: string, said: ProviderPayout): Promise<"payout" | "transfer" | undefined> {
  if (await applyPayoutByRef(cx, provider, said)) return "payout";
  return (await applyTransferByRef(cx, provider, said)) ? "transfer" : undefined;
}
