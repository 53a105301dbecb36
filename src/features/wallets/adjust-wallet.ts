import type { Permit } from "#access/permit.ts";
import { actorOf } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import type { Adjustment, AdjustmentId } from "#features/wallets/adjustment.ts";
import {
  adjustmentById,
  adjustmentByKey,
  insertAdjustment,
  lockAdjustment,
  saveDecision,
} from "#features/wallets/adjustment-store.ts";
import { readReason } from "#features/wallets/set-wallet-state.ts";
import { formatWalletNumber, type Wallet } from "#features/wallets/wallet.ts";
import { holdWallet, walletBalance } from "#features/wallets/wallet-views.ts";
import { isId, newId } from "#kernel/ids.ts";
import { type Money, toDecimal } from "#kernel/money.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import { account } from "#ledger/chart.ts";
import { tryPost } from "#ledger/post.ts";
import type { Cx } from "#platform/tx.ts";

type MayAdjust = Permit<"wallets.adjust">;

/** What somebody proposes: signed, above zero it goes into the wallet. `key` was made with the form. */
export type Proposal = {
  readonly wallet: string;
  readonly amount: Money;
  readonly reason: string;
  readonly key: string;
};

/**
 * Proposes to put money into a wallet or to take some out; it moves when somebody else approves. The same proposal
 * under the same key again answers the first one. Throws `not-found`, `conflict` for a closed wallet, `form.invalid`,
 * and `idempotency.key-reused` where the key stands for something else.
 */
export async function proposeAdjustment(cx: Cx, may: MayAdjust, proposal: Proposal): Promise<Adjustment> {
  const reason = readReason(proposal.reason, "Write why: the partner reads it.");
  const wallet = await holdWallet(cx, proposal.wallet);
  const known = await adjustmentByKey(cx, proposal.key);
  if (known) return sameOrRefused(known, proposal, reason);
  assertNotClosed(wallet);
  const id = newId("adj", cx.now, cx.random);
  const by = actorOf(may.by);
  const { partnership } = wallet;
  const { amount, key } = proposal;
  await insertAdjustment(cx, { id, wallet: wallet.id, partnership, amount, reason, key, by });
  record(cx, {
    event: "wallet.adjustment-proposed",
    subject: wallet.id,
    data: factsOf(await readAdjustment(cx, id)),
  });
  return await readAdjustment(cx, id);
}

function sameOrRefused(known: Adjustment, proposal: Proposal, reason: string): Adjustment {
  const { amount } = known;
  const same =
    known.wallet === proposal.wallet &&
    known.reason === reason &&
    amount.minor === proposal.amount.minor &&
    amount.currency === proposal.amount.currency;
  if (same) return known;
  throw new Problem("idempotency.key-reused", "This form was sent before with other details. Start again.");
}

function assertNotClosed(wallet: Wallet): void {
  if (wallet.state === "closed") throw new Problem("conflict", "The wallet is closed: nothing moves in it any more.");
}

/** One adjustment; throws `not-found` when it is missing or foreign. */
export async function readAdjustment(cx: Cx, id: string): Promise<Adjustment> {
  const found = isId("adj", id) ? await adjustmentById(cx, id) : undefined;
  if (!found) throw notFound();
  return found;
}

/**
 * Approves what somebody else proposed: the money moves at once, together with the decision. Throws `conflict` when it
 * waits no more or the wallet can't take it, `permission.denied` for who proposed it, `ledger.insufficient-funds` when
 * more is to be taken out than is available, `not-found`.
 */
export async function approveAdjustment(cx: Cx, may: MayAdjust, id: string): Promise<Adjustment> {
  const { adjustment, wallet } = await lockWaiting(cx, may, id);
  const { amount } = adjustment;
  const own = account.wallet(wallet.id);
  const isIn = amount.minor > 0n;
  const [result] = await tryPost(cx, [
    {
      key: `adjustment:${adjustment.id}`,
      kind: "adjustment",
      reference: adjustment.id,
      transfers: [
        {
          debit: isIn ? account.adjustments : own,
          credit: isIn ? own : account.adjustments,
          amount: sizeOf(amount),
        },
      ],
    },
  ]);
  if (result?.status !== "done") throw await refusalOf(cx, wallet, result?.status);
  await saveDecision(cx, adjustment.id, "approved", actorOf(may.by), "");
  record(cx, { event: "wallet.adjusted", subject: wallet.id, data: factsOf(adjustment), outbox: true });
  return await readAdjustment(cx, id);
}

