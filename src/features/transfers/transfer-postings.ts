import { type Transfer, totalOf } from "#features/transfers/transfer.ts";
import { present } from "#kernel/assert.ts";
import { account } from "#ledger/chart.ts";
import type { HoldRef, Journal } from "#ledger/journal.ts";

/** What happens to the money of a transfer that does not go at once; each at most once, under its own key. */
export type TransferStep = "held" | "completed" | "arrived" | "released" | "returned";

type Money = Pick<Transfer, "id" | "wallet" | "toWallet" | "amount" | "fee"> & Partial<Pick<Transfer, "returnedTo">>;

/** The hold that stands for a transfer that waits for staff or is on its way to the bank: amount and fee. */
export function holdOf({ id, wallet, amount }: Money): HoldRef {
  return { account: account.wallet(wallet), currency: amount.currency, name: id };
}

/**
 * Held: amount and fee are set aside. Completed: the hold is used, and a wallet gets the amount (after staff approved
 * it). Arrived: the same, out of the bank. Released: the hold is given back and nothing has moved. Returned: the bank
 * sent it back after it had arrived, and the fee is given back with it; to `returnedTo` where the wallet is closed.
 */
export function transferJournal(transfer: Money, step: TransferStep): Journal {
  const { id, wallet, toWallet, amount, fee } = transfer;
  const from = account.wallet(wallet);
  const hold = holdOf(transfer);
  const base = { key: `transfer-step:${id}:${step}`, reference: id };
  const charged = fee.minor > 0n;
  switch (step) {
    case "held":
      return { ...base, kind: "transfer.held", holds: [{ name: id, account: from, amount: totalOf(transfer) }] };
    case "released":
      return { ...base, kind: "transfer.released", release: [hold] };
    case "completed":
    case "arrived": {
      const kind = step === "completed" ? "transfer" : "transfer.bank";
      const to = step === "arrived" ? account.bank : account.wallet(present(toWallet, "the wallet of a transfer"));
      const charge = { debit: from, credit: account.incomeFees, amount: fee, kind: "transfer.fee" };
      const transfers = [{ debit: from, credit: to, amount }, ...(charged ? [charge] : [])];
      return { ...base, kind, capture: [hold], transfers };
    }
    case "returned": {
      const to = account.wallet(transfer.returnedTo ?? wallet);
      const back = { debit: account.incomeFees, credit: to, amount: fee, kind: "transfer.fee-returned" };
      const transfers = [{ debit: account.bank, credit: to, amount }, ...(charged ? [back] : [])];
      return { ...base, kind: "transfer.returned", transfers };
    }
  }
}
