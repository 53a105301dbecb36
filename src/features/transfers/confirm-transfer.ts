import type { Permit } from "#access/permit.ts";
import type { Partner } from "#access/principal.ts";
import { record } from "#features/audit/record.ts";
import {
  type Answered,
  type Confirmation,
  confirmations,
  examine,
  insertHeld,
  type NotConfirmed,
  notConfirmed,
} from "#features/transfers/confirm-store.ts";
import { newTransferRef, type TransferState } from "#features/transfers/transfer.ts";
import { transferJournal } from "#features/transfers/transfer-postings.ts";
import { present } from "#kernel/assert.ts";
import { newId } from "#kernel/ids.ts";
import { money } from "#kernel/money.ts";
import { Problem } from "#kernel/problem.ts";
import { type Batcher, openBatcher } from "#ledger/batcher.ts";
import { tryPost } from "#ledger/post.ts";
import { isUniqueViolation } from "#platform/database.ts";
import { wake } from "#platform/jobs.ts";
import { type Cx, type Ground, inTx } from "#platform/tx.ts";

/** Gathers what members confirm at once into few calls of the database. */
export type Transfers = Batcher<Confirmation, Answered>;
type Counter = Ground & { readonly transfers: Transfers };

/** Opens it, with connections of the program's own role beside the pools. */
export function openTransfers({ pools, random }: Ground): Transfers {
  return openBatcher({ connect: () => pools.alone("worker"), work: confirmations, random });
}

/** What became of a confirmation: where the transfer stands (now, or since the same was asked before), or why not. */
export type Outcome =
  | { readonly ok: true; readonly ref: string; readonly state: TransferState; readonly replayed: boolean }
  | { readonly ok: false; readonly why: NotConfirmed; readonly ref: string };

const mostTries = 20;

/**
 * Confirms a quote of the member who asks, under the key that was made with the form. The same key and quote again:
 * the first answer, whatever was set since. Transfers that go at once are confirmed many to a commit; those whose money
 * is set aside first, each by itself. Throws `unavailable` when too much is asked at once, or nobody can say what
 * became of it: the same key again tells.
 */
export async function confirmTransfer(
  counter: Counter,
  { by, ip }: { readonly by: Partner; readonly ip: string },
  _may: Permit<"partner.transfer">,
  asked: { readonly quote: string; readonly key: string },
): Promise<Outcome> {
  const at = counter.clock.now();
  const item: Confirmation = {
    institution: by.institution,
    partnership: by.partnership,
    member: present(by.member, "the member who may transfer"),
    memberName: by.name,
    ...asked,
    id: newId("trf", at, counter.random),
    ref: newTransferRef(counter.random),
    at,
    ip,
  };
  for (let tries = 0; tries < mostTries; tries++) {
    const answer = await counter.transfers.submit(item);
    const settled = answer.status === "hold" ? await setAside(counter, by, item) : answer;
    const outcome = outcomeOf(settled);
    if (outcome) return outcome;
  }
  throw new Problem("unavailable", "Please try again in a moment.", { retryAfterSeconds: 2 });
}

function outcomeOf({ status, ref, state }: Answered): Outcome | undefined {
  if (status === "repeat" || status === "hold") return undefined;
  if (status === "done" || status === "replayed") return { ok: true, ref, state, replayed: status === "replayed" };
  if (!notConfirmed.includes(status)) throw new Error(`The ledger answered ${status} to a transfer`);
  return { ok: false, why: status, ref };
}

/** Sets amount and fee aside, for a transfer that waits for staff or goes to the bank. */
async function setAside(counter: Counter, by: Partner, item: Confirmation): Promise<Answered> {
  const opening = { as: "system", institution: item.institution, task: "transfers.confirm" } as const;
  try {
    return await inTx(counter, opening, async (cx) => await hold(cx, by, item));
  } catch (error) {
    // Another quote took this key at the same moment: it is there to be seen by now.
    if (isUniqueViolation(error)) return { status: "repeat", ref: "", state: "processing" };
    throw error;
  }
}

/** The same in a transaction that is open already. */
export async function hold(cx: Cx, by: Partner, item: Confirmation): Promise<Answered> {
  const found = present(await examine(cx, item), "what is known of a confirmation");
  const answer = { ref: found.ref, state: found.starts_as };
  if (found.status !== "ready") return { ...answer, status: found.status };
  // The limit was raised since: now it goes at once.
  if (found.starts_as === "completed") return { ...answer, status: "repeat" };
  const { id, currency } = found;
  const transfer = { id, wallet: found.wallet_id, toWallet: found.to_wallet_id ?? undefined };
  const amounts = { amount: money(found.minor, currency), fee: money(found.fee_minor, currency) };
  const [posted] = await tryPost(cx, [transferJournal({ ...transfer, ...amounts }, "held")]);
  if (posted?.status !== "done") return { ...answer, status: refusalOf(posted?.status) };
  await insertHeld(cx, item, found);
  const waits = found.starts_as === "pending_approval";
  if (!waits) wake(cx, "transfers.send", {});
  record(
    { ...cx, principal: { ...by, contact: undefined }, ip: item.ip },
    {
      event: waits ? "transfer.waiting" : "transfer.confirmed",
      subject: id,
      data: {
        ...{ ref: found.ref, partnership: item.partnership, route: found.route, currency },
        ...{ amount: found.minor, fee: found.fee_minor, wallet: found.wallet_id, toWallet: found.to_wallet_id },
        ...{ toPartnership: found.to_partnership_id, bankAccount: found.bank_account_id, state: found.starts_as },
      },
      outbox: waits,
    },
  );
  return { ...answer, status: "done" };
}

function refusalOf(status: string | undefined): NotConfirmed {
  switch (status) {
    case "insufficient_funds":
    case "frozen":
    case "closed":
    case "out_of_range":
      return status;
    default:
      throw new Error(`The ledger answered ${status} to a hold`);
  }
}
