import { sql } from "kysely";
import { permit } from "#access/permit.ts";
import { applyTransfer } from "#features/transfers/apply-transfer.ts";
import { approveTransfer } from "#features/transfers/decide-transfer.ts";
import type { TransferId } from "#features/transfers/transfer.ts";
import { present } from "#kernel/assert.ts";
import { money } from "#kernel/money.ts";
import type { Instant } from "#kernel/time.ts";
import type { PayoutFailure, ProviderPayout } from "#providers/provider.ts";
import { atTime, type Story } from "./story.ts";
import { momentOn, type WalletEvent } from "./wallet-days.ts";
import { moveLater } from "./wallet-moves.ts";
import { asStaff, type WalletWorld } from "./wallets.ts";

const thursday = 4;

/** How a transfer to the bank ended; it arrived where nothing is said. */
type End = {
  /** Staff approved it first. */
  readonly approved?: boolean;
  /** Nobody of staff has looked at it yet. */
  readonly waits?: boolean;
  readonly failed?: PayoutFailure;
  /** The bank sent it back a week after it had arrived. */
  readonly returned?: PayoutFailure;
};

/** Transfers to the bank: those that arrived, and each way in which one may end otherwise. */
export function bankStory(story: Story, world: WalletWorld): WalletEvent[] {
  const rent = "Office rent, Melbourne";
  return [
    ...toBank(story, world, "2026-03-25", 180_000n, rent, {}),
    ...toBank(story, world, "2026-05-20", 620_000n, "Equipment for the new office", { approved: true }),
    ...toBank(story, world, "2026-06-24", 210_000n, rent, { failed: "account_frozen" }),
    ...toBank(story, world, "2026-07-08", 210_000n, rent, {}),
    ...toBank(story, world, "2026-08-12", 145_000n, "Travel to the autumn fairs", { returned: "declined" }),
    ...toBank(story, world, "2026-09-23", 260_000n, rent, {}),
    ...toBank(story, world, "2026-10-28", 1_050_000n, "Fit-out of the new office", { approved: true }),
    ...toBank(story, world, "2026-11-20", 640_000n, "Rent and equipment", { waits: true }),
  ];
}

type Said = { readonly state: "processing" | "succeeded" } | { state: "failed" | "returned"; reason: PayoutFailure };

/** One of them from the member's confirmation on: what the bank does, it does on Thursdays, as with payouts. */
function toBank(story: Story, world: WalletWorld, day: string, minor: bigint, reference: string, end: End) {
  const { meridian, daniel } = world;
  const { admin } = world.colleagues;
  let id: TransferId | undefined;
  const known = () => present(id, "a transfer that was asked for before");
  const asked = momentOn(story, day, "15:40");
  const arrives = nextThursday(asked);
  const say = (at: Instant, what: Said): WalletEvent => ({
    at,
    run: async () => {
      const said = { ref: `sbx_${known().slice(4)}`, amount: money(minor, "AUD"), ...what } as ProviderPayout;
      await applyTransfer(atTime(story, at), known(), said);
    },
  });
  const events: WalletEvent[] = [
    {
      at: asked,
      run: async (at) => {
        id = await moveLater(story, { at, by: daniel, from: meridian.general, to: "bank", minor, reference });
      },
    },
  ];
  if (end.waits) return events;
  const approving = asked.add({ minutes: 48 });
  const approve = async () =>
    await approveTransfer(asStaff(story, admin, approving), permit(admin, "transfers.approve"), known());
  if (end.approved) events.push({ at: approving, run: approve });
  events.push({ at: asked.add({ minutes: 49 }), run: () => chooseWay(story, known()) });
  events.push(say(asked.add({ minutes: 50 }), { state: "processing" }));
  if (end.failed) return [...events, say(arrives, { state: "failed", reason: end.failed })];
  events.push(say(arrives, { state: "succeeded" }));
  if (end.returned) events.push(say(arrives.add({ hours: 24 * 7 }), { state: "returned", reason: end.returned }));
  return events;
}

/** Which provider sends it; the sandbox knows nothing of the demo's past, so nothing is asked of it. */
async function chooseWay({ cx }: Story, id: TransferId): Promise<void> {
  await sql`update app.transfer set provider = 'sandbox'
    where institution_id = ${cx.institution.id} and id = ${id}`.execute(cx.db);
}

function nextThursday(after: Instant): Instant {
  const local = after.toZonedDateTimeISO("Australia/Sydney");
  const days = ((thursday - local.dayOfWeek + 6) % 7) + 1;
  return local.add({ days }).with({ hour: 14, minute: 0 }).toInstant();
}