/** Rejects it, with the reason for the one who proposed it. Nothing moves. Throws as above. */
export async function rejectAdjustment(cx: Cx, may: MayAdjust, id: string, why: string): Promise<void> {
  const { adjustment, wallet } = await lockWaiting(cx, may, id);
  const reason = readReason(why, "Write why, for the one who proposed it.");
  await saveDecision(cx, adjustment.id, "rejected", actorOf(may.by), reason);
  record(cx, {
    event: "wallet.adjustment-rejected",
    subject: wallet.id,
    data: { ...factsOf(adjustment), why: reason },
  });
}

/** Takes back one's own proposal. Throws `conflict`, `not-found`, and `permission.denied` for what others proposed. */
export async function withdrawAdjustment(cx: Cx, may: MayAdjust, id: string): Promise<void> {
  const { adjustment, wallet } = await lockProposed(cx, id);
  const by = actorOf(may.by);
  if (adjustment.proposedBy !== by.id) {
    throw new Problem("permission.denied", "Somebody else proposed this: approve it, or reject it with a reason.");
  }
  await saveDecision(cx, adjustment.id, "withdrawn", by, "");
  record(cx, { event: "wallet.adjustment-withdrawn", subject: wallet.id, data: factsOf(adjustment) });
}

/** Whether this person may decide on it: whoever proposed it may not, in whichever session. */
export function mayDecide(adjustment: Pick<Adjustment, "proposedBy">, person: string): boolean {
  return adjustment.proposedBy !== person;
}

async function lockWaiting(cx: Cx, may: MayAdjust, id: string) {
  const locked = await lockProposed(cx, id);
  if (mayDecide(locked.adjustment, actorOf(may.by).id)) return locked;
  throw new Problem("permission.denied", "You proposed this yourself: somebody else has to decide on it.");
}

async function lockProposed(cx: Cx, id: string) {
  const { wallet: walletId } = await readAdjustment(cx, id);
  const wallet = await holdWallet(cx, walletId);
  const adjustment = await lockAdjustment(cx, id as AdjustmentId);
  if (adjustment?.state === "proposed") return { adjustment, wallet };
  throw new Problem("conflict", "This adjustment waits no more: somebody decided on it, or it was taken back.");
}

/** What the audit log keeps of it. */
function factsOf({ id, partnership, amount, reason, proposedBy }: Adjustment) {
  const direction = amount.minor < 0n ? "out" : "in";
  const { currency } = amount;
  return { adjustment: id, partnership, amount: toDecimal(sizeOf(amount)), direction, currency, reason, proposedBy };
}

/** The amount without its direction. */
export function sizeOf(amount: Money): Money {
  return { ...amount, minor: amount.minor < 0n ? -amount.minor : amount.minor };
}

async function refusalOf(cx: Cx, wallet: Wallet, status: string | undefined): Promise<Problem> {
  const number = formatWalletNumber(wallet.number);
  switch (status) {
    case "insufficient_funds": {
      const { available } = await walletBalance(cx, wallet);
      return new Problem(
        "ledger.insufficient-funds",
        `Only ${available.currency} ${toDecimal(available)} of wallet ${number} is available now. ` +
          "Approve this once there is enough, or reject it and let somebody propose a smaller amount.",
      );
    }
    case "frozen":
      return new Problem("conflict", `Wallet ${number} is frozen and sends nothing. Unfreeze it first, then approve.`);
    case "closed":
      return new Problem("conflict", `Wallet ${number} is closed: nothing moves in it any more. Reject this.`);
    default:
      return new Problem("ledger.refused", "This could not be booked. Nothing was changed.", {
        cause: new Error(`The ledger answered ${status} to an adjustment`),
      });
  }
}
