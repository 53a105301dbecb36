import type { TransferRoute } from "#features/tariffs/tariff.ts";
import type { TransferState } from "#features/transfers/transfer.ts";
import { approvalLimitOf } from "#features/transfers/transfer-store.ts";
import { type Money, money } from "#kernel/money.ts";
import type { Cx } from "#platform/tx.ts";

/** How a transfer begins: what waits for staff, what goes to the bank, and what is done at once. */
export type StartState = Extract<TransferState, "pending_approval" | "processing" | "completed">;

/** The amount above which a transfer of this currency waits for staff; undefined: none does. Not for partners. */
export async function approvalLimit(cx: Cx, currency: Money["currency"]): Promise<Money | undefined> {
  const minor = await approvalLimitOf(cx, currency);
  return minor === undefined ? undefined : money(minor, currency);
}

/** How a transfer of this amount, its fee apart, begins by this way. app.examine_confirmations decides the same. */
export function startsBy(route: TransferRoute, amount: Money, limit: Money | undefined): StartState {
  if (limit !== undefined && amount.minor > limit.minor) return "pending_approval";
  return route === "bank" ? "processing" : "completed";
}
