import type { Permit } from "#access/permit.ts";
import type { Wallet, WalletBalance, WalletState } from "#features/wallets/wallet.ts";
import { tellOfWallet } from "#features/wallets/wallet-news.ts";
import { countWaiting, saveTakesPayouts, saveWalletState, type Waiting } from "#features/wallets/wallet-store.ts";
import { holdWallet, walletBalance } from "#features/wallets/wallet-views.ts";
import { Problem } from "#kernel/problem.ts";
import { readLine } from "#kernel/text.ts";
import { setAccountState } from "#ledger/balances.ts";
import { account } from "#ledger/chart.ts";
import type { Cx } from "#platform/tx.ts";

type MayWrite = Permit<"wallets.write">;

/**
 * Freezes a wallet: it goes on receiving and sends nothing, until it is unfrozen. Its partner reads why. Throws
 * `form.invalid`, `conflict` where it is not active, `not-found`.
 */
export async function freezeWallet(cx: Cx, _may: MayWrite, id: string, why: string): Promise<void> {
  const reason = readReason(why, "Write why: the partner reads it.");
  await move(cx, await holdIn(cx, id, "active"), "frozen", reason);
}

/** Lets a frozen wallet send again. A reason may be given for its partner. Throws as above. */
export async function unfreezeWallet(cx: Cx, _may: MayWrite, id: string, why: string): Promise<void> {
  const reason = readReason(why, undefined);
  await move(cx, await holdIn(cx, id, "frozen"), "active", reason);
}

/**
 * Closes a wallet for ever: only when nothing is in it and nothing waits for it. Payouts that came to it go to the bank
 * from then on. Throws `conflict` with what stands in the way, `form.invalid`, `not-found`.
 */
export async function closeWallet(cx: Cx, _may: MayWrite, id: string, why: string): Promise<void> {
  const reason = readReason(why, "Write why: the partner reads it.");
  const wallet = await holdIn(cx, id, "active", "frozen");
  const blocks = await closingBlocks(cx, wallet);
  if (blocks.length > 0) throw new Problem("conflict", blocks.join(" "));
  await move(cx, wallet, "closed", reason);
}

/** What stands in the way of closing a wallet, in words; nothing: it can be closed. */
export async function closingBlocks(cx: Cx, wallet: Wallet): Promise<readonly string[]> {
  return [...balanceBlocks(await walletBalance(cx, wallet)), ...waitingBlocks(await countWaiting(cx, wallet.id))];
}

function balanceBlocks({ available, pending }: WalletBalance): readonly string[] {
  return [
    available.minor > 0n ? "There is money in it: the partner moves it elsewhere, or an adjustment takes it out." : "",
    pending.minor > 0n ? "Money of it is on its way: wait until that has arrived or come back." : "",
  ].filter((words) => words !== "");
}

function waitingBlocks(waiting: Waiting): readonly string[] {
  return [
    waiting.adjustments > 0 ? "An adjustment of it waits: approve or reject it first." : "",
    waiting.transfers > 0 ? "A transfer from it or to it waits: it has to be over first." : "",
    waiting.mayComeBack > 0 ? "A transfer to the bank may still come back: try again in a few days." : "",
  ].filter((words) => words !== "");
}

/** Turns the payouts of the wallet's partner in its currency to the wallet, or back to the bank. */
export async function switchPayouts(cx: Cx, may: MayWrite, id: string, takes: boolean): Promise<void> {
  const wallet = await holdIn(cx, id, "active", "frozen");
  if (wallet.takesPayouts === takes) return;
  await saveTakesPayouts(cx, wallet, takes ? may.by : undefined);
  await tellOfWallet(cx, "wallet.payouts-switched", wallet, { takes });
}

async function holdIn(cx: Cx, id: string, ...states: readonly WalletState[]): Promise<Wallet> {
  const wallet = await holdWallet(cx, id);
  if (states.includes(wallet.state)) return wallet;
  throw new Problem("conflict", `The wallet is ${wallet.state} by now. Look at where it stands.`);
}

const eventOf = { active: "wallet.unfrozen", frozen: "wallet.frozen", closed: "wallet.closed" } as const;

/** The wallet says what its account in the ledger does; both change here and nowhere else. */
async function move(cx: Cx, wallet: Wallet, state: WalletState, why: string): Promise<void> {
  await saveWalletState(cx, wallet.id, state, why);
  await setAccountState(cx, account.wallet(wallet.id), wallet.currency, state);
  await tellOfWallet(cx, eventOf[state], wallet, { ...(why !== "" && { reason: why }) });
}

/** One line for the partner to read; `required` refuses an empty one with these words. */
export function readReason(typed: string, required: string | undefined): string {
  const reason = readLine(typed, 300);
  if (typeof reason === "string" && (reason !== "" || required === undefined)) return reason;
  const words = typeof reason === "string" ? (required ?? "") : reason.problem;
  throw new Problem("form.invalid", words, { fields: { reason: words } });
}
